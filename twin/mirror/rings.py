"""Rings of very many polygons as flat arrays: checked, cleaned and cut into one `SurfaceSet` for each geometry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import SurfaceSet

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Rings:
    """Sets of polygons of rings of indices into an array of vertices, each level following the one above."""

    indices: Ints  # (n,) vertices of all rings, one after another
    ring_sizes: Ints  # (rings,) vertices of each
    polygon_sizes: Ints  # (polygons,) rings of each
    semantics: NDArray[np.uint8]  # (polygons,)
    set_sizes: Ints  # (sets,) polygons of each

    @property
    def ring_of(self) -> Ints:
        """(n,) the ring of each index."""
        return np.repeat(np.arange(len(self.ring_sizes)), self.ring_sizes)

    @property
    def polygon_of_ring(self) -> Ints:
        return np.repeat(np.arange(len(self.polygon_sizes)), self.polygon_sizes)

    @property
    def set_of_polygon(self) -> Ints:
        return np.repeat(np.arange(len(self.set_sizes)), self.set_sizes)

    def cleaned(self) -> tuple["Rings", Ints]:
        """Without repeated points, and without rings that enclose nothing; and the sets that lost a polygon by it."""
        rings = self._without_repeats()
        usable = rings.ring_sizes >= 3
        if usable.all():
            return rings, np.empty(0, dtype=np.int64)
        polygon_of_ring = rings.polygon_of_ring
        is_shell = np.zeros(len(rings.ring_sizes), dtype=bool)
        is_shell[starts(rings.polygon_sizes)[:-1]] = True
        polygon_lost = np.zeros(len(rings.polygon_sizes), dtype=bool)
        polygon_lost[polygon_of_ring[is_shell & ~usable]] = True
        kept = usable & ~polygon_lost[polygon_of_ring]
        set_of_polygon = rings.set_of_polygon
        left = Rings(
            indices=rings.indices[kept[rings.ring_of]],
            ring_sizes=rings.ring_sizes[kept],
            polygon_sizes=np.bincount(polygon_of_ring[kept], minlength=len(polygon_lost))[~polygon_lost],
            semantics=rings.semantics[~polygon_lost],
            set_sizes=np.bincount(set_of_polygon[~polygon_lost], minlength=len(rings.set_sizes)),
        )
        return left, np.unique(set_of_polygon[polygon_of_ring[~usable]])

    def _without_repeats(self) -> "Rings":
        if not len(self.indices):
            return self
        before = np.arange(len(self.indices)) - 1
        filled = self.ring_sizes > 0
        ring_starts = starts(self.ring_sizes)
        before[ring_starts[:-1][filled]] = ring_starts[1:][filled] - 1
        kept = self.indices != self.indices[before]
        if kept.all():
            return self
        sizes = np.bincount(self.ring_of[kept], minlength=len(self.ring_sizes))
        return Rings(self.indices[kept], sizes, self.polygon_sizes, self.semantics, self.set_sizes)

    def split(self, vertices: NDArray[np.float64]) -> list[SurfaceSet]:
        """One `SurfaceSet` for each set, each with the vertices it uses and no others."""
        set_of_ring = self.set_of_polygon[self.polygon_of_ring]
        set_of_index = np.repeat(set_of_ring, self.ring_sizes)
        used, compact = np.unique(set_of_index * np.int64(len(vertices)) + self.indices, return_inverse=True)
        set_of_vertex, vertex = np.divmod(used, np.int64(max(len(vertices), 1)))
        count = len(self.set_sizes)
        points = vertices[vertex]
        vertex_starts = starts(np.bincount(set_of_vertex, minlength=count))
        index_starts = starts(np.bincount(set_of_index, minlength=count))
        ring_firsts = starts(np.bincount(set_of_ring, minlength=count))
        polygon_firsts = starts(self.set_sizes)
        flat = (compact - vertex_starts[set_of_index]).astype(np.int32)
        ring_starts, polygon_starts = starts(self.ring_sizes), starts(self.polygon_sizes)
        return [
            SurfaceSet(
                vertices=points[v0:v1],
                rings=flat[i0:i1],
                ring_starts=(ring_starts[r0 : r1 + 1] - i0).astype(np.int32),
                polygon_starts=(polygon_starts[p0 : p1 + 1] - r0).astype(np.int32),
                semantics=self.semantics[p0:p1],
            )
            for v0, v1, i0, i1, r0, r1, p0, p1 in zip(
                *_pairs(vertex_starts), *_pairs(index_starts), *_pairs(ring_firsts), *_pairs(polygon_firsts),
                strict=True,
            )
        ]  # fmt: skip


def starts(sizes: Ints) -> Ints:
    """Where each of pieces of these sizes begins, and behind the last where all end: (n + 1,)."""
    found = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=found[1:])
    return found


def gather(piece_starts: Ints, sizes: Ints, order: Ints) -> Ints:
    """Positions which take pieces of an array in another order: ``array[gather(...)]``."""
    chosen = sizes[order]
    return np.repeat(piece_starts[order] - starts(chosen)[:-1], chosen) + np.arange(chosen.sum())


def _pairs(firsts: Ints) -> tuple[list[int], list[int]]:
    return firsts[:-1].tolist(), firsts[1:].tolist()
