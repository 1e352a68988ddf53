"""Who somebody is to others in a world: read once on joining and again on every recheck, never on the way of a pose."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.commons import clocks
from metacity.commons.consumers import user_of
from participation.presence.access import look_of, refuse_removed
from participation.presence.ground import Ground
from participation.presence.models import Look
from twin.mirror.access import city_for_user

# The badge beside a name, the first that fits. An operator runs the service and speaks for nobody.
BADGES = (Role.APPROVER, Role.OFFICIAL, Role.MODERATOR, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as the world knows them. `number` is the same in every tab and every process."""

    number: int
    # Empty for guests, minors, and whoever did not choose to show it; then there is no badge either.
    name: str
    badge: str
    is_hidden: bool
    # The account's id, for revocations; empty for guests. Never leaves the server.
    account: str


@dataclass(frozen=True, slots=True)
class Admission:
    someone: Someone
    ground: Ground


def admission(world: str, session_key: str | None, guest: str, guest_look: str) -> Admission:
    """Raises `CityUnknown`, `WorldUnknown` or `Removed`. Asks the database who the session belongs to now.

    `guest` is the key that a browser without an account made up, `guest_look` its choice.
    """
    user: Visitor = user_of(session_key) if session_key else AnonymousUser()
    city = city_for_user(user, world)
    ground = Ground.of(city)
    if not isinstance(user, User):
        number = _number(world, f"guest:{guest}")
        return Admission(Someone(number, "", "", guest_look == Look.HIDDEN, ""), ground)
    now = clocks.now()
    refuse_removed(user, city, now)
    return Admission(someone_of(user, _number(world, f"person:{user.pk}:{now:%Y-%m-%d}")), ground)


def someone_of(user: User, number: int) -> Someone:
    look = look_of(user)
    is_named = look is Look.NAMED and not user.is_minor
    badge = next((role.value for role in BADGES if user.has_role(role)), "") if is_named else ""
    return Someone(number, user.display_name if is_named else "", badge, look is Look.HIDDEN, str(user.pk))


def _number(world: str, key: str) -> int:
    """Four bytes that tell nothing of who it is, and tomorrow are others: nobody is followed from day to day."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"presence:{world}:{key}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big")
