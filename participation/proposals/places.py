"""Where an idea stands: from what somebody typed or clicked to a checked place in a city."""

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participation.proposals import surroundings
from participation.proposals.content import Place
from participation.proposals.errors import OutsideTheCity, PlaceNotFound
from participation.proposals.models.proposals import PlaceKind
from twin.mirror import places
from twin.mirror.errors import ObjectUnknown
from twin.mirror.features import Kind
from twin.mirror.models import City, CityObjectVersion

MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """A place as typed, clicked or carried over in an address: unchecked text."""

    kind: str = PlaceKind.NONE
    object_id: str = ""
    e: str = ""
    n: str = ""
    lon: str = ""
    lat: str = ""

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> "PlaceRequest":
        """From the fields of a draft, a form or an address."""
        names = ("object", "e", "n", "lon", "lat")
        object_id, e, n, lon, lat = (str(fields.get(name) or "").strip() for name in names)
        kind = str(fields.get("place") or "")
        if kind not in PlaceKind.values:
            kind = PlaceKind.OBJECT if object_id else PlaceKind.POINT if (e and n) or (lon and lat) else PlaceKind.NONE
        return cls(kind, object_id, e, n, lon, lat)

    def as_fields(self) -> dict[str, str]:
        """As a draft keeps it."""
        return {
            "place": self.kind,
            "object": self.object_id,
            "e": self.e,
            "n": self.n,
            "lon": self.lon,
            "lat": self.lat,
        }


def place_for(city: City, asked: PlaceRequest) -> Place:
    """The checked place, or `OutsideTheCity` or `PlaceNotFound`."""
    if asked.kind == PlaceKind.NONE:
        return Place()
    if asked.kind == PlaceKind.OBJECT:
        return _place_of_object(city, asked)
    return _place_at(city, *_point(city, asked))


def _point(city: City, asked: PlaceRequest) -> tuple[float, float]:
    """East and north in metres; geodetic degrees are taken where they are given alone."""
    if asked.e or asked.n:
        return _number(asked.e), _number(asked.n)
    lon, lat = _number(asked.lon), _number(asked.lat)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise OutsideTheCity
    return local_point(city, lon, lat)


def _number(typed: str) -> float:
    try:
        value = float(typed)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PlaceNotFound(_("These coordinates are no numbers that could be a place."))
    return value


def _place_at(city: City, e: float, n: float) -> Place:
    if not is_inside(city, e, n):
        raise OutsideTheCity
    lon, lat = geodetic_point(city, e, n)
    z = surroundings.ground_height(city, e, n)
    words, words_en = surroundings.in_both_languages(lambda: places.words_for(city, e, n))
    return Place(PlaceKind.POINT, e, n, z, lon, lat, None, words, words_en)


def _place_of_object(city: City, asked: PlaceRequest) -> Place:
    """The object itself; a point on it that was clicked is kept, so that the pin stands where somebody meant."""
    try:
        version = places.shown_version(city, _uuid(asked.object_id))
    except ObjectUnknown:
        raise PlaceNotFound from None
    clicked = (_number(asked.e), _number(asked.n)) if asked.e and asked.n else None
    if clicked is None or not surroundings.touches(version, *clicked):
        clicked = surroundings.point_on(version)
    return _as_place(city, version, clicked)


def _uuid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise PlaceNotFound from None


def is_inside(city: City, e: float, n: float) -> bool:
    """Whether a local point lies within what the city shows."""
    bounds = surroundings.bounds(city)
    return bounds is not None and bounds[0] <= e <= bounds[2] and bounds[1] <= n <= bounds[3]


def local_point(city: City, lon: float, lat: float) -> tuple[float, float]:
    e, n, _u = city.frame.to_local(lon, lat, city.origin_height_m)
    return round(float(e), 2), round(float(n), 2)


def geodetic_point(city: City, e: float, n: float) -> tuple[float, float]:
    """Degrees with seven decimals: one centimetre."""
    lon, lat, _h = city.frame.to_geodetic(e, n, 0.0)
    return round(float(lon), 7), round(float(lat), 7)


def find_place(city: City, words: str) -> Place | None:
    """The place that is most likely meant by a name or an address, with a point on it."""
    found = search_places(city, words, most=1)
    return place_for(city, PlaceRequest(PlaceKind.OBJECT, str(found[0].object_id))) if found else None


def search_places(city: City, words: str, most: int = MOST_FOUND) -> list[Place]:
    """Places whose name or address has every one of the words, the likeliest first.

    A school, its ground and its bus stops share a name: the building stands for them.
    """
    ids = [found.id for found in places.search(city, words.strip(), most * 4)]
    shown = CityObjectVersion.objects.shown_in_city(city).filter(object__in=ids).select_related("object")
    ranked = sorted(shown.defer("geometry", "semantics"), key=lambda version: ids.index(version.object_id))
    by_name: dict[str, CityObjectVersion] = {}
    for version in ranked:
        name = places.name_of(version)
        if name not in by_name or (version.kind == Kind.BUILDING and by_name[name].kind != Kind.BUILDING):
            by_name[name] = version
    return [_as_place(city, version) for version in list(by_name.values())[:most]]


def well_known_places(city: City, most: int = 12) -> list[Place]:
    """Places to choose from without typing: what people name when they say where."""
    return [_as_place(city, version) for version in surroundings.well_known(city, most)]


def _as_place(city: City, version: CityObjectVersion, point: tuple[float, float] | None = None) -> Place:
    """An object as a place; its middle unless a point on it is meant."""
    centre_e, centre_n, z = version.centre
    e, n = point or (centre_e, centre_n)
    lon, lat = geodetic_point(city, e, n)
    words, words_en = surroundings.in_both_languages(lambda: places.name_of(version))
    return Place(PlaceKind.OBJECT, e, n, z, lon, lat, version.object_id, words, words_en)
