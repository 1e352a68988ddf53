"""The pages of allauth that are in use: no managing of connected accounts, since none are kept."""

from allauth.socialaccount import views as social_views
from django.urls import include, path

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("openid/cancelled/", social_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("openid/error/", social_views.login_error, name="socialaccount_login_error"),
]
