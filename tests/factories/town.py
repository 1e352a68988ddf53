"""A hamlet, imported as any city is: twelve houses around a square of public land, a road, level ground."""

import json
from pathlib import Path
from typing import Any

from twin.mirror.models import City, CityObject
from twin.mirror.services import Order, import_city

LON, LAT = 127.0, 37.5
# Metres of a degree at this latitude: near enough to lay out a hamlet.
EAST_M, NORTH_M = 88_400.0, 111_000.0


def a_town(folder: Path, slug: str = "town") -> City:
    """Import the hamlet through the service that takes in any city."""
    file = folder / f"{slug}.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [*_houses(), *_land()]}))
    import_city(order=Order(path=file, slug=slug, name="작은마을", name_en="Hamlet"))
    return City.objects.get(slug=slug)


def house(city: City, number: int) -> CityObject:
    return CityObject.objects.get(city=city, source_id=f"house-{number}")


def _houses() -> list[dict[str, Any]]:
    """Three rows of four; the square lies in the middle of the second and third row."""
    places = [(-60 + 40 * column, 60 - 60 * row) for row in range(3) for column in range(4)]
    return [
        _feature(f"house-{number}", _rectangle(e, n, 12, 10), {"height": 9, "kind": "house", "name": f"{number}호 집"})
        for number, (e, n) in enumerate(places)
    ]


def _land() -> list[dict[str, Any]]:
    return [
        _feature("square", _rectangle(0, -30, 60, 30), {"kind": "square", "name": "마을 마당", "public_land": True}),
        _feature("road", _rectangle(0, 30, 200, 8), {"kind": "road", "name": "마을길"}),
    ]


def _feature(identifier: str, ring: list[list[float]], properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "id": identifier, "properties": properties, "geometry": geometry}


def _rectangle(e: float, n: float, width: float, depth: float) -> list[list[float]]:
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return [[LON + (e + x * width / 2) / EAST_M, LAT + (n + y * depth / 2) / NORTH_M] for x, y in corners]
