"""OpenID Connect, as far as it vouches for a person: allauth speaks the protocol, this maps the claims.

Configured by settings: `SOCIALACCOUNT_PROVIDERS` names the server, `IDENTITY_OPENID_CLAIMS` says which claim holds what
(a dot goes into a nested claim). No social account is stored: the CI finds the account.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metacity.accounts.errors import IdentityIncomplete, IdentityUnavailable
from metacity.accounts.identity import journey
from metacity.accounts.identity.base import IdentityProvider, SealedAttributes, VerifiedAttributes, seal
from metacity.accounts.models.identity import Method
from metacity.commons.errors import CityError

PROVIDER_ID = "identity"


def _claim(claims: Mapping[str, Any], name: str) -> str:
    """The claim that `IDENTITY_OPENID_CLAIMS` names for `name`, as text; empty where it is missing."""
    value: Any = claims
    for part in settings.IDENTITY_OPENID_CLAIMS.get(name, "").split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _birth(claims: Mapping[str, Any]) -> tuple[int, date | None]:
    """Year and date from `1990-05-01` (OpenID Connect Core 5.1), `19900501`, or a year alone."""
    text = _claim(claims, "birth_date") or _claim(claims, "birth_year")
    digits = text.replace("-", "")
    try:
        if len(digits) == 8 and not digits.startswith("0000"):
            born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            return born.year, born
        return int(digits[:4]), None
    except ValueError:
        raise IdentityIncomplete from None


def attributes_from(claims: Mapping[str, Any]) -> VerifiedAttributes:
    """What the claims say of a person, or IdentityIncomplete."""
    ci, name = _claim(claims, "ci"), _claim(claims, "name")
    if not ci or not name:
        raise IdentityIncomplete
    birth_year, birth_date = _birth(claims)
    return VerifiedAttributes(
        ci=ci,
        name=name,
        birth_year=birth_year,
        birth_date=birth_date,
        district=_claim(claims, "district")[:40],
        method=Method.SIMPLE,
    )


class OpenIdProvider(IdentityProvider):
    key = "openid"
    label = _("Simple authentication")
    hint = _("Confirm with a certificate app that you already use.")

    @property
    def is_available(self) -> bool:
        return bool(settings.SOCIALACCOUNT_PROVIDERS)

    def begin(self, request: HttpRequest, next_url: str) -> HttpResponse:
        try:
            provider = get_adapter().get_provider(request, PROVIDER_ID)
            answer: HttpResponse = provider.redirect(request, process=AuthProcess.LOGIN, next_url=next_url)
        except requests.RequestException:
            raise IdentityUnavailable from None
        return answer

    def complete(self, request: HttpRequest) -> SealedAttributes:
        return journey.sealed_of(request)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Turns allauth's end of the journey into ours: an outside login identifies a person and does nothing else."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = sociallogin.account.get_provider_account().get_user_data() or {}
        try:
            journey.keep_sealed(request, seal(attributes_from(claims)))
        except CityError as refusal:
            messages.error(request, str(refusal.message))
            raise ImmediateHttpResponse(HttpResponseRedirect(journey.choose_again(request))) from None
        done = reverse("accounts:identity_complete", args=[OpenIdProvider.key])
        raise ImmediateHttpResponse(HttpResponseRedirect(done))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
