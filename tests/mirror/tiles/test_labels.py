"""Names: how many times, how important, how high."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest
import shapely

from tests.mirror.tiles.shapes import FRAME, block, flat, hillside, ids_of
from twin.mirror.features import Feature, Kind
from twin.mirror.tiles import build


def labels(folder: Path, features: Sequence[Feature]) -> list[dict[str, object]]:
    build(features, ids_of(features), FRAME, folder)
    file = folder / "labels.json"
    return list(orjson.loads(file.read_bytes())["labels"]) if file.exists() else []


def road(name: str, start: tuple[float, float], end: tuple[float, float], road_class: str = "local") -> Feature:
    line = np.asarray([(*start, 0.0), (*end, 0.0)])
    return Feature(f"{name}-{start}", Kind.ROAD, {"name": name, "road_class": road_class}, lines=[line])


def test_pieces_of_a_street_are_named_as_one(tmp_path: Path) -> None:
    pieces = [road("한길", (100 * i, 0), (100 * i + 100, 0)) for i in range(3)]
    found = labels(tmp_path, pieces)
    assert [label["e"] for label in found] == [pytest.approx(150, abs=1)]


def test_a_long_street_is_named_along_its_way(tmp_path: Path) -> None:
    found = labels(tmp_path, [road("대로", (0, 0), (1_600, 0), "arterial")])
    assert sorted(round(float(str(label["e"]))) for label in found) == [200, 600, 1_000, 1_400]
    assert {label["rank"] for label in found} == {2}


def test_a_school_and_its_grounds_are_named_once(tmp_path: Path) -> None:
    building = block("b", 0, 0)
    building.attributes.update(name="가온초", use="school")
    grounds = flat("g", Kind.LAND_USE, shapely.box(-20, -20, 60, 60), name="가온초", use="school")
    assert [label["kind"] for label in labels(tmp_path, [building, grounds])] == ["school"]


def test_large_buildings_count_for_more_than_small_ones(tmp_path: Path) -> None:
    small, tower = block("s", 0, 0), block("t", 50, 0, side=60, height=150)
    for feature in (small, tower):
        feature.attributes["name"] = feature.source_id
    assert {label["text"]["ko"]: label["rank"] for label in labels(tmp_path, [small, tower])} == {"t": 3, "s": 5}  # type: ignore[index]


def test_a_hill_is_no_park(tmp_path: Path) -> None:
    hill = flat("h", Kind.PLANT_COVER, shapely.box(0, 0, 300, 300), name="매봉산", name_en="Maebongsan", use="forest")
    found = labels(tmp_path, [hillside(), hill])
    assert [(label["kind"], label["text"]) for label in found] == [("hill", {"ko": "매봉산", "en": "Maebongsan"})]


def test_nothing_with_a_name_means_no_file(tmp_path: Path) -> None:
    assert labels(tmp_path, [block("b", 0, 0)]) == []
