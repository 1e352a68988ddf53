"""Where each address leads."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from metacity.commons.addresses import city_pages

api = [
    path("", include("metacity.commons.api_urls")),
    path("", include("metacity.accounts.api_urls")),
    path("", include("twin.mirror.api_urls")),
    path("", include("twin.simulation.api_urls")),
    path("", include("participation.moderation.api_urls")),
    path("", include("participation.processes.api_urls")),
    path("", include("participation.proposals.api_urls")),
    path("", include("participation.deliberation.api_urls")),
    path("", include("participation.voting.api_urls")),
    path("", include("participation.presence.api_urls")),
    path("", include("participation.meetings.api_urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("metacity.commons.urls")),
    path("", include("metacity.commons.preferences")),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("metacity.accounts.auth_urls")),
    path("", include("metacity.accounts.urls")),
    path("", include("twin.mirror.urls")),
    path("", include("twin.simulation.urls")),
    path("", include("participation.moderation.urls")),
    *city_pages("participation.processes.urls"),
    *city_pages("participation.proposals.urls"),
    *city_pages("participation.deliberation.urls"),
    *city_pages("participation.voting.urls"),
    path("office/votes/", include("participation.voting.office_urls")),
    *city_pages("participation.worlds.urls"),
    *city_pages("participation.presence.urls"),
    *city_pages("participation.meetings.urls"),
    path("api/v1/", include(api)),
    path("admin/", admin.site.urls),
]

if settings.DEBUG or settings.MODE == "demo":
    urlpatterns += [path("", include("metacity.commons.styleguide"))]

handler400 = "metacity.commons.views.bad_request"
handler403 = "metacity.commons.views.forbidden"
handler404 = "metacity.commons.views.not_found"
handler500 = "metacity.commons.views.server_error"
