"""From polygons in space to triangles that face outward, for a whole city at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import SurfaceSet
from twin.mirror.tiles.faces import Faces, gather
from twin.mirror.tiles.triangulation import Cut, cut_faces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# A face smaller than a square centimetre is a flaw of the data; a bottom may be uneven by survey noise.
LEAST_AREA_M2 = 1e-4
BOTTOM_M = 0.05


@dataclass(slots=True, frozen=True)
class MeshFaults:
    """What meshing met: counts of faces, except `inverted` and `empty`, which count surface sets."""

    faces: int
    degenerate: int  # no area: dropped
    repaired: int  # crossed themselves: cut into parts that do not
    failed: int  # could not be cut into triangles: dropped
    inverted: int  # closed sets whose faces looked inward: turned
    empty: int  # sets of which nothing is left


@dataclass(slots=True, frozen=True)
class Mesh:
    """Triangles of several surface sets, sorted by set; normals follow from the counter-clockwise winding.

    Vertices are not shared between faces; `glb.quantise` welds them.
    """

    vertices: Floats  # (n, 3) local ENU, metres
    triangles: Ints  # (m, 3) indices into `vertices`
    owners: Ints  # (m,) which set each triangle comes from, ascending
    faults: MeshFaults

    def of(self, owners: Ints) -> tuple[Floats, Ints, Ints]:
        """Vertices, triangles and, for each triangle, the position in `owners` of the set it comes from."""
        starts = np.searchsorted(self.owners, owners)
        counts = np.searchsorted(self.owners, owners, side="right") - starts
        rows = np.repeat(np.arange(len(owners)), counts)
        chosen = self.triangles[gather(starts, counts)]
        used, compact = np.unique(chosen, return_inverse=True)
        return self.vertices[used], compact.reshape(-1, 3), rows


def triangulate(sets: Sequence[SurfaceSet], *, drop_bottoms: bool = False) -> Mesh:
    """Triangles of polygons with holes.

    Parameters
    ----------
    sets
        One surface set for each object.
    drop_bottoms
        Leave out level faces that look down at a set's lowest height: nobody sees what a building stands on.

    Notes
    -----
    Normals by Newell's method; each polygon is cut in the plane of its normal's greatest component. A set counts as
    closed if its faces' area vectors sum to nothing, and is turned if the volume within them is then negative.
    """
    faces = Faces.of(sets)
    areas = faces.area_vectors()
    size = np.linalg.norm(areas, axis=1)
    sound = size > LEAST_AREA_M2
    inverted = _inverted(faces, areas, size, len(sets))
    shown = sound & ~_bottoms(faces, areas, inverted) if drop_bottoms else sound
    cut = cut_faces(faces, areas, np.flatnonzero(shown))
    triangles = np.where(inverted[cut.owners][:, None], cut.triangles[:, ::-1], cut.triangles)
    return _sorted(cut, triangles, _faults(faces, sound, cut, inverted))


def _inverted(faces: Faces, areas: Floats, size: Floats, sets: int) -> NDArray[np.bool_]:
    """Which sets are closed and have their faces look inward."""
    surface = np.bincount(faces.owners, weights=size, minlength=sets)
    gap = np.stack([np.bincount(faces.owners, weights=areas[:, axis], minlength=sets) for axis in range(3)], axis=1)
    centre = np.zeros((sets, 3))
    centre[faces.owners] = faces.first_corners()
    pyramids = np.einsum("ij,ij->i", faces.first_corners() - centre[faces.owners], areas)
    volume = np.bincount(faces.owners, weights=pyramids, minlength=sets)
    closed = np.linalg.norm(gap, axis=1) < 1e-3 * surface
    # Flat sets have no inside; their volume is rounding.
    inward: NDArray[np.bool_] = closed & (volume < -1e-3 * surface)
    return inward


def _bottoms(faces: Faces, areas: Floats, inverted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    down = np.where(inverted[faces.owners], areas[:, 2], -areas[:, 2])
    level = down > 0.99 * np.linalg.norm(areas, axis=1)
    lowest = np.full(int(faces.owners.max(initial=-1)) + 1, np.inf)
    lows, tops = faces.heights()
    np.minimum.at(lowest, faces.owners, lows)
    bottoms: NDArray[np.bool_] = level & (tops < lowest[faces.owners] + BOTTOM_M)
    return bottoms


def _faults(faces: Faces, sound: NDArray[np.bool_], cut: Cut, inverted: NDArray[np.bool_]) -> MeshFaults:
    alive = np.unique(faces.owners[sound])
    return MeshFaults(
        faces=faces.claimed,
        degenerate=faces.claimed - int(sound.sum()),
        repaired=cut.repaired,
        failed=cut.failed,
        inverted=int(inverted.sum()),
        empty=len(inverted) - len(alive),
    )


def _sorted(cut: Cut, triangles: Ints, faults: MeshFaults) -> Mesh:
    order = np.argsort(cut.owners, kind="stable")
    return Mesh(cut.vertices, triangles[order], cut.owners[order], faults)
