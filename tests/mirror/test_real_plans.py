"""Real plans, compared with what other libraries count in them."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
import pyogrio
import pytest

from tests.mirror.test_refused_files import refusal
from twin.mirror.features import Kind
from twin.mirror.readers import Reading, read

pytestmark = pytest.mark.data

EXTRACTS = [
    "maps/helsinki/Helsinki.osm.pbf",
    "maps/helsinki/test.osm.pbf",
    "maps/porto_alegre/poa_osm.pbf",
]
MUNICH = "maps/munich_osm_xml/mf_base.osm"
PARIS = "maps/overpass_json_paris/0e17e8cfcab1fd7de8c3d77d13cda1c41e386b37.json"
TUNNELS = {"no", "building_passage", "avalanche_protector", "covered"}


def tagged(path: Path, entities: osmium.osm.osm_entity_bits, wanted: Callable[[Any], bool]) -> set[str]:
    """The ids of what has certain tags, as osmium finds it when nothing is made of it."""
    names = {"n": "node", "w": "way", "r": "relation"}
    found = osmium.FileProcessor(str(path), entities).with_filter(osmium.filter.EmptyTagFilter())
    return {f"{names[thing.type_str()]}/{thing.id}" for thing in found if wanted(thing.tags)}


def read_as(reading: Reading, *kinds: Kind) -> set[str]:
    return {found.source_id for found in reading.features if found.kind in kinds}


def faulty(reading: Reading, code: str) -> set[str]:
    return {fault.source_id for fault in reading.faults if fault.code == code}


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_building_of_an_extract_is_read_or_named_as_broken(name: str, data: Path) -> None:
    reading = read(data / name)
    ways = tagged(
        data / name,
        osmium.osm.WAY | osmium.osm.RELATION,
        lambda tags: tags.get("building", "no") != "no" and tags.get("location") != "underground",
    )
    broken = faulty(reading, "broken_area")
    bare = tagged(data / name, osmium.osm.RELATION, lambda tags: tags.get("type") != "multipolygon")
    buildings = read_as(reading, Kind.BUILDING) - faulty(reading, "missing_parent")
    assert buildings == ways - broken - bare - not_closed(data / name)


def not_closed(path: Path) -> set[str]:
    ways = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("building"))
    return {f"way/{way.id}" for way in ways if not way.is_closed()}


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_tree_signal_and_street_of_an_extract_is_read(name: str, data: Path) -> None:
    reading = read(data / name)
    trees = tagged(data / name, osmium.osm.NODE, lambda tags: tags.get("natural") == "tree")
    assert read_as(reading, Kind.TREE) == trees
    signals = tagged(data / name, osmium.osm.NODE, lambda tags: tags.get("highway") == "traffic_signals")
    assert signals <= read_as(reading, Kind.FURNITURE)
    streets = tagged(data / name, osmium.osm.WAY, lambda tags: tags.get("highway") in {"primary", "residential"})
    assert streets <= read_as(reading, Kind.ROAD, Kind.TUNNEL, Kind.SQUARE) | faulty(reading, "missing_nodes")
    below = tagged(
        data / name, osmium.osm.WAY, lambda tags: "highway" in tags and tags.get("tunnel", "no") not in TUNNELS
    )
    assert not below & read_as(reading, Kind.ROAD)


def test_helsinki_has_buildings_of_parts_in_their_own_frame(data: Path) -> None:
    reading = read(data / EXTRACTS[0])
    parts = [found for found in reading.features if found.kind is Kind.BUILDING_PART]
    assert len(parts) + len(faulty(reading, "missing_parent")) == 126
    assert {part.parent_source_id for part in parts} <= read_as(reading, Kind.BUILDING)
    assert (reading.frame.lon, reading.frame.lat) == (24.9443, 60.1716)
    assert Counter(lod for found in reading.features if found.lods for lod in [found.best_lod()])["2"] >= 3


def test_munich_is_read_though_its_encoding_is_misspelt_and_its_ids_are_an_editors(data: Path) -> None:
    reading = read(data / MUNICH)
    assert len(read_as(reading, Kind.BUILDING)) == 169
    assert "way/-" in min(read_as(reading, Kind.BUILDING))
    assert sum("2" in found.lods for found in reading.features) == 19


def test_paris_has_the_streets_that_overpass_answered_with(data: Path) -> None:
    elements = json.loads((data / PARIS).read_text(encoding="utf-8"))["elements"]
    ways = {f"way/{element['id']}" for element in elements if element["type"] == "way"}
    reading = read(data / PARIS)
    assert read_as(reading, Kind.ROAD, Kind.TUNNEL) == ways
    assert reading.faults == []


def test_seoul_has_its_districts_in_korean(data: Path) -> None:
    path = data / "maps/seoul_admin/shp/seoul_municipalities.shp"
    reading = read(path)
    assert len(reading.features) == pyogrio.read_info(path)["features"] == 25
    assert {found.attributes["name"] for found in reading.features} >= {"강남구", "도봉구", "종로구"}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("cities/auckland_overture_buildings/auckland_building.geojson", {Kind.BUILDING: 7304}),
        ("maps/seoul_admin/seoul_municipalities_geo.json", {Kind.LAND_USE: 25}),
        ("maps/seoul_admin/seoul_submunicipalities_geo_simple.json", {Kind.LAND_USE: 423}),
        ("maps/seoul_admin/seoul_neighborhoods_geo_simple.json", {Kind.LAND_USE: 467}),
        ("maps/seoul_gangnam_osm/dongs.geojson", {Kind.LAND_USE: 9}),
        ("maps/seoul_gangnam_osm/taxi-stands.geojson", {Kind.GENERIC: 254}),
        ("maps/seoul_gangnam_osm/traffic-signals.geojson", {Kind.FURNITURE: 41}),
    ],
)
def test_plans_in_geojson_are_read_whole(name: str, kinds: dict[Kind, int], data: Path) -> None:
    features = json.loads((data / name).read_text(encoding="utf-8"))["features"]
    reading = read(data / name)
    assert Counter(found.kind for found in reading.features) == kinds
    assert len(features) == sum(kinds.values())


def test_of_a_whole_country_what_lies_around_its_middle_is_read_and_the_rest_named(data: Path) -> None:
    reading = read(data / "maps/korea_sgg/ver20220309_sgg_vote_simple.geojson")
    assert len(reading.features) + len(faulty(reading, "outside_area")) == 250


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("maps/seoul_admin/seoul_municipalities_topo_simple.json", "says it is Topology"),
        ("maps/seoul_gangnam_osm/road-network.json", "is not CityJSON"),
    ],
)
def test_what_is_no_plan_is_refused_by_its_kind(name: str, words: str, data: Path) -> None:
    assert words in refusal(data / name)
