"""Small cities of our own."""

import uuid
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind, Semantic, SurfaceSet
from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.prisms import raised

Floats = NDArray[np.float64]

FRAME = LocalFrame(126.98, 37.55, 30.0)


def block(
    name: str, east: float, north: float, *, side: float = 10.0, height: float = 9.0, base: float = 0.0
) -> Feature:
    """A building with a square footprint."""
    area = shapely.box(east, north, east + side, north + side)
    return Feature(name, Kind.BUILDING, lods={"1": raised(area, base, base + height)})


def flat(name: str, kind: Kind, shape: shapely.Geometry, height: float = 0.0, /, **attributes: object) -> Feature:
    """A level area."""
    polygons = [
        ([_level(ring, height) for ring in (part.exterior, *part.interiors)], Semantic.UNKNOWN)
        for part in shapely.get_parts(shapely.orient_polygons(shape))
    ]
    return Feature(name, kind, dict(attributes), lods={"1": SurfaceSet.from_polygons(polygons)})


def _level(ring: shapely.LinearRing, height: float) -> Floats:
    corners = np.asarray(ring.coords)[:-1]
    return np.column_stack([corners, np.full(len(corners), height)])


def hillside(size: float = 400.0, cells: int = 8) -> Feature:
    """Terrain that rises eastward by a tenth, with a bump."""
    axis = np.linspace(0, size, cells + 1)
    east, north = np.meshgrid(axis, axis)
    heights = 0.1 * east + 8 * np.exp(-((east - size / 2) ** 2 + (north - size / 2) ** 2) / (2 * (size / 8) ** 2))
    nodes = np.dstack([east, north, heights])
    triangles = []
    for row in range(cells):
        for column in range(cells):
            a, b = nodes[row, column], nodes[row, column + 1]
            c, d = nodes[row + 1, column + 1], nodes[row + 1, column]
            triangles += [([np.asarray([a, b, c])], Semantic.UNKNOWN), ([np.asarray([a, c, d])], Semantic.UNKNOWN)]
    return Feature("terrain", Kind.TERRAIN, lods={"1": SurfaceSet.from_polygons(triangles)})


def ids_of(features: Sequence[Feature]) -> dict[str, uuid.UUID]:
    return {feature.source_id: uuid.uuid5(uuid.NAMESPACE_OID, feature.source_id) for feature in features}
