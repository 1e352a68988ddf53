"""Plane geometry the district is made of: smooth lines, cuts, fitted rectangles. Metres and radians."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from shapely.ops import split

Vector = NDArray[np.float64]


def smooth(points: Iterable[tuple[float, float]], rounds: int = 3) -> LineString:
    """A curve near the control points that keeps the ends (Chaikin's corner cutting)."""
    line = np.asarray(list(points), dtype=float)
    for _ in range(rounds):
        cut = np.empty((2 * len(line) - 2, 2))
        cut[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
        cut[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.vstack([line[:1], cut, line[-1:]])
    return LineString(line).simplify(0.15)


def strip(line: BaseGeometry, width: float) -> BaseGeometry:
    """The area within half of `width` from `line`, cut straight at its ends."""
    return line.buffer(width / 2, cap_style="flat", join_style="round", quad_segs=4)


def polygons(geometry: BaseGeometry, least_area: float = 0.0) -> list[Polygon]:
    """The polygons of any geometry over `least_area`, largest first, position breaking ties."""
    if geometry.is_empty:
        return []
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    nested = [
        polygon for part in shapely.get_parts(geometry) if isinstance(part, MultiPolygon) for polygon in part.geoms
    ]
    kept = [part for part in parts + nested if part.area > least_area]
    return sorted(kept, key=lambda part: (-round(part.area, 3), *np.round(part.bounds, 3)))


def tidy(polygon: Polygon, tolerance: float = 0.05) -> Polygon:
    """`polygon` counter-clockwise and without needless vertices."""
    return orient(polygon.simplify(tolerance))


def frame(polygon: Polygon) -> tuple[Vector, Vector, Vector, float, float]:
    """Centre, unit vectors and lengths along the longer and the shorter axis of the least enclosing rectangle."""
    corners = np.asarray(polygon.minimum_rotated_rectangle.exterior.coords)[:4]
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    a, b = float(np.hypot(*first)), float(np.hypot(*second))
    if a < b:
        first, second, a, b = second, first, b, a
    along = first / a
    if along[0] < -1e-9 or (abs(along[0]) <= 1e-9 and along[1] < 0):
        along = -along
    return corners.mean(axis=0), along, np.array([-along[1], along[0]]), a, b


def rectangle(centre: Sequence[float] | Vector, along: Vector, length: float, width: float) -> Polygon:
    """The rectangle of `length` along the unit vector `along` and `width` across it, counter-clockwise."""
    centre = np.asarray(centre, dtype=float)
    u = np.asarray(along, dtype=float) * length / 2
    v = np.array([-along[1], along[0]]) * width / 2
    return Polygon([centre - u - v, centre + u - v, centre + u + v, centre - u + v])


def place(outline: Iterable[tuple[float, float]], centre: Sequence[float] | Vector, along: Vector) -> Polygon:
    """An outline drawn around (0, 0), x along the unit vector `along`, moved to `centre`."""
    local = np.asarray(list(outline), dtype=float)
    across = np.array([-along[1], along[0]])
    return orient(Polygon(np.asarray(centre) + local[:, :1] * along + local[:, 1:] * across))


def unit(angle: float) -> Vector:
    """The unit vector at `angle` from east."""
    return np.array([math.cos(angle), math.sin(angle)])


def cut(polygon: Polygon, line: LineString) -> list[Polygon]:
    """The pieces of `polygon` on both sides of `line`."""
    return polygons(split(polygon, line), least_area=1.0)


def inside(line: BaseGeometry, polygon: Polygon) -> LineString | None:
    """The longest piece of `line` within `polygon`."""
    pieces = [piece for piece in shapely.get_parts(line.intersection(polygon)) if isinstance(piece, LineString)]
    return max(pieces, key=lambda piece: piece.length, default=None)


_SHARES = np.array([1.0, 0.95, 0.9, 0.84, 0.78, 0.7, 0.62, 0.54])
_PAIRS = np.array([(f, g) for f in _SHARES for g in _SHARES])
_PAIRS = _PAIRS[np.argsort(-_PAIRS.prod(axis=1), kind="stable")]
_CORNERS = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])


def fit_rectangle(polygon: Polygon, along: Vector, fill: float = 1.0) -> Polygon | None:
    """The largest of a series of shrinking rectangles, turned along `along`, that lies within `polygon`."""
    across = np.array([-along[1], along[0]])
    ring = shapely.get_coordinates(polygon.exterior)
    us, vs = ring @ along, ring @ across
    size = np.array([us.max() - us.min(), vs.max() - vs.min()])
    middles = (
        ((us.max() + us.min()) / 2, (vs.max() + vs.min()) / 2),
        (
            polygon.centroid.x * along[0] + polygon.centroid.y * along[1],
            polygon.centroid.x * across[0] + polygon.centroid.y * across[1],
        ),
    )
    extents = _PAIRS * size * fill
    # Rectangles around either middle take turns, from the largest down.
    spread = extents[:, None, None, :] * _CORNERS
    local = np.asarray(middles)[:, None, :] + spread
    corners = (local @ np.array([along, across])).reshape(-1, 4, 2)
    prepared = polygon.buffer(0.01)
    shapely.prepare(prepared)
    within = np.flatnonzero(shapely.contains(prepared, shapely.polygons(corners)))
    return Polygon(corners[within[0]]) if len(within) else None


def walk(line: LineString, spacing: float, start: float = 0.0) -> Iterator[tuple[Vector, Vector, float]]:
    """Points every `spacing` along `line` with the direction there and the distance from its start."""
    for distance in np.arange(start, line.length, spacing):
        here = np.asarray(line.interpolate(distance).coords[0])
        ahead = np.asarray(line.interpolate(min(distance + 1.0, line.length)).coords[0])
        behind = np.asarray(line.interpolate(max(distance - 1.0, 0.0)).coords[0])
        step = ahead - behind
        yield here, step / np.hypot(*step), float(distance)
