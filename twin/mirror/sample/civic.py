"""Public places: schools, the district office and its neighbours, the station, parks, small offices of the neighbourhood."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample.lots import Rng, notched, parapet, penthouses, set_back
from twin.mirror.sample.model import Building, Cover, Furniture, Mass, Tier, Tree
from twin.mirror.sample.plan import Site
from twin.mirror.sample.shapes import Vector, fit_rectangle, frame, place, polygons, rectangle, smooth, strip
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


def _box(ground: Polygon, margin: float, fill: float = 1.0) -> tuple[Vector, Vector, Vector, float, float] | None:
    """Centre, east axis, north axis and sizes along them of the largest rectangle in `ground` less a margin."""
    inner = set_back(ground, margin)
    axis = east(ground)
    shape = fit_rectangle(inner, axis, fill) if inner is not None else None
    if shape is None:
        return None
    corners = np.asarray(shape.exterior.coords)
    a, b = float(np.hypot(*(corners[1] - corners[0]))), float(np.hypot(*(corners[2] - corners[1])))
    return corners[:4].mean(axis=0), axis, np.array([-axis[1], axis[0]]), a, b


def _named(
    site: Site, masses: list[Mass], use: str, storeys: int, year: int, structure: str = "reinforced_concrete"
) -> Building:
    return Building(masses, use, storeys, year, structure, site.name, site.name_en, key=site.key)


def school(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A block of classrooms along the north, a gymnasium beside the yard, the yard to the south."""
    made = Place()
    box = _box(ground, 7.0)
    if box is None:
        return made
    centre, axis, north, a, b = box
    storeys = 5 if "고등학교" in site.name else 4
    wing = min(0.5 * b, 40.0)
    d = 13.0
    half = a * 0.46
    top = b / 2
    outline: list[tuple[float, float]] = [(-half, top - d), (half, top - d), (half, top), (-half, top)]
    if rng.random() < 0.5:
        outline = [
            (-half, top - wing),
            (-half + d, top - wing),
            (-half + d, top - d),
            (half, top - d),
            (half, top),
            (-half, top),
        ]
    elif a > 90:
        outline = [(-half, top - wing), (-half + d, top - wing), (-half + d, top - d), (half - d, top - d), (half - d, top - wing * 0.8),
                   (half, top - wing * 0.8), (half, top), (-half, top)]  # fmt: skip
    main = place(outline, centre, axis)
    height = 0.6 + storeys * 3.6 + 1.0
    made.buildings.append(_named(site, [Mass(main, height, tiers=parapet(main, rng, 1.0, 2, (6.0, 5.0)))], "school", storeys,
                                 int(rng.integers(1974, 2008))))  # fmt: skip
    gym_at = centre + axis * (a / 2 - 12) - north * (b / 2 - 16)
    gym = rectangle(gym_at, north, min(31.0, b * 0.4), 21.0)
    yard_end = a / 2 - 25
    if ground.buffer(-2).contains(gym) and gym.distance(main) > 4:
        made.buildings.append(Building([Mass(gym, 8.5, roof="gable", rise=2.6)], "school", 1, int(rng.integers(2004, 2019)), "steel",
                                       f"{site.name} 체육관", f"{site.name_en} Gymnasium", key=f"{site.key}-gym"))  # fmt: skip
    low, high = -b / 2 + 3, top - max(wing, d) - 6
    yard = (
        place([(-a / 2 + 3, low), (yard_end, low), (yard_end, high), (-a / 2 + 3, high)], centre, axis)
        .buffer(-8)
        .buffer(8)
    )
    made.covers.append(
        Cover("LandUse", yard, "school_yard", f"{site.name} 운동장", f"{site.name_en} Yard", True, f"{site.key}-yard")
    )
    rest = ground.buffer(-0.5).difference(yard.buffer(0.4))
    green = _ring_of_green(ground, [main, gym], yard)
    made.covers.append(
        Cover(
            "LandUse", rest.difference(green.buffer(0.2)), "school", site.name, site.name_en, True, f"{site.key}-ground"
        )
    )
    made.covers.append(Cover("PlantCover", green, "garden", f"{site.name} 화단", f"{site.name_en} Garden", True))
    made.trees += rim_trees(ground, rng, 3.4, 9.0, avoid=shapely.union_all([main, gym, yard]).buffer(3.0))
    at = np.asarray(yard.centroid.coords[0]) - north * (high - low) * 0.42
    made.furniture.append(Furniture("shelter", float(at[0]), float(at[1]), f"{site.name} 지진 옥외대피장소",
                                    f"{site.name_en} earthquake assembly point", f"{site.key}-assembly"))  # fmt: skip
    return made


def _ring_of_green(ground: Polygon, houses: list[Polygon], yard: BaseGeometry) -> BaseGeometry:
    ring = ground.buffer(-0.8).difference(ground.buffer(-5.0))
    taken = shapely.union_all([*houses, yard]).buffer(1.0)
    return shapely.union_all(polygons(ring.difference(taken), 25.0))


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
    if ground.is_empty:
        return []
    west, south, rim_e, rim_n = ground.bounds
    shapely.prepare(ground)
    tries = rng.uniform((west, south), (rim_e, rim_n), (count * 5, 2))
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


def park(ground: Polygon, site: Site, rng: Rng) -> Place:
    """Lawn and groves, a winding path with a round place, benches, an assembly point."""
    made = Place()
    centre, along, across, a, b = frame(ground)
    lines = [
        smooth([tuple(centre - along * a * 0.6 - across * b * 0.18), tuple(centre - along * a * 0.2 + across * b * 0.22),
                tuple(centre + along * a * 0.2 - across * b * 0.2), tuple(centre + along * a * 0.6 + across * b * 0.12)]),
        smooth([tuple(centre - across * b * 0.6 + along * a * 0.12), tuple(centre + along * a * 0.05), tuple(centre + across * b * 0.6 - along * a * 0.16)]),
    ]  # fmt: skip
    plaza = Point(*centre).buffer(min(b * 0.16, 11.0), quad_segs=8)
    ways: BaseGeometry = shapely.union_all([strip(line, 2.6) for line in lines]).intersection(ground).difference(plaza)
    made.paths.append(
        Street(
            f"{site.key}-path",
            f"{site.name} 산책길",
            f"{site.name_en} Walk",
            "path",
            2.6,
            0,
            lines[0].intersection(ground),
            ways,
        )
    )
    made.covers.append(
        Cover(
            "TransportSquare", plaza, "square", f"{site.name} 마당", f"{site.name_en} Round", True, f"{site.key}-round"
        )
    )
    green = ground.buffer(-0.5).difference(shapely.union_all([ways, plaza]).buffer(0.25))
    made.covers.append(Cover("PlantCover", green, "park", site.name, site.name_en, True, site.key))
    groves = green.buffer(-2.5)
    made.trees += scatter(groves, rng, int(ground.area / 180), 5.5)
    for distance in np.arange(14, lines[0].length - 10, 34):
        point = lines[0].interpolate(distance)
        beside = strip(lines[0], 4.6).exterior.interpolate(strip(lines[0], 4.6).exterior.project(point))
        if ground.contains(beside):
            made.furniture.append(Furniture("bench", beside.x, beside.y))
    made.furniture.append(Furniture("shelter", float(centre[0]), float(centre[1]), f"{site.name} 지진 옥외대피장소",
                                    f"{site.name_en} earthquake assembly point", f"{site.key}-assembly"))  # fmt: skip
    return made


def forecourt(ground: Polygon, site: Site, building: BaseGeometry, rng: Rng, kind: str = "TransportSquare") -> Place:
    """What is left around a public building: paved, with a green rim and trees."""
    made = Place()
    taken = building.buffer(0.6, join_style="mitre")
    green = _ring_of_green(ground, [], taken)
    paved = ground.buffer(-0.5).difference(taken).difference(green.buffer(0.2))
    made.covers.append(
        Cover(
            kind, paved, "forecourt", f"{site.name} 앞마당", f"{site.name_en} Forecourt", True, f"{site.key}-forecourt"
        )
    )
    if not green.is_empty:
        made.covers.append(Cover("PlantCover", green, "garden", f"{site.name} 화단", f"{site.name_en} Garden", True))
    made.trees += rim_trees(ground, rng, 3.0, 8.5, avoid=taken.buffer(2.5))
    return made


def district_office(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A slab of ten storeys over a broad base, with the council's low hall in front of its wing."""
    box = _box(ground, 8.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    base = place([(-a / 2, -b * 0.1), (a / 2, -b * 0.1), (a / 2, b / 2), (-a / 2, b / 2)], centre, axis)
    slab = place(
        [(-a * 0.42, b * 0.12), (a * 0.2, b * 0.12), (a * 0.2, b * 0.12 + 17), (-a * 0.42, b * 0.12 + 17)], centre, axis
    )
    hall = place([(a * 0.27, b * 0.0), (a * 0.45, b * 0.0), (a * 0.45, b * 0.34), (a * 0.27, b * 0.34)], centre, axis)
    masses = [
        Mass(base, 9.0),
        Mass(slab, 10 * 4.1 + 1.2, foot=9.0, tiers=parapet(slab, rng, 1.2, 2, (9.0, 6.0))),
        Mass(hall, 15.5, foot=9.0),
    ]
    building = _named(site, masses, "public", 10, 1998)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


def plaza(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A broad square: paving, two lawns, lines of trees, benches."""
    made = Place()
    centre, axis, north = np.asarray(ground.centroid.coords[0]), east(ground), None
    north = np.array([-axis[1], axis[0]])
    _, _, _, a, b = frame(ground)
    lawn = (
        rectangle(centre + axis * a * 0.02 - north * b * 0.02, axis, a * 0.34, b * 0.3)
        .buffer(4)
        .intersection(ground.buffer(-10))
    )
    rim = shapely.union_all(polygons(ground.buffer(-0.8).difference(ground.buffer(-6.5)).difference(
        strip(LineString([centre - north * 200, centre + north * 200]), 30.0)), 30.0))  # fmt: skip
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
    made.furniture.append(Furniture("shelter", float((centre - north * b * 0.3)[0]), float((centre - north * b * 0.3)[1]),
                                    f"{site.name} 지진 옥외대피장소", f"{site.name_en} earthquake assembly point", f"{site.key}-assembly"))  # fmt: skip
    return made


def hospital(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A broad base of three storeys and a cross-shaped ward block of twelve."""
    box = _box(ground, 9.0, 0.94)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
    base = place([(-a / 2, -b * 0.3), (a * 0.5, -b * 0.3), (a * 0.5, b / 2), (-a / 2, b / 2)], centre, axis)
    d = 8.5
    ward = place([(-a * 0.36, b * 0.08 - d), (-8, b * 0.08 - d), (-8, -b * 0.2), (9, -b * 0.2), (9, b * 0.08 - d), (a * 0.36, b * 0.08 - d),
                  (a * 0.36, b * 0.08 + d), (9, b * 0.08 + d), (9, b * 0.34), (-8, b * 0.34), (-8, b * 0.08 + d), (-a * 0.36, b * 0.08 + d)],
                 centre, axis)  # fmt: skip
    masses = [Mass(base, 13.5), Mass(ward, 12 * 4.0 + 1.2, foot=13.5, tiers=parapet(ward, rng, 1.2, 1, (12.0, 8.0)))]
    building = _named(site, masses, "hospital", 12, 2006)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


def hall(ground: Polygon, site: Site, rng: Rng, storeys: int, use: str, year: int, storey: float = 4.2) -> Place:
    """A public building of a few storeys in its own ground, set to the north of it."""
    box = _box(ground, 4.0 if ground.area < 2500 else 8.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    deep = min(b * 0.62, 34.0)
    shape = rectangle(centre + north * (b - deep) / 2 * 0.8, axis, min(a * 0.92, 62.0), deep)
    shape = notched(shape, rng, (0.2, 0.34))
    roof = parapet(shape, rng, 1.1, 1, (6.0, 4.5))
    building = _named(site, [Mass(shape, storeys * storey + 1.1, tiers=roof)], use, storeys, year)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


def arts_hall(ground: Polygon, site: Site, rng: Rng) -> Place:
    """Two halls with fly towers over a shared foyer."""
    box = _box(ground, 9.0)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
    w, d = min(a, 84.0), min(b * 0.8, 58.0)
    base = place([(-w / 2, -d / 2), (w / 2, -d / 2), (w / 2, d / 2), (-w / 2, d / 2)], centre, axis)
    tiers = (Tier(rectangle(centre - axis * w * 0.2, axis, w * 0.36, d * 0.66), 9.0, (Tier(rectangle(centre - axis * w * 0.2, axis, w * 0.2, d * 0.3), 6.0),)),
             Tier(rectangle(centre + axis * w * 0.26, axis, w * 0.26, d * 0.5), 6.0))  # fmt: skip
    building = _named(site, [Mass(base, 11.0, tiers=tiers)], "public", 3, 2011)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


def church(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A gabled nave with a square tower at its end."""
    box = _box(ground, 3.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    long, way = (a, axis) if a >= b else (b, north)
    length, width = min(long * 0.72, 30.0), min(min(a, b) * 0.72, 15.0)
    nave = rectangle(centre - way * 3.0, way, length, width)
    tower = rectangle(centre + way * (length / 2 - 3.0 + 3.2), way, 6.2, 6.2)
    spire = Tier(
        rectangle(centre + way * (length / 2 + 0.2), way, 3.4, 3.4),
        7.0,
        (Tier(rectangle(centre + way * (length / 2 + 0.2), way, 1.2, 1.2), 5.0),),
    )
    masses = [Mass(nave, 8.0, roof="gable", rise=width * 0.42), Mass(tower, 17.0, tiers=(spire,))]
    building = _named(site, masses, "religious", 2, 1979, "brick")
    made = forecourt(ground, site, building.footprint, rng, "LandUse")
    made.covers = [cover for cover in made.covers if cover.kind == "LandUse"]
    for cover in made.covers:
        cover.public = False
    made.buildings.append(building)
    return made


def temple(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A main hall under a hip roof and two side halls around a court."""
    box = _box(ground, 3.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    w, d = min(a * 0.5, 17.0), min(b * 0.3, 11.0)
    main = rectangle(centre + north * (b / 2 - d / 2), axis, w, d)
    masses = [Mass(main, 5.6, roof="hip", rise=d * 0.42)]
    for side in (-1, 1):
        hall_at = centre + axis * side * (a / 2 - 4.0) - north * b * 0.12
        masses.append(Mass(rectangle(hall_at, north, min(b * 0.4, 13.0), 6.5), 3.8, roof="gable", rise=2.4))
    made = Place(buildings=[_named(site, masses, "religious", 1, 1936, "timber")])
    made.covers.append(
        Cover("LandUse", ground.buffer(-0.5), "religious", site.name, site.name_en, False, f"{site.key}-ground")
    )
    made.trees += rim_trees(ground, rng, 1.6, 6.0)
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
    _, along, _, _, b = frame(ground)
    hut = rectangle(np.asarray(ground.centroid.coords[0]), along, 5.0, min(3.2, b * 0.4))
    made.buildings.append(_named(site, [Mass(hut, 3.0)], "parking", 1, 2014, "steel"))
    made.trees += rim_trees(ground, rng, 2.0, 9.0)
    return made


def gas_station(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A canopy on columns over the pumps and a small shop."""
    box = _box(ground, 2.5)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
    roof = rectangle(centre - axis * a * 0.14, axis, a * 0.5, min(b * 0.6, 13.0))
    legs = tuple(rectangle(centre - axis * a * 0.14 + axis * u * a * 0.16, axis, 0.6, 0.6) for u in (-1, 1))
    shop = rectangle(centre + axis * a * 0.36, axis, a * 0.2, min(b * 0.7, 12.0))
    masses = [Mass(roof, 6.2, foot=5.2, legs=legs), Mass(shop, 4.2)]
    made = Place(buildings=[_named(site, masses, "commercial", 1, 2003, "steel")])
    made.covers.append(
        Cover("LandUse", ground.buffer(-0.5), "commercial", site.name, site.name_en, False, f"{site.key}-ground")
    )
    return made


__all__ = ["Place", "arts_hall", "church", "district_office", "gas_station", "hall", "hospital", "park", "parking", "penthouses", "plaza",
           "rim_trees", "scatter", "school", "temple", "tree", "vacant"]  # fmt: skip
