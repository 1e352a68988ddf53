"""Who may do what. Rooms ask here before they write; pages of the office are wrapped in `office_required`."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from metacity.accounts.errors import ConsentRequired, GuardianRequired, NotIdentified, SecondFactorRequired
from metacity.accounts.models import User
from metacity.accounts.roles import OFFICE_ROLES
from metacity.accounts.services.consents import missing_consents
from metacity.commons.errors import Forbidden, NotSignedIn

Visitor = User | AnonymousUser | AbstractBaseUser
View = Callable[..., HttpResponse]


def require_signed_in(user: Visitor) -> User:
    """The account, or NotSignedIn."""
    if not isinstance(user, User) or not user.is_active:
        raise NotSignedIn
    return user


def require_member(user: Visitor) -> User:
    """Somebody who may write: signed in, agreed to the required items, and with a guardian's consent under 14."""
    member = require_signed_in(user)
    if missing_consents(member, "join"):
        raise ConsentRequired
    if member.waits_for_guardian:
        raise GuardianRequired
    return member


def require_identified(user: Visitor) -> User:
    """A member whose identity is confirmed, or NotIdentified (403, `identity_required`)."""
    member = require_signed_in(user)
    if not member.is_identified:
        raise NotIdentified
    return require_member(member)


def has_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user))


def is_loopback(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def second_factor_is_waived(request: HttpRequest) -> bool:
    """In the demo the seeded accounts enter the office without a second step, from this machine only."""
    user = request.user
    return settings.MODE == "demo" and isinstance(user, User) and user.is_seeded and is_loopback(request)


def require_office(user: Visitor, *roles: str) -> User:
    """One who holds any of `roles` (any office role when none is named). Says nothing about the second factor."""
    worker = require_signed_in(user)
    if not worker.roles & (frozenset(roles) or OFFICE_ROLES):
        raise Forbidden
    return worker


def require_office_request(request: HttpRequest, *roles: str) -> User:
    """As `require_office`, and with the second factor: for API views and sockets of the office."""
    worker = require_office(request.user, *roles)
    if lacks_second_factor(request):
        raise SecondFactorRequired
    return worker


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether somebody who works in the office has yet to set up the second factor; never so for anybody else."""
    user = request.user
    if not isinstance(user, User) or not user.roles & OFFICE_ROLES:
        return False
    return not has_second_factor(user) and not second_factor_is_waived(request)


def second_factor_url(back: str) -> str:
    """Where the second factor is set up; from there one is led `back`."""
    return f"{reverse('accounts:second_factor')}?{urlencode({'next': back})}"


def office_required(*roles: str) -> Callable[[View], View]:
    """For office pages: anonymous visitors sign in first, outsiders are refused, insiders set up their second factor.

    >>> @office_required("official", "approver")
    ... def inbox(request): ...
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                require_office_request(request, *roles)
            except SecondFactorRequired:
                return HttpResponseRedirect(second_factor_url(request.get_full_path()))
            # The page's top line says so (`components/masthead.html`).
            request.second_factor_waived = second_factor_is_waived(request)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return decorate
