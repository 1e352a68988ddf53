"""Who may be in a world, and as what."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from participation.presence.errors import Removed
from participation.presence.models import Look, Removal, Visibility
from twin.mirror.models import City

# A visitor without an account keeps the choice in the browser.
LOOK_COOKIE = "presence"


def refuse_removed(person: User, city: City, at: dt.datetime) -> None:
    """Raises `Removed` while a moderator keeps the person out."""
    if Removal.objects.of(person, city).in_force(at).exists():
        raise Removed


def chosen_look(person: User) -> Look | None:
    """`None` for somebody who has not been asked yet."""
    look = Visibility.objects.filter(person=person).values_list("look", flat=True).first()
    return Look(look) if look else None


def look_of(person: User) -> Look:
    return chosen_look(person) or Look.UNNAMED


def guest_look(cookies: dict[str, str]) -> Look:
    return Look.HIDDEN if cookies.get(LOOK_COOKIE) == Look.HIDDEN else Look.UNNAMED


def look_for(request: HttpRequest) -> Look:
    """How whoever asks is seen."""
    return look_of(request.user) if isinstance(request.user, User) else guest_look(request.COOKIES)


def looks_open_to(user: Visitor) -> Sequence[Look]:
    """What may be chosen: a name only by adults with an account."""
    can_be_named = isinstance(user, User) and not user.is_minor
    return [look for look in Look if look is not Look.NAMED or can_be_named]
