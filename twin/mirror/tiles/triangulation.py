"""Cutting faces into triangles: fans where a face is convex, ears elsewhere, a repair where a face crosses itself."""

from dataclasses import dataclass, field

import mapbox_earcut as earcut
import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.tiles.faces import Faces, gather, starts_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The share of a face's area by which its triangles may differ before the face counts as crossing itself.
AREA_TOLERANCE = 1e-3
# A corner flatter than this sine is left to the ear clipper, which does not make slivers of it.
FLAT_CORNER = 1e-3


@dataclass(slots=True, frozen=True)
class Cut:
    """Triangles of faces; `vertices` are the faces' points and what repairs added."""

    vertices: Floats
    triangles: Ints
    owners: Ints  # (triangles,) the surface set each comes from
    repaired: int
    failed: int


@dataclass(slots=True)
class _Pieces:
    triangles: list[Ints] = field(default_factory=list)
    faces: list[Ints] = field(default_factory=list)
    added: list[Floats] = field(default_factory=list)
    repaired: int = 0
    failed: int = 0

    def add(self, triangles: Ints, faces: Ints) -> None:
        self.triangles.append(triangles)
        self.faces.append(faces)


def cut_faces(faces: Faces, areas: Floats, chosen: Ints) -> Cut:
    """Triangles of the `chosen` faces, wound as their shells are.

    Parameters
    ----------
    faces
        All faces.
    areas
        (faces, 3) their area vectors; those of `chosen` are not null.
    chosen
        Which faces to cut.
    """
    flat = _flattened(faces, areas)
    convex = _convex(faces, flat)
    pieces = _Pieces()
    _fan(faces, chosen[convex[chosen]], pieces)
    _clip_ears(faces, flat, areas, chosen[~convex[chosen]], pieces)
    triangles = np.concatenate([np.empty((0, 3), np.int64), *pieces.triangles])
    of_face = np.concatenate([np.empty(0, np.int64), *pieces.faces])
    return Cut(
        vertices=np.concatenate([faces.points, *pieces.added]),
        triangles=triangles,
        owners=faces.owners[of_face],
        repaired=pieces.repaired,
        failed=pieces.failed,
    )


def _flattened(faces: Faces, areas: Floats) -> Floats:
    """(points, 2): each face's points without the axis it looks along most, shells counter-clockwise."""
    axis = np.abs(areas).argmax(axis=1)
    positive = areas[np.arange(len(areas)), axis] > 0
    points_per_face = faces.ring_starts[faces.face_starts[1:]] - faces.ring_starts[faces.face_starts[:-1]]
    first = np.repeat(np.where(positive, (axis + 1) % 3, (axis + 2) % 3), points_per_face)
    second = np.repeat(np.where(positive, (axis + 2) % 3, (axis + 1) % 3), points_per_face)
    rows = np.arange(len(faces.points))
    return np.stack([faces.points[rows, first], faces.points[rows, second]], axis=1)


def _convex(faces: Faces, flat: Floats) -> NDArray[np.bool_]:
    """Which faces have no hole and turn left at every corner, once around."""
    if not len(faces):
        return np.empty(0, dtype=bool)
    edges = flat[faces.following()] - flat
    before = np.empty_like(edges)
    before[faces.following()] = edges
    cross = before[:, 0] * edges[:, 1] - before[:, 1] * edges[:, 0]
    turn = np.arctan2(cross, np.einsum("ij,ij->i", before, edges))
    starts = faces.ring_starts[faces.face_starts[:-1]]
    one_ring = np.diff(faces.face_starts) == 1
    sharp = cross > FLAT_CORNER * np.linalg.norm(before, axis=1) * np.linalg.norm(edges, axis=1)
    once = np.abs(np.add.reduceat(turn, starts) - 2 * np.pi) < 0.1
    convex: NDArray[np.bool_] = one_ring & np.logical_and.reduceat(sharp, starts) & once
    return convex


def _fan(faces: Faces, chosen: Ints, pieces: _Pieces) -> None:
    starts = faces.ring_starts[faces.face_starts[chosen]]
    counts = faces.ring_starts[faces.face_starts[chosen] + 1] - starts - 2
    apexes = np.repeat(starts, counts)
    spokes = gather(starts + 1, counts)
    pieces.add(np.stack([apexes, spokes, spokes + 1], axis=1), np.repeat(chosen, counts))


def _clip_ears(faces: Faces, flat: Floats, areas: Floats, chosen: Ints, pieces: _Pieces) -> None:
    wanted = np.abs(areas).max(axis=1)
    face_starts, ring_starts = faces.face_starts.tolist(), faces.ring_starts.tolist()
    found, counts, whole = [], [], []
    for face in chosen.tolist():
        first, last = face_starts[face], face_starts[face + 1]
        start = ring_starts[first]
        ends = np.asarray(ring_starts[first + 1 : last + 1], dtype=np.uint32) - np.uint32(start)
        ears = earcut.triangulate_float64(flat[start : ring_starts[last]], ends)
        found.append(ears)
        counts.append(len(ears) // 3)
        whole.append(start)
    if not found:
        return
    per_face = np.asarray(counts, dtype=np.int64)
    triangles = np.concatenate(found).astype(np.int64).reshape(-1, 3) + np.repeat(whole, per_face)[:, None]
    covered = _sums(_flat_areas(flat, triangles), per_face)
    sound = np.abs(covered - wanted[chosen]) <= AREA_TOLERANCE * wanted[chosen]
    kept = np.repeat(sound, per_face)
    pieces.add(triangles[kept], np.repeat(chosen, per_face)[kept])
    for face in chosen[~sound].tolist():
        _repair(faces, flat, areas[face], face, pieces)


def _repair(faces: Faces, flat: Floats, area: Floats, face: int, pieces: _Pieces) -> None:
    """Cut the sound parts of a face that crosses itself; its new corners lie in its plane."""
    rings = [
        flat[faces.ring_starts[r] : faces.ring_starts[r + 1]]
        for r in range(faces.face_starts[face], faces.face_starts[face + 1])
    ]
    sound = shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
    parts = [part for part in shapely.get_parts(sound) if part.geom_type in {"Polygon", "MultiPolygon"}]
    corners = [_ears_of(polygon) for part in parts for polygon in shapely.get_parts(part)]
    corners = [ears for ears in corners if len(ears)]
    if not corners:
        pieces.failed += 1
        return
    placed = _lifted(np.concatenate(corners), area, faces.points[faces.ring_starts[faces.face_starts[face]]])
    start = len(faces.points) + sum(len(added) for added in pieces.added)
    pieces.added.append(placed)
    triangles = np.arange(start, start + len(placed)).reshape(-1, 3)
    pieces.add(triangles, np.full(len(triangles), face))
    pieces.repaired += 1


def _ears_of(polygon: shapely.Polygon) -> Floats:
    """(3 t, 2): the corners of t triangles that cover a valid polygon, counter-clockwise."""
    rings = [np.asarray(ring.coords)[:-1, :2] for ring in (polygon.exterior, *polygon.interiors)]
    ends = np.cumsum([len(ring) for ring in rings]).astype(np.uint32)
    points = np.concatenate(rings)
    return np.asarray(points[earcut.triangulate_float64(points, ends)])


def _lifted(flat: Floats, area: Floats, on_plane: Floats) -> Floats:
    """Points of a face's flattened plane, back in space."""
    axis = int(np.abs(area).argmax())
    first, second = ((axis + 1) % 3, (axis + 2) % 3) if area[axis] > 0 else ((axis + 2) % 3, (axis + 1) % 3)
    placed = np.empty((len(flat), 3))
    placed[:, first], placed[:, second] = flat[:, 0], flat[:, 1]
    offset = (flat[:, 0] - on_plane[first]) * area[first] + (flat[:, 1] - on_plane[second]) * area[second]
    placed[:, axis] = on_plane[axis] - offset / area[axis]
    return placed


def _flat_areas(flat: Floats, triangles: Ints) -> Floats:
    a, b, c = (flat[triangles[:, corner]] for corner in range(3))
    return ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])) / 2


def _sums(values: Floats, counts: Ints) -> Floats:
    """Sums of consecutive runs, of which some may be empty."""
    totals = np.concatenate([[0.0], np.cumsum(values)])
    ends = starts_of(counts)
    sums: Floats = totals[ends[1:]] - totals[ends[:-1]]
    return sums
