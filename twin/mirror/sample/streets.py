"""Streets, the blocks between them, and the lanes that cut the blocks into cells and lots."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample import plan
from twin.mirror.sample.shapes import cut, frame, inside, polygons, smooth, strip

BOUNDS = shapely.box(0, 0, plan.SIZE, plan.SIZE)


@dataclass(slots=True)
class Street:
    """A street with its centre line in the direction of its house numbers, and the ground that it takes."""

    key: str
    name: str
    name_en: str
    road_class: str
    width_m: float
    lanes: int
    line: LineString
    area: BaseGeometry
    named: bool = True  # False while a lane waits for its name


@dataclass(slots=True, frozen=True)
class Grain:
    """How a block is cut: wanted length and width of its pieces, the lanes between them, and how crooked they run."""

    length: float
    width: float
    lane: float
    bend: float = 0.0
    regular: bool = False


@dataclass(slots=True)
class Network:
    """The streets of the district and the ground between them."""

    streets: list[Street] = field(default_factory=list)
    blocks: list[Polygon] = field(default_factory=list)
    river: LineString = field(default_factory=LineString)
    corridor: BaseGeometry = field(default_factory=Polygon)
    railway: LineString = field(default_factory=LineString)
    hill: Polygon = field(default_factory=Polygon)
    knoll: Polygon = field(default_factory=Polygon)


def lobed(centre: tuple[float, float], radius: float, phase: float) -> Polygon:
    """A rounded outline that bulges here and there, as the foot of a hill does."""
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    reach = radius * (
        1 + 0.10 * np.sin(2 * angles + phase) + 0.07 * np.sin(3 * angles - phase) + 0.03 * np.sin(7 * angles)
    )
    return Polygon(np.column_stack([centre[0] + reach * np.cos(angles), centre[1] + reach * np.sin(angles)]))


def _thoroughfares(river: LineString) -> list[Street]:
    streets = []
    for number, road in enumerate(plan.THOROUGHFARES):
        line = smooth(road.points)
        streets.append(
            Street(
                f"gaon-road-{number + 1:02d}",
                road.name,
                road.name_en,
                road.road_class,
                road.width_m,
                road.lanes,
                line,
                strip(line, road.width_m),
            )
        )
    for side, (stem, stem_en) in ((-1, plan.RIVERSIDE_NORTH), (1, plan.RIVERSIDE_SOUTH)):
        line = river.offset_curve(side * plan.RIVERSIDE_OFFSET, join_style="round").simplify(0.3).reverse()
        streets.append(
            Street(
                f"gaon-road-{len(streets) + 1:02d}",
                f"{stem}로",
                f"{stem_en}-ro",
                "collector",
                plan.RIVERSIDE_WIDTH,
                2,
                line,
                strip(line, plan.RIVERSIDE_WIDTH),
            )
        )
    return streets


def lay_out() -> Network:
    """The plan's thoroughfares, river, railway and hills, and the blocks that they leave."""
    river = smooth(plan.RIVER)
    net = Network(
        river=river,
        corridor=river.buffer(plan.LEVEE_HALF, quad_segs=16),
        railway=smooth(plan.RAILWAY),
        hill=lobed(plan.HILL_CENTRE, plan.HILL_RADIUS, 0.6).union(lobed(plan.RIDGE_CENTRE, plan.RIDGE_RADIUS, 1.4)),
        knoll=lobed(plan.KNOLL_CENTRE, plan.KNOLL_RADIUS, 2.0),
    )
    net.streets = _thoroughfares(river)
    taken = shapely.union_all([street.area for street in net.streets])
    rounded = taken.buffer(5.0, quad_segs=4).buffer(-5.0, quad_segs=4)  # cut-off street corners
    closed = shapely.union_all([rounded, strip(net.railway, plan.RAILWAY_CORRIDOR), net.corridor, net.hill, net.knoll])
    net.blocks = polygons(BOUNDS.difference(closed), least_area=60.0)
    _give_corners(net.streets, rounded.difference(taken))
    return net


def _give_corners(streets: list[Street], corners: BaseGeometry) -> None:
    """Add each rounded corner to the first street that it touches."""
    for corner in polygons(corners, least_area=0.5):
        for street in streets:
            if street.area.distance(corner) < 0.01:
                street.area = street.area.union(corner)
                break


def carve(
    block: Polygon, grain: Grain, rng: np.random.Generator, lane_class: str, keep: Iterable[Point] = ()
) -> tuple[list[Polygon], list[Street]]:
    """Cut `block` by lanes into pieces about as large as `grain` wants; those with a point to keep stay wide."""
    done: list[Polygon] = []
    lanes: list[Street] = []
    keep = list(keep)
    todo = [block]
    while todo:
        piece = todo.pop()
        line = _cut_line(piece, grain, rng, any(piece.contains(point) for point in keep))
        halves = cut(piece, line) if line is not None else []
        if line is None or len(halves) < 2:
            done.append(piece)
            continue
        lane = strip(line, grain.lane)
        axis = inside(line, piece.buffer(grain.lane * 0.8))
        if axis is not None:
            lanes.append(
                Street(
                    "",
                    "",
                    "",
                    lane_class,
                    grain.lane,
                    1 if grain.lane < 7 else 2,
                    axis,
                    lane.intersection(piece),
                    False,
                )
            )
        todo.extend(polygons(piece.difference(lane), least_area=30.0))
    return done, lanes


def _cut_line(piece: Polygon, grain: Grain, rng: np.random.Generator, kept: bool) -> LineString | None:
    centre, along, across, a, b = frame(piece)
    by_length, by_width = a / grain.length, b / grain.width
    limit = 1.9 if kept else 1.45
    if max(by_length, by_width) < limit or piece.area < 0.9 * grain.length * grain.width:
        return None
    if by_width > by_length:
        along, across, a, b, by_length = across, along, b, a, by_width
    count = max(2, round(by_length))
    share = (count // 2) / count + (0 if grain.regular else rng.uniform(-0.06, 0.06))
    middle = centre + along * (share - 0.5) * a
    tilt = 0.0 if grain.regular else rng.uniform(-0.06, 0.06)
    steps = np.linspace(-0.62, 0.62, 6)
    sway = np.concatenate([[0], rng.uniform(-grain.bend, grain.bend, 4), [0]])
    points = [
        middle + across * b * step + along * (tilt * b * step + off) for step, off in zip(steps, sway, strict=True)
    ]
    return LineString(points if grain.bend else [points[0], points[-1]])
