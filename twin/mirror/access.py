"""Who may see what of a city."""

from typing import Any

from django.core.validators import slug_re

from metacity.commons.access import Person, has_role
from twin.mirror.errors import CityUnknown
from twin.mirror.models import City, Publication

OFFICE_ROLES = ("official", "approver", "operator")


def may_see(user: Person | None, city: City) -> bool:
    """Whether `user` may see the city at all: those with closed data are for the office."""
    return not city.is_closed or (user is not None and has_role(user, *OFFICE_ROLES))


def city_for_user(user: Person | None, slug: str | None) -> City:
    """The city of that name, or the default one. Absent and closed look alike: `CityUnknown`."""
    # Parameters of an address hold anything, also what PostgreSQL cannot compare with.
    if slug and not slug_re.match(slug):
        raise CityUnknown
    wanted = {"slug": slug} if slug else {"is_default": True}
    city = City.objects.select_related("publication").filter(**wanted).first()
    if city is None or not may_see(user, city):
        raise CityUnknown
    return city


def may_follow(user: Any, room: str) -> bool:
    """Whether `user` may hear the events of a city's room."""
    city = City.objects.filter(slug=room.removeprefix("city.")).first()
    return city is not None and may_see(user, city)


def may_fetch(user: Person | None, publication: Publication) -> bool:
    """Whether the files of a publication are for `user`: shown once, not withdrawn, and of a city they may see."""
    shown = publication.state in {Publication.State.CURRENT, Publication.State.PAST}
    return shown and may_see(user, publication.city)
