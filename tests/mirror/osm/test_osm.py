"""OpenStreetMap in all its formats becomes streets, tracks, water, green, trees and buildings."""

from pathlib import Path

import numpy as np
import pytest

from tests.factories.mirror import by_id, imported
from tests.factories.osm import Town
from twin.mirror.features import Feature, Kind
from twin.mirror.models import CityObject
from twin.mirror.readers import Reading, read
from twin.mirror.readers.osm import source

FORMATS = ["town.osm", "town.osm.pbf", "town.json", "town.geom.json"]


def read_town(town: Town, folder: Path, name: str = "town.osm") -> Reading:
    return read(town.write(folder / name))


def only(town: Town, folder: Path) -> Feature:
    [feature] = read_town(town, folder).features
    return feature


def faults(reading: Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in reading.faults:
        found.setdefault(fault.code, []).append(fault.source_id)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_city(name: str, tmp_path: Path) -> None:
    town = Town()
    house = town.block(building="apartments", building__levels="5", name="가온빌라", name__en="Gaon Villa")
    street = town.line((0, -10), (50, -10), highway="residential", width="6", name="가온로")
    outer, inner = town.block(100, 0, 60, 60), town.block(120, 20, 10, 10)
    park = town.relation(("w", outer, "outer"), ("w", inner, "inner"), type="multipolygon", leisure="park")
    tree = town.node((5, 5), natural="tree", height="8")
    reading = read_town(town, tmp_path, name)
    found = by_id(reading)
    assert {key: feature.kind for key, feature in found.items()} == {
        f"way/{house}": Kind.BUILDING,
        f"way/{street}": Kind.ROAD,
        f"relation/{park}": Kind.PLANT_COVER,
        f"node/{tree}": Kind.TREE,
    }
    attributes = found[f"way/{house}"].attributes
    assert [attributes[key] for key in ("name", "name_en", "use", "height_m")] == [
        "가온빌라", "Gaon Villa", "apartment", 16.5,
    ]  # fmt: skip
    assert found[f"way/{street}"].attributes["width_m"] == 6.0
    assert np.diff(found[f"relation/{park}"].lods["0"].polygon_starts).tolist() == [2]  # with its hole
    assert reading.faults == []


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "primary"}, Kind.ROAD),
        ({"highway": "primary", "bridge": "yes", "layer": "1"}, Kind.ROAD),
        ({"highway": "primary", "tunnel": "yes"}, Kind.TUNNEL),
        ({"highway": "service", "tunnel": "building_passage"}, Kind.ROAD),
        ({"railway": "subway", "tunnel": "yes"}, Kind.TUNNEL),
        ({"railway": "tram"}, Kind.RAILWAY),
        ({"waterway": "stream"}, Kind.WATER),
        ({"waterway": "stream", "tunnel": "culvert"}, Kind.TUNNEL),
    ],
)
def test_what_runs_is_what_its_tags_say(tags: dict[str, str], kind: Kind, tmp_path: Path) -> None:
    town = Town()
    town.line((0, 0), (30, 0), **tags)
    feature = only(town, tmp_path)
    assert feature.kind is kind
    assert [len(line) for line in feature.lines] == [2]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"natural": "water"}, Kind.WATER),
        ({"waterway": "riverbank"}, Kind.WATER),
        ({"landuse": "forest"}, Kind.PLANT_COVER),
        ({"natural": "wood", "height": "12"}, Kind.PLANT_COVER),
        ({"landuse": "grass"}, Kind.PLANT_COVER),
        ({"highway": "pedestrian", "area": "yes"}, Kind.SQUARE),
        ({"place": "square"}, Kind.SQUARE),
        ({"highway": "footway", "area": "yes"}, Kind.ROAD),
        ({"amenity": "school"}, Kind.LAND_USE),
        ({"landuse": "railway"}, Kind.LAND_USE),
        ({"man_made": "bridge"}, Kind.BRIDGE),
        ({"building": "construction"}, Kind.BUILDING),
        ({"landuse": "construction"}, Kind.LAND_USE),
    ],
)
def test_what_covers_the_ground_is_what_its_tags_say(tags: dict[str, str], kind: Kind, tmp_path: Path) -> None:
    town = Town()
    town.block(**tags)
    assert only(town, tmp_path).kind is kind


@pytest.mark.parametrize(
    ("tags", "furniture"),
    [
        ({"highway": "bus_stop"}, "bus_stop"),
        ({"highway": "traffic_signals"}, "traffic_signals"),
        ({"highway": "crossing", "crossing": "traffic_signals"}, "traffic_signals"),
        ({"highway": "street_lamp"}, "street_light"),
        ({"amenity": "bench"}, "bench"),
        ({"emergency": "fire_hydrant"}, "hydrant"),
        ({"railway": "subway_entrance"}, "station"),
    ],
)
def test_street_furniture_is_known(tags: dict[str, str], furniture: str, tmp_path: Path) -> None:
    town = Town()
    town.node((0, 0), **tags)
    assert only(town, tmp_path).attributes["furniture"] == furniture


def test_what_a_city_has_no_use_for_is_left_out(tmp_path: Path) -> None:
    town = Town()
    town.node((0, 0), highway="crossing", crossing="uncontrolled")
    town.node((0, 0), amenity="cafe", name="찻집")
    town.line((0, 0), (9, 9), highway="proposed")
    town.line((0, 0), (9, 9), natural="coastline")
    town.line((0, 0), (9, 9), highway="corridor", indoor="yes")
    town.line((0, 0), (9, 9), railway="abandoned")
    town.block(amenity="parking", parking="underground")
    town.block(building="no")
    town.block(building="yes", location="underground")
    house = town.block(building="yes")
    assert list(by_id(read_town(town, tmp_path))) == [f"way/{house}"]


def test_a_closed_street_is_a_line_and_a_closed_lawn_an_area(tmp_path: Path) -> None:
    town = Town()
    roundabout, lawn = town.block(highway="tertiary", junction="roundabout"), town.block(landuse="grass")
    found = by_id(read_town(town, tmp_path))
    assert [len(line) for line in found[f"way/{roundabout}"].lines] == [5]
    assert list(found[f"way/{lawn}"].lods) == ["0"]


@pytest.mark.parametrize(
    ("height", "metres"),
    [
        ("12", 12.0), ("12.5 m", 12.5), ("12,5", 12.5), ("40 ft", 12.192), ("40'", 12.192), ("5'6\"", 1.676),
        ("1e9", None), ("about 3", None), ("ten", None), ("-4", None), ("0", None), ("9000", None), ("3;4", None),
    ],
)  # fmt: skip
def test_heights_have_units_and_what_is_none_is_not_taken(height: str, metres: float | None, tmp_path: Path) -> None:
    town = Town()
    town.block(building="yes", height=height)
    attributes = only(town, tmp_path).attributes
    if metres is None:
        assert (attributes["height_m"], attributes["height_from"]) == (6.6, "default")
    else:
        assert attributes["height_m"] == metres
        assert "height_from" not in attributes


def test_storeys_under_the_roof_count(tmp_path: Path) -> None:
    town = Town()
    plain = town.block(building="house", building__levels="2")
    attic = town.block(30, building="house", building__levels="2", roof__levels="1")
    found = by_id(read_town(town, tmp_path))
    assert found[f"way/{plain}"].attributes["height_m"] == 6.6
    assert found[f"way/{attic}"].attributes["height_m"] == 9.9


def test_a_street_is_as_wide_as_its_lanes_and_pavements(tmp_path: Path) -> None:
    town = Town()
    lanes = town.line((0, 0), (9, 9), highway="primary", lanes="4", sidewalk="both")
    stated = town.line((0, 0), (9, 9), highway="primary", lanes="4", width="20 m")
    silent = town.line((0, 0), (9, 9), highway="primary", lanes="many")
    found = by_id(read_town(town, tmp_path))
    assert [found[f"way/{way}"].attributes.get("width_m") for way in (lanes, stated, silent)] == [17.0, 20.0, None]
    assert found[f"way/{lanes}"].attributes["road_class"] == "arterial"


def test_an_address_is_said_in_one_piece(tmp_path: Path) -> None:
    town = Town()
    house = town.block(building="yes", addr__street="테헤란로", addr__housenumber="152")
    full = town.block(30, building="yes", addr__full="서울 강남구 테헤란로 152", addr__housenumber="152")
    found = by_id(read_town(town, tmp_path))
    assert found[f"way/{house}"].attributes["address"] == "테헤란로 152"
    assert found[f"way/{full}"].attributes["address"] == "서울 강남구 테헤란로 152"


def test_a_line_with_missing_points_is_drawn_where_it_is_known(tmp_path: Path) -> None:
    town = Town()
    refs = [town.node((10.0 * number, 0)) for number in range(6)]
    street = town.way(refs, highway="residential")
    del town.nodes[refs[2]]
    reading = read_town(town, tmp_path)
    assert [len(line) for line in reading.features[0].lines] == [2, 3]
    assert faults(reading) == {"missing_nodes": [f"way/{street}"]}


@pytest.mark.parametrize("name", FORMATS)
def test_an_area_with_missing_points_is_left_out_and_named(name: str, tmp_path: Path) -> None:
    town = Town()
    whole, torn = town.block(building="yes"), town.block(30, building="yes")
    del town.nodes[town.ways[torn][0][1]]
    reading = read_town(town, tmp_path, name)
    assert f"way/{whole}" in by_id(reading)
    if name != "town.geom.json":  # which has no ids of points, so that one fewer makes another shape
        assert faults(reading) == {"broken_area": [f"way/{torn}"]}


def test_a_relation_whose_rings_cross_or_do_not_close_is_left_out_and_named(tmp_path: Path) -> None:
    town = Town()
    house = town.block(building="yes")
    bow = town.area((0, 50), (20, 70), (20, 50), (0, 70))
    crossing = town.relation(("w", bow, "outer"), type="multipolygon", building="yes")
    half = town.line((0, 100), (20, 100), (20, 120))
    open_ended = town.relation(("w", half, "outer"), type="multipolygon", landuse="forest")
    absent = town.relation(("w", 999_999, "outer"), type="multipolygon", natural="water")
    reading = read_town(town, tmp_path)
    assert list(by_id(reading)) == [f"way/{house}"]
    assert faults(reading) == {"broken_area": [f"relation/{key}" for key in (crossing, open_ended, absent)]}


def test_relations_of_each_other_do_no_harm(tmp_path: Path) -> None:
    town = Town()
    town.block(building="yes")
    first = town.relation(("r", 5_000, "outline"), type="building", building="yes")
    town.relations[5_000] = ([("r", first, "part"), ("r", 5_000, "outline")], {"type": "multipolygon", "building": "a"})
    reading = read_town(town, tmp_path)
    assert len(reading.features) == 1
    assert faults(reading) == {"broken_area": ["relation/5000"]}


def test_an_extract_that_says_it_covers_the_world_is_placed_where_it_lies(tmp_path: Path) -> None:
    town = Town()
    town.line((0, 0), (30, 0), highway="residential")
    path = town.write(tmp_path / "town.osm")
    world = '<bounds minlat="-90" minlon="-180" maxlat="90" maxlon="180"/>'
    path.write_text(path.read_text(encoding="utf-8").replace("<node", f"{world}<node", 1), encoding="utf-8")
    frame = read(path).frame
    assert (frame.lon, frame.lat) == (pytest.approx(127.0, abs=0.01), pytest.approx(37.5, abs=0.01))


def test_places_of_a_large_extract_lie_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    street = town.line((0, 0), (30, 0), highway="residential")
    in_memory = read_town(town, tmp_path)
    monkeypatch.setattr(source, "_IN_MEMORY_BYTES", {"pbf": 0, "xml": 0})
    on_disk = read_town(town, tmp_path)
    assert by_id(on_disk)[f"way/{street}"].lines[0].tolist() == by_id(in_memory)[f"way/{street}"].lines[0].tolist()


def test_a_thing_with_very_many_tags_keeps_some(tmp_path: Path) -> None:
    town = Town()
    town.block(building="yes", **{f"note:{number}": "x" for number in range(20_000)})
    assert len(only(town, tmp_path).attributes) <= 210


@pytest.mark.usefixtures("quick_tiles")
@pytest.mark.django_db
def test_openstreetmap_is_named_unless_somebody_else_is(tmp_path: Path) -> None:
    town = Town()
    town.block(building="yes")
    path = town.write(tmp_path / "town.osm")
    by_itself = imported(path, "a")
    assert (by_itself.source, by_itself.format) == ("town", "OpenStreetMap XML")
    assert by_itself.attribution == "© OpenStreetMap contributors"
    assert by_itself.attribution_url == "https://www.openstreetmap.org/copyright"
    assert by_itself.licence == "ODbL 1.0"
    assert imported(path, "b", attribution="© 가온구").attribution == "© 가온구"


@pytest.mark.usefixtures("quick_tiles")
@pytest.mark.django_db
def test_an_object_keeps_its_id_from_one_extract_to_the_next(tmp_path: Path) -> None:
    town = Town()
    house = town.block(building="yes")
    imported(town.write(tmp_path / "town.osm"), source="osm")
    first = CityObject.objects.get(source_id=f"way/{house}")
    town.block(40, building="yes")
    again = imported(town.write(tmp_path / "later.osm.pbf"), source="osm")
    assert CityObject.objects.get(source_id=f"way/{house}") == first
    assert again.report["written"] == {"added": 1, "changed": 0, "unchanged": 1, "removed": 0}
