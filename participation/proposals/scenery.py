"""The surroundings of a place as a small paper model, drawn by the server: flat facets in painter's order."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from participation.proposals.surroundings import ground_height
from twin.mirror.designs.changes import Building, Change, ChangeSet, Furnishing, Park, Removal, Street, Trees, rectangle
from twin.mirror.designs.services import footprint as ground_of_change
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
# A design is orange with a dark outline: told apart by the line as well as by the colour.
IDEA_ROOF = (247, 175, 100)
IDEA_SHADE = (196, 98, 16)
IDEA_GREEN, IDEA_STREET = "#c9d9a3", "#f9d3a6"
IDEA_EDGE = "#6e3600"
# Width, depth and height of what is set up, in metres; a little larger than life, so that it is seen.
FURNITURE_M = {"bus_stop": (6.0, 2.5, 3.0), "bench": (3.0, 1.5, 1.0), "shelter": (6.0, 4.0, 3.2)}
CROWN_M, CROWN_RADIUS_M = 5.0, 2.6

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


def facets_around(
    city: City, e: float, n: float, design: ChangeSet | None = None, radius_m: float = RADIUS_M
) -> list[Facet]:
    """What the city shows around a point, the far before the near, with a design applied to it.

    Empty where nothing is published.
    """
    shown = CityObjectVersion.objects.shown_in_city(city).near(e, n, radius_m)
    if design and design.objects:
        gone = [UUID(identifier) for identifier in design.objects]
        shown = shown.exclude(object_id__in=gone).exclude(object__parent_id__in=gone)
    versions = list(shown.filter(kind__in=[*FLAT, *SOLID])[:MOST_OBJECTS])
    solids = [version for version in versions if version.kind in SOLID]
    floor = min((version.min_z for version in solids), default=0.0)
    window = shapely.Point(0, 0).buffer(radius_m, quad_segs=24)
    flat = [facet for kind in FLAT_ORDER for facet in _flat_facets(versions, kind, e, n, window)]
    changes = design.changes if design else ()
    laid = [facet for change in changes for facet in _laid_facets(change, e, n)]
    blocks = [*_blocks(solids, e, n, floor, radius_m), *_idea_blocks(city, changes, e, n, floor)]
    standing = [facet for _far, facets in sorted(blocks, key=lambda block: -block[0]) for facet in facets]
    return [*flat, *laid, *standing]


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


Standing = tuple[float, list[Facet]]
"""How far away a thing stands, and how it is drawn."""


def _blocks(
    solids: Iterable[CityObjectVersion], e: float, n: float, floor: float, radius_m: float
) -> Iterator[Standing]:
    for version in solids:
        for polygon in _polygons(footprint(version, e, n).simplify(0.4)):
            centre = polygon.centroid
            if math.hypot(centre.x, centre.y) <= radius_m:
                yield _depth(centre.x, centre.y), list(_block(polygon, version.min_z - floor, version.max_z - floor))


def _block(
    polygon: shapely.Polygon,
    foot: float,
    top: float,
    roof: tuple[int, int, int] = ROOF,
    shade: tuple[int, int, int] = SHADE,
    edge: str = EDGE,
) -> Iterator[Facet]:
    """The walls that face the viewer, then the roof."""
    ring = shapely.get_coordinates(shapely.geometry.polygon.orient(polygon).exterior)
    walls = [(a, b) for a, b in pairwise(ring) if _faces_viewer(a, b)]
    for a, b in sorted(walls, key=lambda wall: -_depth(*((wall[0] + wall[1]) / 2))):
        quad = np.array([a, b, b, a])
        yield Facet(_points(quad, np.array([foot, foot, top, top])), _wall_colour(a, b, roof, shade), edge)
    yield Facet(_points(ring, np.full(len(ring), top)), _hex(roof), edge)


# --- A design ---


def _laid_facets(change: Change, e: float, n: float) -> Iterator[Facet]:
    """What a change lays on the ground."""
    ground = ground_of_change(change)
    if isinstance(change, Park | Street) and ground is not None:
        fill = IDEA_GREEN if isinstance(change, Park) else IDEA_STREET
        for polygon in _polygons(shapely.transform(ground, lambda points: points - (e, n))):
            ring = shapely.get_coordinates(polygon.exterior)
            yield Facet(_points(ring, np.zeros(len(ring))), fill, IDEA_EDGE)


def _idea_blocks(city: City, changes: Iterable[Change], e: float, n: float, floor: float) -> Iterator[Standing]:
    """What a change sets up."""
    for change in changes:
        match change:
            case Building():
                yield _idea_block(city, change.footprint, change.height_m, e, n, floor)
            case Furnishing():
                width, depth, height = FURNITURE_M[change.kind]
                corners = rectangle(centre=change.point, width_m=width, depth_m=depth, rotation_deg=change.rotation_deg)
                yield _idea_block(city, [(x, y) for x, y in corners], height, e, n, floor)
            case Trees():
                yield from (_crown(x - e, y - n) for x, y in change.points)
            case Park():
                yield from (_crown(x - e, y - n) for x, y in _spread(change))
            case Street() | Removal():
                pass


def _idea_block(city: City, corners: Sequence[Point], height: float, e: float, n: float, floor: float) -> Standing:
    polygon = shapely.Polygon([(x - e, y - n) for x, y in corners])
    middle = polygon.centroid
    ground = ground_height(city, middle.x + e, middle.y + n)
    foot = max(0.0, ground - floor) if ground is not None else 0.0
    body = _block(polygon, foot, foot + height, IDEA_ROOF, IDEA_SHADE, IDEA_EDGE)
    return _depth(middle.x, middle.y), list(body)


def _crown(e: float, n: float) -> Standing:
    [[right, down]] = project(np.array([e]), np.array([n]), np.array([CROWN_M]))
    turns = np.linspace(0, 2 * math.pi, 9)[:-1]
    round_ = [
        (round(right + CROWN_RADIUS_M * math.cos(t), 1), round(down + CROWN_RADIUS_M * math.sin(t), 1)) for t in turns
    ]
    return _depth(e, n), [Facet(round_, _hex(IDEA_ROOF), IDEA_EDGE)]


def _spread(park: Park) -> list[Point]:
    """Trees on a grid within the park, about as many as it says."""
    area = shapely.Polygon(park.area)
    if not park.trees:
        return []
    gap = math.sqrt(area.area / park.trees)
    min_e, min_n, max_e, max_n = area.bounds
    grid = shapely.points(
        [(x, y) for x in np.arange(min_e + gap / 2, max_e, gap) for y in np.arange(min_n + gap / 2, max_n, gap)]
    )
    inside = [point for point in np.atleast_1d(grid) if area.contains(point)]
    return [(float(point.x), float(point.y)) for point in inside[: park.trees]]


def _faces_viewer(a: Floats, b: Floats) -> bool:
    """Whether the outside of a wall, to the right of a counter-clockwise ring, is turned to the viewer."""
    outward_e, outward_n = b[1] - a[1], a[0] - b[0]
    return bool(_depth(outward_e, outward_n) < 0)


def _wall_colour(a: Floats, b: Floats, roof: tuple[int, int, int], shade: tuple[int, int, int]) -> str:
    outward = math.atan2(b[1] - a[1], a[0] - b[0])  # clockwise from north
    lit = 0.15 + 0.35 * (1 + math.cos(outward - LIGHT))
    return _hex(round(dark + (light - dark) * lit) for dark, light in zip(shade, roof, strict=True))


def _hex(colour: Iterable[int]) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour)


def _depth(e: float, n: float) -> float:
    return e * math.sin(AZIMUTH) + n * math.cos(AZIMUTH)


def _points(ring: Floats, z: Floats) -> list[Point]:
    return [(round(float(x), 1), round(float(y), 1)) for x, y in project(ring[:, 0], ring[:, 1], z)]


def _polygons(outline: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(outline) if isinstance(part, shapely.Polygon) and not part.is_empty]
