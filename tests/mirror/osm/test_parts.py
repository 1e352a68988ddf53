"""Simple 3D Buildings: a building with parts is drawn by them."""

from pathlib import Path

import pytest

from tests.factories.mirror import by_id
from tests.factories.osm import Town
from tests.mirror.osm.test_osm import FORMATS, faults, read_town
from twin.mirror.features import Kind
from twin.mirror.quality import report_on


def tower_on_a_plinth() -> tuple[Town, int, int, int]:
    town = Town()
    outline = town.block(0, 0, 40, 40, building="office", name="가온타워")
    plinth = town.block(0, 0, 40, 40, building__part="yes", height="10")
    tower = town.block(10, 10, 20, 20, building__part="yes", height="60", min_height="10")
    return town, outline, plinth, tower


@pytest.mark.parametrize("name", FORMATS)
def test_the_outline_stays_flat_and_its_parts_rise(name: str, tmp_path: Path) -> None:
    town, outline, plinth, tower = tower_on_a_plinth()
    reading = read_town(town, tmp_path, name)
    found = by_id(reading)
    building = found[f"way/{outline}"]
    assert (building.kind, list(building.lods)) == (Kind.BUILDING, ["0"])
    assert (building.attributes["height_m"], building.attributes["height_from"]) == (60, "parts")
    for key, low, high in ((plinth, 0, 10), (tower, 10, 60)):
        part = found[f"way/{key}"]
        assert (part.kind, part.parent_source_id) == (Kind.BUILDING_PART, f"way/{outline}")
        assert [bound[2] for bound in part.lods["1"].bounds] == pytest.approx([low, high], abs=0.02)
    report = report_on(reading)
    assert (report["buildings"], report["parts"], report["faults"]) == (1, 2, [])
    assert report["heights"]["sources"] == {"parts": 1}


def test_a_part_belongs_to_the_building_that_holds_most_of_it(tmp_path: Path) -> None:
    town = Town()
    left, right = town.block(0, 0, 20, 20, building="yes"), town.block(20, 0, 20, 20, building="yes")
    part = town.block(18, 0, 20, 20, building__part="yes", height="9")
    found = by_id(read_town(town, tmp_path))
    assert found[f"way/{part}"].parent_source_id == f"way/{right}"
    assert (list(found[f"way/{left}"].lods), list(found[f"way/{right}"].lods)) == (["1"], ["0"])


def test_a_relation_says_whose_a_part_is(tmp_path: Path) -> None:
    town = Town()
    town.block(0, 0, 40, 40, building="yes")
    inner = town.block(5, 5, 20, 20, building="yes")
    part = town.block(6, 6, 10, 10, building__part="yes", height="9")
    town.relation(("w", inner, "outline"), ("w", part, "part"), type="building")
    assert by_id(read_town(town, tmp_path))[f"way/{part}"].parent_source_id == f"way/{inner}"


def test_a_part_without_a_building_is_one_and_named(tmp_path: Path) -> None:
    town = Town()
    part = town.block(building__part="yes", building__levels="3")
    reading = read_town(town, tmp_path)
    [lonely] = reading.features
    assert (lonely.kind, lonely.parent_source_id, lonely.attributes["height_m"]) == (Kind.BUILDING, None, 9.9)
    assert faults(reading) == {"missing_parent": [f"way/{part}"]}


def test_an_outline_that_is_also_a_part_is_the_building(tmp_path: Path) -> None:
    town = Town()
    house = town.block(building="yes", building__part="yes", height="9")
    [found] = read_town(town, tmp_path).features
    assert (found.source_id, found.kind, list(found.lods)) == (f"way/{house}", Kind.BUILDING, ["1"])


def test_upper_storeys_begin_above_the_lower(tmp_path: Path) -> None:
    town = Town()
    town.block(0, 0, 40, 40, building="yes")
    part = town.block(5, 5, 10, 10, building__part="yes", building__levels="6", building__min_level="4")
    low, high = by_id(read_town(town, tmp_path))[f"way/{part}"].lods["1"].bounds
    assert (low[2], high[2]) == (pytest.approx(13.2, abs=0.02), pytest.approx(19.8, abs=0.02))
