"""What a GeoJSON feature is, from its properties: OpenStreetMap's tags, words of registers, or our own names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from twin.mirror.features import Kind
from twin.mirror.readers.cityjson import KINDS

_AREAS = {"Polygon", "MultiPolygon"}
_LINES = {"LineString", "MultiLineString"}
_POINTS = {"Point", "MultiPoint"}

# Values which say what a thing is, whatever key they stand under; by what its geometry is.
_AREA_WORDS = {
    word: kind
    for kind, words in {
        Kind.BUILDING: "building buildings 건물 건축물",
        Kind.WATER: "water river riverbank stream lake pond reservoir basin wetland canal 하천 호수 저수지 물",
        Kind.PLANT_COVER: "park garden green grass grassland meadow wood forest scrub heath orchard plant_cover "
        "cemetery golf_course village_green nature_reserve 공원 녹지 숲 임야",
        Kind.SQUARE: "pedestrian square plaza 광장",
        Kind.LAND_USE: "pitch playground parking school hospital university college kindergarten sports_centre "
        "facility residential commercial retail industrial construction marketplace landuse land_use "
        "대지 학교용지 주차장",
        Kind.BRIDGE: "bridge 교량",
        Kind.ROAD: "road street highway 도로",
        Kind.RAILWAY: "railway rail 철도",
    }.items()
    for word in words.split()
}
_LINE_WORDS = {
    word: kind
    for kind, words in {
        Kind.WATER: "river stream canal ditch drain waterway 하천",
        Kind.RAILWAY: "rail subway light_rail tram railway monorail 철도",
        Kind.ROAD: "road street highway 도로",
    }.items()
    for word in words.split()
}
_FURNITURE_WORDS = {
    "bus_stop": "bus_stop platform 버스정류장 버스정류소",
    "bench": "bench 벤치",
    "shelter": "shelter 쉼터 대피소",
    "street_light": "street_lamp street_light 가로등",
    "station": "station subway_station subway_entrance train_station 지하철역 역",
    "traffic_signals": "traffic_signals traffic_signal signal 신호등",
    "waste_basket": "waste_basket recycling 쓰레기통",
    "hydrant": "fire_hydrant hydrant 소화전",
    "bicycle_parking": "bicycle_parking bicycle_rental 자전거보관소",
}
_FURNITURE = {word: furniture for furniture, words in _FURNITURE_WORDS.items() for word in words.split()}
_TREE_WORDS = {"tree", "나무", "가로수", "수목"}
_TREE_KEYS = {"species", "genus", "crown_diameter", "trunk_diameter", "diameter_crown", "수종", "crown_m"}
# Layers of the road name address map, of the building register's map and of the national base map.
_LAYER_CODES = {
    "tl_spbd_buld": Kind.BUILDING,
    "al_d010": Kind.BUILDING,
    "n3a_b001": Kind.BUILDING,
    "tl_sprd_rw": Kind.ROAD,
    "tl_sprd_manage": Kind.ROAD,
    "n3a_a001": Kind.ROAD,
    "n3l_a002": Kind.ROAD,
    "n3a_e001": Kind.WATER,
}
_OWN_KEYS = ("kind", "type", "class", "category", "object_type", "cityobject")
_TAG_KEYS = (
    "highway",
    "railway",
    "waterway",
    "natural",
    "leisure",
    "landuse",
    "amenity",
    "place",
    "man_made",
    "emergency",
)
_CITYJSON_KINDS = {name.casefold(): kind for name, kind in KINDS.items()} | {kind.value: kind for kind in Kind}


@dataclass(slots=True, frozen=True)
class Guess:
    """`kind` is None for areas that say nothing of themselves: what they are, their neighbours in the file tell."""

    kind: Kind | None
    furniture: str = ""


def classify(properties: Mapping[str, Any], attributes: Mapping[str, Any], geometry_type: str) -> Guess:
    """The kind of a feature, from what it came with and from its normalised attributes."""
    words = list(_words(properties))
    if geometry_type in _POINTS:
        return _point(properties, words)
    if geometry_type in _LINES:
        return Guess(_line(properties, words))
    return Guess(_area(properties, attributes, words))


def guess_by_name(name: str, geometry_type: str) -> Guess | None:
    """What the things of a layer are by its name: `buildings`, `도로`, or a code of the Korean registers; else None."""
    lowered = name.casefold()
    code = next((kind for code, kind in _LAYER_CODES.items() if lowered.startswith(code)), None)
    words = [form for word in re.findall(r"[^\W\d_]+", lowered) for form in (word, word.removesuffix("s"))]
    if geometry_type in _POINTS:
        tree = Guess(Kind.TREE) if _TREE_WORDS.intersection(words) else None
        return tree or next((Guess(Kind.FURNITURE, _FURNITURE[word]) for word in words if word in _FURNITURE), None)
    known = _LINE_WORDS if geometry_type in _LINES else _AREA_WORDS
    kind = code or next((known[word] for word in words if word in known), None)
    return Guess(kind) if kind else None


def _words(properties: Mapping[str, Any]) -> list[str]:
    values = [properties[key] for key in (*_OWN_KEYS, *_TAG_KEYS) if isinstance(properties.get(key), str)]
    tags = [
        value.split("=", 1)[1]
        for value in properties.values()
        if isinstance(value, str) and "=" in value and _is_tag(value)
    ]
    return [value.strip().casefold() for value in [*values, *tags]]


def _is_tag(value: str) -> bool:
    """Whether a value is a whole tag, as some exports write it: "natural=water"."""
    return len(value) < 60 and value.count("=") == 1 and value.split("=", 1)[0] in {*_TAG_KEYS, "building"}


def _point(properties: Mapping[str, Any], words: list[str]) -> Guess:
    if _TREE_WORDS.intersection(words) or _TREE_KEYS.intersection(properties):
        return Guess(Kind.TREE)
    furniture = next((_FURNITURE[word] for word in words if word in _FURNITURE), "")
    if not furniture and any(key in properties for key in ("signalType", "crossing")):
        furniture = "traffic_signals"
    own = str(properties.get("furniture") or "").strip().casefold()
    return Guess(Kind.FURNITURE if furniture or own else Kind.GENERIC, own or furniture)


def _line(properties: Mapping[str, Any], words: list[str]) -> Kind:
    if _present(properties, "highway") or _present(properties, "roadClass") or _present(properties, "road_class"):
        return Kind.ROAD
    if _present(properties, "railway"):
        return Kind.RAILWAY
    if _present(properties, "waterway"):
        return Kind.WATER
    named = (_CITYJSON_KINDS.get(word) or _LINE_WORDS.get(word) for word in words)
    return next((kind for kind in named if kind), Kind.GENERIC)


def _area(properties: Mapping[str, Any], attributes: Mapping[str, Any], words: list[str]) -> Kind | None:
    if any(_present(properties, key) for key in ("building", "building:part", "building:levels")):
        return Kind.BUILDING
    if "height_m" in attributes or "storeys" in attributes:
        return Kind.BUILDING
    if _present(properties, "waterway"):
        return Kind.WATER
    if _present(properties, "highway"):
        return Kind.SQUARE if "pedestrian" in words else Kind.ROAD
    named = (_CITYJSON_KINDS.get(word) or _AREA_WORDS.get(word) for word in words)
    return next((kind for kind in named if kind), None)


def _present(properties: Mapping[str, Any], key: str) -> bool:
    return properties.get(key) not in (None, "", "no", False)
