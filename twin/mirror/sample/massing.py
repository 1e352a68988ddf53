"""From masses to closed surfaces: every shell bounds one solid, seen from outside its rings run counter-clockwise."""

import math
from collections.abc import Iterable, Iterator

import numpy as np
from shapely import LineString, Polygon
from shapely.geometry.polygon import orient

from twin.mirror.sample.model import Mass, Tier
from twin.mirror.sample.shapes import Vector

Ring = list[tuple[float, float, float]]
Face = tuple[list[Ring], str]
GROUND, WALL, ROOF = "GroundSurface", "WallSurface", "RoofSurface"


def shell(mass: Mass, base: float) -> list[Face]:
    """The faces of `mass` for a building whose foot is at the height `base`."""
    draw = {"flat": _flat, "gable": _ridged, "hip": _ridged, "ell": _ell}[mass.roof]
    return list(draw(mass, base))


def ell(a: float, b: float, width: float) -> list[tuple[float, float]]:
    """The outline of an L of two wings of equal `width`, reaching `a` and `b` from the outer corner at (0, 0)."""
    return [(0, 0), (a, 0), (a, width), (width, width), (width, b), (0, b)]


def _points(polygon: Polygon) -> Iterator[list[tuple[float, float]]]:
    oriented = orient(polygon)
    for ring in (oriented.exterior, *oriented.interiors):
        yield [(x, y) for x, y in ring.coords[:-1]]


def _at(points: Iterable[tuple[float, float]], height: float) -> Ring:
    return [(x, y, height) for x, y in points]


def _walls(ring: list[tuple[float, float]], low: float, high: float) -> Iterator[Face]:
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        yield [[(ax, ay, low), (bx, by, low), (bx, by, high), (ax, ay, high)]], WALL


def _flat(mass: Mass, base: float) -> Iterator[Face]:
    low, high = base + mass.foot, base + mass.top
    rings = list(_points(mass.shape))
    soles = [list(reversed(next(_points(leg)))) for leg in mass.legs]
    yield (
        [
            [*reversed(_at(rings[0], low))],
            *(list(reversed(_at(ring, low))) for ring in rings[1:]),
            *(list(reversed(_at(sole, low))) for sole in soles),
        ],
        GROUND,
    )
    for leg in mass.legs:
        ring = next(_points(leg))
        yield from _walls(ring, base, low)
        yield [list(reversed(_at(ring, base)))], GROUND
    for ring in rings:
        yield from _walls(ring, low, high)
    yield from _roof(rings, high, mass.tiers)


def _roof(rings: list[list[tuple[float, float]]], height: float, tiers: tuple[Tier, ...]) -> Iterator[Face]:
    outlines = [next(_points(tier.shape)) for tier in tiers]
    yield (
        [*(_at(ring, height) for ring in rings), *(list(reversed(_at(outline, height))) for outline in outlines)],
        ROOF,
    )
    for tier, outline in zip(tiers, outlines, strict=True):
        # The same order of corners serves boxes and recesses: below the roof it turns the wall inward, as it must.
        yield from _walls(outline, height, height + tier.rise)
        yield from _roof([outline], height + tier.rise, tier.tops)


def _ridged(mass: Mass, base: float) -> Iterator[Face]:
    low, eaves, ridge = base + mass.foot, base + mass.top, base + mass.top + mass.rise
    ring = next(_points(mass.shape))
    corners = np.asarray(ring)
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    if mass.roof == "hip":
        step = (end - start) / np.hypot(*(end - start)) * np.hypot(*(corners[3] - corners[0])) / 2
        start, end = start + step, end - step
    a, b = (float(start[0]), float(start[1]), ridge), (float(end[0]), float(end[1]), ridge)
    p0, p1, p2, p3 = _at(ring, eaves)
    yield [list(reversed(_at(ring, low)))], GROUND
    walls = list(_walls(ring, low, eaves))
    yield walls[0]
    yield walls[2]
    yield [[p0, p1, b, a]], ROOF
    yield [[p2, p3, a, b]], ROOF
    if mass.roof == "hip":
        yield walls[1]
        yield walls[3]
        yield [[p1, p2, b]], ROOF
        yield [[p3, p0, a]], ROOF
        return
    for wall, peak in ((walls[1], b), (walls[3], a)):
        lower_a, lower_b, upper_b, upper_a = wall[0][0]
        yield [[lower_a, lower_b, upper_b, peak, upper_a]], WALL


def _ell(mass: Mass, base: float) -> Iterator[Face]:
    low, eaves, ridge = base + mass.foot, base + mass.top, base + mass.top + mass.rise
    ring = next(_points(mass.shape))
    corners = np.asarray(ring)

    def up(point: Vector) -> tuple[float, float, float]:
        return float(point[0]), float(point[1]), ridge

    middle = up((corners[0] + corners[3]) / 2)
    along, aside = up((corners[1] + corners[2]) / 2), up((corners[4] + corners[5]) / 2)
    p0, p1, p2, p3, p4, p5 = _at(ring, eaves)
    yield [list(reversed(_at(ring, low)))], GROUND
    for number, wall in enumerate(_walls(ring, low, eaves)):
        if number not in (1, 4):
            yield wall
            continue
        lower_a, lower_b, upper_b, upper_a = wall[0][0]
        yield [[lower_a, lower_b, upper_b, along if number == 1 else aside, upper_a]], WALL
    yield [[p0, p1, along, middle]], ROOF
    yield [[p2, p3, middle, along]], ROOF
    yield [[p3, p4, aside, middle]], ROOF
    yield [[p5, p0, middle, aside]], ROOF


def spans(line: LineString, width: float, step: float) -> Iterator[tuple[Polygon, float, float]]:
    """Quadrilaterals of `width` along `line`, each with the shares of the line's length where it starts and ends."""
    count = max(1, math.ceil(line.length / step))
    shares = np.linspace(0, 1, count + 1)
    centres = np.array([line.interpolate(share, normalized=True).coords[0] for share in shares])
    ahead = np.array([line.interpolate(min(share + 0.002, 1), normalized=True).coords[0] for share in shares])
    behind = np.array([line.interpolate(max(share - 0.002, 0), normalized=True).coords[0] for share in shares])
    way = (ahead - behind) / np.linalg.norm(ahead - behind, axis=1, keepdims=True)
    side = np.column_stack([-way[:, 1], way[:, 0]]) * width / 2
    for k in range(count):
        quad = [centres[k] - side[k], centres[k + 1] - side[k + 1], centres[k + 1] + side[k + 1], centres[k] + side[k]]
        yield Polygon(quad), float(shares[k]), float(shares[k + 1])


def deck(quad: Polygon, heights: tuple[float, float], depth: float) -> list[Face]:
    """A slab whose top runs from one height to the other between the first and second pair of corners of `quad`."""
    ring = [(x, y) for x, y in quad.exterior.coords[:-1]]
    tops = (heights[0], heights[1], heights[1], heights[0])
    top = [(x, y, z) for (x, y), z in zip(ring, tops, strict=True)]
    low = [(x, y, z - depth) for x, y, z in top]
    faces: list[Face] = [([list(reversed(low))], "OuterFloorSurface"), ([top], ROOF)]
    for k in range(4):
        n = (k + 1) % 4
        faces.append(([[low[k], low[n], top[n], top[k]]], WALL))
    return faces
