"""A publication's files, as a browser reads them."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import brotli
import mapbox_vector_tile
import numpy as np
import pytest
import shapely

from tests.mirror.tiles.reading import box_of, contents_of, split_glb, tiles_of
from tests.mirror.tiles.shapes import FRAME, block, flat, hillside, ids_of
from twin.mirror.features import Feature, Kind
from twin.mirror.tiles import build
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.prisms import raised
from twin.mirror.tiles.quadtree import share_out


def town() -> list[Feature]:
    """A hillside with 1,300 houses, a school of two parts, a street, a pond, a park and trees."""
    houses = [
        block(
            f"house-{i}",
            5 + 10 * (i % 36),
            5 + 10 * (i // 36),
            side=6,
            height=4 + i % 17,
            base=0.1 * (5 + 10 * (i % 36)),
        )
        for i in range(1_300)
    ]
    school = Feature(
        "school", Kind.BUILDING, {"name": "가온초등학교", "name_en": "Gaon School", "use": "school", "year": 1987}
    )
    wings = [
        Feature(
            f"school/{side}",
            Kind.BUILDING_PART,
            {"height_m": height},
            parent_source_id="school",
            lods={"2": raised(shapely.box(370 + east, 380, 380 + east, 390), 37, 37 + height)},
        )
        for side, east, height in (("east", 10, 15.0), ("west", 0, 9.0))
    ]
    line = np.asarray([[0, 395, 0], [400, 395, 40.0]])
    return [
        hillside(),
        *houses,
        school,
        *wings,
        Feature("street", Kind.ROAD, {"name": "한길로", "width_m": 8.0, "road_class": "local"}, lines=[line]),
        flat("pond", Kind.WATER, shapely.box(375, 200, 395, 240), 38.2, name="연못"),
        flat("park", Kind.PLANT_COVER, shapely.box(372, 100, 398, 190), 38.0, name="가온공원", use="park"),
        Feature(
            "trees",
            Kind.TREE,
            {"species": "소나무", "height_m": 11.0},
            points=np.asarray([[380, 110, 0], [390, 120, 39.0]]),
        ),
        Feature(
            "stop", Kind.FURNITURE, {"furniture": "bus_stop", "name": "학교앞"}, points=np.asarray([[200, 391, 20.0]])
        ),
    ]


class Built:
    def __init__(self, folder: Path, features: list[Feature]) -> None:
        self.folder = folder
        self.ids = ids_of(features)
        self.progress: list[tuple[float, str]] = []
        self.manifest: dict[str, Any] = build(
            features,
            self.ids,
            FRAME,
            folder,
            lambda share, stage: self.progress.append((share, stage)),
            attribution="© 가온구",
        )

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())

    def vector_tiles(self) -> Iterator[tuple[int, dict[str, Any]]]:
        with closing(sqlite3.connect(self.folder / "map.mbtiles")) as archive:
            for zoom, data in archive.execute("SELECT zoom_level, tile_data FROM tiles"):
                yield zoom, mapbox_vector_tile.decode(gzip.decompress(data))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("publication"), town())


@pytest.mark.parametrize("part", ["buildings", "ground"])
def test_every_vertex_lies_in_its_tiles_bounding_volume(built: Built, compressor: Compressor, part: str) -> None:
    for found, tile in contents_of(built.folder / part, compressor):
        low, high = box_of(found.tile)
        assert (tile.vertices >= low).all()
        assert (tile.vertices <= high).all()


@pytest.mark.parametrize("part", ["buildings", "ground"])
def test_the_validator_finds_no_error_in_any_tile(built: Built, compressor: Compressor, part: str) -> None:
    for found in tiles_of(built.folder / part):
        if found.content is not None:
            issues = compressor.validate(compressor.decompress(found.content))["issues"]
            assert issues["numErrors"] == 0, issues["messages"]


def test_a_large_town_has_blocks_from_afar_which_leaves_replace(built: Built) -> None:
    tiles = list(tiles_of(built.folder / "buildings"))
    root, leaves = tiles[0].tile, [found.tile for found in tiles if not found.tile.get("children")]
    assert root["refine"] == "REPLACE"
    assert len(leaves) > 1
    assert {leaf["geometricError"] for leaf in leaves} == {0}
    assert root["geometricError"] > 0
    assert tiles[0].content is not None


def test_leaves_show_every_building_once_with_the_id_of_its_object(built: Built, compressor: Compressor) -> None:
    shown = [
        row["id"]
        for _, tile in contents_of(built.folder / "buildings", compressor, leaves_only=True)
        for row in tile.rows
    ]
    wanted = [str(object_id) for name, object_id in built.ids.items() if name.startswith("house") or name == "school"]
    assert sorted(shown) == sorted(wanted)


def test_a_building_in_parts_is_one_feature_with_all_their_walls(built: Built, compressor: Compressor) -> None:
    for _, tile in contents_of(built.folder / "buildings", compressor, leaves_only=True):
        for number, row in enumerate(tile.rows):
            if row["id"] == str(built.ids["school"]):
                corners = tile.vertices[tile.features == number]
                assert np.ptp(corners, axis=0) == pytest.approx([20, 10, 15], abs=0.02)
                assert (row["name"], row["use"], row["year"], row["height"]) == ("가온초등학교", "school", 1987, 15)
                return
    pytest.fail("the school is not shown")


def test_walls_and_roofs_face_outward(built: Built, compressor: Compressor) -> None:
    for _, tile in contents_of(built.folder / "buildings", compressor, leaves_only=True):
        corners = tile.vertices[tile.triangles]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        features = tile.features[tile.triangles[:, 0]]
        for number, row in enumerate(tile.rows):
            if row["id"] == str(built.ids["school"]):
                continue  # not convex
            mine = features == number
            centre = tile.vertices[tile.features == number].mean(axis=0)
            outward = corners[mine].mean(axis=1) - centre
            assert (np.einsum("ij,ij->i", normals[mine], outward) > 0).all()


def test_the_ground_tells_its_kinds_and_ids(built: Built, compressor: Compressor) -> None:
    rows = {}
    for _, tile in contents_of(built.folder / "ground", compressor):
        assert tile.kinds is not None
        for number, row in enumerate(tile.rows):
            rows[row["id"]] = row
            assert len(set(tile.kinds[tile.features == number].tolist())) == 1
    assert {row["kind"] for row in rows.values()} == {"road", "water", "plant_cover", "terrain"}
    assert rows[str(built.ids["street"])]["name"] == "한길로"
    assert str(built.ids["terrain"]) in rows


def test_the_ground_is_shaded_smoothly(built: Built, compressor: Compressor) -> None:
    for _, tile in contents_of(built.folder / "ground", compressor):
        assert tile.normals is not None
        assert np.linalg.norm(tile.normals, axis=1) == pytest.approx(1, abs=0.02)
        # Away from the bump the hillside rises a tenth eastward.
        place = tile.vertices[:, :2]
        away = ((place > 60) & (place < 340)).all(axis=1) & (np.abs(place - 200) > 110).any(axis=1)
        assert tile.normals[away] == pytest.approx(np.tile([-0.0995, 0, 0.995], (away.sum(), 1)), abs=0.03)


def test_the_tileset_stands_at_the_citys_origin_on_earth(built: Built) -> None:
    for part in ("buildings", "ground"):
        transform = built.read(f"{part}/tileset.json")["root"]["transform"]
        assert transform == pytest.approx(FRAME.tile_transform)


def test_trees_stand_on_the_ground(built: Built) -> None:
    content = built.read("instances.json")
    values = np.asarray(content["values"]).reshape(-1, content["stride"])
    kinds = [content["kinds"][int(kind)] for kind in values[:, 0]]
    assert kinds == ["tree_conifer", "tree_conifer", "bus_stop"]
    assert content["ids"] == ["", "", str(built.ids["stop"])]
    # The first has no height in its source, the second's is a metre off, and stands by what is drawn.
    assert values[1, 3] == pytest.approx(39.0, abs=0.05)
    assert values[:2, 4].tolist() == [11, 11]


def test_names_are_placed_and_ranked(built: Built) -> None:
    labels = {label["text"]["ko"]: label for label in built.read("labels.json")["labels"]}
    assert {name: label["kind"] for name, label in labels.items()} == {
        "가온초등학교": "school", "한길로": "road", "연못": "river", "가온공원": "park"
    }  # fmt: skip
    assert labels["가온초등학교"]["text"]["en"] == "Gaon School"
    assert labels["한길로"]["text"]["en"] == "한길로"
    assert labels["가온초등학교"]["z"] == pytest.approx(52, abs=0.1)
    assert labels["한길로"]["n"] == pytest.approx(395, abs=0.1)
    assert labels["한길로"]["z"] == pytest.approx(labels["한길로"]["e"] * 0.1, abs=0.3)


def test_the_map_shows_the_same_objects(built: Built) -> None:
    found: dict[str, set[str]] = {}
    for zoom, layers in built.vector_tiles():
        if zoom == 16:
            for name, layer in layers.items():
                found.setdefault(name, set()).update(feature["properties"]["id"] for feature in layer["features"])
    houses = {str(object_id) for name, object_id in built.ids.items() if name.startswith("house")}
    assert found["building"] == houses | {str(built.ids["school"])}
    assert found["road"] == {str(built.ids["street"])}
    assert found["water"] == {str(built.ids["pond"])}
    assert found["green"] == {str(built.ids["park"])}
    assert found["furniture"] == {str(built.ids["stop"])}
    assert {str(built.ids[name]) for name in ("school", "street", "pond", "park")} == found["label"]


def test_map_tiles_hold_valid_areas_with_their_heights(built: Built) -> None:
    for zoom, layers in built.vector_tiles():
        assert 12 <= zoom <= 16
        for feature in layers.get("building", {"features": []})["features"]:
            assert shapely.geometry.shape(feature["geometry"]).is_valid
            assert feature["properties"]["height"] >= 4


def test_the_map_names_whom_it_owes(built: Built) -> None:
    with closing(sqlite3.connect(built.folder / "map.mbtiles")) as archive:
        metadata = dict(archive.execute("SELECT name, value FROM metadata"))
    assert metadata["attribution"] == "© 가온구"
    assert metadata["format"] == "pbf"
    west, south, east, north = map(float, metadata["bounds"].split(","))
    assert west < 126.982 < east
    assert south < 37.552 < north


def test_the_manifest_describes_what_was_written(built: Built) -> None:
    manifest = built.manifest
    assert (built.folder / manifest["buildings"]).is_file()
    assert (built.folder / manifest["ground"]).is_file()
    assert manifest["counts"]["building"] == 1_301
    heights = manifest["heights"]
    assert (built.folder / heights["file"]).stat().st_size == 2 * heights["columns"] * heights["rows"]
    assert manifest["map"] == {"tiles": "map/{z}/{x}/{y}.mvt", "min_zoom": 12, "max_zoom": 16}
    assert manifest["bounds"]["max"][2] >= 52
    assert manifest["report"]["terrain"] == "surveyed"
    assert manifest["report"]["without_surface"] == 0
    json.dumps(manifest)


def test_stored_variants_are_the_same_files_smaller(built: Built) -> None:
    packed = [path for path in built.folder.rglob("*") if path.suffix in {".br", ".gz"}]
    assert packed
    for path in packed:
        plain = path.with_suffix("").read_bytes()
        unpack = brotli.decompress if path.suffix == ".br" else gzip.decompress
        assert unpack(path.read_bytes()) == plain
        assert path.stat().st_size < len(plain)


def test_progress_rises_to_the_end(built: Built) -> None:
    shares = [share for share, _ in built.progress]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {stage for _, stage in built.progress} == {"buildings", "ground", "map", "packing"}


def test_the_same_city_gives_the_same_files(built: Built, tmp_path: Path) -> None:
    again = Built(tmp_path, town())
    names = [path.relative_to(built.folder) for path in sorted(built.folder.rglob("*")) if path.suffix != ".mbtiles"]
    assert [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*")) if path.suffix != ".mbtiles"] == names
    assert again.manifest == built.manifest


def test_a_city_of_nothing_is_empty_and_no_error(tmp_path: Path) -> None:
    manifest = build([], {}, FRAME, tmp_path)
    assert [manifest[key] for key in ("buildings", "ground", "instances", "labels", "heights", "map")] == [None] * 6
    assert manifest["bytes"] == 0


def test_a_footprint_with_a_height_becomes_a_block_and_one_without_is_counted(tmp_path: Path) -> None:
    features = [
        Feature(
            "told",
            Kind.BUILDING,
            {"storeys": 3},
            lods={"0": flat("x", Kind.LAND_USE, shapely.box(0, 0, 9, 9)).lods["1"]},
        ),
        Feature("flat", Kind.BUILDING, lods={"0": flat("y", Kind.LAND_USE, shapely.box(20, 0, 29, 9)).lods["1"]}),
    ]
    manifest = build(features, ids_of(features), FRAME, tmp_path)
    assert manifest["report"]["buildings"] == 1
    assert manifest["report"]["without_surface"] == 1
    assert manifest["bounds"]["max"][2] == pytest.approx(9.9, abs=0.02)


def test_buildings_that_float_or_are_buried_are_counted(tmp_path: Path) -> None:
    features = [
        hillside(),
        block("good", 100, 10, base=10.5),
        block("high", 200, 10, base=25),
        block("low", 300, 10, base=5),
    ]
    report = build(features, ids_of(features), FRAME, tmp_path)["report"]
    assert (report["floating"], report["buried"]) == (1, 1)


def test_meshes_without_node_are_plain_but_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.mirror.tiles.compressor.SCRIPT", tmp_path / "tools" / "compress.mjs")
    features = [block("only", 0, 0)]
    manifest = build(features, ids_of(features), FRAME, tmp_path / "out")
    assert manifest["report"]["compressed"] is False
    content = next(found.content for found in tiles_of(tmp_path / "out" / "buildings") if found.content)
    assert "EXT_meshopt_compression" not in split_glb(content)[0]["extensionsUsed"]


def use_small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.mirror.tiles.ground.share_out", partial(share_out, most_vertices=1_500))


def test_wide_ground_has_a_plainer_picture_from_afar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compressor: Compressor
) -> None:
    monkeypatch.setattr("twin.mirror.tiles.ground.FAR_FROM_TRIANGLES", 1_000)
    use_small_tiles(monkeypatch)
    park = flat("park", Kind.PLANT_COVER, shapely.Point(200, 200).buffer(100, quad_segs=64))
    features = [hillside(cells=40), park, flat("bed", Kind.PLANT_COVER, shapely.box(10, 10, 14, 14))]
    build(features, ids_of(features), FRAME, tmp_path)
    found = list(contents_of(tmp_path / "ground", compressor))
    (root, far), leaves = found[0], found[1:]
    assert root.tile["geometricError"] == 4
    assert len(leaves) > 1
    assert len(far.triangles) < sum(len(tile.triangles) for _, tile in leaves)
    assert {row["kind"] for row in far.rows} == {"terrain", "plant_cover"}
    assert len(far.rows) == 2  # the flower bed is too small to be seen


def test_ground_in_tiles_without_a_picture_from_afar_is_always_refined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_small_tiles(monkeypatch)
    features = [hillside(cells=40)]
    build(features, ids_of(features), FRAME, tmp_path)
    root = next(tiles_of(tmp_path / "ground"))
    assert root.content is None
    assert root.tile["geometricError"] > 500
