"""Places of a city as lists and cards of words: the way in that needs neither map nor 3D."""

import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from participation.proposals.surroundings import name_of
from twin.mirror.errors import ObjectUnknown
from twin.mirror.features import Kind
from twin.mirror.models import City, CityObjectVersion
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


_USES: dict[Group, str] = {
    Group.PUBLIC: "public police fire_station",
    Group.LEARNING: "school kindergarten university library culture",
    Group.CARE: "hospital welfare sports",
    Group.GREEN: "park playground garden forest",
    Group.MOVING: "station transport parking",
    Group.SHOPPING: "market retail commercial hotel office mixed",
    Group.LIVING: "apartment residential house",
}
_KINDS: dict[Group, tuple[str, ...]] = {
    Group.GREEN: (Kind.PLANT_COVER, Kind.WATER),
    Group.MOVING: (Kind.RAILWAY,),
    Group.WAYS: (Kind.ROAD, Kind.SQUARE, Kind.BRIDGE),
}
LISTED_KINDS = (
    Kind.BUILDING,
    Kind.BRIDGE,
    Kind.ROAD,
    Kind.RAILWAY,
    Kind.SQUARE,
    Kind.WATER,
    Kind.PLANT_COVER,
    Kind.LAND_USE,
    Kind.FURNITURE,
)


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place in words."""

    version: CityObjectVersion

    @property
    def id(self) -> uuid.UUID:
        return self.version.object_id

    @property
    def name(self) -> str:
        return name_of(self.version) or self.use

    @property
    def use(self) -> str:
        """What it is used for, else what it is."""
        return use_label(self.version.attributes.get("use")) or str(KIND_LABELS[Kind(self.version.kind)])

    @property
    def address(self) -> str:
        return str(self.version.attributes.get("address") or "")

    @property
    def e(self) -> float:
        return self.version.centre[0]

    @property
    def n(self) -> float:
        return self.version.centre[1]

    @property
    def height_m(self) -> float | None:
        return self.version.height_m

    @property
    def storeys(self) -> int | None:
        storeys = self.version.attributes.get("storeys")
        return storeys if isinstance(storeys, int) else None

    @property
    def year(self) -> int | None:
        year = self.version.attributes.get("year")
        return year if isinstance(year, int) and year else None

    @property
    def source(self) -> str:
        return self.version.city_import.attribution or self.version.city_import.source

    @property
    def survey_date(self) -> object:
        return self.version.city_import.survey_date

    @property
    def view(self) -> str:
        """Parameters with which city and map show it."""
        return f"o={self.id}&e={self.e:.1f}&n={self.n:.1f}"

    @property
    def as_place(self) -> str:
        """Parameters with which a proposal begins at it."""
        return f"object={self.id}&e={self.e:.2f}&n={self.n:.2f}"


def named_places(city: City, *, words: str = "", group: str = "") -> QuerySet[CityObjectVersion]:
    """What has a name in the city, in the order of names."""
    shown = CityObjectVersion.objects.shown_in_city(city)
    found = shown.matching(words) if words else shown.named()
    found = found.filter(kind__in=LISTED_KINDS).exclude(object__name="")
    if group in Group.values:
        uses, kinds = _USES.get(Group(group), "").split(), _KINDS.get(Group(group), ())
        found = found.filter(Q(attributes__use__in=uses) | Q(kind__in=kinds))
    return found.select_related("object").defer("geometry", "semantics").order_by("object__name", "pk")


def place_card(city: City, object_id: uuid.UUID) -> PlaceCard:
    """One object of the city; `ObjectUnknown` where it does not stand in what is shown."""
    shown = CityObjectVersion.objects.shown_in_city(city).select_related("object", "city_import")
    version = shown.filter(object=object_id).first()
    if version is None:
        raise ObjectUnknown
    return PlaceCard(version)
