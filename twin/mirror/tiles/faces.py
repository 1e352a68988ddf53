"""Polygons with holes of many surface sets in one set of flat arrays, cleaned of repeated points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import SurfaceSet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Points closer than this are one point.
SAME_POINT_M = 1e-3


def gather(starts: Ints, counts: Ints) -> Ints:
    """The whole numbers of the ranges `starts[i]` to `starts[i] + counts[i]`, one range after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + counts, counts)


def starts_of(counts: Ints) -> Ints:
    """Where each of consecutive runs of these lengths starts, and the end of the last: (n + 1,)."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


@dataclass(slots=True, frozen=True)
class Faces:
    """Ring ``r`` has the points ``points[ring_starts[r]:ring_starts[r + 1]]``; a face's first ring is its shell."""

    points: Floats  # (n, 3)
    ring_starts: Ints  # (rings + 1,)
    face_starts: Ints  # (faces + 1,) into rings
    owners: Ints  # (faces,) index of the surface set
    claimed: int  # faces the sources had; those without three distinct points are gone

    @classmethod
    def of(cls, sets: Sequence[SurfaceSet]) -> "Faces":
        """All faces of `sets`, without repeated points, rings of under three points and faces without a shell."""
        points = [surfaces.vertices[surfaces.rings] for surfaces in sets]
        ring_counts = [np.diff(surfaces.ring_starts) for surfaces in sets]
        face_counts = [np.diff(surfaces.polygon_starts) for surfaces in sets]
        owners = np.repeat(np.arange(len(sets)), [len(counts) for counts in face_counts])
        return cls.cleaned(
            np.concatenate(points) if points else np.empty((0, 3)),
            np.concatenate(ring_counts).astype(np.int64) if ring_counts else np.empty(0, np.int64),
            np.concatenate(face_counts).astype(np.int64) if face_counts else np.empty(0, np.int64),
            owners,
        )

    @classmethod
    def cleaned(cls, points: Floats, ring_counts: Ints, face_counts: Ints, owners: Ints) -> "Faces":
        """From the points of all rings, the points in each ring and the rings in each face; rings may be closed."""
        ring_of_point = np.repeat(np.arange(len(ring_counts)), ring_counts)
        following = _following(starts_of(ring_counts), len(points))
        distinct = np.abs(points - points[following]).max(axis=1, initial=0.0) > SAME_POINT_M
        distinct &= np.isfinite(points).all(axis=1)
        points, ring_of_point = points[distinct], ring_of_point[distinct]
        kept_counts = np.bincount(ring_of_point, minlength=len(ring_counts))

        face_of_ring = np.repeat(np.arange(len(face_counts)), face_counts)
        shells = starts_of(face_counts)[:-1]
        has_shell = np.zeros(len(face_counts), dtype=bool)
        nonempty = face_counts > 0
        has_shell[nonempty] = kept_counts[shells[nonempty]] >= 3
        ring_kept = (kept_counts >= 3) & has_shell[face_of_ring]

        ring_per_face = np.bincount(face_of_ring[ring_kept], minlength=len(face_counts))
        return cls(
            points=points[ring_kept[ring_of_point]],
            ring_starts=starts_of(kept_counts[ring_kept]),
            face_starts=starts_of(ring_per_face[has_shell]),
            owners=owners[has_shell],
            claimed=len(face_counts),
        )

    def __len__(self) -> int:
        return len(self.owners)

    def first_corners(self) -> Floats:
        """(faces, 3): a point of each face."""
        return self.points[self.ring_starts[self.face_starts[:-1]]]

    def area_vectors(self) -> Floats:
        """(faces, 3): each face's normal, as long as its area (Newell); holes count against the shell."""
        if not len(self):
            return np.empty((0, 3))
        rings = self._ring_area_vectors()
        shells = self.face_starts[:-1]
        face_of_ring = np.repeat(np.arange(len(self)), np.diff(self.face_starts))
        # A hole takes away, whichever way its source runs.
        sign = np.where(np.einsum("ij,ij->i", rings, rings[shells][face_of_ring]) > 0, -1.0, 1.0)
        sign[shells] = 1.0
        return np.add.reduceat(rings * sign[:, None], shells, axis=0)

    def following(self) -> Ints:
        """(points,): the index of the next point along each point's ring."""
        return _following(self.ring_starts, len(self.points))

    def heights(self) -> tuple[Floats, Floats]:
        """Least and greatest height of each face."""
        starts = self.ring_starts[self.face_starts[:-1]]
        z = self.points[:, 2]
        if not len(starts):
            return np.empty(0), np.empty(0)
        return np.minimum.reduceat(z, starts), np.maximum.reduceat(z, starts)

    def _ring_area_vectors(self) -> Floats:
        # Relative to the ring's own first point, so that large coordinates lose no digits.
        origin = np.repeat(self.points[self.ring_starts[:-1]], np.diff(self.ring_starts), axis=0)
        spokes = self.points - origin
        return np.add.reduceat(np.cross(spokes, spokes[self.following()]), self.ring_starts[:-1], axis=0) / 2


def _following(ring_starts: Ints, points: int) -> Ints:
    following = np.arange(1, points + 1)
    occupied = np.diff(ring_starts) > 0
    following[ring_starts[1:][occupied] - 1] = ring_starts[:-1][occupied]
    return following
