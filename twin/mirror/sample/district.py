"""The whole district, put together from the plan and a seed."""

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.mirror.sample import apartments, civic, commerce, housing, open_ground, plan, planting
from twin.mirror.sample.addresses import give_addresses, name_lanes
from twin.mirror.sample.ground import Ground
from twin.mirror.sample.lots import Rng, parcels
from twin.mirror.sample.model import Building, Cover, District, Mass, Span, Tier
from twin.mirror.sample.shapes import inside, polygons, rectangle, strip
from twin.mirror.sample.streets import BOUNDS, Grain, Network, Street, carve, lay_out

# Cells first, then lots: lengths, widths and lanes of what a block is cut into.
GRAINS: dict[str, tuple[Grain, Grain | None]] = {
    "villas": (Grain(120, 105, 9, 3), Grain(98, 39, 6, 2)),
    "old": (Grain(100, 90, 6, 5), Grain(66, 29, 4, 3.5)),
    "commercial": (Grain(120, 95, 10, regular=True), Grain(76, 44, 8, regular=True)),
    "midrise": (Grain(120, 100, 9, regular=True), Grain(80, 38, 7, 1)),
    "market": (Grain(130, 110, 8, 3), Grain(80, 34, 6, 2)),
    "industry": (Grain(140, 120, 10), Grain(100, 62, 8)),
    "civic": (Grain(120, 105, 9, 3), None),
    "apartments": (Grain(236, 205, 10), None),
}
FRONT_M = 5.0  # a parcel this near to a thoroughfare has shops on it


class Maker:
    """Fills the plan's blocks; `rng` decides what the plan leaves open."""

    def __init__(self, seed: int) -> None:
        self.rng: Rng = np.random.default_rng(seed)
        self.net: Network = lay_out()
        self.ground = Ground(self.net)
        self.district = District()
        self.paths: list[Street] = []
        self.sites = {site.key: site for site in plan.SITES}
        roads = {
            kind: [street.area for street in self.net.streets if street.road_class == kind]
            for kind in ("arterial", "collector")
        }
        self.arterials, self.collectors = (shapely.union_all(roads[kind]) for kind in ("arterial", "collector"))
        shapely.prepare(self.arterials)
        shapely.prepare(self.collectors)

    def make(self) -> tuple[District, list[Street], Ground]:
        """The district, its streets and its ground."""
        for number, block in enumerate(self.net.blocks):
            self._fill(block, np.random.default_rng((plan.PLAN_SEED, number)))
        self._bridges()
        self._railway()
        self._plant()
        streets = self.net.streets + self.paths
        self._settle(streets)
        name_lanes(streets)
        give_addresses(self.district.buildings, streets)
        return self.district, streets, self.ground

    def _fill(self, block: Polygon, layout: Rng) -> None:
        if block.area < 700:
            self.district.covers.append(Cover("PlantCover", block.buffer(-0.3), "verge", public=True))
            return
        zone = next((zone for zone in plan.ZONES if block.contains(Point(zone.x, zone.y))), plan.Zone(0, 0, "villas"))
        if zone.use == "market":
            block = self._market(block)
        cell_grain, lot_grain = GRAINS[zone.use]
        sites = [site for site in plan.SITES if block.contains(Point(site.x, site.y))]
        keep = [Point(site.x, site.y) for site in sites if site.level == "cell"]
        cells: list[Polygon] = []
        for piece in polygons(block, 200.0):
            found, lanes = carve(piece, cell_grain, layout, "local", keep)
            cells += found
            self.net.streets += lanes
        cells.sort(key=lambda cell: (round(cell.centroid.y, 1), round(cell.centroid.x, 1)))
        takes = _nearest(cells, [site for site in sites if site.level == "cell"])
        smaller = [site for site in sites if site.level != "cell"]
        near = _nearest_all([cell for index, cell in enumerate(cells) if index not in takes], smaller)
        for number, cell in enumerate(cells):
            within = [site for site in smaller if near.get(site.key) is cell]
            if number in takes:
                self._site(cell, takes[number])
            elif zone.use == "apartments" and cell.area > 7000:
                self._complex(cell, zone, number + 1)
            elif lot_grain is not None or zone.use == "apartments":
                self._cell(cell, zone.use if lot_grain else "villas", layout, within)
            else:
                key = f"gaon-garden-{round(cell.centroid.x)}"
                self._site(cell, plan.Site(key, "cell", 0, 0, "park", "가온쉼터", "Gaon Rest Garden"))

    def _cell(self, cell: Polygon, use: str, layout: Rng, sites: list[plan.Site]) -> None:
        lots, lanes = carve(cell, GRAINS[use][1] or GRAINS[use][0], layout, "lane")
        self.net.streets += lanes
        near = _nearest_all(lots, sites)
        for lot in lots:
            within = [site for site in sites if near[site.key] is lot]
            pieces = [lot]
            if within and within[0].level == "half":
                pieces = parcels(lot, 36.0, 50.0, np.random.default_rng(plan.PLAN_SEED))
            takes = _nearest(pieces, within)
            for number, piece in enumerate(pieces):
                if number in takes:
                    self._site(piece, takes[number])
                else:
                    self.district.buildings += self._fabric(piece, use)

    def _fabric(self, lot: Polygon, use: str) -> list[Building]:
        rng = self.rng
        widths = {
            "villas": (19.0, 21.0),
            "old": (13.0, 14.5),
            "commercial": (28.0, 26.0),
            "midrise": (23.0, 22.0),
            "market": (15.0, 18.0),
            "industry": (34.0, 34.0),
        }
        width, depth = widths[use]
        made = []
        for parcel in parcels(lot, width * float(rng.uniform(0.8, 1.3)), depth, rng):
            building = self._on_parcel(parcel, use, rng)
            if building is not None:
                made.append(building)
            elif parcel.area > 60 and use != "commercial":
                self.district.trees += open_ground.scatter(parcel.buffer(-2.0), rng, 1, 4.0, (4.0, 7.0))
        return made

    def _on_parcel(self, parcel: Polygon, use: str, rng: Rng) -> Building | None:
        if use == "industry":
            return commerce.workshop(parcel, rng)
        on_arterial = self.arterials.dwithin(parcel, FRONT_M)
        on_collector = self.collectors.dwithin(parcel, FRONT_M)
        if use == "commercial":
            return commerce.office(parcel, rng, (9, 17) if on_arterial else (6, 12))
        if use == "midrise":
            if on_arterial:
                return commerce.office(parcel, rng, (6, 11))
            return commerce.shop_house(parcel, rng, (4, 5, 5, 6, 7))
        if on_arterial:
            return commerce.shop_house(parcel, rng, (4, 5, 5, 6, 7, 8))
        if on_collector and rng.random() < 0.72:
            return commerce.shop_house(parcel, rng, (2, 3, 3) if use == "old" else (3, 3, 4, 4, 5))
        if use == "market":
            return commerce.shop_house(parcel, rng, (2, 3, 3, 4))
        return housing.old_house(parcel, rng) if use == "old" else housing.villa(parcel, rng)

    def _complex(self, cell: Polygon, zone: plan.Zone, number: int) -> None:
        name, name_en = f"{zone.name} {number}단지", f"{zone.name_en} {number}"
        key = f"gaon-complex-{zone.name_en.split()[0].lower()}-{number}"
        made = apartments.build(cell, self.rng, name, name_en, key, zone.name in plan.TOWERS)
        self.district.buildings += made.buildings
        self.district.covers += made.covers
        self.paths += made.drives
        for cover in made.covers:
            self.district.trees += open_ground.scatter(
                cover.area.buffer(-2.2), self.rng, int(cell.area / 1400), 6.5, (6.0, 12.0), 0.15
            )

    def _site(self, ground: Polygon, site: plan.Site) -> None:
        rng = self.rng
        match site.kind:
            case "school":
                made = civic.school(ground, site, rng)
            case "park":
                made = open_ground.park(ground, site, rng)
            case "plaza":
                made = open_ground.plaza(ground, site, rng)
            case "district_office":
                made = civic.district_office(ground, site, rng)
            case "hospital":
                made = civic.hospital(ground, site, rng)
            case "arts_hall":
                made = civic.arts_hall(ground, site, rng)
            case "sports":
                made = open_ground.sports_park(ground, site, rng)
            case "church":
                made = civic.church(ground, site, rng)
            case "temple":
                made = civic.temple(ground, site, rng)
            case "vacant":
                made = open_ground.vacant(ground, site, rng)
            case "parking":
                made = open_ground.parking(ground, site, rng)
            case "gas":
                made = civic.gas_station(ground, site, rng)
            case "station":
                made = self._station(ground, site)
            case "mixed_towers":
                made = open_ground.Place()
                tower = commerce.mixed_towers(ground, rng, 32, site.name, site.name_en, site.key)
                if tower is not None:
                    made = open_ground.forecourt(ground, site, tower.footprint, rng)
                    made.buildings.append(tower)
            case _:
                made = civic.hall(ground, site, rng, civic.HALLS[site.kind])
        self.district.buildings += made.buildings
        self.district.covers += made.covers
        self.district.trees += made.trees
        self.district.furniture += made.furniture
        self.paths += made.paths

    def _market(self, block: Polygon) -> Polygon:
        """The market street through the block; returns what is left of the block."""
        street = commerce.market_street(block)
        shops, taken = commerce.market_rows(block, street, self.rng)
        self.district.buildings += shops + commerce.arcade(street, 5, 7.4)
        area = strip(street, 8.0).intersection(block)
        self.net.streets.append(
            Street("gaon-market-street", "가온시장길", "Gaonsijang-gil", "pedestrian", 8.0, 0, street, area)
        )
        return block.difference(taken.buffer(0.01))

    def _station(self, ground: Polygon, site: plan.Site) -> open_ground.Place:
        """The station's hall beside the viaduct, platforms on it, a square in front."""
        rail = self.net.railway
        piece = inside(rail, shapely.box(0, plan.STATION_SPAN[0], plan.SIZE, plan.STATION_SPAN[1])) or rail
        ends = np.asarray([piece.coords[0], piece.coords[-1]])
        along = (ends[0] - ends[1]) / np.hypot(*(ends[0] - ends[1]))
        west = np.array([-along[1], along[0]])
        middle = np.array(rail.interpolate(rail.project(Point(ground.centroid))).coords[0])
        hall = rectangle(middle + west * 29.0, along, 86.0, 30.0)
        hall = polygons(hall.intersection(ground.buffer(-2.0)))[0]
        lantern = rectangle(np.asarray(hall.centroid.coords[0]), along, 52.0, 12.0)
        level = 8.6
        canopies = []
        for side in (-1, 1):
            centre = middle + west * side * 6.2
            legs = tuple(
                rectangle(centre + along * off + west * side * 0.9, along, 0.7, 0.7)
                for off in (-54, -32, -11, 11, 32, 54)
            )
            canopies.append(Mass(rectangle(centre, along, 116.0, 4.0), level + 1.0, foot=level - 0.2, legs=legs))
            posts = rectangle(centre + west * side * 1.6, along, 112.0, 0.4)
            canopies.append(Mass(posts, level + 4.6, foot=level + 1.0))
            canopies.append(Mass(rectangle(centre, along, 112.0, 4.0), level + 5.2, foot=level + 4.6))
        masses = [Mass(hall, 15.5, tiers=(Tier(lantern, 3.0),)), *canopies]
        building = Building(masses, "station", 3, 2009, "steel", site.name, site.name_en, key=site.key)
        square = site._replace(key="gaon-station-square", name="가온역광장", name_en="Gaon Station Square")
        rest = polygons(ground.difference(hall.buffer(1.0, join_style="mitre")))[0]
        made = open_ground.plaza(rest, square, self.rng)
        made.buildings.append(building)
        return made

    def _bridges(self) -> None:
        """A bridge wherever a road crosses the whole valley, and two footbridges."""
        edge = self.net.corridor.buffer(2.0)
        names = {
            "가온대로": ("가온대교", "Gaon Bridge"),
            "한빛로": ("한빛교", "Hanbit Bridge"),
            "새솔대로": ("새솔교", "Saesol Bridge"),
        }
        for street in list(self.net.streets):
            if street.name in names:
                name, name_en = names[street.name]
                self._bridge(street.line, edge, name, name_en, street.width_m - 2.0, "road_bridge")
        for name, name_en, line in (
            ("물빛다리", "Mulbit Footbridge", LineString([(1104, 830), (1108, 1080)])),
            ("새벽다리", "Saebyeok Footbridge", LineString([(60, 330), (460, 262)])),
            ("시장다리", "Sijang Footbridge", LineString([(596, 1100), (632, 860)])),
        ):
            self._bridge(line, edge, name, name_en, 5.0, "footbridge")

    def _bridge(self, line: LineString, edge: BaseGeometry, name: str, name_en: str, width: float, use: str) -> None:
        piece = inside(line, edge)
        if piece is None or piece.length < 1.6 * plan.LEVEE_HALF:
            return
        first, last = (self.ground.at(*piece.coords[end]) + 0.06 for end in (0, -1))
        key = f"gaon-bridge-{len(self.district.spans) + 1}"
        depth = 1.4 if use == "road_bridge" else 0.7
        self.district.spans.append(Span(key, name, name_en, piece, width, depth, (first, last), 27.0, use, 1.1))

    def _railway(self) -> None:
        line = inside(self.net.railway, BOUNDS.buffer(-0.5)) or self.net.railway
        levels = [self.ground.at(*line.coords[end]) + 8.8 for end in (0, -1)]
        self.district.spans.append(
            Span(
                "gaon-viaduct",
                f"{plan.RAILWAY_NAME} 고가",
                f"{plan.RAILWAY_NAME_EN} Viaduct",
                line,
                plan.RAILWAY_WIDTH,
                1.8,
                (levels[0], levels[1]),
                30.0,
                "railway_bridge",
                1.2,
            )
        )
        corridor = strip(line, plan.RAILWAY_CORRIDOR).intersection(BOUNDS).difference(self.net.corridor)
        roads = shapely.union_all([street.area for street in self.net.streets])
        self.district.covers.append(
            Cover(
                "Railway",
                shapely.union_all(polygons(corridor.difference(roads), 20.0)),
                "railway",
                plan.RAILWAY_NAME,
                plan.RAILWAY_NAME_EN,
                True,
                "gaon-line",
            )
        )

    def _plant(self) -> None:
        net, district, rng = self.net, self.district, self.rng
        decks = shapely.union_all([strip(span.line, span.width_m + 8) for span in district.spans])
        self.paths += planting.riverside(net, district, rng, decks)
        self.paths += planting.wooded_hills(net, district, rng, 1550)
        built = shapely.union_all([building.footprint for building in district.buildings])
        free = BOUNDS.difference(shapely.union_all([net.corridor, decks, built.buffer(1.2)]))
        shapely.prepare(free)
        crossings = planting.junctions(net.streets)
        district.trees += planting.street_trees(net.streets, rng, free, crossings)
        district.furniture += planting.stops_and_lamps(net.streets, self._landmarks(), free, crossings)

    def _landmarks(self) -> list[tuple[Point, str, str]]:
        """The places that bus stops are named after."""
        kinds = {
            "school",
            "district_office",
            "library",
            "station",
            "hospital",
            "arts_hall",
            "sports",
            "mall",
            "community",
            "mixed_towers",
        }
        estates = {
            cover.name: cover
            for cover in self.district.covers
            if cover.kind == "PlantCover" and cover.use == "garden" and cover.name
        }
        made = [(Point(site.x, site.y), site.name, site.name_en) for site in plan.SITES if site.kind in kinds]
        made += [(cover.area.centroid, cover.name, cover.name_en) for cover in estates.values()]
        return [*made, (Point(750, 1130), "가온시장", "Gaon Market")]

    def _settle(self, streets: list[Street]) -> None:
        """Streets take the ground that higher streets leave, within the district and outside of the valley."""
        taken: BaseGeometry = Polygon()
        order = {"arterial": 0, "collector": 1, "local": 2, "lane": 3, "pedestrian": 4, "path": 5}
        for street in sorted(streets, key=lambda street: order[street.road_class]):
            street.line = inside(street.line, BOUNDS) or street.line
            if street.road_class == "path":
                continue
            area = street.area.intersection(BOUNDS).difference(self.net.corridor)
            if street.road_class in ("arterial", "collector"):
                area = area.difference(taken)
                taken = taken.union(area)
            street.area = shapely.union_all(polygons(area, 0.5))


def _nearest(pieces: list[Polygon], sites: list[plan.Site]) -> dict[int, plan.Site]:
    """Which piece each site takes: the nearest that no earlier site has taken."""
    takes: dict[int, plan.Site] = {}
    for site in sites:
        free = [index for index in range(len(pieces)) if index not in takes]
        if free:
            takes[min(free, key=lambda index: pieces[index].distance(Point(site.x, site.y)))] = site
    return takes


def _nearest_all(pieces: list[Polygon], sites: list[plan.Site]) -> dict[str, Polygon]:
    """The piece nearest to each site."""
    return {site.key: min(pieces, key=lambda piece: piece.distance(Point(site.x, site.y))) for site in sites if pieces}


def make(seed: int) -> tuple[District, list[Street], Ground]:
    """The district for a seed: buildings and all else, its streets, its ground."""
    return Maker(seed).make()
