"""The tags of OpenStreetMap as the properties that the twin reads."""

from collections.abc import Iterable
from typing import Any

from twin.mirror.readers.attributes import length_m

LANE_M = 3.25  # between the 3.0 and 3.5 m of the rules on the structure of roads (도로의 구조·시설 기준에 관한 규칙)
PAVEMENT_M = 2.0  # the least width of a pavement after the same rules
_PAVEMENTS = {"both": 2, "yes": 2, "left": 1, "right": 1}


def properties_of(tags: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The tags, with an address in one piece and, for streets, a width from their lanes where none is stated."""
    properties: dict[str, Any] = dict(tags)
    if "addr:full" not in properties and (address := _address(properties)):
        properties["address"] = address
    if "highway" in properties and length_m(properties.get("width")) is None:
        properties |= _width(properties)
    return properties


def _address(tags: dict[str, Any]) -> str:
    """Street and number, in the order in which both Korea and most of Europe say them."""
    road = tags.get("addr:street") or tags.get("addr:place")
    number = tags.get("addr:housenumber")
    return f"{road} {number}" if road and number else ""


def _width(tags: dict[str, Any]) -> dict[str, Any]:
    lanes = length_m(tags.get("lanes"))
    if lanes is None or lanes > 30:
        return {}
    pavements = _PAVEMENTS.get(tags.get("sidewalk", ""), 0)
    return {"width_m": round(lanes * LANE_M + pavements * PAVEMENT_M, 2), "width_from": "lanes"}
