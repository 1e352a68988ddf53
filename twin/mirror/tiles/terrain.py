"""The ground's height: as surveyed where a city has terrain, else as its streets or buildings let us think it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind, SurfaceSet
from twin.mirror.tiles.faces import gather
from twin.mirror.tiles.mesh import triangulate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LAID = frozenset({Kind.ROAD, Kind.RAILWAY, Kind.SQUARE, Kind.PLANT_COVER, Kind.LAND_USE})
# Where no terrain was surveyed, it is guessed for squares of this size, at most so many a side.
GUESS_CELL_M = 40.0
GUESS_CELLS = 64
# Guesses that differ by less are taken for a plain.
PLAIN_M = 0.5
# A height grid has at most so many cells a side, and none finer than this.
GRID_CELLS = 400
FINEST_GRID_M = 4.0
GRID_SCALE_M = 0.02
SAME_CORNER_M = 0.01
# A terrain's face steeper than this is a cliff seen from the side, and no ground to stand on.
LEAST_AREA_SHARE = 1e-3


@dataclass(slots=True, frozen=True)
class Extent:
    """What the ground covers: a rectangle of the local frame, or less of it."""

    low: Floats  # (2,)
    high: Floats
    outline: shapely.Polygon | None = None  # convex; None for all of the rectangle

    @property
    def shape(self) -> shapely.Polygon:
        return self.outline if self.outline is not None else shapely.box(*self.low, *self.high)

    @property
    def size(self) -> Floats:
        return self.high - self.low


@dataclass(slots=True)
class Terrain:
    """Triangles that cover an extent, seen from above without overlap."""

    vertices: Floats  # (n, 3)
    triangles: Ints  # (m, 3), counter-clockwise from above
    extent: Extent
    surveyed: bool

    @classmethod
    def of(cls, features: Sequence[Feature], footings: Floats, extent: Extent) -> Self:
        """The terrain of a city.

        Parameters
        ----------
        features
            The whole city.
        footings
            (n, 3) east and north of each building, and the height it stands on.
        extent
            What to cover.
        """
        surveyed = _surfaces(features, frozenset({Kind.TERRAIN}))
        if len(surveyed.triangles):
            return cls._surveyed(surveyed.vertices, surveyed.triangles, extent)
        return cls._guessed(_hints(features, footings), extent)

    @classmethod
    def _surveyed(cls, vertices: Floats, triangles: Ints, extent: Extent) -> Self:
        """A survey's triangles, and others that fill its holes and the way to the outline."""
        shapes = shapely.polygons(vertices[triangles][:, :, :2])
        gaps = shapely.difference(extent.shape, shapely.union_all(shapes))
        fillings = shapely.get_parts(shapely.constrained_delaunay_triangles(gaps))
        fillings = shapely.orient_polygons(fillings[shapely.area(fillings) > 0.01])
        corners = shapely.get_coordinates(fillings).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
        used = np.unique(triangles)
        nearest = shapely.STRtree(shapely.points(vertices[used, :2])).nearest(shapely.points(corners))
        added = np.column_stack([corners, vertices[used][nearest, 2]])
        more = np.arange(len(added)).reshape(-1, 3) + len(vertices)
        return cls(np.concatenate([vertices, added]), np.concatenate([triangles, more]), extent, surveyed=True)

    @classmethod
    def _guessed(cls, hints: Floats, extent: Extent) -> Self:
        """A grid of the hints' medians, smoothly filled between; a plain where they hardly differ."""
        plain = float(np.median(hints[:, 2])) if len(hints) else 0.0
        spread = np.subtract(*np.percentile(hints[:, 2], [98, 2])) if len(hints) else 0.0
        if spread < PLAIN_M:
            return cls._grid(np.full((2, 2), plain), extent)
        cells = np.clip(np.ceil(extent.size / GUESS_CELL_M), 1, GUESS_CELLS).astype(int)
        place = np.clip(((hints[:, :2] - extent.low) / extent.size * cells).round().astype(int), 0, cells)
        heights = np.full((cells[1] + 1, cells[0] + 1), np.nan)
        nodes, which = np.unique(place[:, 1] * (cells[0] + 1) + place[:, 0], return_inverse=True)
        order = np.lexsort((hints[:, 2], which))
        counts = np.bincount(which)
        middle = order[np.cumsum(counts) - counts + counts // 2]
        heights.ravel()[nodes] = hints[middle, 2]
        return cls._grid(_filled(heights), extent)

    @classmethod
    def _grid(cls, heights: Floats, extent: Extent) -> Self:
        rows, columns = heights.shape
        east = np.linspace(extent.low[0], extent.high[0], columns)
        north = np.linspace(extent.low[1], extent.high[1], rows)
        grid_e, grid_n = np.meshgrid(east, north)
        node = np.arange(rows * columns).reshape(rows, columns)
        a, b, c, d = node[:-1, :-1].ravel(), node[:-1, 1:].ravel(), node[1:, 1:].ravel(), node[1:, :-1].ravel()
        triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
        vertices = np.column_stack([grid_e.ravel(), grid_n.ravel(), heights.ravel()])
        return cls(vertices, triangles, extent, surveyed=False)

    @property
    def is_plain(self) -> bool:
        return bool(np.ptp(self.vertices[self.triangles.ravel(), 2]) < 0.01)

    def planes(self) -> Floats:
        """(m, 3): a, b, c of each triangle's height ``a e + b n + c``."""
        return self._linear(self.vertices[:, 2])

    def leans(self) -> Floats:
        """(m, 2, 3): the like for east and north of the ground's normal, which turns smoothly from corner to corner."""
        normals = self._normals()
        return np.stack([self._linear(normals[:, 0]), self._linear(normals[:, 1])], axis=1)

    def _linear(self, values: Floats) -> Floats:
        """Within each triangle, the linear function of place that has these values at its corners."""
        first, second, third = (self.vertices[self.triangles[:, corner], :2] for corner in range(3))
        at_first, at_second, at_third = (values[self.triangles[:, corner]] for corner in range(3))
        u, v = second - first, third - first
        up_u, up_v = at_second - at_first, at_third - at_first
        area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        by_east = (up_u * v[:, 1] - up_v * u[:, 1]) / area
        by_north = (up_v * u[:, 0] - up_u * v[:, 0]) / area
        return np.stack([by_east, by_north, at_first - by_east * first[:, 0] - by_north * first[:, 1]], axis=1)

    def _normals(self) -> Floats:
        """(n, 3): at each corner, the mean of its triangles' normals, the larger ones counting more."""
        first, second, third = (self.vertices[self.triangles[:, corner]] for corner in range(3))
        crosses = np.repeat(np.cross(second - first, third - first), 3, axis=0)
        place = np.round(self.vertices / SAME_CORNER_M).astype(np.int64)
        _, corner = np.unique(place, axis=0, return_inverse=True)
        sums = np.zeros((int(corner.max()) + 1, 3))
        np.add.at(sums, corner[self.triangles.ravel()], crosses)
        lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        normals: Floats = (sums / lengths)[corner]
        return normals

    def shapes(self) -> NDArray[np.object_]:
        """(m,): the triangles as polygons on the map."""
        shapes: NDArray[np.object_] = shapely.polygons(self.vertices[self.triangles][:, :, :2])
        return shapes

    def heights_at(self, points: Floats) -> Floats:
        """Heights at (n, 2) points; outside what is covered, about those of its nearest edge."""
        inside = np.clip(points, self.extent.low, self.extent.high)
        tree = shapely.STRtree(self.shapes())
        found, triangle = tree.query(shapely.points(inside), predicate="intersects")
        chosen = np.full(len(points), -1)
        chosen[found] = triangle
        missed = np.flatnonzero(chosen < 0)
        if len(missed):  # outside, or in a crack narrower than rounding
            chosen[missed] = tree.nearest(shapely.points(inside[missed]))
        a, b, c = self.planes()[chosen].T
        corners = self.vertices[self.triangles[chosen], 2]
        # Planes are not followed beyond their triangles: there a steep one leads anywhere.
        heights: Floats = np.clip(a * inside[:, 0] + b * inside[:, 1] + c, corners.min(axis=1), corners.max(axis=1))
        return heights

    def coarse(self, cells: int = 32) -> Self:
        """The same ground in large squares, for the view from afar."""
        if self.is_plain:
            return self
        axes = [np.linspace(self.extent.low[axis], self.extent.high[axis], cells + 1) for axis in range(2)]
        points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        return self._grid(self.heights_at(points).reshape(cells + 1, cells + 1), self.extent)

    def height_grid(self) -> "HeightGrid":
        """Heights on a grid from the extent's south-west corner."""
        size = self.extent.size
        step = float(size.max()) if self.is_plain else max(FINEST_GRID_M, float(size.max()) / GRID_CELLS)
        columns, rows = (np.ceil(size / step - 1e-9).astype(int) + 1).tolist()
        nodes = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2)
        heights = self._rasterised(nodes * step + self.extent.low, step, rows, columns)
        return HeightGrid(step, self.extent.low, heights.reshape(rows, columns))

    def _rasterised(self, nodes: Floats, step: float, rows: int, columns: int) -> Floats:
        """Heights at grid nodes, triangle by triangle; nodes that none covers are asked for one by one."""
        corners = (self.vertices[self.triangles][:, :, :2] - self.extent.low) / step
        first = np.clip(np.ceil(corners.min(axis=1) - 1e-9), 0, [columns, rows]).astype(np.int64)
        last = np.clip(np.floor(corners.max(axis=1) + 1e-9), -1, [columns - 1, rows - 1]).astype(np.int64)
        width, height = np.maximum(last - first + 1, 0).T
        triangle = np.repeat(np.arange(len(corners)), width * height)
        within = gather(np.zeros(len(corners), np.int64), width * height)
        column = first[triangle, 0] + within % np.maximum(width[triangle], 1)
        row = first[triangle, 1] + within // np.maximum(width[triangle], 1)
        inside = _is_within(corners[triangle], np.stack([column, row], axis=1))
        triangle, node = triangle[inside], (row * columns + column)[inside]
        heights = np.full(rows * columns, np.nan)
        a, b, c = self.planes()[triangle].T
        heights[node] = a * nodes[node, 0] + b * nodes[node, 1] + c
        missed = np.isnan(heights)
        heights[missed] = self.heights_at(nodes[missed])
        return heights


@dataclass(slots=True, frozen=True)
class HeightGrid:
    """Heights at the nodes of a grid; row 0 is the southernmost, column 0 the westernmost."""

    step_m: float
    low: Floats  # (2,) east and north of the first node
    heights: Floats  # (rows, columns)

    def packed(self) -> tuple[bytes, dict[str, float | int]]:
        """Little-endian 16-bit numbers, row by row, and how to read them: ``offset_m + number * scale_m``."""
        low, high = float(self.heights.min()), float(self.heights.max())
        offset = round((low + high) / 2, 2)
        scale = max(GRID_SCALE_M, (high - low) / 65_000)
        numbers = np.round((self.heights - offset) / scale).astype("<i2")
        rows, columns = self.heights.shape
        return numbers.tobytes(), {
            "step_m": self.step_m,
            "min_e": float(self.low[0]),
            "min_n": float(self.low[1]),
            "columns": columns,
            "rows": rows,
            "scale_m": scale,
            "offset_m": offset,
        }


@dataclass(slots=True, frozen=True)
class _Triangles:
    vertices: Floats
    triangles: Ints


def _surfaces(features: Sequence[Feature], kinds: frozenset[Kind]) -> _Triangles:
    """The faces of these kinds that look upward (or lie flat, whichever way they are wound), cut into triangles."""
    sets: list[SurfaceSet] = [
        feature.lods[lod]
        for feature in features
        if feature.kind in kinds and (lod := feature.best_lod("9")) is not None
    ]
    mesh = triangulate(sets)
    a, b, c = (mesh.vertices[mesh.triangles[:, corner]] for corner in range(3))
    normal = np.cross(b - a, c - a)
    lies = np.abs(normal[:, 2]) > LEAST_AREA_SHARE * np.linalg.norm(normal, axis=1)
    turned = np.where((normal[:, 2] < 0)[:, None], mesh.triangles[:, ::-1], mesh.triangles)
    return _Triangles(mesh.vertices, turned[lies])


def _hints(features: Sequence[Feature], footings: Floats) -> Floats:
    """(n, 3): points thought to lie on the ground: of streets and fields if these have heights, else of buildings."""
    laid = _surfaces(features, LAID)
    points = laid.vertices[np.unique(laid.triangles)]
    if len(points) and (np.ptp(points[:, 2]) > 0.01 or not len(footings)):
        return points
    return footings


def _filled(heights: Floats) -> Floats:
    """Nodes without a height take the mean of their neighbours', outward from those that have one."""
    heights = heights.copy()
    while np.isnan(heights).any():
        padded = np.pad(heights, 1, constant_values=np.nan)
        around = np.stack([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
        known = ~np.isnan(around)
        counts = known.sum(axis=0)
        means = np.where(known, around, 0.0).sum(axis=0) / np.maximum(counts, 1)
        fresh = np.isnan(heights) & (counts > 0)
        heights[fresh] = means[fresh]
    return heights


def _is_within(corners: Floats, points: Ints) -> NDArray[np.bool_]:
    """Whether each point lies in its triangle: (n, 3, 2) counter-clockwise and (n, 2)."""
    within = np.ones(len(points), dtype=bool)
    for start, end in ((0, 1), (1, 2), (2, 0)):
        edge, away = corners[:, end] - corners[:, start], points - corners[:, start]
        within &= edge[:, 0] * away[:, 1] - edge[:, 1] * away[:, 0] >= -1e-9
    return within
