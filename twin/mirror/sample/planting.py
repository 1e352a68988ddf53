"""What lines the streets and the stream: trees, lamps, stops, the riverside park, the wooded hill."""

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample import plan
from twin.mirror.sample.lots import Rng
from twin.mirror.sample.model import Cover, District, Furniture, Tree
from twin.mirror.sample.open_ground import scatter, tree
from twin.mirror.sample.shapes import polygons, smooth, strip, walk
from twin.mirror.sample.streets import BOUNDS, Network, Street

STOP_SPACING = 330.0
LAMP_SPACING = 44.0


def street_trees(streets: list[Street], rng: Rng, free: BaseGeometry, crossings: BaseGeometry) -> list[Tree]:
    """Rows of trees along arterials and collectors, none within junctions or off the pavement."""
    made = []
    spacing = {"arterial": 16.0, "collector": 21.0}
    shapely.prepare(crossings)
    for street in streets:
        if street.road_class not in spacing:
            continue
        size = (7.5, 10.5) if street.road_class == "arterial" else (5.5, 8.5)
        for here, way, _ in walk(street.line, spacing[street.road_class], start=float(rng.uniform(4, 10))):
            normal = np.array([-way[1], way[0]])
            for side in (-1, 1):
                at = here + normal * side * (street.width_m / 2 - 1.6)
                point = Point(*at)
                if rng.random() < 0.93 and not crossings.contains(point) and free.contains(point):
                    made.append(tree(float(at[0]), float(at[1]), rng, size, 0.0))
    return made


def junctions(streets: list[Street]) -> BaseGeometry:
    """The surroundings of the points where thoroughfares meet."""
    main = [street for street in streets if street.road_class in ("arterial", "collector")]
    spots = []
    for index, first in enumerate(main):
        for second in main[index + 1 :]:
            for part in shapely.get_parts(first.area.intersection(second.area)):
                spots.append(part.envelope.buffer(7.0))
    return shapely.union_all(spots)


def stops_and_lamps(
    streets: list[Street], landmarks: list[tuple[Point, str, str]], free: BaseGeometry, crossings: BaseGeometry
) -> list[Furniture]:
    """Bus stops on both sides of thoroughfares, named after what is near, and lamps along the arterials."""
    main = [street for street in streets if street.road_class in ("arterial", "collector")]
    made: list[Furniture] = []
    for street in main:
        if street.line.length > 300:
            for point in _kerb(street, STOP_SPACING, 1.8, free, crossings, shift=14.0):
                name, name_en = _stop_name(point, street, landmarks, main)
                made.append(Furniture("bus_stop", point.x, point.y, name, name_en, f"gaon-stop-{len(made) + 1:03d}"))
    for street in main:
        if street.road_class == "arterial":
            lamps = _kerb(street, LAMP_SPACING, 3.0, free, crossings)
            made += [Furniture("street_light", point.x, point.y) for point in lamps]
    return made


def _kerb(
    street: Street, spacing: float, margin: float, free: BaseGeometry, crossings: BaseGeometry, shift: float = 0.0
) -> list[Point]:
    """Places on both pavements, off junctions; those of the two sides are `shift` before and behind each other."""
    places = []
    for here, way, _ in walk(street.line, spacing, start=spacing * 0.45):
        normal = np.array([-way[1], way[0]])
        for side in (-1, 1):
            point = Point(*(here + way * shift * side + normal * side * (street.width_m / 2 - margin)))
            if free.contains(point) and not crossings.contains(point):
                places.append(point)
    return places


def _stop_name(
    point: Point, street: Street, landmarks: list[tuple[Point, str, str]], main: list[Street]
) -> tuple[str, str]:
    """The name of a landmark within a short walk, or else of the thoroughfare that crosses next."""
    place, name, name_en = min(landmarks, key=lambda landmark: landmark[0].distance(point))
    if place.distance(point) < 170:
        return name, name_en
    other = min((one for one in main if one is not street), key=lambda one: one.line.distance(point))
    return f"{other.name} 입구", f"{other.name_en} Entrance"


def riverside(net: Network, district: District, rng: Rng, keep_clear: BaseGeometry) -> list[Street]:
    """The stream between its riverside parks: lawns, a walk on each bank, groves, benches."""
    water = strip(net.river, 2 * plan.CHANNEL_HALF + 6).intersection(BOUNDS)
    district.covers.append(
        Cover("WaterBody", water, "stream", plan.RIVER_NAME, plan.RIVER_NAME_EN, True, "gaon-stream")
    )
    walks = []
    banks = []
    for number, (side, name, name_en) in enumerate(
        ((-1, "가온천 북쪽 산책길", "Gaoncheon North Walk"), (1, "가온천 남쪽 산책길", "Gaoncheon South Walk"))
    ):
        line = net.river.offset_curve(side * 37.0, join_style="round").simplify(0.3)
        line = shapely.get_parts(line.intersection(BOUNDS))[0]
        area = strip(line, 4.0).intersection(BOUNDS)
        walks.append(Street(f"gaon-riverwalk-{number + 1}", name, name_en, "path", 4.0, 0, line, area))
        bank = net.river.buffer(side * plan.LEVEE_HALF, single_sided=True).intersection(BOUNDS).difference(water)
        banks.append(bank)
        label, label_en = (
            ("가온천 북쪽 둔치공원", "Gaoncheon North Riverside Park")
            if number == 0
            else ("가온천 남쪽 둔치공원", "Gaoncheon South Riverside Park")
        )
        green = bank.difference(area.buffer(0.25)).difference(
            shapely.union_all([street.area for street in net.streets])
        )
        district.covers.append(
            Cover(
                "PlantCover",
                shapely.union_all(polygons(green, 40.0)),
                "park",
                label,
                label_en,
                True,
                f"gaon-riverside-{'north' if number == 0 else 'south'}",
            )
        )
        for here, way, _ in walk(line, 62.0, start=30.0):
            at = here + np.array([-way[1], way[0]]) * 3.2 * (1 if number else -1)
            if BOUNDS.contains(Point(*at)) and not keep_clear.contains(Point(*at)):
                district.furniture.append(Furniture("bench", float(at[0]), float(at[1])))
    meadow = (
        shapely.union_all(banks)
        .difference(strip(net.river, 2 * 31.0))
        .difference(shapely.union_all([w.area for w in walks]).buffer(3.0))
    )
    groves = meadow.intersection(
        shapely.union_all([Point(*p).buffer(rng.uniform(16, 40)) for p in _spots(net.river, rng, 60)])
    )
    district.trees += scatter(groves.difference(keep_clear), rng, 300, 6.5, (5.0, 10.0), 0.05)
    return walks


def _spots(line: LineString, rng: Rng, count: int) -> np.ndarray:
    points = [line.interpolate(share, normalized=True) for share in rng.uniform(0, 1, count)]
    return np.array([(p.x, p.y) for p in points]) + rng.uniform(-60, 60, (count, 2))


def wooded_hills(net: Network, district: District, rng: Rng, count: int) -> list[Street]:
    """Forest on the hill and the knoll, paths up to their tops with a lookout."""
    x, y = plan.HILL_CENTRE
    paths = []
    routes = (
        (
            "뫼산 둘레길",
            "Moesan Loop Trail",
            [(x + 210 * np.cos(a) * (1 + 0.1 * np.sin(3 * a)), y + 205 * np.sin(a)) for a in np.linspace(0.2, 6.1, 22)],
            net.hill,
        ),
        (
            "뫼산 오름길",
            "Moesan Summit Trail",
            [(x + 330, y - 40), (x + 230, y - 70), (x + 190, y + 10), (x + 120, y - 30), (x + 70, y + 20), (x + 6, y)],
            net.hill,
        ),
        (
            "뫼산 남쪽길",
            "Moesan South Trail",
            [(x + 20, y - 330), (x - 40, y - 220), (x + 30, y - 160), (x - 30, y - 90), (x - 4, y - 10)],
            net.hill,
        ),
        (
            "꽃재 오름길",
            "Kkotjae Trail",
            [(1760, 200), (1810, 235), (1850, 225), (1866, 256), (1900, 300), (1985, 290)],
            net.knoll,
        ),
    )
    ways: list[BaseGeometry] = []
    for number, (name, name_en, points, ground) in enumerate(routes):
        line = shapely.get_parts(smooth([(float(a), float(b)) for a, b in points]).intersection(ground.buffer(-0.6)))[0]
        area = (
            strip(line, 2.2).intersection(BOUNDS).difference(shapely.union_all(ways))
            if ways
            else strip(line, 2.2).intersection(BOUNDS)
        )
        ways.append(area)
        paths.append(Street(f"gaon-trail-{number + 1}", name, name_en, "path", 2.2, 0, line, area))
    clear = shapely.union_all(ways).buffer(2.0)
    tops = shapely.union_all([Point(x, y).buffer(13), Point(*plan.KNOLL_CENTRE).buffer(10)])
    roads = shapely.union_all([street.area for street in net.streets])
    for ground, top, key, name, name_en, share in (
        (net.hill, Point(x, y).buffer(12), "gaon-hill", plan.HILL_NAME, plan.HILL_NAME_EN, 0.86),
        (net.knoll, Point(*plan.KNOLL_CENTRE).buffer(9), "gaon-knoll", "꽃재공원", "Kkotjae Park", 0.14),
    ):
        inside = ground.intersection(BOUNDS).difference(roads)
        square = top.difference(clear)
        district.covers.append(
            Cover("TransportSquare", square, "square", f"{name} 전망마당", f"{name_en} Lookout", True, f"{key}-top")
        )
        wood = inside.difference(shapely.union_all(ways).buffer(0.2)).difference(top.buffer(0.2))
        use = "forest" if key == "gaon-hill" else "park"
        district.covers.append(Cover("PlantCover", wood, use, name, name_en, True, key))
        district.trees += scatter(
            inside.difference(clear).difference(tops).buffer(-2.0), rng, int(count * share), 8.4, (9.0, 16.0), 0.42
        )
    return paths
