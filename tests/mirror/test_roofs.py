"""Roofs over footprints, where their shape is stated and simple."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.mirror import volume
from tests.factories.osm import Town
from tests.mirror.osm.test_osm import read_town
from twin.mirror.features import Feature, Kind, Semantic, SurfaceSet
from twin.mirror.prisms import prisms
from twin.mirror.readers.roofs import roofed
from twin.mirror.rings import Rings
from twin.mirror.validity import check_surfaces

L_SHAPE = [(0, 0), (20, 0), (20, 8), (8, 8), (8, 20), (0, 20)]


def block(corners: list[tuple[float, float]], height: float) -> SurfaceSet:
    xy = np.array(corners, dtype=np.float64)
    count, one = len(xy), np.array([1])
    rings = Rings(np.arange(count), np.array([count]), one, np.zeros(1, np.uint8), one)
    both = np.vstack([np.column_stack([xy, np.zeros(count)]), np.column_stack([xy, np.full(count, height)])])
    return prisms(rings, xy).split(both)[0]


def faults(surfaces: SurfaceSet) -> set[str]:
    feature = Feature("b", Kind.BUILDING, lods={"2": surfaces})
    return {fault.code for fault in check_surfaces([feature], {("b", "2")})}


def roof_of(tmp_path: Path, **tags: str) -> SurfaceSet:
    """Of a house of 20 by 10 metres and 9 metres high, its roof 3 metres of them."""
    town = Town()
    town.block(building="house", height="9", roof__height="3", **tags)
    reading = read_town(town, tmp_path)
    [house] = reading.features
    assert list(check_surfaces(reading.features, reading.solids)) == []
    return house.lods[house.best_lod() or ""]


@pytest.mark.parametrize(
    ("shape", "cubic_metres"),
    [
        ("gabled", 200 * 6 + 200 * 3 / 2),
        ("skillion", 200 * 6 + 200 * 3 / 2),
        ("pyramidal", 200 * 6 + 200 * 3 / 3),
        ("hipped", 200 * 6 + 10 * 10 * 3 / 3 + 10 * 10 * 3 / 2),
        ("flat", 200 * 9),
        ("onion", 200 * 9),
    ],
)
def test_a_roof_takes_its_share_of_the_height(shape: str, cubic_metres: float, tmp_path: Path) -> None:
    surfaces = roof_of(tmp_path, roof__shape=shape)
    assert volume(surfaces) == pytest.approx(cubic_metres, rel=1e-2)
    low, high = surfaces.bounds
    assert high[2] - low[2] == pytest.approx(9, abs=0.02)


def ridge(surfaces: SurfaceSet) -> np.ndarray:
    top = surfaces.vertices[:, 2].max()
    return surfaces.vertices[surfaces.vertices[:, 2] > top - 0.02]


def test_a_ridge_runs_along_the_house_unless_it_is_said_to_run_across(tmp_path: Path) -> None:
    along, across = (
        roof_of(tmp_path, roof__shape="gabled"),
        roof_of(tmp_path, roof__shape="gabled", roof__orientation="across"),
    )
    assert np.ptp(ridge(along), axis=0)[:2] == pytest.approx([20, 0], abs=0.1)
    assert np.ptp(ridge(across), axis=0)[:2] == pytest.approx([0, 10], abs=0.1)


@pytest.mark.parametrize(("direction", "side"), [("90", 0), ("270", 1)])
def test_a_skillion_falls_where_it_is_said_to(direction: str, side: int, tmp_path: Path) -> None:
    surfaces = roof_of(tmp_path, roof__shape="skillion", roof__direction=direction)
    eastings = surfaces.vertices[:, 0]
    assert ridge(surfaces)[:, 0] == pytest.approx([eastings.min(), eastings.max()][side], abs=0.1)


def test_a_spire_has_no_walls() -> None:
    spire = roofed(block([(0, 0), (6, 0), (6, 6), (0, 6)], 12), {"roof_shape": "pyramidal", "roof_height_m": 12})
    assert spire is not None
    assert sorted(spire.semantics.tolist()) == [Semantic.GROUND, *[Semantic.ROOF] * 4]
    assert volume(spire) == pytest.approx(36 * 12 / 3)
    assert faults(spire) == set()


@pytest.mark.parametrize("shape", ["gabled", "hipped", "pyramidal", "dome", "", "9.0"])
def test_over_a_winding_outline_the_roof_stays_flat(shape: str) -> None:
    assert roofed(block(L_SHAPE, 9), {"roof_shape": shape, "roof_height_m": 3}) is None


def test_a_skillion_lies_over_any_outline() -> None:
    surfaces = roofed(block(L_SHAPE, 9), {"roof_shape": "skillion", "roof_height_m": 3})
    assert surfaces is not None
    assert faults(surfaces) == set()


def test_without_a_height_a_roof_has_a_usual_pitch() -> None:
    surfaces = roofed(block([(0, 0), (8, 0), (8, 4), (0, 4)], 9), {"roof_shape": "gabled"})
    assert surfaces is not None
    assert surfaces.vertices[:, 2].max() == 9
    eaves = sorted(set(np.round(surfaces.vertices[:, 2], 3)))[1]
    assert 9 - eaves == pytest.approx(2 * math.tan(math.radians(30)), abs=0.01)


def test_a_corner_on_a_straight_side_is_none() -> None:
    corners: list[tuple[float, float]] = [(10, 0), (20, 0), (20, 10), (7, 10.02), (0, 10), (0, 0)]
    surfaces = roofed(block(corners, 9), {"roof_shape": "gabled", "roof_height_m": 3})
    assert surfaces is not None
    assert volume(surfaces) == pytest.approx(1_500, rel=1e-2)


@given(
    shape=st.sampled_from(["gabled", "hipped", "pyramidal", "skillion"]),
    skew=st.lists(st.floats(-1.5, 1.5), min_size=8, max_size=8),
    width=st.floats(6, 40),
    depth=st.floats(6, 40),
    height=st.floats(1, 60),
    roof=st.floats(0.1, 60),
    turn=st.floats(0, 6.3),
)
@settings(max_examples=80, deadline=None)
def test_any_house_of_four_corners_is_closed_and_faces_outward(
    shape: str, skew: list[float], width: float, depth: float, height: float, roof: float, turn: float
) -> None:
    plain = np.array([(0, 0), (width, 0), (width, depth), (0, depth)]) + np.reshape(skew, (4, 2))
    turned = plain @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    surfaces = roofed(
        block([tuple(corner) for corner in turned.tolist()], height), {"roof_shape": shape, "roof_height_m": roof}
    )
    assert surfaces is not None
    assert not faults(surfaces) & {"open_solid", "mixed_orientation", "inverted", "not_planar", "self_intersection"}
    assert 0 < volume(surfaces) <= volume(block([tuple(corner) for corner in turned.tolist()], height)) + 0.1
