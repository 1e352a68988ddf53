"""Keeping how somebody wants to be seen: with the account, or in the browser of a visitor without one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import Invalid
from participation.presence.access import LOOK_COOKIE, looks_open_to
from participation.presence.errors import NameNotShown
from participation.presence.models import Look
from participation.presence.services import choose_look

_YEAR_S = 365 * 24 * 60 * 60


def read_look(told: object) -> Look:
    """Raises `Invalid` for anything but the name of a look."""
    if not isinstance(told, str) or told not in Look.values:
        raise Invalid
    return Look(told)


def keep_look(request: HttpRequest, response: HttpResponseBase, look: Look) -> None:
    """Raises `NameNotShown` where the name may not be chosen."""
    if isinstance(request.user, User):
        choose_look(person=request.user, look=look, at=clocks.now())
        return
    if look not in looks_open_to(request.user):
        raise NameNotShown
    response.set_cookie(
        LOOK_COOKIE, look, max_age=_YEAR_S, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
