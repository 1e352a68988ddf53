"""The terrain: a gentle slope, a wooded hill, a knoll and the valley of the stream, as a mesh fine where it bends."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample import plan
from twin.mirror.sample.streets import Network

Floats = NDArray[np.float64]
BANK = 3.6  # from the terrace up to the levee
TERRACE = 1.4  # of the riverside park above the water


def _slope(x: Floats, y: Floats) -> Floats:
    waves = 1.1 * np.sin(x / 310 + 0.7) * np.cos(y / 270) + 0.6 * np.sin((x + y) / 170)
    return 12.0 + 0.0042 * x + 0.0052 * y + waves


def _ease(share: Floats) -> Floats:
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)


class Ground:
    """Heights of the district's ground in metres above the datum."""

    def __init__(self, net: Network) -> None:
        self._river = net.river
        shapely.prepare(self._river)
        self._mesh(self._grid(net))

    def _surface(self, xy: Floats) -> Floats:
        """The wanted height at points (n, 2)."""
        x, y = xy[:, 0], xy[:, 1]
        points = shapely.points(xy)
        height = _slope(x, y)
        height = height + self._mound(xy, plan.HILL_CENTRE, plan.HILL_RADIUS * 1.06, 74.0, rugged=5.0)
        height = height + self._mound(xy, plan.RIDGE_CENTRE, plan.RIDGE_RADIUS * 1.05, 40.0, rugged=3.0)
        height = height + self._mound(xy, plan.KNOLL_CENTRE, plan.KNOLL_RADIUS * 1.05, 17.0, rugged=1.0)
        off = shapely.distance(points, self._river)
        water = self.water_level(points)
        levee = water + TERRACE + BANK
        height = levee + (height - levee) * _ease((off - plan.LEVEE_HALF - 14) / 150)
        terrace = water + TERRACE + 0.2 * _ease((off - 30) / 20)
        height = np.where(
            off < plan.LEVEE_HALF, terrace + (levee - terrace) * _ease((off - plan.TERRACE_HALF) / 13.0), height
        )
        bank = (off - plan.CHANNEL_HALF) / 5.0
        bed = water - 1.3
        return np.where(off < plan.CHANNEL_HALF + 5, bed + (terrace - bed) * np.clip(bank, 0, 1), height)

    @staticmethod
    def _mound(xy: Floats, centre: tuple[float, float], radius: float, rise: float, rugged: float) -> Floats:
        east, north = xy[:, 0] - centre[0], xy[:, 1] - centre[1]
        angle = np.arctan2(north, east)
        reach = radius * (1 + 0.10 * np.sin(2 * angle + 0.6) + 0.07 * np.sin(3 * angle - 0.6))
        share = np.hypot(east, north) / reach
        body = np.clip(1 - share**2, 0, None) ** 1.6
        ridges = rugged * np.sin(5 * angle + 3 * share) * np.clip(share * (1 - share) * 4, 0, 1)
        return rise * body + np.where(share < 1, ridges, 0.0)

    def water_level(self, points: NDArray[np.object_]) -> Floats:
        """The level of the stream beside `points`: it falls evenly along its course."""
        share = shapely.line_locate_point(self._river, points, normalized=True)
        return 18.2 - 10.6 * np.asarray(share)

    def _grid(self, net: Network) -> Floats:
        size = plan.SIZE
        steps = np.linspace(0, size, 41)
        coarse = np.column_stack([axis.ravel() for axis in np.meshgrid(steps, steps)])
        parts = [coarse]
        for centre, radius, step in (
            (plan.HILL_CENTRE, 350.0, 19.0),
            (plan.RIDGE_CENTRE, 320.0, 22.0),
            (plan.KNOLL_CENTRE, 140.0, 17.0),
        ):
            ring = np.arange(-radius, radius, step)
            east, north = (axis.ravel() for axis in np.meshgrid(ring, ring))
            kept = np.hypot(east, north) < radius
            parts.append(np.column_stack([east[kept] + centre[0], north[kept] + centre[1]]))
        offsets = (0.0, 20.0, 25.0, 38.0, 50.0, 56.5, 64.0, 80.0, 110.0)
        for off in offsets:
            for sign in (1, -1) if off else (1,):
                line = net.river.offset_curve(sign * off) if off else net.river
                spacing = 16.0 if off < 80 else 26.0
                parts.append(
                    shapely.get_coordinates(shapely.line_interpolate_point(line, np.arange(0, line.length, spacing)))
                )
        edge = np.arange(0, size + 1, 8.0)
        border = np.vstack(
            [
                np.column_stack(pair)
                for pair in ((edge, 0 * edge), (edge, 0 * edge + size), (0 * edge, edge), (0 * edge + size, edge))
            ]
        )
        parts.append(border[shapely.distance(shapely.points(border), net.river) < 120])
        points = np.asarray(np.vstack(parts), dtype=np.float64).round(2)
        points = points[(points >= 0).all(axis=1) & (points <= size).all(axis=1)]
        return self._thin(points)

    @staticmethod
    def _thin(points: Floats, apart: float = 4.0) -> Floats:
        """Drop points nearer than `apart` to an earlier one outside the border, so that no needle triangles arise."""
        size = plan.SIZE
        on_edge = ((points == 0) | (points == size)).any(axis=1)
        order = np.argsort(~on_edge, kind="stable")
        kept: dict[tuple[int, int], list[int]] = {}
        chosen = []
        for index in order:
            cell = (int(points[index, 0] // apart), int(points[index, 1] // apart))
            around = (
                other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in kept.get((cell[0] + i, cell[1] + j), ())
            )
            if any(np.hypot(*(points[index] - points[other])) < apart for other in around):
                continue
            kept.setdefault(cell, []).append(int(index))
            chosen.append(int(index))
        return points[sorted(chosen)]

    def _mesh(self, points: Floats) -> None:
        triangles = shapely.get_parts(shapely.delaunay_triangles(shapely.MultiPoint(points)))
        corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
        index = {(x, y): number for number, (x, y) in enumerate(points.tolist())}
        faces = np.array([[index[x, y] for x, y in corner] for corner in corners.tolist()])
        first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        turn = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
        faces = np.where((turn < 0)[:, None], faces[:, ::-1], faces)[np.abs(turn) > 0.5]
        self.vertices = np.column_stack([points, np.round(self._surface(points), 2)])
        self.triangles = faces[np.lexsort(faces.T[::-1])]
        self._tree = shapely.STRtree(shapely.polygons(self.vertices[self.triangles][:, :, :2]))

    def height(self, xy: Floats) -> Floats:
        """The mesh's height at points (n, 2); points outside take the height at the nearest edge."""
        clipped = np.clip(np.asarray(xy, dtype=float), 0.001, plan.SIZE - 0.001)
        found, triangle = self._tree.query(shapely.points(clipped), predicate="intersects")
        chosen = np.zeros(len(clipped), dtype=int)
        chosen[found[::-1]] = triangle[::-1]
        a, b, c = (self.vertices[self.triangles[chosen, k]] for k in range(3))
        first, second = (b - a)[:, :2], (c - a)[:, :2]
        offset = clipped - a[:, :2]
        area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
        v = (offset[:, 0] * second[:, 1] - offset[:, 1] * second[:, 0]) / area
        w = (first[:, 0] * offset[:, 1] - first[:, 1] * offset[:, 0]) / area
        return np.asarray(a[:, 2] + v * (b - a)[:, 2] + w * (c - a)[:, 2])

    def range(self, shape: BaseGeometry) -> tuple[float, float]:
        """The least and the greatest height under the outline of `shape`, sampled every few metres."""
        outline = shape.exterior if isinstance(shape, Polygon) else shape
        heights = self.height(shapely.get_coordinates(shapely.segmentize(outline, 4.0)))
        return float(heights.min()), float(heights.max())

    def at(self, x: float, y: float) -> float:
        """The height at one point."""
        return float(self.height(np.array([[x, y]]))[0])


def along(ground: Ground, line: LineString) -> Floats:
    """The points of `line` with the ground's heights, (k, 3)."""
    xy = shapely.get_coordinates(line)
    return np.column_stack([xy, ground.height(xy)])
