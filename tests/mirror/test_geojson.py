"""Footprints and other things from GeoJSON."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.mirror import FIXTURES, by_id, feature, footprint, geojson, volume, write_json
from twin.mirror.features import Feature, Kind, Semantic
from twin.mirror.prisms import prisms
from twin.mirror.readers import Reading, read
from twin.mirror.rings import Rings
from twin.mirror.validity import check_surfaces


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(FIXTURES / "footprints.geojson")


def test_things_are_what_their_properties_say(reading: Reading) -> None:
    kinds = {source_id: found.kind for source_id, found in by_id(reading).items()}
    assert kinds == {
        **{f"b/{number}": Kind.BUILDING for number in range(1, 6)},
        "g/1": Kind.PLANT_COVER,
        "r/1": Kind.ROAD,
        "t/1": Kind.TREE,
        "s/1": Kind.FURNITURE,
        "w/1": Kind.WATER,
    }


def test_attributes_of_many_sources_get_one_name(reading: Reading) -> None:
    found = by_id(reading)
    office, school = found["b/1"].attributes, found["b/4"].attributes
    assert (office["name"], office["use"], office["height_m"], office["year"]) == ("가온빌딩", "office", 12.5, 2004)
    assert (school["name"], school["use"], school["address"]) == ("가온중학교", "school", "가온로 22")
    assert found["b/2"].attributes["use"] == "apartment"
    assert "use" not in found["b/3"].attributes  # a building says "yes" and no more
    assert (found["r/1"].attributes["road_class"], found["r/1"].attributes["width_m"]) == ("local", 6.0)
    assert (found["t/1"].attributes["height_m"], found["t/1"].attributes["crown_m"]) == (8.0, 5.0)
    assert found["s/1"].attributes["furniture"] == "bus_stop"


def test_heights_come_from_storeys_or_are_assumed_and_say_so(reading: Reading) -> None:
    found = by_id(reading)
    assert (found["b/2"].attributes["height_m"], found["b/2"].attributes["height_from"]) == (13.2, "storeys")
    assert (found["b/3"].attributes["height_m"], found["b/3"].attributes["height_from"]) == (6.6, "default")
    assert "height_from" not in found["b/1"].attributes
    assert dict(reading.heights) == {"stated": 3, "storeys": 1, "default": 1}


def test_a_courtyard_stays_open_and_two_polygons_are_one_building(reading: Reading) -> None:
    yard, pair = by_id(reading)["b/4"].lods["1"], by_id(reading)["b/5"].lods["1"]
    assert sorted(np.diff(yard.polygon_starts).tolist(), reverse=True)[:2] == [2, 2]  # floor and roof have a hole
    assert len(yard) == 2 + 8
    assert len(pair) == 2 * 6


def test_blocks_are_closed_and_face_outward_however_the_outline_turns(tmp_path: Path) -> None:
    forth = footprint("forth", height=10)
    back = footprint("back", lon=127.001, height=10)
    back["geometry"]["coordinates"][0].reverse()
    reading = read(write_json(tmp_path / "c.geojson", geojson(forth, back)))
    volumes = [volume(found.lods["1"]) for found in reading.features]
    assert volumes[0] == pytest.approx(volumes[1], rel=1e-4)
    assert volumes[0] > 0
    assert list(check_surfaces(reading.features, reading.solids)) == []


def test_neighbours_that_share_a_corner_keep_their_own_heights(tmp_path: Path) -> None:
    low, high = footprint("low", height=5), footprint("high", height=50)
    shared = low["geometry"]["coordinates"][0][3]
    ring = high["geometry"]["coordinates"][0]
    high["geometry"]["coordinates"] = [[shared, *ring[1:4], shared]]
    found = by_id(read(write_json(tmp_path / "c.geojson", geojson(low, high))))
    assert np.ptp(found["low"].lods["1"].vertices[:, 2]) == pytest.approx(5, abs=0.01)
    assert np.ptp(found["high"].lods["1"].vertices[:, 2]) == pytest.approx(50, abs=0.01)


def test_a_footprint_without_an_id_is_the_same_object_in_the_next_file(tmp_path: Path) -> None:
    nameless = footprint(height=10)
    first = read(write_json(tmp_path / "a.geojson", geojson(nameless)))
    second = read(write_json(tmp_path / "b.geojson", geojson(footprint("other", lat=37.6, height=3), nameless)))
    assert first.features[0].source_id == second.features[1].source_id
    assert [fault.code for fault in first.faults] == ["missing_id"]


def test_an_id_used_twice_is_two_objects_and_named(tmp_path: Path) -> None:
    reading = read(
        write_json(tmp_path / "c.geojson", geojson(footprint("x", height=3), footprint("x", lon=127.01, height=3)))
    )
    assert [found.source_id for found in reading.features] == ["x", "x#2"]
    assert [fault.code for fault in reading.faults] == ["duplicate_id"]


def test_an_open_ring_is_closed_and_named(tmp_path: Path) -> None:
    open_ended = footprint("open", height=3)
    open_ended["geometry"]["coordinates"][0].pop()
    reading = read(write_json(tmp_path / "c.geojson", geojson(open_ended)))
    assert [fault.code for fault in reading.faults] == ["open_ring"]
    assert volume(reading.features[0].lods["1"]) > 0


def test_areas_that_say_nothing_are_buildings_among_buildings_and_land_elsewhere(tmp_path: Path) -> None:
    silent = footprint("silent", lon=127.02)
    among = read(write_json(tmp_path / "a.geojson", geojson(footprint("a", height=3), silent)))
    alone = read(write_json(tmp_path / "b.geojson", geojson(silent)))
    assert by_id(among)["silent"].kind is Kind.BUILDING
    assert by_id(alone)["silent"].kind is Kind.LAND_USE


def test_projected_coordinates_are_read_with_a_stated_system(tmp_path: Path) -> None:
    ring = [[200_000, 545_000], [200_010, 545_000], [200_010, 545_010], [200_000, 545_010], [200_000, 545_000]]
    square = feature({"type": "Polygon", "coordinates": [ring]}, "a", height=10)
    stated = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5186"}}}
    by_member = read(write_json(tmp_path / "a.geojson", geojson(square, **stated)))
    by_option = read(write_json(tmp_path / "b.geojson", geojson(square)), epsg=5186)
    for reading in (by_member, by_option):
        assert volume(reading.features[0].lods["1"]) == pytest.approx(1000, rel=1e-3)


def test_a_raised_part_begins_above_the_ground(tmp_path: Path) -> None:
    properties: dict[str, Any] = {"building:part": "yes", "height": 20, "min_height": 12, "ground_height": 30}
    bridge = footprint("skyway", **properties)
    [found] = read(write_json(tmp_path / "c.geojson", geojson(bridge))).features
    low, high = found.lods["1"].bounds
    assert (low[2], high[2]) == (pytest.approx(42, abs=0.01), pytest.approx(50, abs=0.01))


def test_a_collection_of_geometries_is_one_object_for_each(tmp_path: Path) -> None:
    shapes = [{"type": "Point", "coordinates": [127, 37.5]}, {"type": "Point", "coordinates": [127.001, 37.5]}]
    collection = feature({"type": "GeometryCollection", "geometries": shapes}, "stops", highway="bus_stop")
    reading = read(write_json(tmp_path / "c.geojson", geojson(collection)))
    assert [found.source_id for found in reading.features] == ["stops", "stops/2"]


@given(
    radii=st.lists(st.floats(2.0, 40.0), min_size=3, max_size=24),
    height=st.floats(1.0, 300.0),
    clockwise=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_star_shaped_footprint_becomes_a_closed_block_of_its_area_times_its_height(
    radii: list[float], height: float, clockwise: bool
) -> None:
    angles = np.linspace(0, 2 * math.pi, len(radii), endpoint=False) * (-1 if clockwise else 1)
    xy = np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(radii)[:, None] + [200_000, 545_000]
    count = len(radii)
    one = np.array([1])
    rings = Rings(np.arange(count), np.array([count]), one, np.zeros(1, np.uint8), one)
    vertices = np.vstack([np.column_stack([xy, np.zeros(count)]), np.column_stack([xy, np.full(count, height)])])
    [block] = prisms(rings, xy).split(vertices)
    around = xy - xy[0]
    area = abs(float(np.sum(around[:, 0] * np.roll(around[:, 1], -1) - np.roll(around[:, 0], -1) * around[:, 1]))) / 2
    assert volume(block) == pytest.approx(area * height, rel=1e-6)
    codes = {fault.code for fault in check_surfaces([Feature("b", Kind.BUILDING, lods={"1": block})], {("b", "1")})}
    assert not codes & {"open_solid", "mixed_orientation", "inverted"}
    assert block.semantics.tolist() == [Semantic.GROUND, Semantic.ROOF, *[Semantic.WALL] * count]


@pytest.mark.parametrize(
    ("properties", "name", "value"),
    [
        ({"높이": "21.5"}, "height_m", 21.5),
        ({"measuredHeight": 7}, "height_m", 7.0),
        ({"b3_h_dak_max": 12.0, "b3_h_maaiveld": 2.0}, "height_m", 10.0),
        ({"GRO_FLO_CO": 5}, "storeys", 5),
        ({"지상층수": "3층"}, "storeys", 3),
        ({"사용승인일": "19870315"}, "year", 1987),
        ({"oorspronkelijkbouwjaar": 1936}, "year", 1936),
        ({"BULD_NM": "시청"}, "name", "시청"),
        ({"용도": "제1종근린생활시설"}, "use", "commercial"),
        ({"usage": "something of its own"}, "use", "other"),
        ({"addr:full": "가온로 3"}, "address", "가온로 3"),
    ],
)
def test_words_of_registers_are_understood(
    properties: dict[str, Any], name: str, value: object, tmp_path: Path
) -> None:
    [found] = read(write_json(tmp_path / "c.geojson", geojson(footprint("a", building="yes", **properties)))).features
    assert found.attributes[name] == value


@pytest.mark.parametrize("height", [-5, 0, 4000, "tall", None, True])
def test_a_height_that_cannot_be_is_no_height(height: object, tmp_path: Path) -> None:
    [found] = read(write_json(tmp_path / "c.geojson", geojson(footprint("a", building="yes", height=height)))).features
    assert found.attributes["height_from"] == "default"
