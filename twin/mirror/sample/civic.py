"""Public buildings in their grounds: schools, the district office and its neighbours, halls, places of worship."""

from typing import NamedTuple

import numpy as np
import shapely
from shapely import Polygon

from twin.mirror.sample.lots import Rng, notched, parapet
from twin.mirror.sample.model import Building, Cover, Furniture, Mass, Tier
from twin.mirror.sample.open_ground import Place, assembly_point, forecourt, green_rim, largest_box, named, rim_trees
from twin.mirror.sample.plan import Site
from twin.mirror.sample.shapes import place, rectangle


def school(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A block of classrooms along the north, a gymnasium beside the yard, the yard to the south."""
    made = Place()
    box = largest_box(ground, 7.0)
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
        outline = [
            (-half, top - wing),
            (-half + d, top - wing),
            (-half + d, top - d),
            (half - d, top - d),
            (half - d, top - wing * 0.8),
            (half, top - wing * 0.8),
            (half, top),
            (-half, top),
        ]
    main = place(outline, centre, axis)
    height = 0.6 + storeys * 3.6 + 1.0
    made.buildings.append(
        named(
            site,
            [Mass(main, height, tiers=parapet(main, rng, 1.0, 2, (6.0, 5.0)))],
            "school",
            storeys,
            int(rng.integers(1974, 2008)),
        )
    )
    gym_at = centre + axis * (a / 2 - 12) - north * (b / 2 - 16)
    gym = rectangle(gym_at, north, min(31.0, b * 0.4), 21.0)
    yard_end = a / 2 - 25
    if ground.buffer(-2).contains(gym) and gym.distance(main) > 4:
        made.buildings.append(
            Building(
                [Mass(gym, 8.5, roof="gable", rise=2.6)],
                "school",
                1,
                int(rng.integers(2004, 2019)),
                "steel",
                f"{site.name} 체육관",
                f"{site.name_en} Gymnasium",
                key=f"{site.key}-gym",
            )
        )
    low, high = -b / 2 + 3, top - max(wing, d) - 6
    yard = (
        place([(-a / 2 + 3, low), (yard_end, low), (yard_end, high), (-a / 2 + 3, high)], centre, axis)
        .buffer(-8)
        .buffer(8)
    )
    made.covers.append(
        Cover("LandUse", yard, "sports", f"{site.name} 운동장", f"{site.name_en} Yard", True, f"{site.key}-yard")
    )
    rest = ground.buffer(-0.5).difference(yard.buffer(0.4))
    green = green_rim(ground, [main, gym], yard)
    made.covers.append(
        Cover(
            "LandUse", rest.difference(green.buffer(0.2)), "school", site.name, site.name_en, True, f"{site.key}-ground"
        )
    )
    made.covers.append(Cover("PlantCover", green, "garden", public=True))
    made.trees += rim_trees(ground, rng, 3.4, 11.0, avoid=shapely.union_all([main, gym, yard]).buffer(3.0))
    at = np.asarray(yard.centroid.coords[0]) - north * (high - low) * 0.42
    made.furniture.append(assembly_point(site, at))
    return made


def district_office(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A slab of ten storeys over a broad base, with the council's low hall in front of its wing."""
    box = largest_box(ground, 8.0)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
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
    building = named(site, masses, "public", 10, 1998)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


def hospital(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A broad base of three storeys and a cross-shaped ward block of twelve."""
    box = largest_box(ground, 9.0, 0.94)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
    base = place([(-a / 2, -b * 0.3), (a * 0.5, -b * 0.3), (a * 0.5, b / 2), (-a / 2, b / 2)], centre, axis)
    d = 8.5
    ward = place(
        [
            (-a * 0.36, b * 0.08 - d),
            (-8, b * 0.08 - d),
            (-8, -b * 0.2),
            (9, -b * 0.2),
            (9, b * 0.08 - d),
            (a * 0.36, b * 0.08 - d),
            (a * 0.36, b * 0.08 + d),
            (9, b * 0.08 + d),
            (9, b * 0.34),
            (-8, b * 0.34),
            (-8, b * 0.08 + d),
            (-a * 0.36, b * 0.08 + d),
        ],
        centre,
        axis,
    )
    masses = [Mass(base, 13.5), Mass(ward, 12 * 4.0 + 1.2, foot=13.5, tiers=parapet(ward, rng, 1.2, 1, (12.0, 8.0)))]
    building = named(site, masses, "hospital", 12, 2006)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


class Hall(NamedTuple):
    """A public building of a few storeys: what it is used for, its storeys and their height, its year."""

    use: str
    storeys: int
    storey_m: float
    year: int


HALLS = {
    "library": Hall("library", 4, 4.2, 2014),
    "small_library": Hall("library", 2, 3.9, 2018),
    "fire": Hall("fire_station", 3, 4.4, 1996),
    "health": Hall("hospital", 5, 4.0, 2002),
    "community": Hall("public", 3, 3.8, 1999),
    "police": Hall("police", 2, 3.6, 1994),
    "post": Hall("public", 3, 3.9, 1991),
    "mall": Hall("commercial", 7, 5.0, 2004),
    "kindergarten": Hall("kindergarten", 2, 3.6, 2001),
    "seniors": Hall("welfare", 4, 3.8, 2008),
}


def hall(ground: Polygon, site: Site, rng: Rng, kind: Hall) -> Place:
    """A public building in its own ground, set to the north of it."""
    small = ground.area < 2600
    box = largest_box(ground, 3.0 if small else 8.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    deep = min(b * (0.9 if kind.use == "commercial" else 0.64), 34.0)
    shape = rectangle(centre + north * (b - deep) / 2 * 0.8, axis, min(a * 0.94, 62.0), deep)
    shape = notched(shape, rng, (0.2, 0.34))
    roof = parapet(shape, rng, 1.1, 1, (6.0, 4.5))
    building = named(
        site, [Mass(shape, kind.storeys * kind.storey_m + 1.1, tiers=roof)], kind.use, kind.storeys, kind.year
    )
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    if site.kind in ("community", "seniors"):
        at = centre - north * b * 0.42
        made.furniture.append(
            Furniture(
                "shelter",
                float(at[0]),
                float(at[1]),
                f"{site.name} 무더위쉼터",
                f"{site.name_en} cooling shelter",
                f"{site.key}-cooling",
            )
        )
    return made


def arts_hall(ground: Polygon, site: Site, rng: Rng) -> Place:
    """Two halls with fly towers over a shared foyer."""
    box = largest_box(ground, 9.0)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
    w, d = min(a, 84.0), min(b * 0.8, 58.0)
    base = place([(-w / 2, -d / 2), (w / 2, -d / 2), (w / 2, d / 2), (-w / 2, d / 2)], centre, axis)
    tiers = (
        Tier(
            rectangle(centre - axis * w * 0.2, axis, w * 0.36, d * 0.66),
            9.0,
            (Tier(rectangle(centre - axis * w * 0.2, axis, w * 0.2, d * 0.3), 6.0),),
        ),
        Tier(rectangle(centre + axis * w * 0.26, axis, w * 0.26, d * 0.5), 6.0),
    )
    building = named(site, [Mass(base, 11.0, tiers=tiers)], "public", 3, 2011)
    made = forecourt(ground, site, building.footprint, rng)
    made.buildings.append(building)
    return made


def church(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A gabled nave with a square tower at its end."""
    box = largest_box(ground, 3.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    long, way = (a, axis) if a >= b else (b, north)
    length, width = min(long * 0.72, 30.0), min(min(a, b) * 0.72, 15.0)
    nave = rectangle(centre - way * 3.0, way, length, width)
    tower = rectangle(centre + way * (length / 2 - 3.0 + 3.2), way, 6.2, 6.2)
    spire = Tier(
        rectangle(centre + way * (length / 2 + 0.2), way, 3.4, 3.4),
        4.5,
        (Tier(rectangle(centre + way * (length / 2 + 0.2), way, 1.2, 1.2), 3.0),),
    )
    masses = [Mass(nave, 8.0, roof="gable", rise=width * 0.42), Mass(tower, 11.5, tiers=(spire,))]
    building = named(site, masses, "religious", 3, 1979, "brick")
    made = forecourt(ground, site, building.footprint, rng, "LandUse")
    made.covers = [cover for cover in made.covers if cover.kind == "LandUse"]
    for cover in made.covers:
        cover.public = False
    made.buildings.append(building)
    return made


def temple(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A main hall under a hip roof and two side halls around a court."""
    box = largest_box(ground, 3.0)
    if box is None:
        return Place()
    centre, axis, north, a, b = box
    w, d = min(a * 0.5, 17.0), min(b * 0.3, 11.0)
    main = rectangle(centre + north * (b / 2 - d / 2), axis, w, d)
    masses = [Mass(main, 5.6, roof="hip", rise=d * 0.42)]
    for side in (-1, 1):
        hall_at = centre + axis * side * (a / 2 - 4.0) - north * b * 0.12
        masses.append(Mass(rectangle(hall_at, north, min(b * 0.4, 13.0), 6.5), 3.8, roof="gable", rise=2.4))
    made = Place(buildings=[named(site, masses, "religious", 1, 1936, "timber")])
    made.covers.append(
        Cover("LandUse", ground.buffer(-0.5), "religious", site.name, site.name_en, False, f"{site.key}-ground")
    )
    made.trees += rim_trees(ground, rng, 1.6, 6.0)
    return made


def gas_station(ground: Polygon, site: Site, rng: Rng) -> Place:
    """A canopy on columns over the pumps and a small shop."""
    box = largest_box(ground, 2.5)
    if box is None:
        return Place()
    centre, axis, _, a, b = box
    roof = rectangle(centre - axis * a * 0.14, axis, a * 0.5, min(b * 0.6, 13.0))
    legs = tuple(rectangle(centre - axis * a * 0.14 + axis * u * a * 0.16, axis, 0.6, 0.6) for u in (-1, 1))
    shop = rectangle(centre + axis * a * 0.36, axis, a * 0.2, min(b * 0.7, 12.0))
    masses = [Mass(roof, 6.2, foot=5.2, legs=legs), Mass(shop, 4.2)]
    made = Place(buildings=[named(site, masses, "commercial", 1, 2003, "steel")])
    made.covers.append(
        Cover("LandUse", ground.buffer(-0.5), "commercial", site.name, site.name_en, False, f"{site.key}-ground")
    )
    return made
