"""Attributes of city objects: cleaned, and the few that the twin works with under names of its own."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.readers.limits import MAX_ATTRIBUTE_DEPTH, MAX_ATTRIBUTES, MAX_HEIGHT_M, MAX_TEXT_LENGTH
from twin.mirror.vocabulary import NO_USE, USES

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+")
_NUMBER = re.compile(r"^\s*([-+]?\d+(?:[.,]\d+)?)\s*(m|meter|metre|metres|층)?\s*$", re.IGNORECASE)
_LENGTH = re.compile(
    r"^\s*([-+]?\d+(?:[.,]\d+)?)\s*(m|meters?|metres?|미터|층|ft|feet|foot|'|’|cm)?\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''|”|in))?\s*$",
    re.IGNORECASE,
)
_METRES = {"ft": 0.3048, "feet": 0.3048, "foot": 0.3048, "'": 0.3048, "’": 0.3048, "cm": 0.01}
_INCH_M = 0.0254
_YEAR = re.compile(r"^\s*(\d{4})(?:\D.*|\d{4})?$")

# From most to least trusted; compared without case, blanks, underscores, hyphens and colons.
ALIASES: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "name:ko", "gml:name", "official_name", "label", "title",
        "명칭", "이름", "건물명", "시설명", "도로명", "buld_nm", "bld_nm", "bldg_nm", "road_nm", "rn",
    ),
    "name_en": ("name_en", "name:en", "int_name"),
    "use": (
        "use", "usage", "function", "building:use", "bldg:usage", "용도", "주용도", "주용도명", "main_purps_nm", "kind",
        "building", "amenity", "leisure", "landuse", "land_use", "category", "building_type", "class", "type",
    ),
    "height_m": (
        "height_m", "measured_height", "height", "building:height", "relative_ridge_height", "ridge_height",
        "높이", "건물높이", "heit", "buld_hg", "est_height",
    ),
    "storeys": (
        "storeys", "storeys_above_ground", "building:levels", "levels", "floors", "num_floors", "number_of_floors",
        "b3_bouwlagen", "지상층수", "층수", "gro_flo_co", "grnd_flr_cnt", "grnd_flr",
    ),
    "year": (
        "year", "year_of_construction", "construction_year", "year_built", "built", "start_date",
        "oorspronkelijk_bouwjaar", "사용승인일", "준공연도", "use_apr_day",
    ),
    "address": ("address", "addr:full", "full_address", "도로명주소", "주소", "소재지", "new_plat_plc", "rdnmadr"),
    "road_class": ("road_class", "highway"),
    "width_m": ("width_m", "width", "lane_width_total", "road_bt", "폭", "도로폭"),
    "crown_m": ("crown_m", "crown_diameter", "diameter_crown", "수관폭"),
    "furniture": ("furniture", "furniture_type"),
    "base_m": ("base_m", "ground_height", "base_height"),
    "min_storey": ("min_storey", "building:min_level", "min_level", "min_floor"),
    "roof_shape": ("roof_shape", "roof:shape", "building:roof:shape"),
    "roof_height_m": ("roof_height_m", "roof_height", "roof:height"),
    "roof_storeys": ("roof_storeys", "roof:levels"),
    "min_height_m": ("min_height_m", "building:min_height", "min_height"),
}  # fmt: skip
# These say what an object is before they say what it is used for: an unknown word in them is no use.
_WEAK_USES = {
    "kind",
    "building",
    "amenity",
    "leisure",
    "landuse",
    "category",
    "buildingtype",
    "class",
    "type",
    "function",
}

ROAD_CLASSES = {
    word: road_class
    for road_class, words in {
        "arterial": "arterial motorway trunk primary motorway_link trunk_link primary_link 간선도로 대로",
        "collector": "collector secondary tertiary secondary_link tertiary_link connector 집산도로 로",
        "local": "local residential unclassified living_street road 국지도로 길",
        "lane": "lane service alley track 골목길",
        "pedestrian": "pedestrian 보행자전용도로",
        "path": "path footway steps cycleway bridleway corridor voetpad fietspad 산책로",
    }.items()
    for word in words.split()
}


@lru_cache(maxsize=4_096)  # the same few names stand in every object of a file
def _key(text: str) -> str:
    return re.sub(r"[\s_:\-]+", "", text).casefold()


_TARGETS = {_key(alias): (target, rank) for target, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        match = _NUMBER.match(value)
        value = float(match[1].replace(",", ".")) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def length_m(value: Any) -> float | None:
    """Metres of a length with or without its unit (12, "12 m", "40 ft", "5'6\""); None for anything else."""
    match = _LENGTH.match(value) if isinstance(value, str) else None
    if match is None:
        return None if isinstance(value, str) else _number(value)
    in_metres = float(match[1].replace(",", ".")) * _METRES.get((match[2] or "").casefold(), 1.0)
    return in_metres + float(match[3] or 0) * _INCH_M


def _metres(value: Any) -> float | None:
    number = length_m(value)
    return round(number, 3) if number is not None and 0 < number <= MAX_HEIGHT_M else None


def _elevation(value: Any) -> float | None:
    number = _number(value)
    return round(number, 3) if number is not None and abs(number) < 9_000 else None


def _storeys(value: Any) -> int | None:
    number = _number(value)
    return math.ceil(number) if number is not None and 0 < number <= 300 else None


def _year(value: Any) -> int | None:
    match = _YEAR.match(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else None
    return int(match[1]) if match and 1000 <= int(match[1]) <= 2200 else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _lower(value: Any) -> str | None:
    return value.strip().casefold() if isinstance(value, str) and value.strip() else None


def _road_class(value: Any) -> str | None:
    word = _lower(value)
    return ROAD_CLASSES.get(word) if word else None


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "name": _text, "name_en": _text, "height_m": _metres, "storeys": _storeys, "year": _year, "address": _text,
    "road_class": _road_class, "width_m": _metres, "crown_m": _metres, "furniture": _lower, "base_m": _elevation,
    "min_height_m": _metres, "min_storey": _storeys, "roof_shape": _lower, "roof_height_m": _metres,
    "roof_storeys": _storeys,
}  # fmt: skip


def _use(value: Any, key: str) -> str | None:
    word = _lower(value)
    if not word or word in NO_USE:
        return None
    known = USES.get(word) or USES.get(word.replace(" ", "_")) or USES.get(word.replace(" ", ""))
    return known or (None if key in _WEAK_USES or word.isdigit() else "other")


# What somebody has said of the file that is being read: the column for an attribute of ours.
_chosen: ContextVar[Mapping[str, str]] = ContextVar("chosen_columns", default=MappingProxyType({}))


@contextmanager
def chosen(columns: Mapping[str, str]) -> Iterator[None]:
    """Within, `normalise` takes these columns (by attribute, such as `{"height_m": "H"}`) instead of its own guess.

    An attribute whose column is empty is not looked for at all.
    """
    token = _chosen.set(columns)
    try:
        yield
    finally:
        _chosen.reset(token)


def normalise(raw: Mapping[str, Any], source_id: str) -> dict[str, Any]:
    """Cleaned attributes, with the twin's own names (`features.Feature.attributes`) where the source has them.

    What the source says stays under its own key, unless that key is one of ours and says something we can use.
    Raises `FileRefused` for attributes that are not data: nested without end.
    """
    found: dict[str, tuple[int, Any]] = {}
    cleaned: dict[str, Any] = {}
    told = _chosen.get()
    for raw_name, raw_value in raw.items():
        value = clean(raw_value, source_id)
        if value is None or len(cleaned) >= MAX_ATTRIBUTES:
            continue
        name = _name(raw_name)
        cleaned[name] = value
        key = _key(name)
        target, rank = _target(name, key, told)
        if not target or (target in found and found[target][0] <= rank):
            continue
        parsed = _use(value, "" if rank < 0 else key) if target == "use" else _PARSERS[target](value)
        if parsed is not None:
            found[target] = (rank, parsed)
    for target in ALIASES:
        if target in cleaned and cleaned[target] != found.get(target, (0, None))[1]:
            cleaned[f"{target}_source"] = cleaned.pop(target)  # under our name, but not as we write it
        if target in found:
            cleaned[target] = found[target][1]
    if "height_m" not in found and "height_m" not in told:
        _height_from_levels(cleaned)
    return cleaned


@lru_cache(maxsize=4_096)
def _name(raw: str) -> str:
    return clean_text(raw)[:100]


def _target(name: str, key: str, told: Mapping[str, str]) -> tuple[str, int]:
    """The attribute that a column is taken for, and its place in our list; -1 where somebody has chosen it."""
    for target, column in told.items():
        if column == name:
            return target, -1
    target, rank = _TARGETS.get(key, ("", 0))
    return ("", 0) if target in told else (target, rank)


def _height_from_levels(attributes: dict[str, Any]) -> None:
    """The Dutch national model gives the heights of roof and ground above the datum, not of the building."""
    for roof, ground in (("b3_h_dak_max", "b3_h_maaiveld"), ("h_dak_max", "h_maaiveld")):
        top, bottom = _number(attributes.get(roof)), _number(attributes.get(ground))
        if top is not None and bottom is not None and 0 < top - bottom <= MAX_HEIGHT_M:
            attributes["height_m"] = round(top - bottom, 3)
            return


def clean(value: Any, source_id: str, depth: int = 0) -> Any:
    """A value fit for storing: composed text without control characters, finite numbers, shallow lists and mappings."""
    if isinstance(value, str):
        return clean_text(value)[:MAX_TEXT_LENGTH] or None
    if isinstance(value, bool | int) or value is None:
        return value if value is None or abs(value) < 1 << 53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= MAX_ATTRIBUTE_DEPTH:
        raise FileRefused(
            _("The attributes of %(id)s are nested more than %(limit)d deep.")
            % {"id": source_id, "limit": MAX_ATTRIBUTE_DEPTH}
        )
    if isinstance(value, Mapping):
        items = ((clean_text(str(key))[:100], clean(item, source_id, depth + 1)) for key, item in value.items())
        return {key: item for key, item in items if item is not None} or None
    return [item for item in (clean(item, source_id, depth + 1) for item in value) if item is not None] or None


def clean_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).strip()
