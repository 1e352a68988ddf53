"""Parcels, and footprints that people would build on them."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely import LineString, Polygon

from twin.mirror.sample.model import Tier
from twin.mirror.sample.shapes import Vector, cut, fit_rectangle, frame, polygons, rectangle, tidy

Rng = np.random.Generator


def parcels(lot: Polygon, width: float, depth: float, rng: Rng) -> list[Polygon]:
    """Divide `lot` into parcels about `width` wide and `depth` deep, back to back where it is deep."""
    done: list[Polygon] = []
    todo = [lot]
    while todo:
        piece = todo.pop()
        centre, along, across, a, b = frame(piece)
        if b > 1.55 * depth:
            line = _across(centre, along, across, a, b * rng.uniform(-0.06, 0.06))
        elif a > 1.5 * width:
            count = max(2, round(a / width))
            line = _across(centre, across, along, b, a * ((count // 2) / count - 0.5 + rng.uniform(-0.05, 0.05)))
        else:
            done.append(piece)
            continue
        halves = cut(piece, line)
        if len(halves) < 2:
            done.append(piece)
        else:
            todo.extend(halves)
    return done


def _across(centre: Vector, direction: Vector, off: Vector, length: float, shift: float) -> LineString:
    middle = centre + off * shift
    return LineString([middle - direction * length, middle + direction * length])


def set_back(parcel: Polygon, distance: float) -> Polygon | None:
    """The parcel less a margin on all sides; None where nothing useful is left."""
    kept = polygons(parcel.buffer(-distance, join_style="mitre"), least_area=30.0)
    return tidy(kept[0], 0.4) if kept else None


def footprint(parcel: Polygon, rng: Rng, margin: float, least: float = 42.0) -> Polygon | None:
    """A plausible footprint: the parcel's own outline, a rectangle in it, or one of these less a corner."""
    shape = set_back(parcel, margin)
    if shape is None:
        return None
    _, along, _, a, b = frame(shape)
    full = shape.area / (a * b)
    if full < 0.72 or rng.random() < 0.45:
        boxed = fit_rectangle(shape, along)
        shape = boxed if boxed is not None else shape
        _, along, _, a, b = frame(shape)
    if shape.area < least or b < 5.0 or shape.area / (a * b) < 0.62 or len(shape.exterior.coords) > 9:
        return None
    return notched(shape, rng) if rng.random() < 0.5 and shape.area > 70 else shape


def notched(shape: Polygon, rng: Rng, share: tuple[float, float] = (0.18, 0.4)) -> Polygon:
    """`shape` less a rectangle at one of its corners, where that leaves one sound outline."""
    centre, along, across, a, b = frame(shape)
    corner = centre + along * a / 2 * rng.choice([-1, 1]) + across * b / 2 * rng.choice([-1, 1])
    bite = rectangle(corner, along, 2 * a * rng.uniform(*share), 2 * b * rng.uniform(*share))
    left = polygons(shape.difference(bite))
    if len(left) != 1 or left[0].area < 0.5 * shape.area or left[0].interiors:
        return shape
    cleaned = tidy(left[0], 0.3)
    sound = cleaned.is_valid and cleaned.buffer(-1.2).geom_type == "Polygon" and not cleaned.buffer(-1.2).is_empty
    return cleaned if sound and _shortest_edge(cleaned) > 0.8 else shape


def _shortest_edge(shape: Polygon) -> float:
    return float(np.hypot(*np.diff(np.asarray(shape.exterior.coords), axis=0).T).min())


def inset(shape: Polygon, distance: float) -> Polygon | None:
    """`shape` drawn in by `distance`, if it stays one simple outline strictly within."""
    kept = polygons(shape.buffer(-distance, join_style="mitre", mitre_limit=4.0))
    if len(kept) != 1 or kept[0].interiors or kept[0].area < 6.0:
        return None
    drawn = tidy(kept[0], 0.05)
    return drawn if shape.exterior.distance(drawn) > 0.6 * distance and _shortest_edge(drawn) > 0.15 else None


def parapet(
    shape: Polygon, rng: Rng, height: float = 1.1, boxes: int = 1, box: tuple[float, float] = (5.0, 3.6)
) -> tuple[Tier, ...]:
    """A recess behind a parapet with stair and machine boxes standing in it; the roof's height is the parapet's top."""
    floor = inset(shape, 0.35)
    if floor is None:
        return ()
    return (Tier(floor, -height, tuple(penthouses(floor, rng, boxes, box, height + 2.7))),)


def penthouses(roof: Polygon, rng: Rng, count: int, box: tuple[float, float], rise: float) -> Iterator[Tier]:
    """Up to `count` boxes on `roof`, apart from each other and from its edges."""
    room = roof.buffer(-0.6)
    if room.is_empty:
        return
    _, along, _, a, b = frame(roof)
    shapely.prepare(room)
    stood: list[Polygon] = []
    spots = np.linspace(-0.5, 0.5, 2 * count + 1)[1::2] if count > 1 else np.array([rng.choice([-0.3, 0.0, 0.3])])
    centre = np.asarray(roof.centroid.coords[0])
    across = np.array([-along[1], along[0]])
    for spot in spots:
        for drift in (rng.choice([-0.22, 0.22]), 0.0):
            at = centre + along * a * spot * 0.86 + across * b * drift
            shape = rectangle(at, along, min(box[0], a * 0.5), min(box[1], b * 0.45))
            if room.contains(shape) and all(shape.distance(other) > 1.0 for other in stood):
                stood.append(shape)
                yield Tier(shape, rise)
                break
