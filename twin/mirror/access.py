"""Who may see what of a city, and who may change what is shown."""

import uuid
from typing import Any

from django.core.validators import slug_re

from metacity.accounts.roles import Role
from metacity.commons.access import Person, has_role
from metacity.commons.errors import NotFound
from twin.mirror.deliveries.models import Delivery
from twin.mirror.errors import CityUnknown
from twin.mirror.models import City, CityImport, Publication

OFFICE_ROLES = (Role.OFFICIAL, Role.APPROVER, Role.OPERATOR)
# Whoever is in charge hands in; as with answers, a second person decides what everybody sees.
HANDLERS = (Role.OFFICIAL, Role.OPERATOR)
PUBLISHERS = (Role.APPROVER, Role.OPERATOR)


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


def import_of(city: City, import_id: uuid.UUID) -> CityImport:
    """An import of a city that the caller may see."""
    found = CityImport.objects.select_related("publication", "city").filter(city=city, pk=import_id).first()
    if found is None:
        raise NotFound
    return found


def publication_of(city: City, publication_id: uuid.UUID) -> Publication:
    found = city.publications.select_related("city").filter(pk=publication_id).first()
    if found is None:
        raise NotFound
    return found


def delivery_of(delivery_id: uuid.UUID) -> Delivery:
    """A delivery, for people who were let into the office's pages of cities."""
    found = Delivery.objects.select_related("city_import__city").filter(pk=delivery_id).first()
    if found is None:
        raise NotFound
    return found


def previewed(user: Person, city: City, publication_id: str) -> City:
    """The city with what an import that is ready would show, for the office to look at before everybody does.

    The publication stands in the given city in memory only; without an id it stays as it is. Raises `NotFound` for
    people outside the office, and for anything but such a publication of the city.
    """
    if not publication_id:
        return city
    try:
        found = Publication.objects.select_related("city").filter(city=city, pk=uuid.UUID(publication_id)).first()
    except ValueError:
        raise NotFound from None
    if found is None or not _may_preview(user, found):
        raise NotFound
    city.publication = found
    return city


def may_follow(user: Any, room: str) -> bool:
    """Whether `user` may hear the events of a city's room."""
    city = City.objects.filter(slug=room.removeprefix("city.")).first()
    return city is not None and may_see(user, city)


def may_follow_delivery(user: Any, room: str) -> bool:
    """Whether `user` may hear how far a delivery is."""
    try:
        pk = uuid.UUID(room.removeprefix("delivery."))
    except ValueError:
        return False
    return has_role(user, *OFFICE_ROLES) and Delivery.objects.filter(pk=pk).exists()


def may_fetch(user: Person | None, publication: Publication) -> bool:
    """Whether the files of a publication are for `user`: shown once, not withdrawn, and of a city they may see.

    Those of an import that is ready are for the office alone, whatever the city.
    """
    if publication.state == Publication.State.PREPARING:
        return user is not None and _may_preview(user, publication)
    shown = publication.state in {Publication.State.CURRENT, Publication.State.PAST}
    return shown and may_see(user, publication.city)


def _may_preview(user: Person, publication: Publication) -> bool:
    return (
        has_role(user, *OFFICE_ROLES)
        and publication.state == Publication.State.PREPARING
        and CityImport.objects.filter(publication=publication, state=CityImport.State.READY).exists()
    )
