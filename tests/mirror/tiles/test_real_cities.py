"""Real cities through readers and tiles."""

from pathlib import Path

import numpy as np
import pytest

from tests.mirror.tiles.reading import box_of, contents_of
from tests.mirror.tiles.shapes import ids_of
from twin.mirror.readers import read
from twin.mirror.tiles import build
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.files import write_variants

CITIES = [
    ("cities/cityjson_denhaag/DenHaag_01.json", 844, 900),
    ("cities/cityjson_delft/delft.json", 160, 900),
    ("cities/seoul_gangnam_osm_buildings/buildings.geojson", 5_205, 164),
    ("cities/cityjson_misc/zurich_subset_lod2.json", 49, 2_000),
    ("cities/cityjsonseq_3dbag/extension.city.jsonl", 99, 1_400),
]


@pytest.mark.data
@pytest.mark.parametrize(("name", "buildings", "most_bytes"), CITIES, ids=lambda value: str(value).rsplit("/", 1)[-1])
def test_a_real_city_is_whole_sound_and_small(
    data: Path, tmp_path: Path, compressor: Compressor, name: str, buildings: int, most_bytes: int
) -> None:
    reading = read(data / name)
    manifest = build(reading.features, ids_of(reading.features), reading.frame, tmp_path)
    report = manifest["report"]
    assert report["failed"] == 0
    shown = set()
    for part in ("buildings", "ground"):
        for found, tile in contents_of(tmp_path / part, compressor):
            low, high = box_of(found.tile)
            assert (tile.vertices >= low).all()
            assert (tile.vertices <= high).all()
            if part == "buildings" and not found.tile.get("children"):
                shown |= {row["id"] for row in tile.rows if row["kind"] == "building"}
    assert len(shown) == buildings - report["without_surface"]
    wire = sum(write_variants(path) for path in (tmp_path / "buildings").glob("*.glb"))
    assert wire / buildings <= most_bytes


@pytest.mark.data
def test_every_tile_of_a_real_city_passes_the_validator(data: Path, tmp_path: Path, compressor: Compressor) -> None:
    reading = read(data / "cities/cityjson_delft/delft.json")
    build(reading.features, ids_of(reading.features), reading.frame, tmp_path)
    for part in ("buildings", "ground"):
        for path in (tmp_path / part).glob("*.glb"):
            issues = compressor.validate(compressor.decompress(path.read_bytes()))["issues"]
            assert issues["numErrors"] == 0, issues["messages"]


@pytest.mark.data
def test_a_tree_of_levels_shows_every_building_of_a_city_once(
    data: Path, tmp_path: Path, compressor: Compressor
) -> None:
    reading = read(data / "cities/seoul_gangnam_osm_buildings/buildings.geojson")
    build(reading.features, ids_of(reading.features), reading.frame, tmp_path)
    rows = [row for _, tile in contents_of(tmp_path / "buildings", compressor, leaves_only=True) for row in tile.rows]
    assert len(rows) == len({row["id"] for row in rows})
    heights = np.asarray([row["height"] for row in rows])
    assert (heights > 0).all()
