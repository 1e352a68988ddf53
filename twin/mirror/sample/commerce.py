"""Shops, offices, towers over podiums, the market and workshops."""

from itertools import pairwise

import numpy as np
from shapely import LineString, Polygon

from twin.mirror.sample.lots import Rng, footprint, inset, parapet, parcels, penthouses, set_back
from twin.mirror.sample.model import Building, Mass, Tier
from twin.mirror.sample.shapes import fit_rectangle, frame, inside, place, polygons, rectangle, strip

OFFICE_STOREY = 4.0
SHOP_STOREY = 3.6


def shop_house(parcel: Polygon, rng: Rng, storeys: tuple[int, ...] = (3, 4, 4, 5, 5, 6)) -> Building | None:
    """A small building with shops below, and offices, classes or flats above."""
    shape = footprint(parcel, rng, margin=0.6)
    if shape is None:
        return None
    count = int(rng.choice(storeys))
    mixed = count >= 4 and rng.random() < 0.4
    top = 0.3 + SHOP_STOREY + (count - 1) * (3.0 if mixed else 3.4)
    tiers = (
        parapet(shape, rng, 1.0, 1, (4.6, 3.6))
        if rng.random() < 0.6
        else tuple(penthouses(shape, rng, 1, (4.6, 3.4), 2.8))
    )
    households = round((count - 2) * shape.area / 75) if mixed else 0
    use = "mixed" if mixed else "commercial"
    year = int(rng.integers(1982, 2024))
    return Building(
        [Mass(shape, top + (1.0 if tiers and tiers[0].rise < 0 else 0.0), tiers=tiers)],
        use,
        count,
        year,
        "reinforced_concrete",
        households=households,
    )


def office(parcel: Polygon, rng: Rng, storeys: tuple[int, int]) -> Building | None:
    """A middle or high block: plain, stepped, or a tower over a podium where the parcel is large."""
    shape = set_back(parcel, float(rng.uniform(1.0, 2.2)))
    if shape is None or shape.area < 120 or frame(shape)[4] < 9:
        return None
    count = int(rng.integers(storeys[0], storeys[1] + 1))
    year = int(rng.integers(1986, 2024))
    style = rng.random()
    if shape.area > 560 and style < 0.5:
        tower = _tower_on(shape, rng)
        if tower is not None:
            return _podium(shape, tower, count + 3, int(rng.choice([3, 4])), year, "office", rng)
    if style < 0.7 and count > 6:
        upper = inset(shape, float(rng.uniform(2.0, 3.6)))
        if upper is not None and upper.area > 90:
            drop = int(rng.integers(2, 5))
            crown = tuple(penthouses(upper, rng, 1, (8.0, 6.0), 4.2))
            mass = Mass(shape, (count - drop) * OFFICE_STOREY, tiers=(Tier(upper, drop * OFFICE_STOREY, crown),))
            return Building([mass], "office", count, year, "reinforced_concrete")
    mass = Mass(shape, count * 3.9 + 1.2, tiers=parapet(shape, rng, 1.2, 1, (8.0, 5.5)))
    return Building([mass], "office", count, year, "steel" if count > 12 else "reinforced_concrete")


def _tower_on(shape: Polygon, rng: Rng) -> Polygon | None:
    inner = inset(shape, 2.2)
    if inner is None:
        return None
    tower = fit_rectangle(inner, frame(inner)[1], fill=float(rng.uniform(0.72, 0.92)))
    return tower if tower is not None and tower.area > 200 else None


def _podium(shape: Polygon, tower: Polygon, storeys: int, low: int, year: int, use: str, rng: Rng) -> Building:
    deck = low * 4.5
    top = deck + (storeys - low) * (3.1 if use == "mixed" else OFFICE_STOREY)
    crown = parapet(tower, rng, 1.4, 1, (9.0, 7.0))
    masses = [Mass(shape, deck), Mass(tower, top, foot=deck, tiers=crown)]
    households = round((storeys - low) * tower.area / 115) if use == "mixed" else 0
    return Building(
        masses, use, storeys, year, "steel" if use == "office" else "reinforced_concrete", households=households
    )


def mixed_towers(cell: Polygon, rng: Rng, storeys: int, name: str, name_en: str, key: str) -> Building | None:
    """Flats in towers over a podium of shops."""
    shape = set_back(cell, 7.0)
    podium = fit_rectangle(shape, frame(shape)[1]) if shape is not None else None
    if podium is None:
        return None
    centre, along, across, a, b = frame(podium)
    count = max(1, min(3, round(a / 42)))
    deck = 4 * 4.6
    masses = [Mass(podium, deck)]
    for number, spot in enumerate((np.arange(count) - (count - 1) / 2) * (a / count)):
        size = min(25.0, b - 8, a / count - 12)
        corner = size * 0.3
        half = size / 2
        outline = [
            (-half + corner, -half),
            (half, -half),
            (half, half - corner),
            (half - corner, half),
            (-half, half),
            (-half, -half + corner),
        ]
        tower = place(outline, centre + along * spot + across * (b * 0.12 * (-1) ** number), along)
        floors = storeys - 4 * number
        masses.append(Mass(tower, deck + floors * 3.1, foot=deck, tiers=parapet(tower, rng, 1.5, 1, (10.0, 8.0))))
    households = count * 4 * (storeys - 4)
    return Building(masses, "mixed", storeys + 4, 2016, "reinforced_concrete", name, name_en, households, key)


def workshop(parcel: Polygon, rng: Rng) -> Building | None:
    """A workshop or store under a shallow gable, or a block of small factories."""
    shape = set_back(parcel, 2.0)
    box = fit_rectangle(shape, frame(shape)[1]) if shape is not None else None
    if box is None or box.area < 150:
        return None
    centre, along, _, a, b = frame(box)
    year = int(rng.integers(1984, 2022))
    if box.area > 650 and rng.random() < 0.3:
        floors = int(rng.integers(4, 8))
        return Building(
            [Mass(box, floors * 4.4 + 1.2, tiers=parapet(box, rng, 1.2, 2, (6.0, 5.0)))],
            "industrial",
            floors,
            year,
            "reinforced_concrete",
        )
    storeys = int(rng.choice([1, 1, 2]))
    outline = rectangle(centre, along, a, b)
    if b < 26 and rng.random() < 0.75:
        mass = Mass(outline, 6.5 if storeys == 1 else 8.5, roof="gable", rise=b * 0.12)
    else:
        mass = Mass(outline, 7.0 + 1.5 * storeys)
    return Building([mass], "industrial", storeys, year, "steel")


def market_rows(
    block: Polygon, street: LineString, rng: Rng, width: float = 8.0, depth: float = 12.5
) -> tuple[list[Building], Polygon]:
    """Rows of low shops along a market street, with gaps for alleys; returns them and the ground they take."""
    ground = polygons(strip(street, width + 2 * depth).intersection(block))[0]
    lane = strip(street, width)
    shops = []
    for side in polygons(ground.difference(lane), least_area=100.0):
        for row in parcels(side, 46.0, 40.0, rng):
            for unit_lot in parcels(row.buffer(-1.1, join_style="mitre"), 7.5, 40.0, rng):
                shape = set_back(unit_lot, 0.06)
                if shape is None or len(shape.exterior.coords) > 7 or frame(shape)[4] < 4:
                    continue
                storeys = int(rng.choice([1, 2, 2, 2, 3], p=[0.2, 0.25, 0.25, 0.2, 0.1]))
                mass = Mass(shape, 0.3 + 3.7 * storeys - 0.4 * (storeys - 1))
                shops.append(Building([mass], "market", storeys, int(rng.integers(1968, 2010)), "masonry"))
    return shops, ground


def arcade(street: LineString, spans: int, width: float) -> list[Building]:
    """The market's roof: raised halls on columns along the street's middle part."""
    halls = []
    shares = np.linspace(0.12, 0.88, spans + 1)
    for number, (start, end) in enumerate(pairwise(shares)):
        a = np.asarray(street.interpolate(start, normalized=True).coords[0])
        b = np.asarray(street.interpolate(end, normalized=True).coords[0])
        length = float(np.hypot(*(b - a))) - 0.6
        along = (b - a) / np.hypot(*(b - a))
        middle = (a + b) / 2
        roof = rectangle(middle, along, length, width)
        lantern = rectangle(middle, along, length - 3, width * 0.4)
        across = np.array([-along[1], along[0]])
        legs = tuple(
            rectangle(middle + along * u * (length / 2 - 1.0) + across * v * (width / 2 - 0.5), along, 0.45, 0.45)
            for u in (-1, 0, 1)
            for v in (-1, 1)
        )
        mass = Mass(roof, 9.6, foot=8.6, tiers=(Tier(lantern, 1.3),), legs=legs)
        halls.append(
            Building(
                [mass],
                "market",
                1,
                2009,
                "steel",
                f"가온시장 아케이드 {number + 1}구간",
                f"Gaon Market Arcade {number + 1}",
                key=f"gaon-market-arcade-{number + 1}",
                attributes={"canopy": True},
            )
        )
    return halls


def market_street(block: Polygon) -> LineString:
    """The line of the market street: the middle of the block along its longer side."""
    centre, along, across, a, _ = frame(block)
    sway = across * 4.0
    line = LineString(
        [centre - along * a, centre - along * a * 0.2 + sway, centre + along * a * 0.2 - sway, centre + along * a]
    )
    piece = inside(line, block)
    return piece if piece is not None else line
