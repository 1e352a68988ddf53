"""Blocks: footprints raised to a height, for what has no walls of its own and for the view from afar."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.polygon import orient

from twin.mirror.features import Semantic, SurfaceSet

Floats = NDArray[np.float64]

STOREY_M = 3.3


def footprint(surfaces: SurfaceSet) -> shapely.Geometry:
    """What the surfaces cover on the map: a polygon, several, or an empty one."""
    points = surfaces.vertices[surfaces.rings, :2]
    rings = shapely.linearrings(
        points, indices=np.repeat(np.arange(surfaces.ring_starts.size - 1), np.diff(surfaces.ring_starts))
    )
    starts = surfaces.polygon_starts
    polygons = np.asarray([shapely.Polygon(rings[a], rings[a + 1 : b]) for a, b in pairwise(starts.tolist())])
    # Walls cover nothing.
    polygons = shapely.make_valid(polygons[shapely.area(polygons) > 1e-3])
    return polygonal(shapely.union_all(polygons))


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
