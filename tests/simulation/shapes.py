"""Boxes on a plane: scenes whose shadows can be worked out by hand."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from twin.simulation.engines.casting import GROUND, Scene, Site
from twin.simulation.engines.sun import Parameters


def box(e: float, n: float, width: float, depth: float, height: float, z: float = 0.0) -> NDArray[np.float64]:
    """Twelve triangles of a box that stands with its middle at (e, n), outward."""
    x0, x1, y0, y1, z1 = e - width / 2, e + width / 2, n - depth / 2, n + depth / 2, z + height
    a, b, c, d = (x0, y0), (x1, y0), (x1, y1), (x0, y1)
    faces = [[(*p, z), (*q, z), (*q, z1), (*p, z1)] for p, q in ((a, b), (b, c), (c, d), (d, a))]
    faces += [[(*p, z1) for p in (a, b, c, d)], [(*p, z) for p in (d, c, b, a)]]
    return np.array([triangle for f in faces for triangle in ([f[0], f[1], f[2]], [f[0], f[2], f[3]])], dtype=float)


def scene(*boxes: NDArray[np.float64], size: float = 1000.0) -> Scene:
    """Boxes numbered in order, on level ground."""
    corners = [(-size, -size, 0.0), (size, -size, 0.0), (size, size, 0.0), (-size, size, 0.0)]
    ground = np.array([[corners[0], corners[1], corners[2]], [corners[0], corners[2], corners[3]]])
    owners = [np.full(2, GROUND)] + [np.full(12, number) for number in range(len(boxes))]
    return Scene(np.concatenate([ground, *boxes]), np.concatenate(owners).astype(np.int32))


def parameters(site: Site | None = None, step_min: int = 10) -> Parameters:
    """The winter solstice in Seoul."""
    return Parameters(site or Site(0, 0, 100), 37.5665, 126.978, date(2026, 12, 21), "Asia/Seoul", step_min)
