"""Water whose surface lies above the surveyed bed: drawn at its own level, as a sheet that the banks cut off."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Kind, SurfaceSet
from twin.mirror.tiles.areas import Area
from twin.mirror.tiles.drape import Draped, block_of
from twin.mirror.tiles.terrain import Terrain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Water nearer to the terrain than this is laid on it.
ABOVE_BED_M = 0.15
# How far a sheet reaches into the bank.
INTO_BANK_M = 4.0
# Corners of a sheet stand no further apart, so that it follows a stream that falls.
SPACING_M = 40.0


def stands_over_bed(area: Area, terrain: Terrain) -> bool:
    """Whether an area is water with a level of its own over surveyed ground."""
    if area.row.kind != Kind.WATER or area.surfaces is None or not terrain.surveyed:
        return False
    points = _corners(area.surfaces)
    inner = shapely.point_on_surface(area.shape)
    middle = np.asarray([[inner.x, inner.y]])
    depth = _levels(points, middle) - terrain.heights_at(middle)
    return bool(max(depth[0], np.median(points[:, 2] - terrain.heights_at(points[:, :2]))) > ABOVE_BED_M)


def sheets(areas: Sequence[Area], owners: Sequence[int], terrain: Terrain) -> Draped:
    """Triangles of water at its level, reaching a little under its banks.

    Parameters
    ----------
    areas
        Water that `stands_over_bed`.
    owners
        The number of each area.
    terrain
        Gives the extent.
    """
    corners: list[Floats] = []
    of_area: list[Ints] = []
    for area, owner in zip(areas, owners, strict=True):
        if area.surfaces is None:
            continue
        reach = shapely.buffer(area.shape, INTO_BANK_M, quad_segs=2).intersection(terrain.extent.shape)
        shape = shapely.segmentize(shapely.simplify(reach, 0.3), SPACING_M)
        triangles = shapely.orient_polygons(shapely.get_parts(shapely.constrained_delaunay_triangles(shape)))
        flat = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
        corners.append(np.column_stack([flat, _levels(_corners(area.surfaces), flat)]))
        of_area.append(np.full(len(triangles), owner))
    vertices = np.concatenate([np.empty((0, 3)), *corners])
    triangles = np.arange(len(vertices)).reshape(-1, 3)
    centres = vertices[triangles].mean(axis=1) if len(triangles) else np.empty((0, 3))
    return Draped(
        vertices,
        np.tile([0.0, 0.0, 1.0], (len(vertices), 1)),
        triangles,
        np.concatenate([np.empty(0, np.int64), *of_area]),
        block_of(centres[:, :2], terrain.extent),
    )


def _corners(surfaces: SurfaceSet) -> Floats:
    corners: Floats = surfaces.vertices[np.unique(surfaces.rings)]
    return corners


def _levels(corners: Floats, points: Floats) -> Floats:
    """The level at points: that of the nearest corner of the source's surface."""
    nearest = shapely.STRtree(shapely.points(corners[:, :2])).nearest(shapely.points(points))
    levels: Floats = corners[nearest, 2]
    return levels
