"""Places of a city as a list of words: the way in that needs neither map nor 3D."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twin.mirror.features import Kind
from twin.mirror.models import City, CityObjectVersion, CityObjectVersionQuerySet
from twin.mirror.places import listed, name_of
from twin.mirror.vocabulary import KIND_LABELS, use_label


class Group(models.TextChoices):
    """What people look for in a list of places."""

    PUBLIC = "public", _("Public offices")
    LEARNING = "learning", _("Schools and libraries")
    CARE = "care", _("Health and care")
    GREEN = "green", _("Parks and green")
    MOVING = "moving", _("Stations and stops")
    SHOPPING = "shopping", _("Markets and shops")
    LIVING = "living", _("Housing")
    WAYS = "ways", _("Roads and squares")


_MEMBERS: dict[Group, Q] = {
    Group.PUBLIC: Q(attributes__use__in=("public", "police", "fire_station")),
    Group.LEARNING: Q(attributes__use__in=("school", "kindergarten", "university", "library", "culture")),
    Group.CARE: Q(attributes__use__in=("hospital", "welfare", "sports")),
    Group.GREEN: Q(kind__in=(Kind.PLANT_COVER, Kind.WATER)),
    Group.MOVING: Q(attributes__use__in=("station", "transport", "parking")) | Q(attributes__furniture="bus_stop"),
    Group.SHOPPING: Q(attributes__use__in=("market", "retail", "commercial", "hotel", "mixed")),
    Group.LIVING: Q(attributes__use__in=("apartment", "residential", "house")),
    Group.WAYS: Q(kind__in=(Kind.ROAD, Kind.SQUARE, Kind.BRIDGE, Kind.RAILWAY)),
}
# Left out unless asked for by words or group: hundreds of lanes and bus stops, and grounds named like their building.
_UNASKED = Q(kind__in=(Kind.ROAD, Kind.FURNITURE, Kind.TERRAIN)) | Q(
    kind=Kind.LAND_USE, attributes__use__in=("school", "hospital", "parking", "religious", "commercial")
)
_FURNITURE = {"bus_stop": _("Bus stop"), "shelter": _("Shelter"), "bench": _("Bench")}


@dataclass(frozen=True, slots=True)
class Row:
    """A place as the list shows it."""

    id: uuid.UUID
    name: str
    label: str
    address: str


def named_places(city: City, *, words: str = "", group: str = "") -> CityObjectVersionQuerySet:
    """What has a name in the city, by name; narrowed by words or to a group."""
    found = listed(city, text=words).exclude(object__name="")
    if group in Group.values:
        found = found.filter(_MEMBERS[Group(group)])
    elif not words:
        found = found.exclude(_UNASKED)
    return found.order_by("object__name", "pk")


def rows(versions: Sequence[CityObjectVersion]) -> list[Row]:
    return [
        Row(version.object_id, name_of(version), label_of(version), str(version.attributes.get("address") or ""))
        for version in versions
    ]


def label_of(version: CityObjectVersion) -> str:
    """What it is used for, else what it is."""
    furniture = _FURNITURE.get(str(version.attributes.get("furniture")))
    use = version.attributes.get("use")
    return str(furniture or (use_label(use) if use and use != "other" else KIND_LABELS[Kind(version.kind)]))
