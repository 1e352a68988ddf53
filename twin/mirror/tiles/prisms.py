"""Blocks: footprints raised to a height, for what has no walls of its own and for the view from afar."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.polygon import orient

from twin.mirror.features import Semantic, SurfaceSet
from twin.mirror.tiles.faces import Faces, gather

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STOREY_M = 3.3
# Walls cover nothing.
LEAST_COVER_M2 = 1e-3


def footprint(surfaces: SurfaceSet) -> shapely.Geometry:
    """What the surfaces cover on the map: a polygon, several, or an empty one."""
    return footprints([surfaces], np.zeros(1, np.int64), 1)[0]


def footprints(sets: Sequence[SurfaceSet], owners: Ints, count: int) -> NDArray[np.object_]:
    """What each of `count` owners covers on the map; `owners` says whose each set is.

    Of the faces that look up and those that look down, the side with fewer is taken where both cover as much.
    """
    faces = Faces.of(sets)
    upward = faces.area_vectors()[:, 2]
    of_set = faces.owners
    flat = np.abs(upward) > LEAST_COVER_M2
    covers = np.stack([np.bincount(of_set, np.maximum(sign * upward, 0), len(sets)) for sign in (1, -1)])
    numbers = np.stack([np.bincount(of_set, flat & (sign * upward > 0), len(sets)) for sign in (1, -1)])
    as_much = np.abs(covers[0] - covers[1]) < 0.01 * covers.max(axis=0)
    take_down = np.where(as_much, numbers[1] < numbers[0], covers[1] > covers[0])
    chosen = np.flatnonzero(flat & ((upward < 0) == take_down[of_set]))
    shapes = shapely.make_valid(polygons_of(faces, chosen))
    whose = owners[of_set[chosen]]
    order = np.argsort(whose, kind="stable")
    starts = np.searchsorted(whose[order], np.arange(count + 1))
    whole = np.empty(count, dtype=object)
    for owner, (start, end) in enumerate(pairwise(starts.tolist())):
        parts = shapes[order[start:end]]
        whole[owner] = polygonal(parts[0] if len(parts) == 1 else shapely.union_all(parts))
    return whole


def polygons_of(faces: Faces, chosen: Ints) -> NDArray[np.object_]:
    """These faces as they lie on the map."""
    if not len(chosen):
        return np.empty(0, dtype=object)
    rings_of_face, sizes = np.diff(faces.face_starts), np.diff(faces.ring_starts)
    rings = gather(faces.face_starts[chosen], rings_of_face[chosen])
    points = faces.points[gather(faces.ring_starts[rings], sizes[rings]), :2]
    outlines = shapely.linearrings(points, indices=np.repeat(np.arange(len(rings)), sizes[rings]))
    shapes: NDArray[np.object_] = shapely.polygons(
        outlines, indices=np.repeat(np.arange(len(chosen)), rings_of_face[chosen])
    )
    return shapes


def polygonal(geometry: shapely.Geometry) -> shapely.Geometry:
    """The areas in a geometry, without its lines and points."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def raised(area: shapely.Geometry, base_m: float, top_m: float) -> SurfaceSet:
    """The closed prism over an area, with its holes as courtyards."""
    polygons: list[tuple[list[Floats], Semantic]] = []
    for part in shapely.get_parts(area):
        shape = orient(part)
        rings = [np.asarray(ring.coords)[:-1, :2] for ring in (shape.exterior, *shape.interiors)]
        polygons.append(([_at(ring[::-1], base_m) for ring in rings], Semantic.GROUND))
        polygons.append(([_at(ring, top_m) for ring in rings], Semantic.ROOF))
        for ring in rings:
            polygons.extend(
                (
                    [np.asarray([(*start, base_m), (*end, base_m), (*end, top_m), (*start, top_m)])],
                    Semantic.WALL,
                )
                for start, end in zip(ring, np.roll(ring, -1, axis=0), strict=True)
            )
    return SurfaceSet.from_polygons(polygons)


def _at(ring: Floats, height_m: float) -> Floats:
    return np.column_stack([ring, np.full(len(ring), height_m)])
