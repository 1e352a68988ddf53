"""Where each address leads."""

from importlib import import_module

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from metacity.commons.addresses import city_pages

Patterns = list[URLPattern | URLResolver]

CITY_ROOMS = ("participation.processes", "participation.proposals", "participation.worlds")
API_ROOMS = ("metacity.commons", "metacity.accounts", "twin.mirror", "twin.simulation", *CITY_ROOMS)


def _stands(urlconf: str) -> bool:
    try:
        import_module(urlconf)
    except ImportError:
        return False
    return True


def _pages_of_cities() -> Patterns:
    return [page for room in CITY_ROOMS if _stands(f"{room}.urls") for page in city_pages(f"{room}.urls")]


def _api() -> Patterns:
    urlconfs = [f"{room}.api_urls" for room in API_ROOMS if _stands(f"{room}.api_urls")]
    return [pattern for urlconf in urlconfs for pattern in import_module(urlconf).urlpatterns]


urlpatterns: Patterns = [
    path("", include("metacity.commons.urls")),
    path("", include("metacity.commons.preferences")),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("metacity.accounts.auth_urls")),
    path("", include("metacity.accounts.urls")),
    *([path("", include("twin.mirror.urls"))] if _stands("twin.mirror.urls") else []),
    *([path("", include("twin.simulation.urls"))] if _stands("twin.simulation.urls") else []),
    *_pages_of_cities(),
    path("api/v1/", include(_api())),
    path("admin/", admin.site.urls),
]

if settings.DEBUG or settings.MODE == "demo":
    urlpatterns += [path("", include("metacity.commons.styleguide"))]

handler400 = "metacity.commons.views.bad_request"
handler403 = "metacity.commons.views.forbidden"
handler404 = "metacity.commons.views.not_found"
handler500 = "metacity.commons.views.server_error"
