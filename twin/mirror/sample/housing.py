"""Low-rise homes: villas of flats over parking, detached houses, and tiled roofs in the old quarter."""

from shapely import Polygon

from twin.mirror.sample.lots import Rng, footprint, inset, parapet, penthouses, set_back
from twin.mirror.sample.massing import ell
from twin.mirror.sample.model import Building, Mass, Tier
from twin.mirror.sample.shapes import fit_rectangle, frame, place

STOREY = 2.9


def villa(parcel: Polygon, rng: Rng) -> Building | None:
    """A house in a quarter of the seventies to today: mostly three or four flat-roofed storeys."""
    roll = rng.random()
    if roll < 0.13:
        return pitched(parcel, rng, storeys=int(rng.choice([1, 2, 2])))
    shape = footprint(parcel, rng, margin=float(rng.uniform(0.8, 1.7)))
    if shape is None:
        return None
    if roll < 0.36:
        return _detached(shape, rng)
    storeys = int(rng.choice([3, 4, 4, 4, 5, 5])) if shape.area > 95 else int(rng.choice([2, 3, 3, 4]))
    year = int(rng.choice([rng.integers(1984, 2002), rng.integers(2002, 2024)]))
    households = max(2, round((storeys - 1) * shape.area / 68))
    return Building(
        [stepped(shape, storeys, rng)], "residential", storeys, year, "reinforced_concrete", households=households
    )


def stepped(shape: Polygon, storeys: int, rng: Rng) -> Mass:
    """A flat-roofed mass with a stair box, on newer ones above a drawn-in top storey."""
    top = 0.4 + storeys * STOREY
    if storeys >= 4 and rng.random() < 0.45:
        upper = inset(shape, float(rng.uniform(0.9, 1.8)))
        if upper is not None and upper.area > 40:
            boxes = tuple(penthouses(upper, rng, 1, (3.6, 3.0), 2.5))
            return Mass(shape, top - STOREY, tiers=(Tier(upper, STOREY, boxes),))
    if shape.area > 110 and rng.random() < 0.35:
        return Mass(shape, top + 1.0, tiers=parapet(shape, rng, 1.0, 1, (4.2, 3.2)))
    return Mass(shape, top, tiers=tuple(penthouses(shape, rng, 1, (4.0, 3.0), 2.5)) if storeys > 2 else ())


def _detached(shape: Polygon, rng: Rng) -> Building:
    storeys = int(rng.choice([1, 2, 2, 2, 3]))
    tiers = tuple(penthouses(shape, rng, 1, (3.0, 2.6), 2.3)) if storeys == 2 and rng.random() < 0.5 else ()
    mass = Mass(shape, 0.4 + storeys * 3.0, tiers=tiers)
    return Building(
        [mass], "house", storeys, int(rng.integers(1972, 2004)), "brick", households=int(rng.integers(1, 4))
    )


def pitched(parcel: Polygon, rng: Rng, storeys: int) -> Building | None:
    """A house under a gable or hip roof."""
    shape = set_back(parcel, 0.9)
    if shape is None:
        return None
    box = fit_rectangle(shape, frame(shape)[1], fill=float(rng.uniform(0.86, 1.0)))
    if box is None or box.area < 40:
        return None
    centre, along, _, a, b = frame(box)
    if b > 13:
        return None
    outline = place([(-a / 2, -b / 2), (a / 2, -b / 2), (a / 2, b / 2), (-a / 2, b / 2)], centre, along)
    roof = "hip" if a > 1.15 * b and rng.random() < 0.45 else "gable"
    mass = Mass(outline, 0.4 + storeys * 2.8, roof=roof, rise=b * float(rng.uniform(0.22, 0.32)))
    year = int(rng.integers(1966, 1998)) if rng.random() < 0.7 else int(rng.integers(2008, 2024))
    return Building([mass], "house", storeys, year, "brick" if storeys > 1 else "masonry", households=1)


def hanok(parcel: Polygon, rng: Rng) -> Building | None:
    """A one-storey house with two wings around a yard under a tiled roof."""
    shape = set_back(parcel, 0.5)
    if shape is None:
        return None
    box = fit_rectangle(shape, frame(shape)[1])
    if box is None:
        return None
    centre, along, across, a, b = frame(box)
    wing = min(4.6, b * 0.42)
    if b < 8.0 or wing < 3.2:
        return pitched(parcel, rng, storeys=1)
    turn = int(rng.integers(0, 4))
    axis = (along, across, -along, -across)[turn]
    a, b = (a, b) if turn % 2 == 0 else (b, a)
    outline = place([(x - a / 2, y - b / 2) for x, y in ell(a, b, wing)], centre, axis)
    mass = Mass(outline, 3.0, roof="ell", rise=wing * 0.36)
    return Building([mass], "house", 1, int(rng.integers(1934, 1972)), "timber", households=1)


def old_house(parcel: Polygon, rng: Rng) -> Building | None:
    """What stands in the old quarter: tiled roofs, small brick houses, a few villas that replaced them."""
    roll = rng.random()
    if roll < 0.42:
        return hanok(parcel, rng)
    if roll < 0.66:
        return pitched(parcel, rng, storeys=int(rng.choice([1, 1, 2])))
    shape = footprint(parcel, rng, margin=0.6, least=30.0)
    if shape is None:
        return hanok(parcel, rng)
    if roll < 0.9:
        return _detached(shape, rng)
    storeys = int(rng.choice([3, 4]))
    households = max(2, round((storeys - 1) * shape.area / 60))
    return Building(
        [stepped(shape, storeys, rng)],
        "residential",
        storeys,
        int(rng.integers(1990, 2023)),
        "reinforced_concrete",
        households=households,
    )
