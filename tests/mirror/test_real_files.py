"""Real city files, counted as their publishers count them."""

from collections import Counter
from pathlib import Path

import pytest

from twin.mirror.features import Kind
from twin.mirror.quality import report_on
from twin.mirror.readers import Reading, read

pytestmark = pytest.mark.data


def count(reading: Reading) -> Counter[Kind]:
    return Counter(found.kind for found in reading.features)


def test_den_haag_has_844_buildings_in_1653_parts(data: Path) -> None:
    reading = read(data / "cities/cityjson_denhaag/DenHaag_01.json")
    assert count(reading) == {Kind.BUILDING: 844, Kind.BUILDING_PART: 1653, Kind.TERRAIN: 1}
    assert reading.crs.vertical_name == "NAP height"
    assert (reading.frame.lon, reading.frame.lat) == (4.2731, 52.1043)
    report = report_on(reading)
    assert report["lods"]["building_part"] == {"2": 1653}
    wrong = {fault["code"]: fault["count"] for fault in report["faults"]}
    assert set(wrong) == {"not_planar", "self_intersection"}


def test_delft_has_roads_plants_and_water(data: Path) -> None:
    counted = count(read(data / "cities/cityjson_delft/delft.json"))
    assert counted == {
        Kind.BUILDING: 160, Kind.ROAD: 143, Kind.PLANT_COVER: 126, Kind.LAND_USE: 81, Kind.GENERIC: 54,
        Kind.BRIDGE: 3, Kind.WATER: 3,
    }  # fmt: skip


def test_zurich_keeps_its_geometry_in_parts(data: Path) -> None:
    reading = read(data / "cities/cityjson_misc/zurich_subset_lod2.json")
    assert count(reading) == {Kind.BUILDING: 49, Kind.BUILDING_PART: 161}
    assert {found.kind for found in reading.features if found.lods} == {Kind.BUILDING_PART}


@pytest.mark.parametrize(
    ("name", "buildings", "parts"),
    [("extension.city.jsonl", 99, 100), ("tile_901_trimmed.jsonl", 52, 52)],
)
def test_3dbag_sequences_have_every_level(data: Path, name: str, buildings: int, parts: int) -> None:
    reading = read(data / "cities/cityjsonseq_3dbag" / name)
    assert count(reading) == {Kind.BUILDING: buildings, Kind.BUILDING_PART: parts}
    assert Counter(lod for found in reading.features for lod in found.lods) == {
        "0": buildings, "1.2": parts, "1.3": parts, "2.2": parts,
    }  # fmt: skip
    part = next(found for found in reading.features if found.kind is Kind.BUILDING_PART)
    assert part.parent_source_id is not None


@pytest.mark.parametrize("name", ["3dbag_b2.city.json", "3dbag_b2.city.jsonl"])
def test_a_document_and_its_sequence_are_the_same_city(data: Path, name: str) -> None:
    reading = read(data / "cities/cityjson_v2_3dbag" / name)
    assert count(reading) == {Kind.BUILDING: 2, Kind.BUILDING_PART: 2}


def test_gangnam_has_5205_buildings_and_most_heights_look_like_defaults(data: Path) -> None:
    reading = read(data / "cities/seoul_gangnam_osm_buildings/buildings.geojson")
    assert count(reading) == {Kind.BUILDING: 5205}
    report = report_on(reading)
    assert [(row["height_m"], row["count"]) for row in report["heights"]["repeated"]] == [(15.0, 2694), (32.0, 1027)]
    assert report["faults"] == []


def test_gangnam_has_roads_greens_and_stops(data: Path) -> None:
    folder = data / "maps/seoul_gangnam_osm"
    assert count(read(folder / "roads.geojson")) == {Kind.ROAD: 2315}
    stops = read(folder / "transit.geojson")
    assert Counter(found.attributes["furniture"] for found in stops.features) == {"bus_stop": 226, "station": 124}
    assert count(read(folder / "non-road.geojson"))[Kind.PLANT_COVER] == 99


@pytest.mark.parametrize("name", ["rotterdam_subset.json", "multi_lod.json"])
def test_a_city_without_a_coordinate_system_is_read_once_one_is_stated(data: Path, name: str) -> None:
    assert count(read(data / "cities/cityjson_misc" / name, epsg=7415))[Kind.BUILDING] > 0
