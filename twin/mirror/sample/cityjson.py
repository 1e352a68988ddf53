"""The district as one CityJSON 2.0 document."""

import json
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from twin.mirror.sample import plan
from twin.mirror.sample.ground import Ground
from twin.mirror.sample.massing import Face, deck, shell, spans
from twin.mirror.sample.model import Building, Cover, District, Mass, Span
from twin.mirror.sample.shapes import polygons, rectangle
from twin.mirror.sample.streets import Street

SCALE = 0.01
FLAT_M = 0.03  # ground that bulges more is cut into triangles
STOREY_M = 6.4  # what is higher counts as several storeys: a gymnasium, or a house on a slope
_SURFACES = ("GroundSurface", "WallSurface", "RoofSurface", "OuterFloorSurface")
TITLE = "가온구 (실제로 없는 도시) · Gaon-gu, a fictional district"


class Writer:
    """Gathers city objects over one list of vertices, counted in whole centimetres."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.objects: dict[str, dict[str, Any]] = {}
        self._vertices: dict[tuple[int, int, int], int] = {}

    def document(self) -> dict[str, Any]:
        """Everything gathered, with metadata."""
        points = np.array(list(self._vertices), dtype=float) * SCALE + np.array([*plan.ORIGIN, 0.0])
        return {
            "type": "CityJSON",
            "version": "2.0",
            "transform": {"scale": [SCALE] * 3, "translate": [*plan.ORIGIN, 0.0]},
            "metadata": {
                "identifier": "gaon-gu",
                "title": TITLE,
                "referenceDate": "2026-01-01",
                "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{plan.EPSG}",
                "geographicalExtent": [round(float(value), 2) for value in (*points.min(axis=0), *points.max(axis=0))],
            },
            "CityObjects": self.objects,
            "vertices": [list(vertex) for vertex in self._vertices],
        }

    def vertex(self, x: float, y: float, z: float) -> int:
        """The number of a vertex; equal ones share it."""
        return self._vertices.setdefault((round(x / SCALE), round(y / SCALE), round(z / SCALE)), len(self._vertices))

    def add(self, key: str, kind: str, attributes: dict[str, Any], geometry: list[dict[str, Any]], **more: Any) -> None:
        """One city object, without its empty attributes."""
        if key in self.objects:
            raise ValueError(f"two objects are called {key}")
        kept = {name: value for name, value in attributes.items() if value not in ("", None, 0, False)}
        self.objects[key] = {"type": kind, "attributes": kept, **({"geometry": geometry} if geometry else {}), **more}

    def _ring(self, ring: Iterable[tuple[float, float, float]]) -> list[int]:
        numbers = [self.vertex(*point) for point in ring]
        return [number for number, before in zip(numbers, [numbers[-1], *numbers], strict=False) if number != before]

    def solid(self, faces: list[Face]) -> dict[str, Any]:
        """A solid of one shell."""
        boundaries = [[self._ring(ring) for ring in rings] for rings, _ in faces]
        kinds = sorted({kind for _, kind in faces}, key=_SURFACES.index)
        values = [kinds.index(kind) for _, kind in faces]
        return {
            "type": "Solid",
            "lod": "2",
            "boundaries": [boundaries],
            "semantics": {"surfaces": [{"type": kind} for kind in kinds], "values": [values]},
        }

    def bodies(self, shells: list[list[Face]]) -> dict[str, Any]:
        """Several solids that touch as one geometry."""
        boundaries = [[[[self._ring(ring) for ring in rings] for rings, _ in faces]] for faces in shells]
        return {"type": "CompositeSolid", "lod": "2", "boundaries": boundaries}

    def draped(self, area: BaseGeometry, *, as_water: bool = False) -> dict[str, Any]:
        """Polygons whose corners lie on the ground, or at the level of the stream."""
        surfaces: list[list[list[int]]] = []
        for part in polygons(shapely.set_precision(area, SCALE), 0.3):
            rings = self._draped_rings(part, as_water)
            if _is_flat(rings):
                surfaces.append([self._ring(ring.tolist()) for ring in rings])
                continue
            for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(part)):
                surfaces.append([self._ring(self._draped_rings(triangle, as_water)[0].tolist())])
        return {"type": "MultiSurface", "lod": "1", "boundaries": surfaces}

    def _draped_rings(self, part: Polygon, as_water: bool) -> list[NDArray[np.float64]]:
        shape = orient(part)
        rings = [np.asarray(ring.coords)[:-1] for ring in (shape.exterior, *shape.interiors)]
        height = self._water if as_water else self.ground.height
        return [np.column_stack([ring, height(ring)]) for ring in rings]

    def _water(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.ground.water_level(shapely.points(xy))

    def line(self, line: LineString) -> dict[str, Any]:
        """A centre line on the ground."""
        xy = np.asarray(line.coords)
        numbers = self._ring(zip(*xy.T.tolist(), self.ground.height(xy).tolist(), strict=True))
        return {"type": "MultiLineString", "lod": "0", "boundaries": [numbers]}


def _is_flat(rings: list[NDArray[np.float64]]) -> bool:
    """Whether a polygon's rings, each (n, 3), lie in one plane, but for the rounding. Newell's normal."""
    origin = rings[0][0]
    local = [np.round(ring - origin, 2) for ring in rings]
    normal = np.sum([np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0) for ring in local], axis=0)
    offsets = np.concatenate(local)
    bulge = np.abs((offsets - offsets.mean(axis=0)) @ normal).max() / np.linalg.norm(normal)
    return bool(bulge < FLAT_M)


def write(district: District, streets: list[Street], ground: Ground) -> dict[str, Any]:
    """The CityJSON document of the district."""
    writer = Writer(ground)
    _terrain(writer, ground)
    for number, building in enumerate(district.buildings):
        _building(writer, building, number + 1)
    for span in district.spans:
        _span(writer, span)
    for street in streets:
        _street(writer, street)
    for number, cover in enumerate(district.covers):
        _cover(writer, cover, number + 1)
    _points(writer, district)
    return writer.document()


def to_bytes(document: dict[str, Any]) -> bytes:
    """The document as compact UTF-8 JSON; equal documents give equal bytes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _terrain(writer: Writer, ground: Ground) -> None:
    numbers = [writer.vertex(x, y, z) for x, y, z in ground.vertices.tolist()]
    triangles = [[[numbers[a], numbers[b], numbers[c]]] for a, b, c in ground.triangles.tolist()]
    writer.add(
        "gaon-terrain",
        "TINRelief",
        {"name": "가온구 지형", "name_en": "Terrain of Gaon-gu"},
        [{"type": "CompositeSurface", "lod": "1", "boundaries": triangles}],
    )


def _building(writer: Writer, building: Building, number: int) -> None:
    low, high = writer.ground.range(building.footprint)
    base = math.floor(low * 100 - 5) / 100
    lift = round(min(high - low, 6.0) * 0.6, 2)  # the ground floor stands above the upper side of a slope
    shells = [shell(_lifted(mass, lift), base) for mass in building.masses]
    key = building.key or f"gaon-building-{number:04d}"
    height = round(max(mass.height for mass in building.masses) + lift, 1)
    attributes: dict[str, Any] = {
        "name": building.name,
        "name_en": building.name_en,
        "use": building.use,
        "storeys": max(building.storeys, math.ceil(height / STOREY_M)),
        "height_m": height,
        "year": building.year,
        "structure": building.structure,
        "households": building.households,
        **building.attributes,
    }
    if len(shells) == 1:
        writer.add(key, "Building", attributes, [writer.solid(shells[0])])
        return
    parts = [f"{key}-part-{count + 1}" for count in range(len(shells))]
    writer.add(key, "Building", attributes, [], children=parts)
    for part, faces, mass in zip(parts, shells, building.masses, strict=True):
        writer.add(
            part,
            "BuildingPart",
            {"use": building.use, "height_m": round(mass.height - mass.foot, 1)},
            [writer.solid(faces)],
            parents=[key],
        )


def _lifted(mass: Mass, lift: float) -> Mass:
    return Mass(
        mass.shape, mass.top + lift, mass.foot + lift if mass.foot else 0.0, mass.roof, mass.rise, mass.tiers, mass.legs
    )


def _span(writer: Writer, span: Span) -> None:
    length = span.line.length
    shells: list[list[Face]] = []
    first, last = span.levels

    def level(share: float) -> float:
        return first + (last - first) * share

    for quad, start, end in spans(span.line, span.width_m, span.pier_every_m):
        shells.append(deck(quad, (level(start), level(end)), span.depth_m))
        shells += _pier(writer, span, quad, start, level(start) - span.depth_m)
    for side in (-1, 1):
        rail = span.line.offset_curve(side * (span.width_m / 2 - 0.2))
        for quad, start, end in spans(rail, 0.3, span.pier_every_m):
            top = (level(start) + span.edge_m, level(end) + span.edge_m)
            shells.append(deck(quad, top, span.edge_m))
    attributes = {
        "name": span.name,
        "name_en": span.name_en,
        "use": span.use,
        "width_m": span.width_m,
        "length_m": round(length, 1),
    }
    writer.add(span.key, "Bridge", attributes, [writer.bodies(shells)])


def _pier(writer: Writer, span: Span, quad: Polygon, share: float, top: float) -> list[list[Face]]:
    """A pair of columns, or one, where a deck starts; none at the very ends."""
    if share < 0.01:
        return []
    corners = np.asarray(quad.exterior.coords)
    middle = (corners[0] + corners[3]) / 2
    side = (corners[3] - corners[0]) / np.hypot(*(corners[3] - corners[0]))
    width = span.width_m * 0.55
    shape = rectangle(middle, side, width, 1.6 if span.use != "footbridge" else 0.8)
    base = writer.ground.range(shape)[0] - 0.3
    return [shell(Mass(shape, top - base), base)] if top - base > 0.8 else []


def _street(writer: Writer, street: Street) -> None:
    geometry = [writer.line(street.line)]
    surface = writer.draped(street.area)
    if surface["boundaries"]:
        geometry.append(surface)
    attributes = {
        "name": street.name,
        "name_en": street.name_en,
        "road_class": street.road_class,
        "width_m": street.width_m,
        "lanes": street.lanes,
    }
    writer.add(street.key, "Road", attributes, geometry)


def _cover(writer: Writer, cover: Cover, number: int) -> None:
    surface = writer.draped(cover.area.simplify(0.15), as_water=cover.kind == "WaterBody")
    if not surface["boundaries"]:
        return
    attributes = {
        "name": cover.name,
        "name_en": cover.name_en,
        "use": cover.use,
        "public_land": cover.public,
        "area_m2": round(cover.area.area),
    }
    writer.add(cover.key or f"gaon-ground-{number:04d}", cover.kind, attributes, [surface])


def _points(writer: Writer, district: District) -> None:
    trees = writer.ground.height(np.array([[tree.x, tree.y] for tree in district.trees]).reshape(-1, 2))
    for number, (tree, height) in enumerate(zip(district.trees, trees.tolist(), strict=True)):
        attributes = {"height_m": tree.height_m, "crown_m": tree.crown_m, "species": tree.species}
        point = {"type": "MultiPoint", "lod": "1", "boundaries": [writer.vertex(tree.x, tree.y, height)]}
        writer.add(f"tree-{number + 1}", "SolitaryVegetationObject", attributes, [point])
    for number, piece in enumerate(district.furniture):
        height = writer.ground.at(piece.x, piece.y)
        point = {"type": "MultiPoint", "lod": "1", "boundaries": [writer.vertex(piece.x, piece.y, height)]}
        attributes = {"furniture": piece.kind, "name": piece.name, "name_en": piece.name_en}
        writer.add(piece.key or f"gaon-furniture-{number + 1}", "CityFurniture", attributes, [point])
