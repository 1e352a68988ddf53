"""Tiles' content: what is written is what a viewer reads."""

import numpy as np
import pytest

from tests.mirror.tiles.reading import Tile, read_glb, split_glb
from tests.mirror.tiles.shapes import block
from twin.mirror.features import Kind
from twin.mirror.tiles.compressor import Compressor, CompressorFailed
from twin.mirror.tiles.glb import Quantised, quantise, write_glb
from twin.mirror.tiles.mesh import triangulate
from twin.mirror.tiles.metadata import Row

ROWS = [
    Row("0b0e7b0e-0000-4000-8000-000000000001", Kind.BUILDING, 9.0, "school", 1987, "가온초등학교"),
    Row("0b0e7b0e-0000-4000-8000-000000000002", Kind.BRIDGE, 12.34),
]


def _signature(tile: Tile) -> set[tuple[float, ...]]:
    """Every triangle with its feature. It may start at any of its corners, but turns the same way."""
    found = set()
    for corners, feature in zip(tile.vertices[tile.triangles], tile.features[tile.triangles[:, 0]], strict=True):
        points = [tuple(point) for point in np.round(corners, 4).tolist()]
        start = points.index(min(points))
        found.add((*points[start], *points[start - 2], *points[start - 1], float(feature)))
    return found


def sample() -> Quantised:
    mesh = triangulate([block("a", 0, 0).lods["1"], block("b", 2000.5, -300.25, height=12.34).lods["1"]])
    quantised = quantise(*mesh.of(np.asarray([0, 1])), kinds=np.asarray([0, 2]))
    assert quantised is not None
    return quantised


def test_features_are_read_back_with_their_ids_and_attributes() -> None:
    tile = read_glb(write_glb(sample(), ROWS))
    assert [row["id"] for row in tile.rows] == [row.id for row in ROWS]
    assert [row["kind"] for row in tile.rows] == ["building", "bridge"]
    assert [row["name"] for row in tile.rows] == ["가온초등학교", ""]
    assert [row["year"] for row in tile.rows] == [1987, 0]
    assert tile.rows[1]["height"] == pytest.approx(12.34, abs=0.026)


def test_positions_come_back_within_a_step_in_the_local_frame() -> None:
    mesh = sample()
    tile = read_glb(write_glb(mesh, ROWS))
    assert mesh.step_m == pytest.approx(2010.5 / 65_534)
    second = tile.vertices[tile.features == 1]
    assert second.min(axis=0) == pytest.approx([2000.5, -300.25, 0], abs=mesh.step_m)
    assert second.max(axis=0) == pytest.approx([2010.5, -290.25, 12.34], abs=mesh.step_m)


def test_vertices_are_shared_within_a_feature_and_never_between_two() -> None:
    twice = block("a", 0, 0).lods["1"]
    quantised = quantise(*triangulate([twice, twice]).of(np.asarray([0, 1])))
    assert quantised is not None
    assert np.bincount(quantised.features).tolist() == [8, 8]


def test_triangles_that_the_grid_makes_flat_are_left_out() -> None:
    sliver = np.asarray([[0, 0, 0], [0.001, 0, 0], [0.001, 0.001, 0.0]])
    assert quantise(sliver, np.asarray([[0, 1, 2]]), np.asarray([0])) is None


def test_a_property_that_nobody_has_is_left_out() -> None:
    document, _ = split_glb(write_glb(sample(), [Row(row.id, row.kind) for row in ROWS]))
    table = document["extensions"]["EXT_structural_metadata"]["propertyTables"][0]
    assert set(table["properties"]) == {"id", "kind"}


def test_the_validator_finds_no_fault(compressor: Compressor) -> None:
    report = compressor.validate(write_glb(sample(), ROWS))
    assert report["issues"]["numErrors"] == 0, report["issues"]["messages"]
    assert report["issues"]["numWarnings"] == 0, report["issues"]["messages"]


def test_compression_keeps_every_triangle_with_its_feature_and_table(compressor: Compressor) -> None:
    blocks = [block(str(i), 20 * (i % 10), 20 * (i // 10), height=5 + i).lods["1"] for i in range(100)]
    mesh = quantise(*triangulate(blocks).of(np.arange(100)))
    assert mesh is not None
    plain = write_glb(mesh, [Row(f"object-{i}", Kind.BUILDING, 5 + i, "house") for i in range(100)])
    packed = compressor.compress(plain)
    assert len(packed) < len(plain)
    assert "EXT_meshopt_compression" in split_glb(packed)[0]["extensionsRequired"]
    before, after = read_glb(plain), read_glb(compressor.decompress(packed))
    assert after.rows == before.rows
    assert _signature(after) == _signature(before)


def test_garbage_is_refused_and_the_next_tile_is_still_compressed(compressor: Compressor) -> None:
    with pytest.raises(CompressorFailed, match="not a GLB"):
        compressor.compress(b"garbage that is long enough to be looked at")
    assert compressor.compress(write_glb(sample(), ROWS))


def test_without_a_process_tiles_stay_as_they_are() -> None:
    idle = Compressor()
    assert not idle.is_available
    assert idle.compress(b"tile") == b"tile"
