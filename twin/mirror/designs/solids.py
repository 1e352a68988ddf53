"""The bodies of a design's buildings: closed solids with outward surfaces."""

import numpy as np
from numpy.typing import NDArray

from twin.mirror.designs.changes import Building, Roof
from twin.mirror.features import Semantic, SurfaceSet

# Pitch of gable and hip roofs: usual for tiled roofs in Korea.
PITCH_DEG = 30.0
Polygons = list[tuple[list[NDArray[np.float64]], Semantic]]


def body(building: Building, ground_z: float) -> SurfaceSet:
    """A building on ground of height `ground_z`, in metres in the city's local frame."""
    corners = np.array(building.footprint, dtype=np.float64)
    eaves = ground_z + building.height_m
    if building.roof is Roof.FLAT:
        return SurfaceSet.from_polygons(_prism(corners, ground_z, eaves))
    return SurfaceSet.from_polygons(_pitched(corners, ground_z, eaves, is_hip=building.roof is Roof.HIP))


def roof_rise_m(building: Building) -> float:
    """How far the ridge stands above the eaves; 0 for a flat roof."""
    if building.roof is Roof.FLAT:
        return 0.0
    return _rise(_from_longest_side(np.array(building.footprint, dtype=np.float64)))


def _at(points: NDArray[np.float64], z: float) -> NDArray[np.float64]:
    return np.column_stack([points, np.full(len(points), z)])


def _prism(corners: NDArray[np.float64], low: float, high: float) -> Polygons:
    below, above = _at(corners, low), _at(corners, high)
    return [([below[::-1]], Semantic.GROUND), *_walls(below, above), ([above], Semantic.ROOF)]


def _walls(below: NDArray[np.float64], above: NDArray[np.float64]) -> Polygons:
    following = np.roll(np.arange(len(below)), -1)
    return [([np.array([below[i], below[j], above[j], above[i]])], Semantic.WALL) for i, j in enumerate(following)]


def _pitched(corners: NDArray[np.float64], low: float, eaves: float, *, is_hip: bool) -> Polygons:
    """A roof over four corners a, b, c, d with the ridge along the longer sides ab and cd."""
    corners = _from_longest_side(corners)
    rise = _rise(corners)
    below, above = _at(corners, low), _at(corners, eaves)
    a, b, c, d = above
    ends = (a + d) / 2, (b + c) / 2
    inset = np.zeros(3)
    if is_hip:
        along = ends[1] - ends[0]
        length = float(np.linalg.norm(along))
        # The hips start as far in as the roof is half wide, so that all planes have one pitch; a ridge always remains.
        inset = along / length * min(_half_width(corners), length * 0.49)
    first, second = ends[0] + inset + [0, 0, rise], ends[1] - inset + [0, 0, rise]
    end_semantic = Semantic.ROOF if is_hip else Semantic.WALL
    planes: Polygons = [
        ([np.array([a, b, second, first])], Semantic.ROOF),
        ([np.array([c, d, first, second])], Semantic.ROOF),
        ([np.array([b, c, second])], end_semantic),
        ([np.array([d, a, first])], end_semantic),
    ]
    return [([below[::-1]], Semantic.GROUND), *_walls(below, above), *planes]


def _from_longest_side(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return corners if sides[0] + sides[2] >= sides[1] + sides[3] else np.roll(corners, -1, axis=0)


def _half_width(corners: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(corners[1] - corners[2]) + np.linalg.norm(corners[3] - corners[0])) / 4


def _rise(corners: NDArray[np.float64]) -> float:
    return _half_width(corners) * float(np.tan(np.radians(PITCH_DEG)))
