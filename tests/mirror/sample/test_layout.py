"""The town: who stands where, and on what."""

import re

import numpy as np
import pytest
import shapely

from tests.mirror.sample.model import Model
from twin.mirror.sample.ground import Ground
from twin.mirror.sample.plan import ORIGIN, SITES
from twin.mirror.sample.streets import lay_out
from twin.mirror.vocabulary import USE_LABELS

ROAD_CLASSES = {"arterial", "collector", "local", "lane", "pedestrian", "path"}
HANGUL_ADDRESS = re.compile(r"^가온구 [가-힣0-9]+(대로|로|길) \d+(-\d+)?$")


@pytest.fixture(params=["model", "other"])
def town(request: pytest.FixtureRequest) -> Model:
    chosen: Model = request.getfixturevalue(request.param)
    return chosen


def test_the_district_has_the_buildings_of_a_district(town: Model) -> None:
    assert 2800 <= len(town.of("Building")) <= 3800
    uses = town.uses
    assert set(uses) <= set(USE_LABELS)
    assert uses["apartment"] > 120
    assert uses["residential"] + uses["house"] > 1500
    assert uses["market"] > 60
    assert uses["school"] >= 18  # nine schools, each with its gymnasium
    for use in (
        "station",
        "library",
        "hospital",
        "fire_station",
        "police",
        "religious",
        "kindergarten",
        "sports",
        "office",
    ):
        assert uses[use] >= 1, use


def test_every_named_place_of_the_plan_was_built(town: Model) -> None:
    for site in SITES:
        assert any(key == site.key or key.startswith(f"{site.key}-") for key in town.objects), site.key


def test_no_two_buildings_overlap(town: Model) -> None:
    shapes = np.array(list(town.footprints.values()), dtype=object)
    names = list(town.footprints)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(first[first < second], second[first < second], strict=True):
        assert shapes[a].intersection(shapes[b]).area < 0.1, (names[a], names[b])


def test_no_building_stands_on_a_street_or_in_the_water(town: Model) -> None:
    ground = [town.area(key) for key in town.of("Road", "WaterBody")]
    tree = shapely.STRtree(ground)
    standing = {
        key: shape for key, shape in town.footprints.items() if not town.objects[key]["attributes"].get("canopy")
    }
    shapes = np.array(list(standing.values()), dtype=object)
    names = list(standing)
    for number, other in zip(*tree.query(shapes, predicate="intersects"), strict=True):
        assert shapes[number].intersection(ground[other]).area < 0.5, names[number]


def test_the_pieces_of_ground_do_not_overlap(town: Model) -> None:
    keys = list(town.of("PlantCover", "LandUse", "TransportSquare", "WaterBody", "Railway"))
    shapes = np.array([town.area(key) for key in keys], dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(first[first < second], second[first < second], strict=True):
        assert shapes[a].intersection(shapes[b]).area < 12.0, (keys[a], keys[b])


def test_buildings_stand_on_the_ground_and_are_as_high_as_they_say(town: Model) -> None:
    ground = Ground(lay_out())
    for key, shape in town.footprints.items():
        points = town.used(key)
        low, _ = ground.range(shapely.transform(shapely.convex_hull(shape), lambda xy: xy - ORIGIN))
        base, top = points[:, 2].min(), points[:, 2].max()
        assert low - 3.0 < base < low + 0.3, key
        assert top - base == pytest.approx(town.objects[key]["attributes"]["height_m"], abs=0.1), key


def test_homes_have_households_and_everybody_an_address(town: Model) -> None:
    for key, item in town.of("Building").items():
        attributes = item["attributes"]
        assert HANGUL_ADDRESS.match(attributes["address"]), (key, attributes["address"])
        assert attributes["storeys"] >= 1, key
        assert 1930 <= attributes["year"] <= 2026, key
        if attributes["use"] in ("house", "residential", "apartment"):
            assert attributes["households"] >= 1, key


def test_an_address_belongs_to_one_building_or_one_estate(town: Model) -> None:
    seen: dict[str, str] = {}
    for key, item in town.of("Building").items():
        attributes = item["attributes"]
        estate = re.sub(r" (\d+동|상가|주민공동시설|어린이집|관리사무소)$", "", attributes.get("name", key))
        assert seen.setdefault(attributes["address"], estate) == estate, key


def test_every_street_has_a_name_of_its_own_and_a_class(town: Model) -> None:
    streets = [item["attributes"] for item in town.of("Road").values()]
    assert all(street["name"] and street["name_en"] for street in streets)
    assert {street["road_class"] for street in streets} == ROAD_CLASSES
    assert len({street["name"] for street in streets}) == len(streets)
    assert all(street["width_m"] > 1 for street in streets)


def test_trees_stand_neither_in_buildings_nor_in_the_stream(town: Model) -> None:
    trees = town.of("SolitaryVegetationObject")
    assert 4500 <= len(trees) <= 7000
    points = shapely.points([town.point(key)[:2] for key in trees])
    water = [town.area(key) for key in town.of("WaterBody")]
    solid = shapely.STRtree([*town.footprints.values(), *water])
    assert len(solid.query(points, predicate="within")[0]) == 0


def test_furniture_is_of_the_kinds_that_are_drawn(town: Model) -> None:
    kinds = {item["attributes"]["furniture"] for item in town.of("CityFurniture").values()}
    assert kinds == {"bus_stop", "bench", "shelter", "street_light"}


def test_public_land_is_marked_and_homes_are_not_public(town: Model) -> None:
    covers = [item["attributes"] for item in town.of("PlantCover", "LandUse", "TransportSquare").values()]
    assert all(cover.get("public_land") for cover in covers if cover["use"] in ("park", "vacant", "square", "sports"))
    gardens = [key for key in town.of("PlantCover") if key.startswith("gaon-complex")]
    assert len(gardens) > 15
    assert not any(town.objects[key]["attributes"].get("public_land") for key in gardens)
