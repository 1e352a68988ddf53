"""Where each address leads."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("metacity.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("metacity.commons.preferences")),
]

if settings.DEBUG or settings.MODE == "demo":
    urlpatterns += [path("", include("metacity.commons.styleguide"))]
