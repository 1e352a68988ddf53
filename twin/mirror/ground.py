"""The height of the ground anywhere in a publication, read from its height grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from twin.mirror.models import Publication


@dataclass(frozen=True, slots=True)
class Ground:
    """Ground heights on a regular grid in the city's local frame, metres; row 0 in the south, column 0 in the west."""

    heights: NDArray[np.float64]  # (rows, columns)
    min_e: float
    min_n: float
    step_m: float

    def at(self, e: NDArray[np.float64] | float, n: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Heights at points, between the grid's by bilinear interpolation; beyond its edge that of the edge."""
        rows, columns = self.heights.shape
        x = np.clip((np.asarray(e, dtype=np.float64) - self.min_e) / self.step_m, 0, columns - 1)
        y = np.clip((np.asarray(n, dtype=np.float64) - self.min_n) / self.step_m, 0, rows - 1)
        column, row = np.minimum(x.astype(int), max(columns - 2, 0)), np.minimum(y.astype(int), max(rows - 2, 0))
        right, above = np.minimum(column + 1, columns - 1), np.minimum(row + 1, rows - 1)
        across, up = x - column, y - row
        south = self.heights[row, column] * (1 - across) + self.heights[row, right] * across
        north = self.heights[above, column] * (1 - across) + self.heights[above, right] * across
        return np.asarray(south * (1 - up) + north * up, dtype=np.float64)

    def triangles(self, e: float, n: float, reach_m: float, *, spacing_m: float = 0.0) -> NDArray[np.float64]:
        """The ground within a square around a point, (k, 3, 3), counter-clockwise from above.

        `spacing_m` makes it coarser than the grid where that is finer.
        """
        stride = max(1, round(spacing_m / self.step_m))
        rows, columns = self.heights.shape
        column = _picked(e - reach_m, e + reach_m, self.min_e, self.step_m, columns, stride)
        row = _picked(n - reach_m, n + reach_m, self.min_n, self.step_m, rows, stride)
        if len(column) < 2 or len(row) < 2:
            return np.empty((0, 3, 3))
        east, north = np.meshgrid(self.min_e + column * self.step_m, self.min_n + row * self.step_m)
        points = np.dstack([east, north, self.heights[np.ix_(row, column)]])
        a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
        return np.concatenate([np.stack([a, b, c], axis=2), np.stack([a, c, d], axis=2)]).reshape(-1, 3, 3)


def ground_of(publication: Publication) -> Ground | None:
    """The ground of a publication; None where its city came without any."""
    heights = publication.manifest.get("heights")
    return _load(str(publication.id), tuple(sorted(heights.items()))) if heights else None


def _picked(low: float, high: float, start: float, step: float, count: int, stride: int) -> NDArray[np.intp]:
    first = max(0, int(np.floor((low - start) / step)))
    last = min(count - 1, int(np.ceil((high - start) / step)))
    return np.arange(first, last + 1, stride)


@lru_cache(maxsize=8)
def _load(publication: str, entries: tuple[tuple[str, Any], ...]) -> Ground:
    grid: Mapping[str, Any] = dict(entries)
    raw = np.fromfile(Path(settings.PUBLICATIONS_ROOT) / publication / grid["file"], dtype="<i2")
    heights = raw.reshape(grid["rows"], grid["columns"]) * grid["scale_m"] + grid["offset_m"]
    return Ground(heights, grid["min_e"], grid["min_n"], grid["step_m"])
