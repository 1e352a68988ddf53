"""Scenes of triangles in Embree, and the points that are asked whether they see the sun."""

from dataclasses import dataclass

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from numpy.typing import NDArray

GROUND = -1
NOBODY = -2

# Samples stand this far off their surface, so that they do not shade themselves.
CLEARANCE_M = 0.05
# A triangle is a wall's when its normal leans less than 30° from level.
WALL_TILT = 0.5
RAYS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Scene:
    """Triangles that cast shadows.

    `triangles` is (n, 3, 3), metres in a local ENU frame, counter-clockwise from outside; `owners` is (n,): the
    number of the building that a triangle belongs to, or `GROUND`.
    """

    triangles: NDArray[np.float64]
    owners: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is asked: a circle in the scene's frame, in metres, and how densely."""

    e: float
    n: float
    radius_m: float
    facade_spacing_m: float = 3.0
    ground_spacing_m: float = 2.0
    # Buildings that the design removes or replaces: neither neighbours nor measured.
    changed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if min(self.radius_m, self.facade_spacing_m, self.ground_spacing_m) <= 0:
            raise ValueError("A site's radius and spacings must be positive.")


@dataclass(frozen=True, slots=True)
class Samples:
    """Points that are asked whether they see the sun."""

    points: NDArray[np.float64]  # (s, 3)
    normals: NDArray[np.float64]  # (s, 3)
    areas: NDArray[np.float64]  # (s,) the square metres that each stands for
    owners: NDArray[np.int32]  # (s,)


class Caster:
    """A scene in Embree, moved so that the site is at the origin, where float32 is good to a tenth of a millimetre."""

    def __init__(self, scene: Scene, origin: NDArray[np.float64]) -> None:
        self._origin = origin
        self._scene = rtcore_scene.EmbreeScene()
        self._mesh = TriangleMesh(self._scene, np.ascontiguousarray(scene.triangles - origin, dtype=np.float32))
        self._owners = scene.owners

    def sees(self, sun: NDArray[np.float64], samples: Samples) -> NDArray[np.bool_]:
        """Which samples see the sun: they face it, it is up, and nothing stands between."""
        lit: NDArray[np.bool_] = samples.normals @ sun > 1e-6
        if sun[2] <= 0:
            return np.zeros_like(lit)
        facing = np.flatnonzero(lit)
        points = samples.points[facing] + samples.normals[facing] * CLEARANCE_M - self._origin
        for start in range(0, len(facing), RAYS_AT_ONCE):
            part = slice(start, start + RAYS_AT_ONCE)
            rays = np.ascontiguousarray(points[part], dtype=np.float32)
            towards = np.broadcast_to(sun.astype(np.float32), rays.shape).copy()
            lit[facing[part]] = self._scene.run(rays, towards, query="OCCLUDED") != 0
        return lit

    def owner_below(self, points: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Who is met first straight down from high above each point (or `NOBODY`), and at which height."""
        high = 2_000.0
        rays = np.column_stack([points[:, :2] - self._origin[:2], np.full(len(points), high)]).astype(np.float32)
        down = np.broadcast_to(np.array([0, 0, -1], dtype=np.float32), rays.shape).copy()
        found = self._scene.run(rays, down, query="INTERSECT")
        hit = found >= 0
        owners = np.where(hit, self._owners[np.where(hit, found, 0)], NOBODY).astype(np.int32)
        distance = self._scene.run(rays, down, query="DISTANCE")
        return owners, high - np.asarray(distance, dtype=np.float64)


def facade_samples(scene: Scene, site: Site) -> Samples:
    """Middles of equal parts of the neighbours' wall triangles, none larger than the spacing squared."""
    edges = scene.triangles[:, 1:] - scene.triangles[:, :1]
    cross = np.cross(edges[:, 0], edges[:, 1])
    doubled = np.linalg.norm(cross, axis=1)
    normals = cross / np.maximum(doubled, 1e-12)[:, None]
    middles = scene.triangles.mean(axis=1)
    distance = np.linalg.norm(middles[:, :2] - np.array([site.e, site.n]), axis=1)
    neighbours = np.unique(scene.owners[(distance <= site.radius_m) & (scene.owners >= 0)])
    neighbours = neighbours[~np.isin(neighbours, list(site.changed))]
    wanted = np.isin(scene.owners, neighbours) & (np.abs(normals[:, 2]) < WALL_TILT) & (doubled > 1e-3)
    parts = np.ceil(np.sqrt(doubled / 2) / site.facade_spacing_m).astype(int)
    points, facing, areas, owners = [], [], [], []
    for count in np.unique(parts[wanted]):
        chosen = np.flatnonzero(wanted & (parts == count))
        weights = _subtriangle_middles(int(count))
        points.append(np.einsum("wk,tkx->twx", weights, scene.triangles[chosen]).reshape(-1, 3))
        facing.append(np.repeat(normals[chosen], len(weights), axis=0))
        areas.append(np.repeat(doubled[chosen] / 2 / len(weights), len(weights)))
        owners.append(np.repeat(scene.owners[chosen], len(weights)))
    if not points:
        return _no_samples()
    return Samples(np.concatenate(points), np.concatenate(facing), np.concatenate(areas), np.concatenate(owners))


def _subtriangle_middles(count: int) -> NDArray[np.float64]:
    """Barycentric middles of the ``count²`` equal triangles that a triangle falls into, (count², 3)."""
    middles = []
    for i in range(count):
        for j in range(count - i):
            middles.append((i + 1 / 3, j + 1 / 3))
            if i + j < count - 1:
                middles.append((i + 2 / 3, j + 2 / 3))
    first = np.array(middles) / count
    return np.column_stack([first, 1 - first.sum(axis=1)])


def ground_samples(before: Caster, after: Caster, scene: Scene, site: Site) -> tuple[NDArray[np.int32], Samples]:
    """Points on open ground within the radius, and the square grid of their numbers (-1: a building, -2: no ground).

    Rows of the grid run north, columns east. Ground is open where no building
    covers it, neither now nor with the design.
    """
    step, radius = site.ground_spacing_m, site.radius_m
    size = int(np.ceil(2 * radius / step))
    offsets = (np.arange(size) + 0.5) * step - radius
    e, n = np.meshgrid(site.e + offsets, site.n + offsets)
    points = np.column_stack([e.ravel(), n.ravel(), np.zeros(size * size)])
    inside = np.hypot(points[:, 0] - site.e, points[:, 1] - site.n) <= radius
    owner_before, height = before.owner_below(points)
    owner_after, _ = after.owner_below(points)
    has_terrain = bool((scene.owners == GROUND).any())
    floor = GROUND if has_terrain else NOBODY
    is_open = inside & (owner_before == floor) & (owner_after == floor)
    points[:, 2] = np.where(is_open & has_terrain, height, _floor(scene))
    grid = np.where(inside & (np.maximum(owner_before, owner_after) >= 0), -1, -2).astype(np.int32)
    grid[is_open] = np.arange(int(is_open.sum()))
    count = int(is_open.sum())
    samples = Samples(
        points=points[is_open],
        normals=np.tile([0.0, 0.0, 1.0], (count, 1)),
        areas=np.full(count, step * step),
        owners=np.full(count, GROUND, dtype=np.int32),
    )
    return grid.reshape(size, size), samples


def _floor(scene: Scene) -> float:
    """The height of level ground in a scene without terrain: that of its buildings' feet."""
    return float(np.median(scene.triangles[:, :, 2].min(axis=1)))


def _no_samples() -> Samples:
    return Samples(np.empty((0, 3)), np.empty((0, 3)), np.empty(0), np.empty(0, dtype=np.int32))


def joined(first: Samples, second: Samples) -> Samples:
    return Samples(
        np.concatenate([first.points, second.points]),
        np.concatenate([first.normals, second.normals]),
        np.concatenate([first.areas, second.areas]),
        np.concatenate([first.owners, second.owners]),
    )
