"""What every reader yields and what meshing, tiling and storage take: city features in the city's local frame.

The local frame is ENU at the city's origin: x east, y north, z up, in metres, float64.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Kind(StrEnum):
    """What a city object is. The values are stored and served; never rename one."""

    BUILDING = "building"
    BUILDING_PART = "building_part"
    BRIDGE = "bridge"
    TUNNEL = "tunnel"
    ROAD = "road"
    RAILWAY = "railway"
    SQUARE = "square"
    WATER = "water"
    PLANT_COVER = "plant_cover"
    TREE = "tree"
    LAND_USE = "land_use"
    FURNITURE = "furniture"
    TERRAIN = "terrain"
    GENERIC = "generic"

    @property
    def is_built(self) -> bool:
        """Whether it has walls by what it is; things of other kinds may have some by their shape."""
        return self in _BUILT


_BUILT = frozenset({Kind.BUILDING, Kind.BUILDING_PART, Kind.BRIDGE, Kind.TUNNEL})


class Semantic(IntEnum):
    """What a surface of a building is."""

    UNKNOWN = 0
    GROUND = 1
    WALL = 2
    ROOF = 3
    OTHER = 4


@dataclass(slots=True, frozen=True)
class SurfaceSet:
    """Planar polygons with holes in space, as flat arrays.

    Polygon ``p`` has the rings ``polygon_starts[p]:polygon_starts[p + 1]``, the first of them its shell; ring ``r`` has
    the vertices ``rings[ring_starts[r]:ring_starts[r + 1]]``, not closed. Seen from outside a solid, shells run
    counter-clockwise.
    """

    vertices: NDArray[np.float64]  # (n, 3) local ENU, metres
    rings: NDArray[np.int32]  # concatenated indices into `vertices`
    ring_starts: NDArray[np.int32]  # (number of rings + 1,)
    polygon_starts: NDArray[np.int32]  # (number of polygons + 1,)
    semantics: NDArray[np.uint8]  # (number of polygons,) values of `Semantic`

    def __len__(self) -> int:
        return len(self.polygon_starts) - 1

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Least and greatest corner of the vertices that polygons use, each (3,)."""
        used = self.vertices[self.rings]
        return used.min(axis=0), used.max(axis=0)

    @classmethod
    def from_polygons(
        cls, polygons: Iterable[tuple[list[NDArray[np.float64]], Semantic]], *, min_ring: int = 3
    ) -> "SurfaceSet":
        """Build from ``([shell (k, 3), hole (k, 3), ...], semantic)``; rings under `min_ring` points are dropped."""
        vertices: list[NDArray[np.float64]] = []
        ring_starts, polygon_starts, semantics = [0], [0], []
        for rings, semantic in polygons:
            kept = [ring for ring in rings if len(ring) >= min_ring]
            if not kept or len(rings[0]) < min_ring:
                continue
            for ring in kept:
                vertices.append(np.asarray(ring, dtype=np.float64))
                ring_starts.append(ring_starts[-1] + len(ring))
            polygon_starts.append(len(ring_starts) - 1)
            semantics.append(int(semantic))
        flat = np.concatenate(vertices) if vertices else np.empty((0, 3))
        return cls(
            vertices=flat,
            rings=np.arange(len(flat), dtype=np.int32),
            ring_starts=np.asarray(ring_starts, dtype=np.int32),
            polygon_starts=np.asarray(polygon_starts, dtype=np.int32),
            semantics=np.asarray(semantics, dtype=np.uint8),
        )


@dataclass(slots=True)
class Feature:
    """One city object as a reader found it.

    `attributes` has normalised keys where the source says so (`name`, `name_en`, `use`, `height_m`, `storeys`,
    `year`, `road_class`, `width_m`, `crown_m`, `furniture`, `address`, `roof_shape`, `roof_height_m`) and everything
    else as it came.
    """

    source_id: str
    kind: Kind
    attributes: dict[str, Any] = field(default_factory=dict)
    parent_source_id: str | None = None
    lods: dict[str, SurfaceSet] = field(default_factory=dict)  # "0", "1", "1.2", "2", "2.2" ...
    lines: list[NDArray[np.float64]] = field(default_factory=list)  # each (k, 3), e.g. a road's centre line
    points: NDArray[np.float64] | None = None  # (k, 3), e.g. trees, stops

    def best_lod(self, limit: str = "2.9") -> str | None:
        """The most detailed level at or under `limit`; None where there is no surface."""
        levels = [lod for lod in self.lods if float(lod) <= float(limit) and len(self.lods[lod])]
        return max(levels, key=float, default=None)
