"""Why somebody identifies, and where they were going: kept in the session from the first press to the end."""

import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from metacity.accounts.errors import IdentityExpired
from metacity.accounts.identity.base import SealedAttributes

JOURNEY_KEY = "identity_journey"
SEALED_KEY = "identity_sealed"
# Identified but not joined yet: long enough to read the consents, short enough for a shared computer.
SEALED_FOR_S = 15 * 60


class Purpose(StrEnum):
    ENTER = "enter"  # sign in, or join
    CONFIRM = "confirm"  # confirm the account one is signed in to
    REAUTHENTICATE = "reauthenticate"  # show once more that it is oneself
    GUARDIAN = "guardian"  # agree for a child, without an account


@dataclass(frozen=True, slots=True)
class Journey:
    purpose: Purpose
    next_url: str = "/"
    # The guardian's link, for that purpose.
    token: str = ""


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """The `next` of the request if it leads to this site, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_safe else default


def start(request: HttpRequest, journey: Journey) -> None:
    request.session[JOURNEY_KEY] = asdict(journey)


def current(request: HttpRequest) -> Journey:
    """The journey under way; one who comes from nowhere wants to sign in."""
    kept: dict[str, Any] | None = request.session.get(JOURNEY_KEY)
    if kept is None:
        return Journey(Purpose.CONFIRM if request.user.is_authenticated else Purpose.ENTER)
    return Journey(Purpose(kept["purpose"]), kept["next_url"], kept["token"])


def choose_again(request: HttpRequest) -> str:
    """Where to choose a provider for the journey under way."""
    underway = current(request)
    if underway.purpose is Purpose.GUARDIAN:
        return reverse("accounts:guardian_answer", args=[underway.token])
    return f"{reverse('accounts:identity')}?{urlencode({'next': underway.next_url})}"


def end(request: HttpRequest) -> None:
    for key in (JOURNEY_KEY, SEALED_KEY):
        request.session.pop(key, None)


def keep_sealed(request: HttpRequest, sealed: SealedAttributes) -> None:
    """Hold a confirmed identity for the next page. Only hashes and what may be kept anyway."""
    request.session[SEALED_KEY] = {"at": time.time(), "attributes": sealed.as_session()}


def sealed_of(request: HttpRequest) -> SealedAttributes:
    """The identity confirmed a moment ago, or IdentityExpired."""
    kept = request.session.get(SEALED_KEY)
    if kept is None or time.time() - kept["at"] > SEALED_FOR_S:
        request.session.pop(SEALED_KEY, None)
        raise IdentityExpired
    return SealedAttributes.from_session(kept["attributes"])
