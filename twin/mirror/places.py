"""Finding things in the city and saying where they are: search, cards, lists, places in words."""

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from shapely import Point

from metacity.commons.i18n import localised
from twin.mirror.errors import ObjectUnknown
from twin.mirror.features import Kind
from twin.mirror.geometry import outline_of
from twin.mirror.models import City, CityObjectVersion, CityObjectVersionQuerySet, searchable
from twin.mirror.vocabulary import KIND_LABELS, USE_LABELS, use_label

SEARCH_LENGTH = 80
MOST_FOUND = 20
# How far a named thing may be to say where something is: first what is close by, then what is in walking distance.
_REACHES_M = (80.0, 400.0)
# Things that people know are worth a detour of so many metres before a shop or a house that merely is nearer.
_WELL_KNOWN = {
    "public",
    "station",
    "school",
    "park",
    "library",
    "market",
    "hospital",
    "university",
    "culture",
    "police",
}
_DETOUR_M = 60.0
# Of so many things near by, as their boxes tell, the exact distance is measured.
_LOOKED_AT = 12
_WAYS = {Kind.ROAD, Kind.RAILWAY, Kind.WATER, Kind.TERRAIN}
_DIRECTIONS = (
    pgettext_lazy("of a place", "east"),
    pgettext_lazy("of a place", "north-east"),
    pgettext_lazy("of a place", "north"),
    pgettext_lazy("of a place", "north-west"),
    pgettext_lazy("of a place", "west"),
    pgettext_lazy("of a place", "south-west"),
    pgettext_lazy("of a place", "south"),
    pgettext_lazy("of a place", "south-east"),
)


@dataclass(slots=True)
class Found:
    """A thing in the city as lists show it. Metres are local, degrees WGS 84."""

    id: uuid.UUID
    kind: str
    kind_label: str
    name: str
    place: str
    e: float
    n: float
    z: float
    lon: float
    lat: float


@dataclass(slots=True)
class Card(Found):
    """All that people are told about a thing. What the source does not say is None or empty."""

    use: str
    use_label: str
    height_m: float | None
    height_is_assumed: bool
    storeys: int | None
    year: int | None
    address: str
    source: str
    survey_date: Any
    bounds: dict[str, list[float]]
    attribution: dict[str, str] = field(default_factory=dict)


def name_of(version: CityObjectVersion) -> str:
    """Its name, else its address, else what it is."""
    if version.object.name:
        return localised({"name": version.object.name, "name_en": version.attributes.get("name_en")}, "name")
    address = str(version.attributes.get("address") or "")
    use = version.attributes.get("use")
    return address or (use_label(use) if use in USE_LABELS else str(KIND_LABELS[Kind(version.kind)]))


def card(city: City, object_id: uuid.UUID) -> Card:
    """What is known of a thing that the city shows now; of a part, what is known of its building.

    Raises `ObjectUnknown`. At most four queries.
    """
    version = shown_version(city, object_id)
    while version.object.parent_id is not None:
        version = shown_version(city, version.object.parent_id)
    found, attributes, imported = _found(city, [version])[0], version.attributes, version.city_import
    return Card(
        **{name: getattr(found, name) for name in Found.__dataclass_fields__ if name != "place"},
        place=found.place or words_for(city, found.e, found.n, leave_out=version.object_id),
        use=str(attributes.get("use") or ""),
        use_label=_use_label(version),
        height_m=None if version.height_m is None else round(version.height_m, 1),
        height_is_assumed="height_from" in attributes,
        storeys=attributes.get("storeys"),
        year=attributes.get("year"),
        address=str(attributes.get("address") or ""),
        source=imported.attribution or imported.source,
        survey_date=imported.survey_date,
        bounds={
            "min": [round(value, 2) for value in (version.min_e, version.min_n, version.min_z)],
            "max": [round(value, 2) for value in (version.max_e, version.max_n, version.max_z)],
        },
        attribution={"text": imported.attribution, "url": imported.attribution_url, "licence": imported.licence},
    )


def _use_label(version: CityObjectVersion) -> str:
    """What a thing is used for; a use without a word of its own says something of a building only."""
    use = version.attributes.get("use")
    return "" if use == "other" and version.kind != Kind.BUILDING else use_label(use)


def shown_version(city: City, object_id: uuid.UUID) -> CityObjectVersion:
    """What the city shows of a thing now; raises `ObjectUnknown`."""
    shown = CityObjectVersion.objects.shown_in_city(city).select_related("object", "city_import")
    version = shown.defer("geometry", "semantics").filter(object_id=object_id).first()
    if version is None:
        raise ObjectUnknown
    return version


def search(city: City, text: str, most: int = MOST_FOUND) -> list[Found]:
    """Things whose name or address has every word of `text`: those that begin with it first, then the shorter.

    Pieces of one road count once. One query.
    """
    text = text[:SEARCH_LENGTH]
    wanted = searchable(text)
    if not wanted:
        return []
    ranked = (
        _listed(city)
        .matching(text)
        .order_by(
            Case(
                When(search_text=wanted, then=Value(0)),
                When(search_text__startswith=wanted, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            Length("search_text"),
            "search_text",
            "pk",
        )
    )
    once: dict[tuple[str, str], CityObjectVersion] = {}
    for version in ranked[: most * 10]:
        once.setdefault((version.kind, version.object.name if version.kind in _WAYS else str(version.pk)), version)
    return _found(city, list(once.values())[:most])


def listed(city: City, kind: str = "", text: str = "") -> CityObjectVersionQuerySet:
    """What the list of places holds, in order: things with a name or an address, of one kind if asked."""
    versions = _listed(city).named()
    if kind:
        versions = versions.filter(kind=kind)
    if text:
        versions = versions.matching(text[:SEARCH_LENGTH])
    return versions.order_by("search_text", "pk")


def as_found(city: City, versions: Sequence[CityObjectVersion]) -> list[Found]:
    """Rows of `listed` as lists show them. No query."""
    return _found(city, versions)


def words_for(city: City, e: float, n: float, *, leave_out: uuid.UUID | None = None) -> str:
    """A place in words, by something near with a name: "20 m west of Gaon Elementary School".

    In the reader's language; empty where nothing with a name is near. At most two queries.
    """
    nearest = nearest_named(city, e, n, leave_out=leave_out)
    if nearest is None:
        return ""
    away, name = _exact_m(nearest, e, n), name_of(nearest)
    if away < 5:
        return name
    metres = round(away, -1) if away >= 15 else 10
    return _("%(metres)d m %(direction)s of %(name)s") % {
        "metres": metres,
        "direction": _direction(nearest, e, n),
        "name": name,
    }


def nearest_named(city: City, e: float, n: float, *, leave_out: uuid.UUID | None = None) -> CityObjectVersion | None:
    """The thing by which people would say where a point is: near, with a name, rather well known, rather no road."""
    named = CityObjectVersion.objects.shown_in_city(city).named().defer("semantics")
    for reach in _REACHES_M:
        around = named.near(e, n, reach).select_related("object").exclude(object_id=leave_out)
        near = [version for version in around[:500] if _distance_m(version, e, n) <= reach]
        things = [version for version in near if version.kind not in _WAYS] or near
        if things:
            return _nearest(things, e, n)
    return None


def _nearest(things: Sequence[CityObjectVersion], e: float, n: float) -> CityObjectVersion:
    """By what the things really cover: the box of a park along a stream holds half of the quarter."""
    by_box = sorted(things, key=lambda version: (_distance_m(version, e, n) + _detour(version), version.pk))[
        :_LOOKED_AT
    ]
    return min(by_box, key=lambda version: (_exact_m(version, e, n) + _detour(version), _size_m(version), version.pk))


def _exact_m(version: CityObjectVersion, e: float, n: float) -> float:
    """From a point to what a thing covers; to its box where it covers nothing, as points and lines do."""
    outline = outline_of(bytes(version.geometry))
    return _distance_m(version, e, n) if outline.is_empty else float(outline.distance(Point(e, n)))


def _size_m(version: CityObjectVersion) -> float:
    return math.hypot(version.max_e - version.min_e, version.max_n - version.min_n)


def _detour(version: CityObjectVersion) -> float:
    """How much nearer something else must be to be named instead."""
    well_known = version.attributes.get("use") in _WELL_KNOWN or "furniture" in version.attributes
    return (0.0 if well_known else _DETOUR_M) + (0.0 if version.object.name else _DETOUR_M)


def _listed(city: City) -> CityObjectVersionQuerySet:
    shown = CityObjectVersion.objects.shown_in_city(city).exclude(kind=Kind.BUILDING_PART)
    return shown.select_related("object").defer("geometry", "semantics")


def _found(city: City, versions: Sequence[CityObjectVersion]) -> list[Found]:
    if not versions:
        return []
    centres = [version.centre for version in versions]
    lon, lat, _height = city.frame.to_geodetic(*zip(*centres, strict=True))
    return [
        Found(
            id=version.object_id,
            kind=version.kind,
            kind_label=str(KIND_LABELS[Kind(version.kind)]),
            name=name_of(version),
            place=str(version.attributes.get("address") or ""),
            e=round(e, 2),
            n=round(n, 2),
            z=round(z, 2),
            lon=round(float(lon[index]), 7),
            lat=round(float(lat[index]), 7),
        )
        for index, (version, (e, n, z)) in enumerate(zip(versions, centres, strict=True))
    ]


def _distance_m(version: CityObjectVersion, e: float, n: float) -> float:
    """From a point to the bounding box; 0 within."""
    east = max(version.min_e - e, 0.0, e - version.max_e)
    north = max(version.min_n - n, 0.0, n - version.max_n)
    return math.hypot(east, north)


def _direction(version: CityObjectVersion, e: float, n: float) -> str:
    """In which of eight directions a point lies from the nearest point of a thing's box."""
    from_e = min(max(e, version.min_e), version.max_e)
    from_n = min(max(n, version.min_n), version.max_n)
    return str(_DIRECTIONS[round(math.atan2(n - from_n, e - from_e) / (math.pi / 4)) % 8])
