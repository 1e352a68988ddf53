"""City files and cities for tests of the mirror."""

import itertools
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from metacity.accounts.models import User
from metacity.accounts.services.roles import grant_role
from twin.mirror.features import Feature, Kind, Semantic, SurfaceSet
from twin.mirror.models import City, CityImport
from twin.mirror.readers import Reading
from twin.mirror.services import Order, import_city

FIXTURES = Path(__file__).parent.parent / "fixtures" / "mirror"
# Somewhere in Seoul, EPSG:5186.
EAST, NORTH = 200_000.0, 545_000.0
_numbers = itertools.count(1)

Json = dict[str, Any]


class CityJson:
    """A CityJSON document under construction, in metres from (EAST, NORTH)."""

    def __init__(
        self, version: str = "2.0", *, crs: str | None = "https://www.opengis.net/def/crs/EPSG/0/5186"
    ) -> None:
        self.version = version
        self.vertices: list[list[int]] = []
        self.objects: dict[str, Json] = {}
        self.members: Json = {"metadata": {"referenceSystem": crs} if crs else {}}

    def points(self, *points: Sequence[float]) -> list[int]:
        first = len(self.vertices)
        self.vertices += [[round(value * 1000) for value in point] for point in points]
        return list(range(first, len(self.vertices)))

    def box(
        self, e: float = 0, n: float = 0, z: float = 0, size: float = 10, height: float = 6, lod: str | float = "1"
    ) -> Json:
        """A closed box as a Solid with semantics, faces outward."""
        a, b, c, d, f, g, h, i = self.points(
            *(
                (e + x * size, n + y * size, z + up * height)
                for up in (0, 1)
                for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
            )
        )
        faces = [[d, c, b, a], [f, g, h, i], [a, b, g, f], [b, c, h, g], [c, d, i, h], [d, a, f, i]]
        semantics = {
            "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
            "values": [[0, 1, 2, 2, 2, 2]],
        }
        return {"type": "Solid", "lod": lod, "boundaries": [[[face] for face in faces]], "semantics": semantics}

    def square(self, e: float = 0, n: float = 0, z: float = 0, size: float = 10) -> Json:
        corners = self.points((e, n, z), (e + size, n, z), (e + size, n + size, z), (e, n + size, z))
        return {"type": "MultiSurface", "lod": "1", "boundaries": [[corners]]}

    def add(self, source_id: str, type_name: str, *geometry: Json, **members: Any) -> "CityJson":
        self.objects[source_id] = {"type": type_name, "geometry": list(geometry), **members}
        return self

    def document(self) -> Json:
        return {
            "type": "CityJSON",
            "version": self.version,
            "transform": {"scale": [0.001, 0.001, 0.001], "translate": [EAST, NORTH, 0.0]},
            "CityObjects": self.objects,
            "vertices": self.vertices,
            **self.members,
        }

    def write(self, path: Path) -> Path:
        return write_json(path, self.document())


def write_json(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def a_small_city(*, moved: float = 0.0, without: Iterable[str] = (), **changes: Json) -> CityJson:
    """A hall, a school, a house with two parts, a road, a tree; `changes` are attributes by object."""
    city = CityJson()
    city.add(
        "hall", "Building", city.box(0, 0, height=20), attributes={"name": "가온구청", "use": "public", "year": 1998}
    )
    city.add("school", "Building", city.box(100 + moved, 0), attributes={"name": "가온초등학교", "use": "school"})
    city.add("house", "Building", children=["part-1", "part-2"], attributes={"address": "가온로 7"})
    city.add("part-1", "BuildingPart", city.box(60, 60, height=9), parents=["house"])
    city.add("part-2", "BuildingPart", city.box(70, 60, height=12), parents=["house"])
    city.add("road", "Road", city.square(-50, 30, size=8), attributes={"name": "가온로"})
    [tree] = city.points((30, 30, 0))
    city.add("tree", "SolitaryVegetationObject", {"type": "MultiPoint", "lod": "1", "boundaries": [tree]})
    for source_id, attributes in changes.items():
        city.objects[source_id].setdefault("attributes", {}).update(attributes)
    for source_id in without:
        del city.objects[source_id]
    return city


def geojson(*features: Json, **members: Any) -> Json:
    return {"type": "FeatureCollection", "features": list(features), **members}


def footprint(
    feature_id: str | None = None, lon: float = 127.0, lat: float = 37.5, size: float = 0.0001, **properties: Any
) -> Json:
    """A square of about nine by eleven metres, counter-clockwise."""
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return feature({"type": "Polygon", "coordinates": [ring]}, feature_id, **properties)


def feature(geometry: Json, feature_id: str | None = None, **properties: Any) -> Json:
    named = {"id": feature_id} if feature_id else {}
    return {"type": "Feature", **named, "properties": properties, "geometry": geometry}


def by_id(reading: Reading) -> dict[str, Feature]:
    return {found.source_id: found for found in reading.features}


def volume(surfaces: SurfaceSet) -> float:
    """Of a closed solid, in cubic metres; positive where it faces outward. By the divergence theorem, face by face."""
    total = 0.0
    for polygon in range(len(surfaces)):
        for ring in range(surfaces.polygon_starts[polygon], surfaces.polygon_starts[polygon + 1]):
            indices = surfaces.rings[surfaces.ring_starts[ring] : surfaces.ring_starts[ring + 1]]
            points = surfaces.vertices[indices] - surfaces.vertices[0]
            for second, third in itertools.pairwise(points[1:]):
                total += float(np.dot(points[0], np.cross(second, third))) / 6
    return total


def a_cube(source_id: str = "cube", kind: Kind = Kind.BUILDING, **attributes: Any) -> Feature:
    """A feature of ten metres each way, at the origin of its frame."""
    low, high = np.zeros(3), np.full(3, 10.0)
    a, b, c, d = ([low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]])
    floor, roof = np.array([[*p, 0.0] for p in (d, c, b, a)]), np.array([[*p, 10.0] for p in (a, b, c, d)])
    walls = [np.array([[*p, 0.0], [*q, 0.0], [*q, 10.0], [*p, 10.0]]) for p, q in ((a, b), (b, c), (c, d), (d, a))]
    polygons = [([floor], Semantic.GROUND), ([roof], Semantic.ROOF), *(([wall], Semantic.WALL) for wall in walls)]
    return Feature(source_id, kind, dict(attributes), lods={"1": SurfaceSet.from_polygons(polygons)})


def imported(path: Path, slug: str = "gaon", **order: Any) -> CityImport:
    """A city file, imported and published."""
    return import_city(order=Order(path=path, slug=slug, name=order.pop("name", "가온구"), **order))


def an_official(role: str = "official") -> User:
    """Somebody of the office, signed up and with the role."""
    user = User.objects.create_user(f"{role}{next(_numbers)}@example.org", alias=role)
    grant_role(user=user, role=role, by=None)
    return user


def the_city(slug: str = "gaon") -> City:
    return City.objects.select_related("publication").get(slug=slug)
