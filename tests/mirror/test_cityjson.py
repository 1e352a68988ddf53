"""CityJSON of every version, and sequences of it."""

import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from tests.factories.mirror import EAST, FIXTURES, NORTH, CityJson, a_small_city, by_id, volume, write_json
from twin.mirror.features import Kind, Semantic
from twin.mirror.frame import LocalFrame
from twin.mirror.readers import read

FILES = ["cityjson-1.0.json", "cityjson-1.1.city.json", "cityjson-2.0.city.json", "cityjsonseq-2.0.city.jsonl"]


@pytest.mark.parametrize("name", FILES)
def test_every_version_gives_the_same_objects(name: str) -> None:
    reading = read(FIXTURES / name)
    found = by_id(reading)
    assert found["hall"].kind is Kind.BUILDING
    assert found["hall"].attributes["name"] == "가온구청"
    assert found["part-1"].kind is Kind.BUILDING_PART
    assert found["part-1"].parent_source_id == "house"
    assert found["house"].lods == {}
    assert found["tree"].points is not None
    assert reading.crs.epsg == 5186
    assert reading.faults == []


def test_the_format_is_named_with_its_version() -> None:
    assert [read(FIXTURES / name).format for name in FILES] == [
        "CityJSON 1.0",
        "CityJSON 1.1",
        "CityJSON 2.0",
        "CityJSONSeq 2.0",
    ]


def test_vertices_stand_where_an_independent_transformation_puts_them() -> None:
    frame = LocalFrame(127.0, 37.5, 0.0)
    hall = by_id(read(FIXTURES / "cityjson-1.1.city.json", frame=frame))["hall"]
    lon, lat = Transformer.from_crs("EPSG:5186", "EPSG:4326", always_xy=True).transform(EAST, NORTH)
    expected = np.array(frame.to_local(lon, lat, 0.0))
    corners = hall.lods["1"].vertices
    assert np.linalg.norm(corners - expected, axis=1).min() < 1e-6


def test_a_box_keeps_its_size_and_faces_outward() -> None:
    hall = by_id(read(FIXTURES / "cityjson-1.1.city.json"))["hall"].lods["1"]
    assert volume(hall) == pytest.approx(10 * 10 * 20, rel=1e-3)  # a plane projection stretches a little
    assert hall.semantics.tolist() == [Semantic.GROUND, Semantic.ROOF, *[Semantic.WALL] * 4]


def test_levels_of_detail_are_kept_apart() -> None:
    hall = by_id(read(FIXTURES / "cityjson-2.0.city.json"))["hall"]
    assert set(hall.lods) == {"0", "1", "2.2"}
    assert hall.best_lod() == "2.2"


def test_a_multisolid_is_one_geometry_with_the_semantics_it_has() -> None:
    twins = by_id(read(FIXTURES / "cityjson-2.0.city.json"))["twins"].lods["1"]
    assert len(twins) == 12
    assert set(twins.semantics[:6].tolist()) == {Semantic.GROUND, Semantic.ROOF, Semantic.WALL}
    assert set(twins.semantics[6:].tolist()) == {Semantic.UNKNOWN}


def test_holes_lines_and_classes_of_extensions_are_read() -> None:
    found = by_id(read(FIXTURES / "cityjson-2.0.city.json"))
    plaza = found["plaza"].lods["1"]
    assert np.diff(plaza.polygon_starts).tolist() == [2]
    assert found["path"].lines[0].shape == (3, 3)
    assert found["path"].attributes["width_m"] == 2.5
    assert found["kiosk"].kind is Kind.GENERIC
    assert found["kiosk"].attributes["+kiosk-open"] is True


def test_a_template_is_a_point_for_a_tree_and_surfaces_for_what_is_built() -> None:
    found = by_id(read(FIXTURES / "cityjson-2.0.city.json"))
    tree, pavilion = found["planted"], found["pavilion"].lods["2"]
    assert tree.lods == {}
    assert tree.points is not None
    assert len(tree.points) == 1
    assert (tree.attributes["height_m"], tree.attributes["crown_m"]) == (9.0, 4.0)
    assert len(pavilion) == 4
    assert np.ptp(pavilion.vertices[:, 2]) == pytest.approx(9.0, abs=1e-3)


def test_rooms_are_counted_and_left_out() -> None:
    reading = read(FIXTURES / "cityjson-2.0.city.json")
    assert "room" not in by_id(reading)
    assert reading.types["BuildingRoom"] == 1


def test_an_address_becomes_words() -> None:
    assert by_id(read(FIXTURES / "cityjson-1.0.json"))["hall"].attributes["address"] == "가온로 1"
    assert by_id(read(FIXTURES / "cityjson-2.0.city.json"))["hall"].attributes["address"] == "대한민국 가온로 1"


def test_children_alone_tie_parts_to_their_building(tmp_path: Path) -> None:
    city = a_small_city()
    del city.objects["part-1"]["parents"]
    assert by_id(read(city.write(tmp_path / "c.json")))["part-1"].parent_source_id == "house"


def test_a_part_without_its_building_is_kept_and_named(tmp_path: Path) -> None:
    reading = read(a_small_city(without=["house"]).write(tmp_path / "c.json"))
    assert by_id(reading)["part-1"].parent_source_id is None
    assert {fault.source_id for fault in reading.faults if fault.code == "missing_parent"} == {"part-1", "part-2"}


def test_a_closing_or_repeated_vertex_is_dropped(tmp_path: Path) -> None:
    city = CityJson()
    square = city.square()
    [[corners]] = square["boundaries"]
    square["boundaries"] = [[[corners[0], *corners, corners[0]]]]
    plaza = by_id(read(city.add("plaza", "TransportSquare", square).write(tmp_path / "c.json")))["plaza"].lods["1"]
    assert np.diff(plaza.ring_starts).tolist() == [4]


def test_a_surface_of_two_points_is_left_out_and_named(tmp_path: Path) -> None:
    city = CityJson()
    square = city.square()
    square["boundaries"].append([square["boundaries"][0][0][:2]])
    reading = read(city.add("plaza", "TransportSquare", square).write(tmp_path / "c.json"))
    assert len(by_id(reading)["plaza"].lods["1"]) == 1
    assert [(fault.code, fault.source_id) for fault in reading.faults] == [("too_few_points", "plaza")]


@pytest.mark.parametrize(
    "crs",
    ["EPSG:5186", "urn:ogc:def:crs:EPSG::5186", "https://www.opengis.net/def/crs/EPSG/0/5186"],
)
def test_a_coordinate_system_is_understood_in_every_spelling(crs: str, tmp_path: Path) -> None:
    city = CityJson(crs=crs)
    assert read(city.add("a", "Building", city.box()).write(tmp_path / "c.json")).crs.epsg == 5186


def test_the_stated_coordinate_system_can_be_overruled(tmp_path: Path) -> None:
    city = CityJson(crs="EPSG:28992")
    reading = read(city.add("a", "Building", city.box()).write(tmp_path / "c.json"), epsg=5186)
    assert reading.frame.lon == pytest.approx(127.0, abs=0.01)


def test_heights_above_a_datum_are_taken_as_they_are_and_the_report_says_so(tmp_path: Path) -> None:
    city = CityJson(crs="EPSG:7415")
    document = city.add("a", "Building", city.box(z=3)).document()
    document["transform"]["translate"] = [85_000.0, 447_000.0, 0.0]
    reading = read(write_json(tmp_path / "c.json", document))
    assert by_id(reading)["a"].lods["1"].vertices[:, 2].min() == pytest.approx(3.0, abs=0.01)
    assert reading.crs.vertical_name == "NAP height"
    assert not reading.crs.heights_are_ellipsoidal


def test_a_sequence_names_the_same_object_twice_and_the_first_one_counts(tmp_path: Path) -> None:
    lines = (FIXTURES / "cityjsonseq-2.0.city.jsonl").read_text(encoding="utf-8").splitlines()
    again = json.loads(lines[1])
    again["CityObjects"]["hall"]["attributes"]["name"] = "다른 이름"
    path = tmp_path / "twice.jsonl"
    path.write_text("\n".join([*lines, json.dumps(again)]), encoding="utf-8")
    reading = read(path)
    assert by_id(reading)["hall"].attributes["name"] == "가온구청"
    assert [(fault.code, fault.source_id) for fault in reading.faults] == [("duplicate_id", "hall")]
