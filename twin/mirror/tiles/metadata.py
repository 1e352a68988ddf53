"""The table of a tile's features, as EXT_structural_metadata stores it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.mirror.features import Kind

# A kind's number in tiles is its place here: append only.
KINDS = (
    Kind.BUILDING,
    Kind.BUILDING_PART,
    Kind.BRIDGE,
    Kind.TUNNEL,
    Kind.ROAD,
    Kind.RAILWAY,
    Kind.SQUARE,
    Kind.WATER,
    Kind.PLANT_COVER,
    Kind.TREE,
    Kind.LAND_USE,
    Kind.FURNITURE,
    Kind.TERRAIN,
    Kind.GENERIC,
)
KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}

SCHEMA: dict[str, Any] = {
    "id": "metacity",
    "classes": {
        "object": {
            "properties": {
                "id": {"type": "STRING", "required": True, "description": "The city object's UUID"},
                "kind": {"type": "ENUM", "enumType": "kind", "required": True},
                "height": {"type": "SCALAR", "componentType": "FLOAT32", "description": "Metres"},
                "use": {"type": "STRING"},
                "year": {"type": "SCALAR", "componentType": "UINT16", "description": "Of construction; 0 unknown"},
                "name": {"type": "STRING"},
            }
        }
    },
    "enums": {
        "kind": {
            "valueType": "UINT8",
            "values": [{"name": str(kind), "value": number} for number, kind in enumerate(KINDS)],
        }
    },
}

AddView = Callable[[bytes], int]


@dataclass(slots=True, frozen=True)
class Row:
    """What a tile says of one feature; everything else is asked of the API."""

    id: str
    kind: Kind
    height_m: float = 0.0
    use: str = ""
    year: int = 0
    name: str = ""


def property_table(rows: Sequence[Row], add_view: AddView) -> dict[str, Any]:
    """The extension's object for `rows`.

    Parameters
    ----------
    rows
        In the order of their feature ids.
    add_view
        Stores bytes as a buffer view and returns its index.

    Notes
    -----
    A property that no row has is left out, and reads as its default. Heights are rounded to 5 cm, which the sources do
    not exceed and which compresses better.
    """
    properties: dict[str, Any] = {
        "id": _strings([row.id for row in rows], add_view),
        "kind": {"values": add_view(np.asarray([KIND_NUMBERS[row.kind] for row in rows], np.uint8).tobytes())},
    }
    heights = np.round(np.asarray([row.height_m for row in rows]) * 20) / 20
    years = np.asarray([row.year for row in rows], np.uint16)
    if heights.any():
        properties["height"] = {"values": add_view(heights.astype("<f4").tobytes())}
    if years.any():
        properties["year"] = {"values": add_view(years.astype("<u2").tobytes())}
    for name, texts in (("use", [row.use for row in rows]), ("name", [row.name for row in rows])):
        if any(texts):
            properties[name] = _strings(texts, add_view)
    table = {"name": "objects", "class": "object", "count": len(rows), "properties": properties}
    return {"schema": SCHEMA, "propertyTables": [table]}


def _strings(texts: Sequence[str], add_view: AddView) -> dict[str, Any]:
    encoded = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in encoded])])
    # Meshopt, which packs offsets well, takes them by four bytes.
    return {
        "values": add_view(b"".join(encoded)),
        "stringOffsets": add_view(offsets.astype("<u4").tobytes()),
    }
