"""Tiles as they lie on disk: figures, and what a viewer would stumble over."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories.mirror import FIXTURES, imported
from twin.mirror.tilecheck import LARGE_BYTES, check_tiles

Json = dict[str, Any]


def tile(half: float, *children: Json, content: str = "") -> Json:
    made: Json = {"boundingVolume": {"box": [0, 0, 0, half, 0, 0, 0, half, 0, 0, 0, half]}, "children": list(children)}
    return made | ({"content": {"uri": content}} if content else {})


def written(folder: Path, root: Json, name: str = "tileset.json") -> str:
    (folder / name).write_text(json.dumps({"root": root}))
    return name


@pytest.mark.django_db
def test_the_tiles_of_an_import_are_found_whole_and_within_each_other(publications: Path) -> None:
    report = imported(FIXTURES / "cityjson-2.0.city.json").report["tiles"]["on_disk"]
    assert report["tiles"] > 0
    assert 0 < report["largest_bytes"] <= report["bytes"]
    assert (report["missing"], report["outside"], report["large"]) == (0, 0, 0)


def test_sizes_are_those_that_a_client_loads(tmp_path: Path) -> None:
    (tmp_path / "a.glb").write_bytes(bytes(100))
    (tmp_path / "a.glb.br").write_bytes(bytes(10))
    (tmp_path / "b.glb").write_bytes(bytes(LARGE_BYTES + 1))
    name = written(tmp_path, tile(9, tile(5, content="a.glb"), tile(5, content="b.glb")))
    found = check_tiles(tmp_path, name, None)
    assert (found["tiles"], found["bytes"], found["large"]) == (2, LARGE_BYTES + 11, 1)


@pytest.mark.parametrize(("inner_half", "outside"), [(9.04, 0), (9.2, 1)])
def test_a_tile_that_reaches_out_of_the_one_above_is_counted(tmp_path: Path, inner_half: float, outside: int) -> None:
    (tmp_path / "a.glb").write_bytes(b"x")
    written(tmp_path, tile(inner_half, content="a.glb"), "inner.json")
    name = written(tmp_path, tile(9, tile(9, content="inner.json")))
    assert check_tiles(tmp_path, name)["outside"] == outside


def test_files_that_are_not_there_are_counted(tmp_path: Path) -> None:
    name = written(tmp_path, tile(9, tile(5, content="gone.glb"), tile(5, content="gone.json")))
    assert check_tiles(tmp_path, name, "never.json")["missing"] == 3
