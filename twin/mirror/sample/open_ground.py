"""Open ground: parks, squares, yards, empty lots, and the trees on it."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample.lots import Rng, set_back
from twin.mirror.sample.model import Building, Cover, Furniture, Mass, Tree
from twin.mirror.sample.plan import Site
from twin.mirror.sample.shapes import Vector, fit_rectangle, frame, polygons, rectangle, smooth, strip
from twin.mirror.sample.streets import Street


@dataclass(slots=True)
class Place:
    """What a named site consists of."""

    buildings: list[Building] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    paths: list[Street] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)


def east(ground: Polygon) -> Vector:
    """The axis of the site that runs nearer to east-west, pointing east."""
    _, along, across, _, _ = frame(ground)
    best = along if abs(along[0]) >= abs(across[0]) else across
    return best if best[0] > 0 else -best


def largest_box(
    ground: Polygon, margin: float, fill: float = 1.0
) -> tuple[Vector, Vector, Vector, float, float] | None:
    """Centre, east axis, north axis and sizes along them of the largest rectangle in `ground` less a margin."""
    inner = set_back(ground, margin)
    axis = east(ground)
    shape = fit_rectangle(inner, axis, fill) if inner is not None else None
    if shape is None:
        return None
    corners = np.asarray(shape.exterior.coords)
    a, b = float(np.hypot(*(corners[1] - corners[0]))), float(np.hypot(*(corners[2] - corners[1])))
    return corners[:4].mean(axis=0), axis, np.array([-axis[1], axis[0]]), a, b


def named(
    site: Site, masses: list[Mass], use: str, storeys: int, year: int, structure: str = "reinforced_concrete"
) -> Building:
    return Building(masses, use, storeys, year, structure, site.name, site.name_en, key=site.key)


def tree(x: float, y: float, rng: Rng, size: tuple[float, float] = (5.5, 11.0), conifer: float = 0.12) -> Tree:
    """One tree of a random size."""
    height = float(rng.uniform(*size))
    species = "conifer" if rng.random() < conifer else "broadleaf"
    crown = height * (0.34 if species == "conifer" else float(rng.uniform(0.5, 0.66)))
    return Tree(round(x, 2), round(y, 2), round(height, 1), round(crown, 1), species)


def scatter(
    ground: BaseGeometry,
    rng: Rng,
    count: int,
    apart: float,
    size: tuple[float, float] = (5.5, 12.0),
    conifer: float = 0.2,
) -> list[Tree]:
    """Up to `count` trees strewn over `ground`, no two nearer than `apart`."""
    if ground.area < apart:
        return []
    west, south, rim_e, rim_n = ground.bounds
    shapely.prepare(ground)
    around = (rim_e - west) * (rim_n - south) / ground.area
    tries = rng.uniform((west, south), (rim_e, rim_n), (int(min(count * 3 * around, 60_000)), 2))
    tries = tries[shapely.contains_xy(ground, tries)]
    grid: dict[tuple[int, int], list[tuple[float, float]]] = {}
    made: list[Tree] = []
    for x, y in tries.tolist():
        cell = (int(x // apart), int(y // apart))
        near = (p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in grid.get((cell[0] + i, cell[1] + j), ()))
        if any((x - p) ** 2 + (y - q) ** 2 < apart**2 for p, q in near):
            continue
        grid.setdefault(cell, []).append((x, y))
        made.append(tree(x, y, rng, size, conifer))
        if len(made) == count:
            break
    return made


def rim_trees(
    ground: Polygon, rng: Rng, margin: float, spacing: float, avoid: BaseGeometry | None = None
) -> list[Tree]:
    """Trees in a row just within the edge of `ground`."""
    inner = ground.buffer(-margin)
    made = []
    for part in polygons(inner):
        ring = part.exterior
        for distance in np.arange(rng.uniform(0, spacing), ring.length, spacing):
            point = ring.interpolate(distance + rng.uniform(-0.12, 0.12) * spacing)
            if avoid is None or not avoid.contains(point):
                made.append(tree(point.x, point.y, rng))
    return made


def green_rim(ground: Polygon, houses: list[Polygon], yard: BaseGeometry) -> BaseGeometry:
    ring = ground.buffer(-0.8).difference(ground.buffer(-5.0))
    taken = shapely.union_all([*houses, yard]).buffer(1.0)
    return shapely.union_all(polygons(ring.difference(taken), 25.0))


def forecourt(ground: Polygon, site: Site, building: BaseGeometry, rng: Rng, kind: str = "TransportSquare") -> Place:
    """What is left around a public building: paved, with a green rim and trees."""
    made = Place()
    taken = building.buffer(0.6, join_style="mitre")
    green = green_rim(ground, [], taken)
    paved = ground.buffer(-0.5).difference(taken).difference(green.buffer(0.2))
    made.covers.append(Cover(kind, paved, "forecourt", public=True, key=f"{site.key}-forecourt"))
    if not green.is_empty:
        made.covers.append(Cover("PlantCover", green, "garden", public=True))
    made.trees += rim_trees(ground, rng, 3.0, 8.5, avoid=taken.buffer(2.5))
    return made


def assembly_point(site: Site, at: Vector) -> Furniture:
    """Where people gather in the open after an earthquake."""
    name, name_en = f"{site.name} 지진 옥외대피장소", f"{site.name_en} earthquake assembly point"
    return Furniture("shelter", float(at[0]), float(at[1]), name, name_en, f"{site.key}-assembly")


def play_park(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A children's park: a round play area in a lawn, trees along the edge, benches."""
    made = Place()
    centre, along, _, _, b = frame(ground)
    play = Point(*centre).buffer(min(b * 0.28, 12.0), quad_segs=6)
    green = ground.buffer(-0.5).difference(play.buffer(0.25))
    made.covers.append(Cover("LandUse", play, "playground", public=True, key=f"{site.key}-play"))
    made.covers.append(Cover("PlantCover", green, "park", site.name, site.name_en, True, site.key))
    made.trees += rim_trees(ground, rng, 2.6, 7.5, avoid=play.buffer(1.5))
    reach = min(b * 0.28, 12.0) + 1.6
    for side in (-1, 1):
        x, y = centre + along * side * reach
        made.furniture.append(Furniture("bench", float(x), float(y)))
    return made


def park(ground: Polygon, site: Site, rng: Rng) -> Place:
    """Lawn and groves, winding paths with a round place, benches, an assembly point."""
    if ground.area < 3000:
        return play_park(ground, site, rng)
    made = Place()
    centre, along, across, a, b = frame(ground)

    def at(u: float, v: float) -> tuple[float, float]:
        x, y = centre + along * a * u + across * b * v
        return float(x), float(y)

    walk_line = smooth([at(-0.6, -0.18), at(-0.2, 0.22), at(0.2, -0.2), at(0.6, 0.12)])
    cross_line = smooth([at(0.12, -0.6), at(0.05, 0), at(-0.16, 0.6)])
    round_place = Point(*centre).buffer(min(b * 0.16, 11.0), quad_segs=8)
    ways: BaseGeometry = shapely.union_all([strip(walk_line, 2.6), strip(cross_line, 2.6)])
    ways = ways.intersection(ground).difference(round_place)
    name, name_en = f"{site.name} 산책길", f"{site.name_en} Walk"
    made.paths.append(Street(f"{site.key}-path", name, name_en, "path", 2.6, 0, walk_line.intersection(ground), ways))
    made.covers.append(Cover("TransportSquare", round_place, "square", public=True, key=f"{site.key}-round"))
    green = ground.buffer(-0.5).difference(shapely.union_all([ways, round_place]).buffer(0.25))
    made.covers.append(Cover("PlantCover", green, "park", site.name, site.name_en, True, site.key))
    made.trees += scatter(green.buffer(-2.5), rng, int(ground.area / 300), 5.5)
    beside = walk_line.offset_curve(2.3)
    seats = (beside.interpolate(distance) for distance in np.arange(14, beside.length - 10, 34))
    made.furniture += [Furniture("bench", seat.x, seat.y) for seat in seats if ground.contains(seat)]
    made.furniture.append(assembly_point(site, centre))
    return made


def plaza(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A broad square: paving, two lawns, lines of trees, benches."""
    made = Place()
    centre, axis = np.asarray(ground.centroid.coords[0]), east(ground)
    north = np.array([-axis[1], axis[0]])
    _, _, _, a, b = frame(ground)
    lawn = (
        rectangle(centre + axis * a * 0.02 - north * b * 0.02, axis, a * 0.34, b * 0.3)
        .buffer(4)
        .intersection(ground.buffer(-10))
    )
    rim = shapely.union_all(
        polygons(
            ground.buffer(-0.8)
            .difference(ground.buffer(-6.5))
            .difference(strip(LineString([centre - north * 200, centre + north * 200]), 30.0)),
            30.0,
        )
    )
    green = shapely.union_all([lawn, rim])
    made.covers.append(
        Cover(
            "TransportSquare",
            ground.buffer(-0.5).difference(green.buffer(0.2)),
            "square",
            site.name,
            site.name_en,
            True,
            site.key,
        )
    )
    made.covers.append(
        Cover("PlantCover", green, "garden", f"{site.name} 잔디마당", f"{site.name_en} Lawn", True, f"{site.key}-lawn")
    )
    made.trees += rim_trees(
        ground, rng, 3.6, 7.0, avoid=strip(LineString([centre - north * 200, centre + north * 200]), 32.0)
    )
    for off in (-1, 1):
        for spot in np.arange(-0.3, 0.31, 0.15):
            at = centre + axis * a * spot + north * off * b * 0.24
            if not lawn.contains(Point(*at)):
                made.trees.append(tree(float(at[0]), float(at[1]), rng, (6.0, 8.0), 0.0))
                made.furniture.append(Furniture("bench", float(at[0] + axis[0] * 3), float(at[1] + axis[1] * 3)))
    made.furniture.append(assembly_point(site, centre - north * b * 0.3))
    return made


def sports_park(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A running track around a lawn, a gymnasium, trees."""
    box = largest_box(ground, 6.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    long, way, short = (a, axis, b) if a >= b else (b, north, a)
    aside = np.array([-way[1], way[0]])
    field = centre - aside * short * 0.14
    half = max(long * 0.46 - short * 0.3, 5.0)
    track = LineString([field - way * half, field + way * half]).buffer(short * 0.3).intersection(ground.buffer(-3))
    lawn = LineString([field - way * half, field + way * half]).buffer(short * 0.3 - 8.0).intersection(track)
    gym = rectangle(centre + aside * (short / 2 - 12.0), way, min(long * 0.5, 46.0), 22.0)
    made = Place(buildings=[named(site, [Mass(gym, 9.0, roof="gable", rise=3.2)], "sports", 2, 2010, "steel")])
    made.covers.append(
        Cover(
            "LandUse",
            track.difference(lawn),
            "sports",
            f"{site.name} 트랙",
            f"{site.name_en} Track",
            True,
            f"{site.key}-track",
        )
    )
    made.covers.append(
        Cover(
            "PlantCover",
            lawn.buffer(-0.3),
            "grass",
            f"{site.name} 잔디구장",
            f"{site.name_en} Field",
            True,
            f"{site.key}-field",
        )
    )
    rest = ground.buffer(-0.5).difference(track.buffer(0.3)).difference(gym.buffer(4.0, join_style="mitre"))
    made.covers.append(
        Cover(
            "PlantCover",
            shapely.union_all(polygons(rest, 30.0)),
            "park",
            site.name,
            site.name_en,
            True,
            f"{site.key}-ground",
        )
    )
    made.trees += rim_trees(ground, rng, 3.0, 8.0, avoid=shapely.union_all([track, gym]).buffer(2.5))
    made.furniture.append(assembly_point(site, field))
    return made


def vacant(ground: Polygon, site: Site, rng: Rng) -> Place:
    """An empty lot."""
    made = Place(covers=[Cover("LandUse", ground.buffer(-0.5), "vacant", site.name, site.name_en, True, site.key)])
    made.trees += scatter(ground.buffer(-4), rng, 3, 8.0)
    return made


def parking(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A public car park in the open, with a keeper's hut."""
    made = Place(
        covers=[Cover("LandUse", ground.buffer(-0.5), "parking", site.name, site.name_en, True, f"{site.key}-ground")]
    )
    centre, along, _, a, b = frame(ground)
    hut = rectangle(centre + along * (a / 2 - 7.0), along, 5.0, min(3.2, b * 0.4))
    made.buildings.append(
        named(
            site._replace(name=f"{site.name} 관리실", name_en=f"{site.name_en} Office"),
            [Mass(hut, 3.0)],
            "parking",
            1,
            2014,
            "steel",
        )
    )
    made.trees += rim_trees(ground, rng, 2.0, 9.0)
    return made
