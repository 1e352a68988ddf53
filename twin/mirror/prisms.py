"""Buildings from footprints: a floor, a roof and a wall over every edge, for all footprints of a city at once."""

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import Semantic
from twin.mirror.rings import Ints, Rings, gather, starts


def prisms(footprints: Rings, xy: NDArray[np.float64]) -> Rings:
    """Closed blocks over footprints.

    Parameters
    ----------
    footprints
        One set for each building, of one or more polygons with holes, however they turn.
    xy
        Places (n, 2) of the vertices in the plane, x to the right of y.

    Returns
    -------
    Rings
        The same sets. Index ``i`` is a vertex of the floor and ``i + n`` the one above it on the roof. Shells run
        counter-clockwise seen from outside, holes clockwise. Polygons are in the order floors, roofs, walls.
    """
    turned = _turned(footprints, xy)
    count = len(turned.indices)
    ring_starts = starts(turned.ring_sizes)
    following = np.arange(count) + 1
    filled = turned.ring_sizes > 0
    following[ring_starts[1:][filled] - 1] = ring_starts[:-1][filled]
    bottom, top = turned.indices, turned.indices + len(xy)
    backwards = ring_starts[:-1][turned.ring_of] + ring_starts[1:][turned.ring_of] - 1 - np.arange(count)
    walls = np.column_stack([bottom, bottom[following], top[following], top]).ravel()
    polygons = len(turned.polygon_sizes)
    set_of_polygon = turned.set_of_polygon
    set_of_wall = np.repeat(set_of_polygon[turned.polygon_of_ring], turned.ring_sizes)
    everything = Rings(
        indices=np.concatenate([bottom[backwards], top, walls]),
        ring_sizes=np.concatenate([turned.ring_sizes, turned.ring_sizes, np.full(count, 4)]),
        polygon_sizes=np.concatenate([turned.polygon_sizes, turned.polygon_sizes, np.ones(count, dtype=np.int64)]),
        semantics=np.repeat(
            np.array([Semantic.GROUND, Semantic.ROOF, Semantic.WALL], dtype=np.uint8), [polygons, polygons, count]
        ),
        set_sizes=turned.set_sizes,  # replaced below
    )
    return _regrouped(everything, np.concatenate([set_of_polygon, set_of_polygon, set_of_wall]), len(turned.set_sizes))


def signed_areas(rings: Rings, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice the area of every ring, positive where it runs counter-clockwise."""
    firsts = starts(rings.ring_sizes)
    filled = rings.ring_sizes > 0
    following = np.arange(len(rings.indices)) + 1
    following[firsts[1:][filled] - 1] = firsts[:-1][filled]
    # Around each ring's own first point, so that large coordinates cost no digits.
    place = xy[rings.indices] - xy[rings.indices[firsts[:-1][rings.ring_of]]]
    cross = place[:, 0] * place[following, 1] - place[following, 0] * place[:, 1]
    return np.bincount(rings.ring_of, weights=cross, minlength=len(rings.ring_sizes)).astype(np.float64)


def _turned(rings: Rings, xy: NDArray[np.float64]) -> Rings:
    """Shells counter-clockwise, holes clockwise."""
    is_shell = np.zeros(len(rings.ring_sizes), dtype=bool)
    is_shell[starts(rings.polygon_sizes)[:-1]] = True
    wrong = (signed_areas(rings, xy) > 0) != is_shell
    firsts, ring_of = starts(rings.ring_sizes), rings.ring_of
    position = np.arange(len(rings.indices))
    mirrored = firsts[:-1][ring_of] + firsts[1:][ring_of] - 1 - position
    order = np.where(wrong[ring_of], mirrored, position)
    return Rings(rings.indices[order], rings.ring_sizes, rings.polygon_sizes, rings.semantics, rings.set_sizes)


def _regrouped(rings: Rings, set_of_polygon: Ints, sets: int) -> Rings:
    """The same polygons with those of each set together, in the order they had."""
    polygons = np.argsort(set_of_polygon, kind="stable")
    ring_order = gather(starts(rings.polygon_sizes), rings.polygon_sizes, polygons)
    index_order = gather(starts(rings.ring_sizes), rings.ring_sizes, ring_order)
    return Rings(
        indices=rings.indices[index_order],
        ring_sizes=rings.ring_sizes[ring_order],
        polygon_sizes=rings.polygon_sizes[polygons],
        semantics=rings.semantics[polygons],
        set_sizes=np.bincount(set_of_polygon, minlength=sets),
    )
