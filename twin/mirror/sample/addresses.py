"""Names of lanes and addresses of buildings, as the Korean road name system gives them.

Every 20 m of a road is one interval: odd numbers on the left, even on the right, counted from the road's start. A
lane that branches off takes the number of its interval (다솜로12번길); a second building in an interval takes a
branch number (7-1).
"""

from collections import defaultdict

import numpy as np
import shapely
from shapely import LineString, Point

from twin.mirror.sample.model import Building
from twin.mirror.sample.streets import Street

DISTRICT = "가온구"
INTERVAL_M = 20.0


def _number(line: LineString, point: Point) -> int:
    """The interval's number at `point`: odd on the left, even on the right."""
    distance = line.project(point)
    here = np.asarray(line.interpolate(distance).coords[0])
    ahead = np.asarray(line.interpolate(min(distance + 2.0, line.length)).coords[0])
    back = np.asarray(line.interpolate(max(distance - 2.0, 0.0)).coords[0])
    way, off = ahead - back, np.array([point.x, point.y]) - here
    left = way[0] * off[1] - way[1] * off[0] > 0
    return 2 * int(distance // INTERVAL_M) + (1 if left else 2)


def name_lanes(streets: list[Street]) -> None:
    """Name every lane after the road that it branches off from, and let it run away from that road."""
    parents = ("arterial", "collector", "pedestrian")
    roads = [street for street in streets if street.road_class in parents]
    tree = shapely.STRtree([road.line for road in roads])
    used: dict[tuple[str, int], bool] = {}
    lanes = [street for street in streets if not street.named]
    for count, lane in enumerate(lanes):
        ends = [Point(lane.line.coords[0]), Point(lane.line.coords[-1])]
        nearest = [int(tree.nearest(end)) for end in ends]
        gaps = [
            roads[index].line.distance(end) - roads[index].width_m / 2 for index, end in zip(nearest, ends, strict=True)
        ]
        if gaps[1] < gaps[0]:
            lane.line = lane.line.reverse()
        parent = roads[nearest[int(gaps[1] < gaps[0])]]
        middle = lane.line.interpolate(0.5, normalized=True)
        number = _number(parent.line, middle)
        while used.get((parent.name, number)):
            number += 2
        used[parent.name, number] = True
        lane.name, lane.name_en = f"{parent.name}{number}번길", f"{parent.name_en} {number}beon-gil"
        lane.key = f"gaon-lane-{count + 1:03d}"
        lane.named = True


def give_addresses(buildings: list[Building], streets: list[Street]) -> None:
    """Number the buildings along the street in front of them; those of one estate share one number."""
    fronts = [street for street in streets if street.road_class != "path" and not street.key.endswith("-drive")]
    groups: dict[str, list[Building]] = defaultdict(list)
    for index, building in enumerate(buildings):
        groups[building.estate or str(index)].append(building)
    members = list(groups.values())
    places = [shapely.union_all([building.footprint for building in group]) for group in members]
    nearest = shapely.STRtree([street.area for street in fronts]).nearest(np.array(places, dtype=object))
    order: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, street_index in enumerate(nearest.tolist()):
        street = fronts[street_index]
        order[street.name, _number(street.line, places[index].centroid)].append(index)
    lines = {street.name: street.line for street in fronts}
    for (name, number), group in order.items():
        group.sort(key=lambda index: (lines[name].project(places[index].centroid), index))
        for rank, index in enumerate(group):
            tail = f"-{rank}" if rank else ""
            for building in members[index]:
                building.attributes["address"] = f"{DISTRICT} {name} {number}{tail}"
