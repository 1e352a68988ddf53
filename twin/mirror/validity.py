"""What is wrong with the surfaces of city objects, checked for all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, SurfaceSet
from twin.mirror.readers.reading import Fault
from twin.mirror.rings import Ints, gather, starts

Floats = NDArray[np.float64]

PLANAR_TOLERANCE_M = 0.05  # what a wall may bulge; surveys are good to a few centimetres
MIN_AREA_M2 = 1e-4  # a square centimetre
_SAME_POINT_M = 0.001
_BATCH = 200_000  # polygons checked at once: bounds memory


@dataclass(slots=True)
class Soup:
    """Surfaces of many sets, one after another; ``*_of`` names the owner of each piece."""

    vertices: Floats
    rings: Ints
    ring_sizes: Ints
    polygon_sizes: Ints
    set_sizes: Ints

    @classmethod
    def of(cls, sets: list[SurfaceSet]) -> "Soup":
        offsets = starts(np.array([len(s.vertices) for s in sets], dtype=np.int64))[:-1].tolist()
        return cls(
            vertices=np.concatenate([s.vertices for s in sets]),
            rings=np.concatenate([s.rings.astype(np.int64) + o for s, o in zip(sets, offsets, strict=True)]),
            ring_sizes=np.concatenate([np.diff(s.ring_starts) for s in sets]).astype(np.int64),
            polygon_sizes=np.concatenate([np.diff(s.polygon_starts) for s in sets]).astype(np.int64),
            set_sizes=np.array([len(s) for s in sets], dtype=np.int64),
        )


def check_surfaces(features: list[Feature], solids: set[tuple[str, str]]) -> Iterator[Fault]:
    """Faults of the surfaces of all levels of detail; what claims to be a solid must also close and face outward.

    The rings themselves were cleaned by the reader. Details are in metres and free of words.
    """
    owners: list[tuple[str, str]] = []
    sets: list[SurfaceSet] = []
    waiting = 0
    for feature in features:
        for lod, surfaces in feature.lods.items():
            if not len(surfaces):
                continue
            owners.append((feature.source_id, lod))
            sets.append(surfaces)
            waiting += len(surfaces)
        if waiting >= _BATCH:
            yield from _check(owners, sets, solids)
            owners, sets, waiting = [], [], 0
    if sets:
        yield from _check(owners, sets, solids)


def _check(owners: list[tuple[str, str]], sets: list[SurfaceSet], solids: set[tuple[str, str]]) -> Iterator[Fault]:
    soup = Soup.of(sets)
    shape = _Shape.of(soup)

    def faults(code: str, wrong_sets: Ints, details: list[str]) -> Iterator[Fault]:
        for place, detail in zip(wrong_sets.tolist(), details, strict=True):
            source_id, lod = owners[place]
            yield Fault(code, source_id, f"LoD{lod}: {detail}" if detail else f"LoD{lod}")

    flat = shape.area < MIN_AREA_M2
    wrong, counts = np.unique(shape.set_of_polygon[flat], return_counts=True)
    yield from faults("zero_area", wrong, [f"× {count}" for count in counts.tolist()])

    bulge = np.zeros(len(sets))
    np.maximum.at(bulge, shape.set_of_polygon[~flat], shape.bulge[~flat])
    wrong = np.flatnonzero(bulge > PLANAR_TOLERANCE_M)
    yield from faults("not_planar", wrong, [f"{value:.2f} m" for value in bulge[wrong].tolist()])

    crossing = _self_intersections(soup, shape, ~flat)
    wrong = np.array(sorted(crossing), dtype=np.int64)
    yield from faults("self_intersection", wrong, [crossing[place] for place in wrong.tolist()])

    is_solid = np.array([owner in solids for owner in owners], dtype=bool)
    if is_solid.any():
        loose, turned = _edges(soup, shape, is_solid)
        yield from faults("open_solid", np.flatnonzero(loose), [f"× {n}" for n in loose[loose > 0].tolist()])
        wrong = np.flatnonzero((turned > 0) & (loose == 0))
        yield from faults("mixed_orientation", wrong, [f"× {n}" for n in turned[wrong].tolist()])
        inverted = is_solid & (loose == 0) & (turned == 0) & (_volumes(soup, shape) < 0)
        wrong = np.flatnonzero(inverted)
        yield from faults("inverted", wrong, [""] * len(wrong))


@dataclass(slots=True)
class _Shape:
    """What the checks share: owners, and the plane of every polygon."""

    ring_of: Ints  # of each index
    polygon_of_ring: Ints
    set_of_polygon: Ints
    following: Ints  # the next index around the same ring
    normal: Floats  # (polygons, 3) unit, of the shell with its holes taken off
    area: Floats  # (polygons,)
    bulge: Floats  # (polygons,) greatest distance of a vertex from the plane

    @classmethod
    def of(cls, soup: Soup) -> "_Shape":
        ring_of = np.repeat(np.arange(len(soup.ring_sizes)), soup.ring_sizes)
        polygon_of_ring = np.repeat(np.arange(len(soup.polygon_sizes)), soup.polygon_sizes)
        firsts = starts(soup.ring_sizes)
        following = np.arange(len(soup.rings)) + 1
        following[firsts[1:] - 1] = firsts[:-1]
        polygon_of = polygon_of_ring[ring_of]
        first_ring = starts(soup.polygon_sizes)[:-1]
        corner = soup.vertices[soup.rings[firsts[:-1][first_ring]]]  # a point on each polygon
        place = soup.vertices[soup.rings] - corner[polygon_of]
        cross = np.cross(place, place[following])
        vector = np.column_stack(
            [np.bincount(polygon_of, weights=cross[:, k], minlength=len(corner)) for k in range(3)]
        )
        length = np.linalg.norm(vector, axis=1)
        normal = vector / np.where(length > 0, length, 1)[:, None]
        distance = np.einsum("ij,ij->i", place, normal[polygon_of])
        sizes = np.bincount(polygon_of, minlength=len(corner))
        middle = np.bincount(polygon_of, weights=distance, minlength=len(corner)) / sizes
        bulge = np.zeros(len(corner))
        np.maximum.at(bulge, polygon_of, np.abs(distance - middle[polygon_of]))
        set_of_polygon = np.repeat(np.arange(len(soup.set_sizes)), soup.set_sizes)
        return cls(ring_of, polygon_of_ring, set_of_polygon, following, normal, length / 2, bulge)


def _self_intersections(soup: Soup, shape: _Shape, candidates: NDArray[np.bool_]) -> dict[int, str]:
    """Why a polygon of a set is no polygon in its own plane, by set; triangles always are."""
    points_of_polygon = np.bincount(shape.polygon_of_ring[shape.ring_of], minlength=len(shape.area))
    chosen = np.flatnonzero(candidates & (points_of_polygon > 3))
    if not chosen.size:
        return {}
    ring_order = gather(starts(soup.polygon_sizes), soup.polygon_sizes, chosen)
    index_order = gather(starts(soup.ring_sizes), soup.ring_sizes, ring_order)
    polygon_of = shape.polygon_of_ring[shape.ring_of[index_order]]
    points = soup.vertices[soup.rings[index_order]]
    right, up = _axes(shape.normal)
    plane = np.column_stack(
        [np.einsum("ij,ij->i", points, right[polygon_of]), np.einsum("ij,ij->i", points, up[polygon_of])]
    )
    sizes = soup.ring_sizes[ring_order]
    rings = shapely.linearrings(plane, indices=np.repeat(np.arange(len(sizes)), sizes))
    owner = np.repeat(np.arange(len(chosen)), soup.polygon_sizes[chosen])
    polygons = shapely.polygons(rings, indices=owner)
    wrong = np.flatnonzero(~shapely.is_valid(polygons))
    reasons = shapely.is_valid_reason(polygons[wrong])
    return {
        int(place): str(reason).split("[")[0]
        for place, reason in zip(shape.set_of_polygon[chosen[wrong]], reasons, strict=True)
    }


def _axes(normal: Floats) -> tuple[Floats, Floats]:
    """Two unit vectors in the plane of each normal."""
    helper = np.where(np.abs(normal[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    right = np.cross(helper, normal)
    right /= np.maximum(np.linalg.norm(right, axis=1), 1e-12)[:, None]
    return right, np.cross(normal, right)


def _edges(soup: Soup, shape: _Shape, is_solid: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """For each set, edges without a neighbour, and edges that both neighbours run through the same way."""
    set_of_index = shape.set_of_polygon[shape.polygon_of_ring[shape.ring_of]]
    used = np.flatnonzero(is_solid[set_of_index])
    owner = set_of_index[used]
    # Vertices are the same where they stand at the same millimetre of the same set.
    grid = np.round(soup.vertices / _SAME_POINT_M).astype(np.int64)
    factors = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64).view(np.int64)
    with np.errstate(over="ignore"):
        mixed = (grid * factors).sum(axis=1)
        mixed ^= mixed >> 29
    _values, point = np.unique(mixed, return_inverse=True)
    a, b = point[soup.rings[used]], point[soup.rings[shape.following[used]]]
    real = a != b
    a, b, owner = a[real], b[real], owner[real]
    count = np.int64(len(_values))
    order = np.lexsort((np.minimum(a, b) * count + np.maximum(a, b), owner))
    key = (np.minimum(a, b) * count + np.maximum(a, b))[order]
    owner, way = owner[order], np.where(a < b, 1, -1)[order]
    first = np.flatnonzero(np.concatenate([[True], (key[1:] != key[:-1]) | (owner[1:] != owner[:-1])]))
    uses = np.diff(np.append(first, len(key)))
    balance = np.add.reduceat(way, first)
    sets = len(soup.set_sizes)
    loose = np.bincount(owner[first[uses % 2 == 1]], minlength=sets)
    turned = np.bincount(owner[first[(uses % 2 == 0) & (balance != 0)]], minlength=sets)
    return loose, turned


def _volumes(soup: Soup, shape: _Shape) -> Floats:
    """Signed volume of each set in cubic metres, positive where surfaces face outward."""
    firsts = starts(soup.ring_sizes)[:-1]
    first_ring = starts(soup.polygon_sizes)[:-1]
    corner = soup.vertices[soup.rings[firsts[first_ring]]]
    origin = corner[starts(soup.set_sizes)[:-1]]
    height = np.einsum("ij,ij->i", corner - origin[shape.set_of_polygon], shape.normal)
    parts = height * shape.area / 3
    return np.bincount(shape.set_of_polygon, weights=parts, minlength=len(soup.set_sizes)).astype(np.float64)
