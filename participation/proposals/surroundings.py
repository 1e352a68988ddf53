"""What the city has around a point, as proposals need it. All coordinates local, in metres."""

import math
from collections.abc import Callable, Sequence

from django.utils import translation
from shapely import Point

from twin.mirror import places
from twin.mirror.features import Kind
from twin.mirror.geometry import outline_of
from twin.mirror.ground import ground_of
from twin.mirror.models import City, CityObjectVersion

# Public places people name before a shop or a bench, so many of each.
WELL_KNOWN_USES = ("public", "station", "school", "park", "library", "market", "hospital", "culture")
EACH_USE = 2


def bounds(city: City) -> tuple[float, float, float, float] | None:
    """Least e and n, greatest e and n of what the city shows; None where nothing is published."""
    told = (city.publication.manifest if city.publication else {}).get("bounds")
    if not told:
        return None
    (min_e, min_n, *_low), (max_e, max_n, *_high) = told["min"], told["max"]
    return float(min_e), float(min_n), float(max_e), float(max_n)


def well_known(city: City, most: int) -> Sequence[CityObjectVersion]:
    """Public places with a name, in the order of `WELL_KNOWN_USES`, a few of each."""
    shown = CityObjectVersion.objects.shown_in_city(city).named().filter(kind__in=(Kind.BUILDING, Kind.PLANT_COVER))
    found = shown.filter(attributes__use__in=WELL_KNOWN_USES).exclude(object__name="").order_by("object__name")
    by_name = {version.object.name: version for version in found.select_related("object").defer("geometry")}.values()
    by_use = [[version for version in by_name if version.attributes["use"] == use] for use in WELL_KNOWN_USES]
    return [version for versions in by_use for version in versions[:EACH_USE]][:most]


def point_on(version: CityObjectVersion) -> tuple[float, float]:
    """The middle of a thing, or where that lies beside it, as with a park along a stream, a point within."""
    e, n, _z = version.centre
    outline = outline_of(bytes(version.geometry))
    if outline.is_empty or outline.covers(Point(e, n)):
        return e, n
    inside = outline.representative_point()
    return round(inside.x, 2), round(inside.y, 2)


def touches(version: CityObjectVersion, e: float, n: float, slack_m: float = 5.0) -> bool:
    """Whether a point lies within the bounding box of a thing, or just beside it."""
    return (
        version.min_e - slack_m <= e <= version.max_e + slack_m
        and version.min_n - slack_m <= n <= version.max_n + slack_m
    )


def buildings_near(city: City, e: float, n: float, within_m: float, most: int = 12) -> dict[str, str]:
    """Ids and names of the buildings around a point, the nearest first."""
    shown = CityObjectVersion.objects.shown_in_city(city).near(e, n, within_m).filter(kind=Kind.BUILDING)
    found = shown.select_related("object").defer("geometry", "semantics")[:200]
    nearest = sorted(found, key=lambda version: math.hypot(version.centre[0] - e, version.centre[1] - n))
    return {str(version.object_id): places.name_of(version) for version in nearest[:most]}


def ground_height(city: City, e: float, n: float) -> float | None:
    """The height of the ground; None for a city that came without any."""
    ground = ground_of(city.publication) if city.publication else None
    return round(float(ground.at(e, n)), 2) if ground else None


def in_both_languages(say: Callable[[], str]) -> tuple[str, str]:
    """What `say` says in Korean and in English."""
    with translation.override("ko"):
        korean = say()
    with translation.override("en"):
        return korean[:200], say()[:200]
