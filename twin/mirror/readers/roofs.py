"""Roofs over blocks, where their shape is stated and the outline is simple enough to tell how it lies.

Gabled and hipped over four corners, pyramidal over convex outlines, skillion over any outline without a courtyard.
Every other shape stays flat, at the height of its ridge.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Semantic, SurfaceSet

Floats = NDArray[np.float64]
Face = tuple[list[Floats], Semantic]

DEFAULT_PITCH = math.radians(30)  # where nothing is said of a roof's height
MOST_DEFAULT_M = 3.3  # then it is no higher than a storey
_STRAIGHT_M = 0.1  # corners that stand out less are none
_FLAT_M = 0.01
_BULGE_M = 0.02  # faces that bulge more are cut in two
_LEAST_CORNER = 0.05  # sine of the angle at a corner of a convex outline


@dataclass(slots=True, frozen=True)
class _Walls:
    """A block: its outline from above, counter-clockwise, and three levels."""

    ring: Floats  # (n, 2)
    floor: float
    eaves: float
    ridge: float


def roofed(block: SurfaceSet, attributes: Mapping[str, Any]) -> SurfaceSet | None:
    """The block with a roof of `roof_shape` under its own top, closed; None where the roof is left flat.

    Parameters
    ----------
    block
        As `prisms` makes it, in local metres.
    attributes
        `roof_shape`, `roof_height_m`, `roof_storeys`, `roof:direction` in degrees (downhill, from north by east) and
        `roof:orientation` (`along` or `across`), each if known.
    """
    faces_of = _SHAPES.get(str(attributes.get("roof_shape")))
    ring = _outline(block)
    if faces_of is None or ring is None:
        return None
    low, high = block.bounds
    height = min(_roof_height(attributes, ring), float(high[2] - low[2]))
    if height < _FLAT_M:
        return None
    walls = _Walls(ring, float(low[2]), float(high[2]) - height, float(high[2]))
    drawn = faces_of(walls, attributes)
    if drawn is None:
        return None
    floor = ([_at(ring[::-1], walls.floor)], Semantic.GROUND)
    return _welded([floor, *drawn])


def _outline(block: SurfaceSet) -> Floats | None:
    """The only ring of the block's roof, without corners that hardly are; None where there are more rings."""
    roofs = np.flatnonzero(block.semantics == Semantic.ROOF)
    if len(roofs) != 1 or np.diff(block.polygon_starts)[roofs[0]] != 1:
        return None
    first = block.polygon_starts[roofs[0]]
    points = block.vertices[block.rings[block.ring_starts[first] : block.ring_starts[first + 1]], :2]
    simple = shapely.simplify(shapely.Polygon(points), _STRAIGHT_M)
    if simple.is_empty or not simple.is_valid or simple.geom_type != "Polygon":
        return None
    return _without_straight(shapely.get_coordinates(shapely.orient_polygons(simple).exterior)[:-1])


def _without_straight(ring: Floats) -> Floats | None:
    """The ring may begin at a point on a straight side, which simplifying keeps."""
    before, after = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
    across = np.abs(_cross(before, after)) / np.maximum(np.hypot(*(after - before).T), 1e-9)
    kept = ring[across > _STRAIGHT_M]
    return kept if len(kept) >= 3 else None


def _roof_height(attributes: Mapping[str, Any], ring: Floats) -> float:
    if "roof_height_m" in attributes:
        return float(attributes["roof_height_m"])
    if "roof_storeys" in attributes:
        return float(attributes["roof_storeys"]) * MOST_DEFAULT_M
    box = shapely.oriented_envelope(shapely.Polygon(ring))
    width = float(min(_lengths(shapely.get_coordinates(box)[:3])[:2])) if box.geom_type == "Polygon" else 0.0
    return min(MOST_DEFAULT_M, math.tan(DEFAULT_PITCH) * width / 2)


def _pyramidal(walls: _Walls, _attributes: Mapping[str, Any]) -> list[Face] | None:
    if not _is_convex(walls.ring):
        return None
    top = np.array([*shapely.get_coordinates(shapely.Polygon(walls.ring).centroid)[0], walls.ridge])
    base = _at(walls.ring, walls.eaves)
    roof: list[Face] = [([np.stack([a, b, top])], Semantic.ROOF) for a, b in _sides(base)]
    return [*roof, *_straight_walls(walls)]


def _gabled(walls: _Walls, attributes: Mapping[str, Any]) -> list[Face] | None:
    corners = _from_a_gable(walls.ring, attributes)
    if corners is None:
        return None
    a, b, c, d = _at(corners, walls.eaves)  # the gables stand over a-b and c-d
    start, end = _raised((a + b) / 2, walls.ridge), _raised((c + d) / 2, walls.ridge)
    low = {tuple(point[:2]): _raised(point, walls.floor) for point in (a, b, c, d)}
    gables = [[low[tuple(p[:2])], low[tuple(q[:2])], q, top, p] for p, q, top in ((a, b, start), (c, d, end))]
    eaves = [[low[tuple(p[:2])], low[tuple(q[:2])], q, p] for p, q in ((b, c), (d, a))]
    roof = [*_flat_faces(np.stack([b, c, end, start])), *_flat_faces(np.stack([d, a, start, end]))]
    return [*roof, *(([_without_repeats(np.stack(wall))], Semantic.WALL) for wall in (*gables, *eaves))]


def _hipped(walls: _Walls, attributes: Mapping[str, Any]) -> list[Face] | None:
    corners = _from_a_gable(walls.ring, {})
    if corners is None:
        return None
    a, b, c, d = _at(corners, walls.eaves)
    start, end = _raised((a + b) / 2, walls.ridge), _raised((c + d) / 2, walls.ridge)
    length, width = float(np.hypot(*(end - start)[:2])), float(np.hypot(*(b - a)[:2]))
    if length - width < _STRAIGHT_M:
        return _pyramidal(walls, attributes)
    inset = (end - start) * (width / 2 / length)
    start, end = start + inset, end - inset
    slopes = [*_flat_faces(np.stack([b, c, end, start])), *_flat_faces(np.stack([d, a, start, end]))]
    hips: list[Face] = [([np.stack(face)], Semantic.ROOF) for face in ([a, b, start], [c, d, end])]
    return [*slopes, *hips, *_straight_walls(walls)]


def _skillion(walls: _Walls, attributes: Mapping[str, Any]) -> list[Face] | None:
    downhill = _downhill(walls.ring, attributes)
    along = walls.ring @ downhill
    share = (along.max() - along) / max(float(np.ptp(along)), _FLAT_M)
    top = np.column_stack([walls.ring, walls.eaves + share * (walls.ridge - walls.eaves)])
    low = _at(walls.ring, walls.floor)
    sides = zip(_sides(low), _sides(top), strict=True)
    around = [_without_repeats(np.stack([a, b, d, c])) for (a, b), (c, d) in sides]
    return [([top], Semantic.ROOF), *(([wall], Semantic.WALL) for wall in around if len(wall) > 2)]


_SHAPES: dict[str, Callable[[_Walls, Mapping[str, Any]], list[Face] | None]] = {
    "gabled": _gabled,
    "hipped": _hipped,
    "pyramidal": _pyramidal,
    "skillion": _skillion,
}


def _from_a_gable(ring: Floats, attributes: Mapping[str, Any]) -> Floats | None:
    """Four corners, the first two at a gable: a short side, unless the ridge is said to run across."""
    if len(ring) != 4 or not _is_convex(ring):
        return None
    first, second, third, fourth = _lengths(np.vstack([ring, ring[:1]]))
    is_first = (first + third <= second + fourth) != (attributes.get("roof:orientation") == "across")
    return ring if is_first else np.roll(ring, -1, axis=0)


def _downhill(ring: Floats, attributes: Mapping[str, Any]) -> Floats:
    """The way that water runs: as stated, else square to the longest side."""
    try:
        angle = math.radians(float(attributes.get("roof:direction") or ""))
    except ValueError:
        edges = np.roll(ring, -1, axis=0) - ring
        e, n = edges[np.argmax(np.hypot(*edges.T))]
        return np.array([n, -e]) / math.hypot(e, n)
    return np.array([math.sin(angle), math.cos(angle)])


def _is_convex(ring: Floats) -> bool:
    edges = np.roll(ring, -1, axis=0) - ring
    following = np.roll(edges, -1, axis=0)
    lengths = np.hypot(*edges.T) * np.hypot(*following.T)
    return bool((_cross(edges, following) > _LEAST_CORNER * lengths).all())


def _straight_walls(walls: _Walls) -> Iterator[Face]:
    if walls.eaves - walls.floor < _FLAT_M:
        return
    for (a, b), (c, d) in zip(_sides(_at(walls.ring, walls.floor)), _sides(_at(walls.ring, walls.eaves)), strict=True):
        yield [np.stack([a, b, d, c])], Semantic.WALL


def _flat_faces(quad: Floats) -> Iterator[Face]:
    """A face of four corners, in two where it would bulge."""
    a, b, c, d = quad
    normal = np.cross(c - a, d - b)
    bulge = abs(float(normal @ (b - a))) / max(float(np.linalg.norm(normal)), 1e-9)
    pieces = [quad] if bulge < _BULGE_M else [np.stack([a, b, c]), np.stack([a, c, d])]
    return (([piece], Semantic.ROOF) for piece in pieces)


def _welded(faces: list[Face]) -> SurfaceSet:
    """The faces with shared vertices."""
    loose = SurfaceSet.from_polygons(faces)
    points, index = np.unique(np.round(loose.vertices, 6), axis=0, return_inverse=True)
    return SurfaceSet(
        points, index.ravel().astype(np.int32)[loose.rings], loose.ring_starts, loose.polygon_starts, loose.semantics
    )


def _without_repeats(ring: Floats) -> Floats:
    kept: Floats = ring[np.linalg.norm(ring - np.roll(ring, 1, axis=0), axis=1) > _FLAT_M / 2]
    return kept


def _sides(ring: Floats) -> list[tuple[Floats, Floats]]:
    return list(zip(ring, np.roll(ring, -1, axis=0), strict=True))


def _at(ring: Floats, height: float) -> Floats:
    return np.column_stack([ring[:, :2], np.full(len(ring), height)])


def _raised(point: Floats, height: float) -> Floats:
    return np.array([point[0], point[1], height])


def _lengths(line: Floats) -> Floats:
    return np.asarray(np.hypot(*np.diff(line, axis=0).T), dtype=np.float64)


def _cross(first: Floats, second: Floats) -> Floats:
    return np.asarray(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0], dtype=np.float64)
