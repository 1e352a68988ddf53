"""A city too large for memory: drawn region by region, and the same to look at."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from gzip import decompress
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from tests.mirror.tiles.reading import box_of, contents_of, tiles_of
from tests.mirror.tiles.shapes import FRAME, block, ids_of
from twin.mirror.features import Feature, Kind
from twin.mirror.tiles import build
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.prisms import raised

COUNT = 300


def town() -> list[Feature]:
    """Houses in rows, and a hall whose two wings stand at its far ends."""
    houses = [block(f"house-{n}", 40.0 * (n % 20), 40.0 * (n // 20), height=3 + n % 9) for n in range(COUNT)]
    wings = [
        Feature(name, Kind.BUILDING_PART, parent_source_id="hall", lods={"1": raised(shapely.box(*box), 0, height)})
        for name, box, height in (("west", (-200, 300, -100, 320), 20), ("east", (900, 300, 1000, 320), 30))
    ]
    return [*houses, Feature("hall", Kind.BUILDING, {"name": "가온구청"}), *wings]


@pytest.fixture
def in_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.mirror.tiles.buildings.REGION_FAMILIES", 50)
    monkeypatch.setattr("twin.mirror.tiles.buildings.FAR_FEATURES", 20)
    monkeypatch.setattr("twin.mirror.tiles.buildings.FAR_FROM_FEATURES", 40)


def on_map(folder: Path) -> Iterator[tuple[tuple[int, int, int], dict[str, Any]]]:
    with closing(sqlite3.connect(folder / "map.mbtiles")) as archive:
        for zoom, column, row, data in archive.execute("SELECT * FROM tiles"):
            yield (zoom, column, row), mapbox_vector_tile.decode(decompress(data))


def buildings_by_tile(folder: Path) -> dict[tuple[int, int, int], Counter[str]]:
    return {
        place: Counter(feature["properties"]["id"] for feature in layers["building"]["features"])
        for place, layers in on_map(folder)
        if "building" in layers
    }


@pytest.mark.usefixtures("in_regions")
def test_leaves_of_all_regions_show_every_building_once(tmp_path: Path, compressor: Compressor) -> None:
    features = town()
    ids = ids_of(features)
    manifest = build(features, ids, FRAME, tmp_path)
    rows = [row for _, tile in contents_of(tmp_path / "buildings", compressor, leaves_only=True) for row in tile.rows]
    assert Counter(row["id"] for row in rows) == Counter(str(ids[f.source_id]) for f in features[: COUNT + 1])
    assert manifest["report"]["buildings"] == COUNT + 1
    assert manifest["counts"] == {"building": COUNT + 1, "building_part": 2}


@pytest.mark.usefixtures("in_regions")
def test_from_afar_the_largest_of_all_regions_are_seen(tmp_path: Path, compressor: Compressor) -> None:
    features = town()
    ids = ids_of(features)
    build(features, ids, FRAME, tmp_path)
    root, picture = next(contents_of(tmp_path / "buildings", compressor))
    assert root.depth == 0
    assert len(picture.rows) == 20
    assert str(ids["hall"]) in {row["id"] for row in picture.rows}
    shown = {row["height"] for row in picture.rows} - {30.0}
    assert min(shown) >= 10.0  # 20 of 300 that rise from 3 to 11 metres


@pytest.mark.usefixtures("in_regions")
def test_errors_shrink_and_boxes_hold_what_is_below_across_regions(tmp_path: Path) -> None:
    features = town()
    build(features, ids_of(features), FRAME, tmp_path)

    def check(tile: dict[str, Any]) -> None:
        low, high = box_of(tile)
        for child in tile.get("children", []):
            inner_low, inner_high = box_of(child)
            assert (inner_low >= low - 1e-3).all()
            assert (inner_high <= high + 1e-3).all()
            assert child["geometricError"] <= tile["geometricError"]
            check(child)

    root = next(tiles_of(tmp_path / "buildings")).tile
    check(root)
    assert root["children"]


def test_the_map_is_the_same_in_one_region_and_in_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    features = town()
    build(features, ids_of(features), FRAME, tmp_path / "one")
    monkeypatch.setattr("twin.mirror.tiles.buildings.REGION_FAMILIES", 50)
    build(features, ids_of(features), FRAME, tmp_path / "many")
    assert buildings_by_tile(tmp_path / "one") == buildings_by_tile(tmp_path / "many")
    assert not (tmp_path / "many" / "map.spool").exists()


def test_labels_and_ground_are_the_same_in_one_region_and_in_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = town()
    one = build(features, ids_of(features), FRAME, tmp_path / "one")
    monkeypatch.setattr("twin.mirror.tiles.buildings.REGION_FAMILIES", 50)
    many = build(features, ids_of(features), FRAME, tmp_path / "many")
    for name in ("labels.json", "heights.bin"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    assert one["bounds"] == many["bounds"]
    assert one["report"] == many["report"]
    assert np.subtract(many["bounds"]["max"], many["bounds"]["min"])[0] > 1_200
