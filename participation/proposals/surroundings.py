"""What stands around a point of the city: names, directions, ground. All coordinates local, in metres."""

import math
import uuid
from collections.abc import Sequence

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.commons.i18n import localised
from twin.mirror.features import Kind
from twin.mirror.ground import ground_of
from twin.mirror.models import City, CityObjectVersion, CityObjectVersionQuerySet

NAMED_WITHIN_M = 250.0
# What people name when they say where: not the ground as such, nor what runs through half of the city.
LANDMARKS = (Kind.BUILDING, Kind.SQUARE, Kind.PLANT_COVER, Kind.BRIDGE, Kind.FURNITURE)
# People name places by these before they name a shop or a bench.
WELL_KNOWN_USES = ("public", "station", "school", "park", "library", "market", "hospital", "culture")
EACH_USE = 2
DIRECTIONS = (
    gettext_lazy("east"),
    gettext_lazy("north-east"),
    gettext_lazy("north"),
    gettext_lazy("north-west"),
    gettext_lazy("west"),
    gettext_lazy("south-west"),
    gettext_lazy("south"),
    gettext_lazy("south-east"),
)


def bounds(city: City) -> tuple[float, float, float, float] | None:
    """Least e and n, greatest e and n of what the city shows; None where nothing is published."""
    told = (city.publication.manifest if city.publication else {}).get("bounds")
    if not told:
        return None
    (min_e, min_n, *_low), (max_e, max_n, *_high) = told["min"], told["max"]
    return float(min_e), float(min_n), float(max_e), float(max_n)


def shown_version(city: City, object_id: uuid.UUID) -> CityObjectVersion | None:
    shown = CityObjectVersion.objects.shown_in_city(city).select_related("object")
    return shown.filter(object=object_id).first()


def name_of(version: CityObjectVersion) -> str:
    """Its name, else its address, in the language of the page."""
    named = version.attributes if version.attributes.get("name") else {"name": version.object.name}
    return localised(named, "name") or str(version.attributes.get("address") or "")


def search(city: City, words: str, most: int) -> Sequence[CityObjectVersion]:
    """Things with every one of the words: those named so before those at such an address, short names before long."""
    rank = Case(
        When(object__name=words, kind=Kind.BUILDING, then=Value(0)),
        When(object__name=words, then=Value(1)),
        When(object__name__contains=words, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = CityObjectVersion.objects.shown_in_city(city).matching(words).exclude(kind=Kind.TERRAIN)
    return list(_light(found).order_by(rank, Length("search_text"), "search_text")[:most])


def well_known(city: City, most: int) -> Sequence[CityObjectVersion]:
    """Public places with a name, in the order of `WELL_KNOWN_USES`, a few of each."""
    shown = CityObjectVersion.objects.shown_in_city(city).named().filter(kind__in=(Kind.BUILDING, Kind.PLANT_COVER))
    found = _light(shown.filter(attributes__use__in=WELL_KNOWN_USES).exclude(object__name="")).order_by("object__name")
    by_name = {version.object.name: version for version in found}.values()
    by_use = [[version for version in by_name if version.attributes["use"] == use] for use in WELL_KNOWN_USES]
    return [version for versions in by_use for version in versions[:EACH_USE]][:most]


def _light(versions: CityObjectVersionQuerySet) -> CityObjectVersionQuerySet:
    """With the object, without the geometry."""
    return versions.select_related("object").defer("geometry", "semantics")


def touches(version: CityObjectVersion, e: float, n: float, slack_m: float = 5.0) -> bool:
    return (
        version.min_e - slack_m <= e <= version.max_e + slack_m
        and version.min_n - slack_m <= n <= version.max_n + slack_m
    )


def ground_height(city: City, e: float, n: float) -> float | None:
    """The height of the ground; None for a city that came without any."""
    ground = ground_of(city.publication) if city.publication else None
    return round(float(ground.at(e, n)), 2) if ground else None


def words_at(city: City, e: float, n: float) -> str:
    """The place in words, in the language of the page: “40 m west of the primary school”."""
    shown = CityObjectVersion.objects.shown_in_city(city).named().filter(kind__in=LANDMARKS)
    near = _light(shown.near(e, n, NAMED_WITHIN_M)).exclude(object__name="")[:300]
    nearest = min(near, key=lambda version: distance_m(version, e, n), default=None)
    if nearest is None:
        return ""
    away = distance_m(nearest, e, n)
    if away < 5:
        return name_of(nearest)
    metres = max(10, round(away / 10) * 10)
    told = {"name": name_of(nearest), "direction": direction(nearest, e, n), "metres": metres}
    return _("%(metres)d m %(direction)s of %(name)s") % told


def distance_m(version: CityObjectVersion, e: float, n: float) -> float:
    """From a point to the bounding box of a thing; 0 inside."""
    east = max(version.min_e - e, 0.0, e - version.max_e)
    north = max(version.min_n - n, 0.0, n - version.max_n)
    return math.hypot(east, north)


def direction(version: CityObjectVersion, e: float, n: float) -> str:
    """In which of eight directions a point lies from a thing."""
    centre_e, centre_n, _z = version.centre
    eighth = round(math.atan2(n - centre_n, e - centre_e) / (math.pi / 4)) % 8
    return str(DIRECTIONS[eighth])
