"""How features are shared out over tiles, and what the tileset files say."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.mirror.tiles.reading import box_of, tiles_of
from twin.mirror.tiles.quadtree import Box, Node, share_out, write_tileset

IDENTITY = np.eye(4).ravel().tolist()


@settings(max_examples=40, deadline=None)
@given(places=arrays(np.float64, st.tuples(st.integers(1, 300), st.just(2)), elements=st.floats(-5_000, 5_000)))
def test_every_feature_is_in_exactly_one_leaf_within_its_limits(places: np.ndarray) -> None:
    weights = np.full(len(places), 30)
    root = share_out(places, weights, most_features=20, most_vertices=450)
    leaves = [node for node in root.walk() if node.is_leaf]
    members = np.concatenate([leaf.members for leaf in leaves])
    assert sorted(members.tolist()) == list(range(len(places)))
    for leaf in leaves:
        crowded = len(np.unique(places[leaf.members], axis=0)) < len(leaf.members)
        assert crowded or len(leaf.members) <= 15 or np.ptp(places[leaf.members], axis=0).max() < 1.0


def test_one_feature_over_the_limit_is_a_leaf_of_its_own() -> None:
    root = share_out(np.asarray([[0, 0], [1, 1], [900, 900.0]]), np.asarray([50_000, 10, 10]))
    assert sorted(len(node.members) for node in root.walk() if node.is_leaf) == [1, 1, 1]


def grown(depth: int, corner: float = 0.0, side: float = 64.0) -> Node:
    """A tree in which every inner node has two children along a line."""
    node = Node(np.empty(0, np.int64), error_m=float(depth))
    node.box = Box(np.asarray([corner, 0, 0]), np.asarray([corner + side / 2, 1, 1]))
    node.content = f"{depth}-{corner}.glb"
    if depth:
        node.children = [grown(depth - 1, corner, side / 2), grown(depth - 1, corner + side / 2, side / 2)]
    return node


def test_boxes_and_errors_of_parents_hold_those_of_their_children() -> None:
    root = grown(3)
    root.error_m = 0.5
    assert root.settle()
    for node in root.walk():
        for child in node.children:
            assert node.box is not None
            assert child.box is not None
            assert (node.box.low <= child.box.low).all()
            assert (node.box.high >= child.box.high).all()
            assert node.error_m >= child.error_m


def test_levels_that_are_not_worth_a_file_are_left_out() -> None:
    root = grown(3)
    root.thin(lambda node: node.error_m >= 2)
    assert [len(child.children) for child in root.children] == [4, 4]
    assert all(leaf.is_leaf for child in root.children for leaf in child.children)
    root.thin(lambda node: False)
    assert len(root.children) == 8


def test_a_branch_without_content_is_cut_off() -> None:
    root = grown(1)
    root.children[0].box = root.children[0].content = None
    assert root.settle()
    assert len(root.children) == 1
    assert not Node(np.empty(0, np.int64)).settle()


def test_deep_branches_stand_in_files_of_their_own(tmp_path: Path) -> None:
    root = grown(6)
    root.settle()
    for node in root.walk():
        (tmp_path / str(node.content)).write_bytes(b"")
    write_tileset(root, tmp_path, IDENTITY)
    files = list(tmp_path.glob("*.json"))
    assert len(files) == 1 + 2**4
    found = list(tiles_of(tmp_path))
    assert sum(tile.content is not None for tile in found) == 2**7 - 1
    for tile in found:
        low, high = box_of(tile.tile)
        for child in tile.tile.get("children", []):
            child_low, child_high = box_of(child)
            assert (child_low >= low - 1e-3).all()
            assert (child_high <= high + 1e-3).all()
            assert child["geometricError"] <= tile.tile["geometricError"]


def test_only_the_first_file_says_where_on_earth_the_city_is(tmp_path: Path) -> None:
    root = grown(5)
    root.settle()
    write_tileset(root, tmp_path, IDENTITY)
    roots = {path.name: json.loads(path.read_text())["root"] for path in tmp_path.glob("*.json")}
    assert [name for name, tile in roots.items() if "transform" in tile] == ["tileset.json"]


def test_a_volume_is_rounded_outward() -> None:
    low, high = np.asarray([0.12345, -7.77777, 3.33333]), np.asarray([1.98765, 8.88888, 4.44444])
    volume_low, volume_high = box_of({"boundingVolume": Box(low, high).as_volume()})
    assert (volume_low < low).all()
    assert (volume_high > high).all()
    assert volume_high - volume_low == pytest.approx(high - low, abs=0.02)
