"""Shapes of the 2D map set aside on disk, square by square, so that a city's buildings are never all in memory."""

import math
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from twin.mirror.tiles.mapfeatures import MapFeature

Shapes = NDArray[np.object_]


class MapSpool:
    """Map features with shapes on the world square, by the tiles of one zoom that they touch. A context manager.

    Parameters
    ----------
    path
        A file that is made, and deleted in the end.
    zoom
        Of the tiles.
    buffer
        How far, in shares of a tile, one reaches into its neighbours.
    """

    def __init__(self, path: Path, zoom: int, buffer: float) -> None:
        self._path, self._tiles, self._buffer = path, 2**zoom, buffer
        self._has_index = False
        self.bounds: tuple[float, float, float, float] | None = None  # west, north, east, south on the world square

    @property
    def name(self) -> str:
        return self._path.name

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._file = sqlite3.connect(self._path, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE shapes (tile INTEGER, zoom INTEGER, wkb BLOB, said BLOB)")
        self._file.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, features: Sequence[MapFeature], world: Shapes) -> None:
        """Set features aside; `world` has their shapes on the world square. Empty ones are passed over."""
        drawn = np.flatnonzero(~shapely.is_empty(world)) if len(world) else np.empty(0, np.int64)
        if not len(drawn):
            return
        boxes = shapely.bounds(world[drawn])
        self._widen(boxes)
        first = np.floor(boxes[:, :2] * self._tiles - self._buffer).astype(np.int64).tolist()
        last = np.floor(boxes[:, 2:] * self._tiles + self._buffer).astype(np.int64).tolist()
        encoded = shapely.to_wkb(world[drawn])
        self._file.executemany(
            "INSERT INTO shapes VALUES (?, ?, ?, ?)",
            (
                (row * self._tiles + column, features[place].min_zoom, wkb, _said(features[place]))
                for place, wkb, low, high in zip(drawn.tolist(), encoded, first, last, strict=True)
                for column, row in product(range(low[0], high[0] + 1), range(low[1], high[1] + 1))
            ),
        )

    def at(self, column: int, row: int) -> tuple[list[MapFeature], Shapes]:
        """The features that touch a tile, in the order in which they came, and their shapes on the world square."""
        if not self._has_index:
            self._file.execute("CREATE INDEX shapes_by_tile ON shapes (tile)")
            self._has_index = True
        found = self._file.execute(
            "SELECT zoom, wkb, said FROM shapes WHERE tile = ? ORDER BY rowid", (row * self._tiles + column,)
        ).fetchall()
        shapes = np.asarray(shapely.from_wkb([wkb for _zoom, wkb, _said in found]), dtype=object)
        features = []
        for (zoom, _wkb, said), shape in zip(found, shapes, strict=True):
            layer, properties = orjson.loads(said)
            features.append(MapFeature(layer, shape, properties, zoom))
        return features, shapes

    def _widen(self, boxes: NDArray[np.float64]) -> None:
        if self.bounds is not None:
            boxes = np.vstack([boxes, self.bounds])
        self.bounds = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def tiles_over(bounds: tuple[float, float, float, float], zoom: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the tiles of a zoom that a rectangle of the world square touches, row by row."""
    west, north, east, south = (value * 2**zoom for value in bounds)
    for row in range(math.floor(north), math.floor(south) + 1):
        for column in range(math.floor(west), math.floor(east) + 1):
            yield column, row


def _said(feature: MapFeature) -> bytes:
    return orjson.dumps([feature.layer, feature.properties])
