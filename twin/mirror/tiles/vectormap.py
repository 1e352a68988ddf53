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
from twin.mirror.tiles.mapspool import MapSpool, tiles_over

Floats = NDArray[np.float64]
Advance = Callable[[float], None]
Bounds = tuple[float, float, float, float]

MIN_ZOOM, MAX_ZOOM = 12, 16
# From this zoom on, buildings are shown, and tiles drawn square by square.
SPOOL_ZOOM = 14
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

    def holds(self, zoom: int, column: int, row: int) -> bool:
        """Whether a tile of a finer zoom lies within this one."""
        scale = 1 << (zoom - self.zoom)
        return self.column == column // scale and self.row == row // scale


def spool_at(folder: Path) -> MapSpool:
    """Where buildings are set aside until `write_map` takes them."""
    return MapSpool(folder / "map.spool", SPOOL_ZOOM, BUFFER / STEPS)


def write_map(
    features: Sequence[MapFeature],
    spool: MapSpool,
    frame: LocalFrame,
    path: Path,
    attribution: str,
    advance: Advance,
) -> dict[str, Any] | None:
    """Write the archive at `path`; None where there is nothing to show.

    Parameters
    ----------
    features
        What to draw, below first.
    spool
        What else to draw, from `SPOOL_ZOOM` on: too much for memory.
    attribution
        Whom the map must name, as plain text.
    advance
        Is told the share that is done.

    Returns
    -------
    dict
        `min_zoom` and `max_zoom`.
    """
    base = _Drawn.of(features, on_world([feature.shape for feature in features], frame))
    bounds = base.bounds_with(spool.bounds)
    if bounds is None:
        return None
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as archive, archive:
        archive.execute("PRAGMA journal_mode=OFF")
        archive.execute("CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT)")
        archive.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB,"
            " PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID"
        )
        archive.executemany("INSERT INTO metadata VALUES (?, ?)", _metadata(bounds, attribution).items())
        for tile, data in _all_tiles(base, spool, bounds, advance):
            # MBTiles counts rows from the south.
            row = 2**tile.zoom - 1 - tile.row
            archive.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (tile.zoom, tile.column, row, data))
    return {"tiles": "map/{z}/{x}/{y}.mvt", "min_zoom": MIN_ZOOM, "max_zoom": MAX_ZOOM}


def on_world(shapes: Sequence[shapely.Geometry], frame: LocalFrame) -> NDArray[np.object_]:
    """Shapes on the Web Mercator square: x from 0 in the west to 1, y from 0 in the north to 1."""

    def project(points: Floats) -> Floats:
        lon, lat, _ = frame.to_geodetic(points[:, 0], points[:, 1], np.zeros(len(points)))
        return np.column_stack([lon / 360 + 0.5, 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)])

    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    placed: NDArray[np.object_] = shapely.transform(flat, project)
    return placed


@dataclass(slots=True, frozen=True)
class _Drawn:
    """Features and their shapes on the world square, none of them empty."""

    features: Sequence[MapFeature]
    world: NDArray[np.object_]

    @classmethod
    def of(cls, features: Sequence[MapFeature], world: NDArray[np.object_]) -> "_Drawn":
        drawn = np.flatnonzero(~shapely.is_empty(world)) if len(world) else np.empty(0, np.int64)
        return cls([features[place] for place in drawn.tolist()], world[drawn])

    def bounds_with(self, others: Bounds | None) -> Bounds | None:
        """West, north, east and south of these and others; None where there is nothing."""
        own = shapely.total_bounds(self.world).tolist() if len(self.world) else None
        known = [box for box in (own, others) if box is not None]
        if not known:
            return None
        west, north, east, south = zip(*known, strict=True)
        return min(west), min(north), max(east), max(south)

    def chosen(self, places: NDArray[np.int64]) -> "_Drawn":
        return _Drawn([self.features[place] for place in places.tolist()], self.world[places])

    def with_others(self, features: Sequence[MapFeature], world: NDArray[np.object_]) -> "_Drawn":
        return _Drawn([*self.features, *features], np.concatenate([self.world, world]))


def _all_tiles(base: _Drawn, spool: MapSpool, bounds: Bounds, advance: Advance) -> Iterator[tuple[_Tile, bytes]]:
    """Tiles of the zooms without buildings from all there is; the others square by square."""
    for zoom in range(MIN_ZOOM, SPOOL_ZOOM):
        yield from _tiles(base, zoom, bounds)
    tree = shapely.STRtree(base.world)
    squares = list(tiles_over(bounds, SPOOL_ZOOM))
    for done, (column, row) in enumerate(squares, start=1):
        corner = np.asarray([column, row])
        reach = BUFFER / STEPS
        around = np.concatenate([corner - reach, corner + 1 + reach]) / 2**SPOOL_ZOOM
        near = base.chosen(np.sort(tree.query(shapely.box(*around)))).with_others(*spool.at(column, row))
        for zoom in range(SPOOL_ZOOM, MAX_ZOOM + 1):
            yield from _tiles(near, zoom, bounds, within=_Tile(SPOOL_ZOOM, column, row))
        advance(done / len(squares))


def _tiles(drawn: _Drawn, zoom: int, bounds: Bounds, within: _Tile | None = None) -> Iterator[tuple[_Tile, bytes]]:
    """The tiles of a zoom, all that `bounds` touches or of these those within another."""
    features = drawn.features
    shown = np.asarray([index for index, feature in enumerate(features) if feature.min_zoom <= zoom], dtype=np.int64)
    shapes = shapely.transform(drawn.world[shown], lambda points: points * (2**zoom * STEPS))
    if zoom < MAX_ZOOM:
        shapes = shapely.simplify(shapes, TOLERANCE)
        large = (shapely.get_dimensions(shapes) < 2) | (shapely.area(shapes) > LEAST_AREA)
        shown, shapes = shown[large], shapes[large]
    if not len(shapes):
        return
    tree = shapely.STRtree(shapes)
    for column, row in tiles_over(bounds, zoom):
        if within is not None and not within.holds(zoom, column, row):
            continue
        box = np.asarray([column, row, column + 1, row + 1]) * STEPS + [-BUFFER, -BUFFER, BUFFER, BUFFER]
        found = np.sort(tree.query(shapely.box(*box)))
        data = _encoded(features, shown[found], shapes[found], box) if len(found) else b""
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


def _metadata(bounds: Bounds, attribution: str) -> dict[str, str]:
    west, north, east, south = bounds
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
