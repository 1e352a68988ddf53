"""Reading tiles as a viewer does, to look at what was written."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.mirror.tiles.compressor import Compressor

Floats = NDArray[np.float64]

_TYPES = {5120: np.int8, 5121: np.uint8, 5123: np.uint16, 5125: np.uint32}


@dataclass(slots=True)
class Tile:
    """One tile's content, in the local frame."""

    vertices: Floats  # (n, 3) east, north, up
    triangles: NDArray[np.int64]
    features: NDArray[np.int64]  # (n,)
    normals: Floats | None  # (n, 3) east, north, up
    kinds: NDArray[np.int64] | None
    rows: list[dict[str, Any]]


@dataclass(slots=True)
class Found:
    """A tile of a tileset, with its boxes: (low, high) each."""

    tile: dict[str, Any]
    depth: int
    content: bytes | None


def split_glb(glb: bytes) -> tuple[dict[str, Any], bytes]:
    length = struct.unpack_from("<I", glb, 12)[0]
    return json.loads(glb[20 : 20 + length]), glb[28 + length :]


def read_glb(glb: bytes) -> Tile:
    """An uncompressed GLB."""
    document, binary = split_glb(glb)

    def view(index: int) -> bytes:
        found = document["bufferViews"][index]
        return binary[found["byteOffset"] : found["byteOffset"] + found["byteLength"]]

    def accessor(index: int, width: int) -> NDArray[np.int64]:
        found = document["accessors"][index]
        stored = document["bufferViews"][found["bufferView"]]
        dtype = np.dtype(_TYPES[found["componentType"]])
        stride = stored.get("byteStride", dtype.itemsize) // dtype.itemsize
        values = np.frombuffer(view(found["bufferView"]), dtype=dtype).reshape(-1, stride)[: found["count"], :width]
        return values.astype(np.int64)

    primitive = document["meshes"][0]["primitives"][0]
    node = document["nodes"][0]
    placed = accessor(primitive["attributes"]["POSITION"], 3) * np.asarray(node["scale"]) + node["translation"]
    kinds, normals = primitive["attributes"].get("_KIND"), primitive["attributes"].get("NORMAL")
    return Tile(
        vertices=_from_y_up(placed),
        triangles=accessor(primitive["indices"], 1).reshape(-1, 3),
        normals=None if normals is None else _from_y_up(accessor(normals, 3) / 127),
        features=accessor(primitive["attributes"]["_FEATURE_ID_0"], 1)[:, 0],
        kinds=None if kinds is None else accessor(kinds, 1)[:, 0],
        rows=_rows(document["extensions"]["EXT_structural_metadata"], view),
    )


def _from_y_up(vectors: Floats) -> Floats:
    return np.column_stack([vectors[:, 0], -vectors[:, 2], vectors[:, 1]])


def _rows(metadata: dict[str, Any], view: Any) -> list[dict[str, Any]]:
    table = metadata["propertyTables"][0]
    schema = metadata["schema"]["classes"]["object"]["properties"]
    kinds = {value["value"]: value["name"] for value in metadata["schema"]["enums"]["kind"]["values"]}
    rows: list[dict[str, Any]] = [{} for _ in range(table["count"])]
    for name, stored in table["properties"].items():
        data = view(stored["values"])
        if schema[name]["type"] == "STRING":
            offsets = np.frombuffer(view(stored["stringOffsets"]), np.uint32)
            values = [data[a:b].decode() for a, b in pairwise(offsets)]
        elif schema[name]["type"] == "ENUM":
            values = [kinds[number] for number in data]
        else:
            dtype = {"FLOAT32": np.float32, "UINT16": np.uint16}[schema[name]["componentType"]]
            values = np.frombuffer(data, dtype).tolist()
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return rows


def tiles_of(folder: Path, name: str = "tileset.json") -> Iterator[Found]:
    """Every tile of a tileset and of those it leads to, parents first."""
    yield from _walk(folder, json.loads((folder / name).read_text())["root"], 0)


def _walk(folder: Path, tile: dict[str, Any], depth: int) -> Iterator[Found]:
    uri = tile.get("content", {}).get("uri", "")
    yield Found(tile, depth, (folder / uri).read_bytes() if uri.endswith(".glb") else None)
    if uri.endswith(".json"):
        yield from _walk(folder, json.loads((folder / uri).read_text())["root"], depth + 1)
    for child in tile.get("children", []):
        yield from _walk(folder, child, depth + 1)


def contents_of(folder: Path, compressor: Compressor, *, leaves_only: bool = False) -> Iterator[tuple[Found, Tile]]:
    for found in tiles_of(folder):
        if found.content is not None and not (leaves_only and found.tile.get("children")):
            yield found, read_glb(compressor.decompress(found.content))


def box_of(tile: dict[str, Any]) -> tuple[Floats, Floats]:
    """Least and greatest corner of a tile's bounding volume."""
    x, y, z, a, _, _, _, b, _, _, _, c = tile["boundingVolume"]["box"]
    centre, half = np.asarray([x, y, z]), np.asarray([a, b, c])
    return centre - half, centre + half
