"""Apartment complexes: parallel rows facing south, gardens between them, a clubhouse, shops at the gate."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample.lots import Rng, parapet
from twin.mirror.sample.model import Building, Cover, Mass
from twin.mirror.sample.shapes import Vector, frame, inside, place, polygons, rectangle, strip
from twin.mirror.sample.streets import Street

STOREY = 2.85


@dataclass(slots=True)
class Complex:
    """What a complex consists of."""

    buildings: list[Building] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    drives: list[Street] = field(default_factory=list)


def _south_facing(block: Polygon) -> Vector:
    """The direction of the rows: that of the block's nearer side, never more than 24° off east-west."""
    _, along, across, _, _ = frame(block)
    best = along if abs(along[0]) >= abs(across[0]) else across
    angle = math.atan2(best[1], best[0])
    angle = (angle + math.pi / 2) % math.pi - math.pi / 2
    angle = float(np.clip(angle, -0.42, 0.42))
    return np.array([math.cos(angle), math.sin(angle)])


def _slab(length: float, depth: float) -> list[tuple[float, float]]:
    """A slab with a stair core standing out to the north for every two flats of a floor."""
    cores = max(1, round(length / 21))
    bay = length / cores
    top: list[tuple[float, float]] = []
    for core in range(cores):
        middle = -length / 2 + (core + 0.5) * bay
        top += [
            (middle - 2.6, depth / 2),
            (middle - 2.6, depth / 2 + 1.6),
            (middle + 2.6, depth / 2 + 1.6),
            (middle + 2.6, depth / 2),
        ]
    corners = [(length / 2, depth / 2), *reversed(top), (-length / 2, depth / 2)]
    # The ends of a slab step back a little, as the smaller flats there do.
    end = min(bay / 2, length / 2 - 4.0)
    return [
        (-length / 2, -depth / 2 + 0.9),
        (-length / 2 + end, -depth / 2 + 0.9),
        (-length / 2 + end, -depth / 2),
        (length / 2 - end, -depth / 2),
        (length / 2 - end, -depth / 2 + 0.9),
        (length / 2, -depth / 2 + 0.9),
        *corners,
    ]


def _corner_tower(size: float) -> list[tuple[float, float]]:
    """A tower of three wings around a core: an angular Y, open to the south."""
    s, w = size / 2, size * 0.21
    return [
        (-s, -s * 0.62),
        (-s + 2 * w, -s * 0.62),
        (-s + 2 * w, -w * 0.2),
        (s - 2 * w, -w * 0.2),
        (s - 2 * w, -s * 0.62),
        (s, -s * 0.62),
        (s, w * 1.7),
        (w, w * 1.7),
        (w, s * 0.86),
        (-w, s * 0.86),
        (-w, w * 1.7),
        (-s, w * 1.7),
    ]


def _ell_tower(size: float) -> list[tuple[float, float]]:
    """An L-shaped tower with a broken inner corner."""
    s, d = size / 2, size * 0.4
    return [(-s, -s), (-s + d, -s), (-s + d, s - d - 3), (-s + d + 3, s - d), (s, s - d), (s, s), (-s, s)]


def build(block: Polygon, rng: Rng, name: str, name_en: str, key: str, towers: bool) -> Complex:
    """Fill `block` with one complex. `towers`: high point blocks, as built since 2000; else slabs in rows."""
    made = Complex()
    along = _south_facing(block)
    across = np.array([-along[1], along[0]])
    storeys = int(rng.integers(21, 27)) if towers else int(rng.integers(12, 16))
    year = int(rng.integers(2003, 2021)) if towers else int(rng.integers(1987, 1999))
    centre = np.asarray(block.centroid.coords[0])
    inner = block.buffer(-9.0)
    depth = 12.5
    pitch = depth + (38.0 if towers else 31.0)
    number = 101
    houses: list[Polygon] = []
    extras = _shops_at_the_gate(block, rng, name, name_en, key, year)
    kept_free: BaseGeometry = shapely.union_all([building.footprint for building in extras]).buffer(7.0)
    for order, row in enumerate(_rows(inner, along, across, pitch, depth + 6)):
        for lot in _lots_in(row, along, rng, 36.0 if towers else float(rng.uniform(52, 66)), 15.0 if towers else 11.0):
            at, length = lot
            garden = np.hypot(*(at - centre)) < 30 and order % 2 == 1
            if garden:
                continue
            shape = _placed(_outline(towers, length, depth, rng), at, along, across, inner, kept_free)
            if shape is None:
                continue
            floors = storeys + int(rng.integers(-2, 4)) + order - (6 if towers and rng.random() < 0.2 else 0)
            made.buildings.append(_house(shape, floors, year, f"{name} {number}동", f"{name_en} {number}", rng, towers))
            houses.append(shape)
            kept_free = kept_free.union(shape.buffer(8.0 if not towers else 12.0))
            number += 1
    made.buildings += extras
    middle = _clubhouse(
        centre, along, across, block, [*houses, *(shop.masses[0].shape for shop in extras)], name, name_en, key, year
    )
    made.buildings += middle
    made.drives = _drives(block, inner, along, across, pitch, made.buildings, name, name_en, key)
    built = shapely.union_all([building.footprint for building in made.buildings]).buffer(2.2, join_style="mitre")
    driven = shapely.union_all([drive.area for drive in made.drives])
    lawn = block.buffer(-1.8).difference(built).difference(driven.buffer(0.3))
    lawn = shapely.union_all(polygons(lawn.buffer(-1.0).buffer(1.0, quad_segs=2), 30.0))
    made.covers.append(Cover("PlantCover", lawn, "garden", name, name_en, key=f"{key}-garden"))
    for building in made.buildings:
        building.estate = key
    return made


def _placed(
    outline: list[tuple[float, float]],
    at: Vector,
    along: Vector,
    across: Vector,
    inner: BaseGeometry,
    kept_free: BaseGeometry,
) -> Polygon | None:
    """The outline at `at`, or as near to it as it fits."""
    for aside, ahead in ((0, 0), (5, 0), (-5, 0), (0, 4), (0, -4), (9, 0), (-9, 0), (6, 5), (-6, 5), (6, -5), (-6, -5)):
        shape = place(outline, at + along * aside + across * ahead, along)
        if inner.contains(shape) and not shape.intersects(kept_free):
            return shape
    return None


def _outline(towers: bool, length: float, depth: float, rng: Rng) -> list[tuple[float, float]]:
    if not towers:
        return _slab(length, depth)
    if rng.random() < 0.6:
        return _corner_tower(float(rng.uniform(29, 33)))
    flip = -1 if rng.random() < 0.5 else 1
    return [(x * flip, y) for x, y in _ell_tower(float(rng.uniform(24, 27)))]


def _rows(inner: BaseGeometry, along: Vector, across: Vector, pitch: float, depth: float) -> list[Polygon]:
    """Bands across the block from south to north, each as wide as the block lets it be."""
    ring = shapely.get_coordinates(inner)
    low, high = (ring @ across).min(), (ring @ across).max()
    count = max(1, int((high - low - depth) // pitch) + 1)
    slack = (high - low - depth) - (count - 1) * pitch
    origin = np.asarray(inner.centroid.coords[0])
    rows = []
    for number in range(count):
        off = low + depth / 2 + slack / 2 * 0.6 + number * (pitch + slack * 0.4 / max(count - 1, 1))
        middle = origin + across * (off - origin @ across)
        edges = [
            inside(LineString([p - along * 900, p + along * 900]), inner)
            for p in (middle - across * depth / 2, middle + across * depth / 2)
        ]
        if any(edge is None for edge in edges):
            continue
        ends = np.array([shapely.get_coordinates(edge) @ along for edge in edges])
        start, end = ends.min(axis=1).max(), ends.max(axis=1).min()
        if end - start > 24:
            rows.append(rectangle(middle + along * ((start + end) / 2 - middle @ along), along, end - start, depth))
    return rows


def _lots_in(row: Polygon, along: Vector, rng: Rng, length: float, gap: float) -> list[tuple[Vector, float]]:
    corners = np.asarray(row.exterior.coords)[:4]
    span = float(((corners[1] - corners[0]) ** 2).sum() ** 0.5)
    count = max(1, int((span + gap) // (length + gap)))
    room = (span + gap) / count - gap
    used = min(room, length * 1.4)
    spare = (span - count * used - (count - 1) * gap) / max(count, 1)
    start = corners[0] + (corners[3] - corners[0]) / 2
    return [(start + along * (used / 2 + spare / 2 + number * (used + gap + spare)), used) for number in range(count)]


def _house(shape: Polygon, floors: int, year: int, name: str, name_en: str, rng: Rng, towers: bool) -> Building:
    boxes = 1 if towers else max(1, round(shape.length / 2 / 26))
    tiers = parapet(shape, rng, 1.2, boxes, (7.0, 5.0) if not towers else (8.5, 7.0))
    per_floor = 4 if towers else 2 * max(1, round(frame(shape)[3] / 21))
    mass = Mass(shape, 1.0 + floors * STOREY + 1.2, tiers=tiers)
    return Building(
        [mass],
        "apartment",
        floors,
        year,
        "reinforced_concrete",
        name,
        name_en,
        per_floor * (floors - (1 if towers else 0)),
    )


def _shops_at_the_gate(block: Polygon, rng: Rng, name: str, name_en: str, key: str, year: int) -> list[Building]:
    """A strip of shops along the edge that a chance picks, near one of its corners."""
    ring = np.asarray(block.simplify(8.0).exterior.coords)
    sides = sorted(pairwise(ring), key=lambda side: -float(np.hypot(*(side[1] - side[0]))))
    a, b = sides[int(rng.integers(0, 2))]
    way = (b - a) / np.hypot(*(b - a))
    normal = np.array([-way[1], way[0]])
    for turn in (1, -1):
        for share in (0.22, 0.78, 0.5, 0.35):
            shape = rectangle(a + (b - a) * share + normal * turn * 11.0, way, 38.0, 13.0)
            if block.buffer(-3.0).contains(shape):
                mass = Mass(shape, 3 * 3.8 + 1.0, tiers=parapet(shape, rng, 1.0, 1, (5.0, 4.0)))
                return [
                    Building(
                        [mass],
                        "commercial",
                        3,
                        year,
                        "reinforced_concrete",
                        f"{name} 상가",
                        f"{name_en} Shops",
                        key=f"{key}-shops",
                    )
                ]
    return []


def _clubhouse(
    centre: Vector,
    along: Vector,
    across: Vector,
    block: Polygon,
    houses: list[Polygon],
    name: str,
    name_en: str,
    key: str,
    year: int,
) -> list[Building]:
    """The residents' house and the nursery, in the garden where it has room."""
    made: list[Building] = []
    taken = shapely.union_all(houses).buffer(10.0)
    kinds = (
        ("주민공동시설", "Residents' House", 24.0, 14.0, 2),
        ("어린이집", "Nursery", 18.0, 12.0, 2),
        ("관리사무소", "Office", 12.0, 8.0, 1),
    )
    for suffix, suffix_en, length, width, storeys in kinds:
        for radius, turn in ((r, t) for r in (0, 18, 30, 44, 60, 80) for t in range(8)):
            at = centre + along * radius * math.cos(turn * math.pi / 4) + across * radius * math.sin(turn * math.pi / 4)
            shape = rectangle(at, along, length, width)
            if block.buffer(-6).contains(shape) and not shape.intersects(taken):
                made.append(
                    Building(
                        [Mass(shape, 0.3 + storeys * 3.8)],
                        "welfare",
                        storeys,
                        year,
                        "reinforced_concrete",
                        f"{name} {suffix}",
                        f"{name_en} {suffix_en}",
                    )
                )
                taken = taken.union(shape.buffer(8.0))
                break
    return made


def _drives(
    block: Polygon,
    inner: BaseGeometry,
    along: Vector,
    across: Vector,
    pitch: float,
    buildings: list[Building],
    name: str,
    name_en: str,
    key: str,
) -> list[Street]:
    """One way through the complex and a lane on the north side of every row."""
    built = shapely.union_all([building.footprint for building in buildings]).buffer(1.5, join_style="mitre")
    centre = np.asarray(block.centroid.coords[0])
    lines: list[LineString] = []
    for shift in (0.0, 9.0, -9.0, 18.0, -18.0, 27.0, -27.0):
        line = inside(LineString([centre + along * shift - across * 700, centre + along * shift + across * 700]), block)
        if line is not None and not strip(line, 6.0).intersects(built):
            lines.append(line)
            break
    for row in _rows(inner, along, across, pitch, 18.5):
        middle = np.asarray(row.centroid.coords[0]) + across * 14.0
        line = inside(LineString([middle - along * 700, middle + along * 700]), block.buffer(-7.0))
        if line is not None and block.contains(Point(middle)):
            lines.append(line)
    area: BaseGeometry = shapely.union_all([strip(line, 6.0) for line in lines]).intersection(block).difference(built)
    if area.is_empty:
        return []
    longest = max(lines, key=lambda line: line.length)
    return [Street(f"{key}-drive", f"{name} 단지길", f"{name_en} Drive", "lane", 6.0, 2, longest, area)]
