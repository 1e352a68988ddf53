"""What a tagged thing of OpenStreetMap is in the city, and what of it the city has no use for."""

from collections.abc import Mapping
from typing import Any

from twin.mirror.features import Kind
from twin.mirror.readers.attributes import ROAD_CLASSES
from twin.mirror.readers.classify import Guess, classify

Tags = Mapping[str, str]

# Things without any of these keys are not looked at.
KEYS = (
    "building", "building:part", "highway", "railway", "waterway", "natural", "water", "leisure", "landuse", "amenity",
    "place", "man_made", "emergency",
)  # fmt: skip
NO = frozenset({"", "no", "none", "false"})
# What is not there yet, or no longer.
_ABSENT = frozenset({"proposed", "planned", "construction", "abandoned", "razed", "demolished", "dismantled"})
_STREETS = frozenset(ROAD_CLASSES) - {"corridor"}
_TRACKS = frozenset(
    {"rail", "subway", "light_rail", "tram", "monorail", "narrow_gauge", "funicular", "preserved", "miniature"}
)
_STREAMS = frozenset({"river", "stream", "canal", "ditch", "drain"})
_OPEN_TUNNELS = frozenset({"building_passage", "avalanche_protector", "covered"})
# Closed lines which are areas by their key, but for these values (after the wiki's page on areas).
_AREA_KEYS = ("building", "building:part", "landuse", "leisure", "amenity", "natural", "water", "place")
_LINE_VALUES = frozenset(
    {"coastline", "cliff", "ridge", "arete", "valley", "tree_row", "earth_bank", "track", "slipway"}
)
_AREA_VALUES = {"waterway": {"riverbank", "dock"}, "man_made": {"bridge"}}
_PLACED = frozenset({Kind.TREE, Kind.FURNITURE})


def is_area(tags: Tags) -> bool:
    """Whether a closed way is the area within it. Streets, tracks and streams are, only if they say so."""
    if tags.get("area") in {"yes", "no"}:
        return tags["area"] == "yes"
    if any(tags.get(key) in values for key, values in _AREA_VALUES.items()):
        return True
    return any(tags.get(key, "no") not in NO | _LINE_VALUES for key in _AREA_KEYS)


def of_point(tags: Tags) -> Guess | None:
    """A tree or a piece of street furniture; None for anything else."""
    if _is_hidden(tags):
        return None
    if tags.get("crossing") != "traffic_signals":  # most crossings are painted
        tags = {key: value for key, value in tags.items() if key != "crossing"}
    guess = classify(tags, {}, "Point")
    return guess if guess.kind in _PLACED else None


def of_line(tags: Tags) -> Guess | None:
    """A street, a track or a stream, or a tunnel in which one runs; None for anything else."""
    if _is_hidden(tags):
        return None
    if tags.get("highway") in _STREETS:
        kind = Kind.ROAD
    elif tags.get("railway") in _TRACKS:
        kind = Kind.RAILWAY
    elif tags.get("waterway") in _STREAMS:
        kind = Kind.WATER
    else:
        return None
    return Guess(Kind.TUNNEL if runs_below(tags) else kind)


def of_area(tags: Tags) -> Guess | None:
    """A building or what covers the ground; None for anything else, and for what lies below the ground."""
    if _is_hidden(tags) or runs_below(tags) or tags.get("parking") == "underground":
        return None
    if tags.get("building", "no") not in NO | _ABSENT - {"construction"} or tags.get("building:part", "no") not in NO:
        return Guess(Kind.BUILDING)
    if tags.get("landuse") == "railway":
        return Guess(Kind.LAND_USE)
    guess = classify(tags, {}, "Polygon")
    return guess if guess.kind not in {None, Kind.GENERIC, Kind.BUILDING} else None


def is_part(tags: Tags) -> bool:
    """Whether an area is a part of a building and not one itself."""
    return tags.get("building:part", "no") not in NO and tags.get("building", "no") in NO


def runs_below(tags: Mapping[str, Any]) -> bool:
    return tags.get("tunnel", "no") not in NO | _OPEN_TUNNELS


def _is_hidden(tags: Tags) -> bool:
    """Below the ground, within a building, or not there at all."""
    if tags.get("location") == "underground" or tags.get("indoor", "no") not in NO:
        return True
    return any(tags.get(key) in _ABSENT for key in ("highway", "railway"))
