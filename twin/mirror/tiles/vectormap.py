"""The 2D map: Mapbox vector tiles in one MBTiles archive."""

import gzip
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.mapfeatures import LAYERS, MapFeature

Floats = NDArray[np.float64]
Advance = Callable[[float], None]

MIN_ZOOM, MAX_ZOOM = 12, 16
# Steps across a tile, and how many of them a tile reaches into its neighbours so that outlines do not show at edges.
STEPS = 4096
BUFFER = 64
# Below the finest zoom, outlines are simplified by so many steps, and areas of fewer square steps are left out.
TOLERANCE = 6.0
LEAST_AREA = 100.0
FIELDS = {
    "water": {"id": "String", "name": "String", "use": "String"},
    "green": {"id": "String", "name": "String", "use": "String"},
    "road": {"id": "String", "name": "String", "use": "String", "road_class": "String"},
    "building": {"id": "String", "kind": "String", "height": "Number", "use": "String", "name": "String"},
    "furniture": {"id": "String", "kind": "String", "name": "String"},
    "label": {"id": "String", "name": "String", "name_en": "String", "kind": "String", "rank": "Number"},
}


@dataclass(slots=True, frozen=True)
class _Tile:
    zoom: int
    column: int
    row: int  # counted from the north


def write_map(
    features: Sequence[MapFeature], frame: LocalFrame, path: Path, attribution: str, advance: Advance
) -> dict[str, Any] | None:
    """Write the archive at `path`; None where there is nothing to show.

    Parameters
    ----------
    features
        What to draw, below first.
    attribution
        Whom the map must name, as plain text.
    advance
        Is told the share that is done.

    Returns
    -------
    dict
        `min_zoom` and `max_zoom`.
    """
    world = _on_world(np.asarray([feature.shape for feature in features], dtype=object), frame)
    drawn = ~shapely.is_empty(world) if len(world) else np.empty(0, dtype=bool)
    if not drawn.any():
        return None
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as archive, archive:
        archive.execute("PRAGMA journal_mode=OFF")
        archive.execute("CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT)")
        archive.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB,"
            " PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID"
        )
        archive.executemany("INSERT INTO metadata VALUES (?, ?)", _metadata(world[drawn], attribution).items())
        for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
            for tile, data in _tiles(features, world, zoom):
                # MBTiles counts rows from the south.
                row = 2**zoom - 1 - tile.row
                archive.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, tile.column, row, data))
            advance((zoom - MIN_ZOOM + 1) / (MAX_ZOOM - MIN_ZOOM + 1))
    return {"tiles": "map/{z}/{x}/{y}.mvt", "min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM}


def _on_world(shapes: NDArray[np.object_], frame: LocalFrame) -> NDArray[np.object_]:
    """Shapes on the Web Mercator square: x from 0 in the west to 1, y from 0 in the north to 1."""

    def project(points: Floats) -> Floats:
        lon, lat, _ = frame.to_geodetic(points[:, 0], points[:, 1], np.zeros(len(points)))
        return np.column_stack([lon / 360 + 0.5, 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)])

    placed: NDArray[np.object_] = shapely.transform(shapely.force_2d(shapes), project)
    return placed


def _tiles(features: Sequence[MapFeature], world: NDArray[np.object_], zoom: int) -> Iterator[tuple[_Tile, bytes]]:
    shown = np.asarray([index for index, feature in enumerate(features) if feature.min_zoom <= zoom], dtype=np.int64)
    shapes = shapely.transform(world[shown], lambda points: points * (2**zoom * STEPS))
    if zoom < MAX_ZOOM:
        shapes = shapely.simplify(shapes, TOLERANCE)
        large = (shapely.get_dimensions(shapes) < 2) | (shapely.area(shapes) > LEAST_AREA)
        shown, shapes = shown[large], shapes[large]
    if not len(shapes):
        return
    tree = shapely.STRtree(shapes)
    west, north, east, south = shapely.total_bounds(shapes) / STEPS
    for row in range(math.floor(north), math.floor(south) + 1):
        for column in range(math.floor(west), math.floor(east) + 1):
            box = np.asarray([column, row, column + 1, row + 1]) * STEPS + [-BUFFER, -BUFFER, BUFFER, BUFFER]
            found = np.sort(tree.query(shapely.box(*box)))
            data = _encoded(features, shown[found], shapes[found], box)
            if data:
                yield _Tile(zoom, column, row), data


def _encoded(
    features: Sequence[MapFeature], numbers: NDArray[np.int64], shapes: NDArray[np.object_], box: Floats
) -> bytes:
    """One tile, compressed; empty where nothing falls into it."""
    local = shapely.transform(_clipped(shapes, box), lambda points: points - (box[:2] + BUFFER))
    whole = shapely.orient_polygons(shapely.set_precision(local, 1.0))
    layers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, shape in zip(numbers.tolist(), whole, strict=True):
        if not shape.is_empty:
            feature = features[number]
            layers[feature.layer].append({"geometry": shape, "properties": feature.properties})
    ordered = [{"name": name, "features": layers[name]} for name in LAYERS if layers[name]]
    if not ordered:
        return b""
    options = {"extents": STEPS, "y_coord_down": True, "check_winding_order": False}
    return gzip.compress(mapbox_vector_tile.encode(ordered, default_options=options), 9, mtime=0)


def _clipped(shapes: NDArray[np.object_], box: Floats) -> NDArray[np.object_]:
    """Shapes cut off at a tile's edge; those within it stay as they are."""
    bounds = shapely.bounds(shapes)
    inside = (bounds[:, :2] >= box[:2]).all(axis=1) & (bounds[:, 2:] <= box[2:]).all(axis=1)
    clipped = shapes.copy()
    clipped[~inside] = shapely.clip_by_rect(shapes[~inside], *box)
    return clipped


def _metadata(world: NDArray[np.object_], attribution: str) -> dict[str, str]:
    west, north, east, south = shapely.total_bounds(world)
    corners = [_lon(west), _lat(south), _lon(east), _lat(north)]
    return {
        "name": "MetaCity",
        "format": "pbf",
        "minzoom": str(MIN_ZOOM),
        "maxzoom": str(MAX_ZOOM),
        "bounds": ",".join(f"{corner:.6f}" for corner in corners),
        "attribution": attribution,
        "json": orjson.dumps({"vector_layers": [{"id": name, "fields": FIELDS[name]} for name in LAYERS]}).decode(),
    }


def _lon(x: float) -> float:
    return x * 360 - 180


def _lat(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))
