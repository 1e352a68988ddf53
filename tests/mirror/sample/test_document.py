"""The file: reproducible, compact, and CityJSON 2.0."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.mirror.sample.model import Model
from twin.mirror.sample import sample_city
from twin.mirror.sample.plan import ORIGIN, SIZE

GEOMETRIES = {
    "Building": {"Solid"},
    "BuildingPart": {"Solid"},
    "Bridge": {"CompositeSolid"},
    "Road": {"MultiLineString", "MultiSurface"},
    "Railway": {"MultiSurface"},
    "TransportSquare": {"MultiSurface"},
    "LandUse": {"MultiSurface"},
    "PlantCover": {"MultiSurface"},
    "WaterBody": {"MultiSurface"},
    "SolitaryVegetationObject": {"MultiPoint"},
    "CityFurniture": {"MultiPoint"},
    "TINRelief": {"CompositeSurface"},
}
DEPTH = {
    "MultiPoint": 1,
    "MultiLineString": 2,
    "MultiSurface": 3,
    "CompositeSurface": 3,
    "Solid": 4,
    "CompositeSolid": 5,
}


def test_the_same_seed_gives_the_same_bytes(content: bytes) -> None:
    assert sample_city() == content


def test_another_seed_gives_another_district_on_the_same_streets(model: Model, other: Model) -> None:
    def streets(one: Model) -> list[str]:
        return sorted(item["attributes"]["name"] for item in one.of("Road").values())

    assert streets(model) == streets(other)
    assert model.uses != other.uses


def test_the_file_is_small_enough_for_a_first_run(content: bytes) -> None:
    assert len(content) < 8_000_000


def test_the_document_says_what_it_is_and_that_the_district_is_fictional(model: Model) -> None:
    document = model.document
    assert (document["type"], document["version"]) == ("CityJSON", "2.0")
    assert set(document) == {"type", "version", "transform", "metadata", "CityObjects", "vertices"}
    metadata = document["metadata"]
    assert metadata["referenceSystem"] == "https://www.opengis.net/def/crs/EPSG/0/5186"
    assert "fictional" in metadata["title"]
    assert "실제로 없는" in metadata["title"]


def test_everything_lies_within_the_district(model: Model) -> None:
    low, high = model.vertices.min(axis=0), model.vertices.max(axis=0)
    assert np.allclose(model.document["metadata"]["geographicalExtent"], [*low, *high])
    assert (low[:2] >= np.asarray(ORIGIN) - 0.01).all()
    assert (high[:2] <= np.asarray(ORIGIN) + SIZE + 0.01).all()


def test_vertices_are_whole_numbers_without_doubles_and_all_in_use(model: Model) -> None:
    vertices = model.document["vertices"]
    assert all(isinstance(value, int) for vertex in vertices for value in vertex)
    assert len({tuple(vertex) for vertex in vertices}) == len(vertices)
    numbers = {number for item in model.objects.values() for number in _numbers(item.get("geometry", []))}
    assert numbers == set(range(len(vertices)))


def _numbers(geometries: list[dict[str, Any]]) -> Iterator[int]:
    stack: list[Any] = [geometry["boundaries"] for geometry in geometries]
    while stack:
        value = stack.pop()
        if isinstance(value, int):
            yield value
        else:
            stack.extend(value)


def test_every_geometry_fits_its_object_and_has_a_level_of_detail(model: Model) -> None:
    for key, item in model.objects.items():
        for geometry in item.get("geometry", []):
            assert geometry["type"] in GEOMETRIES[item["type"]], key
            assert geometry["lod"] in {"0", "1", "2"}, key
            boundaries, depth = geometry["boundaries"], 0
            while isinstance(boundaries, list):
                assert boundaries, key
                boundaries, depth = boundaries[0], depth + 1
            assert depth == DEPTH[geometry["type"]], key


def test_every_face_of_a_building_says_what_it_is(model: Model) -> None:
    for key, item in model.of("Building", "BuildingPart").items():
        for geometry in item.get("geometry", []):
            surfaces, values = geometry["semantics"]["surfaces"], geometry["semantics"]["values"]
            assert {surface["type"] for surface in surfaces} >= {"GroundSurface", "WallSurface", "RoofSurface"}, key
            assert [len(shell) for shell in values] == [len(shell) for shell in geometry["boundaries"]], key
            assert {value for shell in values for value in shell} == set(range(len(surfaces))), key


def test_parts_and_their_buildings_know_each_other(model: Model) -> None:
    parts = {(parent, key) for key, item in model.of("BuildingPart").items() for parent in item["parents"]}
    children = {(key, child) for key, item in model.objects.items() for child in item.get("children", [])}
    assert parts == children
    assert len(children) > 20


def test_names_survive_as_they_are_written(content: bytes) -> None:
    assert "가온구청".encode() in content
    assert json.loads(content)["CityObjects"]["gaon-district-office"]["attributes"]["name_en"] == "Gaon District Office"
