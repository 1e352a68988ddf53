"""The surroundings of a place as a small paper model, drawn by the server: flat facets in painter's order."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.mirror.features import Kind
from twin.mirror.geometry import outline_of
from twin.mirror.models import City, CityObjectVersion

RADIUS_M = 130.0
MOST_OBJECTS = 700
# The viewer stands in the south-west and looks down, as at a model on a table.
AZIMUTH = math.radians(-32.0)
ELEVATION = math.radians(38.0)
LIGHT = math.radians(250.0)  # where the light comes from, clockwise from north: low from the left

GROUND = "#f0e9dd"
FLAT = {
    Kind.WATER: "#cfdfe2",
    Kind.PLANT_COVER: "#dbe3c8",
    Kind.ROAD: "#faf5ec",
    Kind.SQUARE: "#f7f0e4",
    Kind.RAILWAY: "#ddd2c0",
}
FLAT_ORDER = (Kind.PLANT_COVER, Kind.WATER, Kind.SQUARE, Kind.ROAD, Kind.RAILWAY)
SOLID = (Kind.BUILDING, Kind.BUILDING_PART)
ROOF = (255, 250, 241)
SHADE = (196, 184, 164)
EDGE = "#a89c88"

Floats = NDArray[np.float64]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Facet:
    """A polygon in the plane of the picture: metres right and down of the place, its fill and its outline."""

    points: list[Point]
    fill: str
    line: str = ""


def project(e: Floats, n: Floats, z: Floats) -> Floats:
    """Local metres around the place to metres right and down in the picture, (k, 2)."""
    right = e * math.cos(AZIMUTH) - n * math.sin(AZIMUTH)
    deep = e * math.sin(AZIMUTH) + n * math.cos(AZIMUTH)
    return np.column_stack([right, -deep * math.sin(ELEVATION) - z * math.cos(ELEVATION)])


def facets_around(city: City, e: float, n: float, radius_m: float = RADIUS_M) -> list[Facet]:
    """What the city shows around a point, the far before the near. Empty where nothing is published."""
    shown = CityObjectVersion.objects.shown_in_city(city).near(e, n, radius_m)
    versions = list(shown.filter(kind__in=[*FLAT, *SOLID])[:MOST_OBJECTS])
    solids = [version for version in versions if version.kind in SOLID]
    floor = min((version.min_z for version in solids), default=0.0)
    window = shapely.Point(0, 0).buffer(radius_m, quad_segs=24)
    flat = [facet for kind in FLAT_ORDER for facet in _flat_facets(versions, kind, e, n, window)]
    return [*flat, *_solid_facets(solids, e, n, floor, radius_m)]


def footprint(version: CityObjectVersion, e: float, n: float) -> BaseGeometry:
    """The outline on the ground, with a point as origin."""
    return shapely.transform(outline_of(bytes(version.geometry)), lambda points: points - (e, n))


def _flat_facets(
    versions: Iterable[CityObjectVersion], kind: Kind, e: float, n: float, window: BaseGeometry
) -> Iterator[Facet]:
    for version in versions:
        if version.kind == kind:
            outline = shapely.intersection(footprint(version, e, n), window)
            for polygon in _polygons(outline):
                ring = shapely.get_coordinates(polygon.exterior)
                yield Facet(_points(ring, np.zeros(len(ring))), FLAT[kind])


def _solid_facets(
    solids: Iterable[CityObjectVersion], e: float, n: float, floor: float, radius_m: float
) -> Iterator[Facet]:
    blocks = []
    for version in solids:
        for polygon in _polygons(footprint(version, e, n).simplify(0.4)):
            centre = polygon.centroid
            if math.hypot(centre.x, centre.y) <= radius_m:
                blocks.append((_depth(centre.x, centre.y), polygon, version.min_z - floor, version.max_z - floor))
    for _far, polygon, foot, top in sorted(blocks, key=lambda block: -block[0]):
        yield from _block(polygon, foot, top)


def _block(polygon: shapely.Polygon, foot: float, top: float) -> Iterator[Facet]:
    """The walls that face the viewer, then the roof."""
    ring = shapely.get_coordinates(shapely.geometry.polygon.orient(polygon).exterior)
    walls = [(a, b) for a, b in pairwise(ring) if _faces_viewer(a, b)]
    for a, b in sorted(walls, key=lambda wall: -_depth(*((wall[0] + wall[1]) / 2))):
        quad = np.array([a, b, b, a])
        yield Facet(_points(quad, np.array([foot, foot, top, top])), _wall_colour(a, b), EDGE)
    yield Facet(_points(ring, np.full(len(ring), top)), _hex(ROOF), EDGE)


def _faces_viewer(a: Floats, b: Floats) -> bool:
    """Whether the outside of a wall, to the right of a counter-clockwise ring, is turned to the viewer."""
    outward_e, outward_n = b[1] - a[1], a[0] - b[0]
    return bool(_depth(outward_e, outward_n) < 0)


def _wall_colour(a: Floats, b: Floats) -> str:
    outward = math.atan2(b[1] - a[1], a[0] - b[0])  # clockwise from north
    lit = 0.15 + 0.35 * (1 + math.cos(outward - LIGHT))
    return _hex(round(dark + (light - dark) * lit) for dark, light in zip(SHADE, ROOF, strict=True))


def _hex(colour: Iterable[int]) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour)


def _depth(e: float, n: float) -> float:
    return e * math.sin(AZIMUTH) + n * math.cos(AZIMUTH)


def _points(ring: Floats, z: Floats) -> list[Point]:
    return [(round(float(x), 1), round(float(y), 1)) for x, y in project(ring[:, 0], ring[:, 1], z)]


def _polygons(outline: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(outline) if isinstance(part, shapely.Polygon) and not part.is_empty]
