"""What the quality report finds, each fault on a file made for it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.mirror import CityJson, a_cube, a_small_city, footprint, geojson, write_json
from twin.mirror.features import Feature, Kind, Semantic, SurfaceSet
from twin.mirror.quality import FAULTS, lines, report_on
from twin.mirror.readers import read
from twin.mirror.validity import check_surfaces


def faults(path: Path) -> dict[str, list[str]]:
    """The ids under each fault of a file."""
    report = report_on(read(path))
    return {fault["code"]: [item[0] for item in fault["items"]] for fault in report["faults"]}


def faults_of(feature: Feature, *, solid: bool = True) -> list[str]:
    return [fault.code for fault in check_surfaces([feature], {(feature.source_id, "1")} if solid else set())]


def surface(*points: tuple[float, float, float]) -> Feature:
    polygons = [([np.array(points, dtype=float)], Semantic.UNKNOWN)]
    return Feature("s", Kind.GENERIC, lods={"1": SurfaceSet.from_polygons(polygons)})


def test_a_sound_city_has_no_faults(tmp_path: Path) -> None:
    assert faults(a_small_city().write(tmp_path / "c.json")) == {}


def test_a_cube_is_sound() -> None:
    assert faults_of(a_cube()) == []


def test_a_missing_wall_leaves_a_solid_open() -> None:
    cube = a_cube()
    whole = cube.lods["1"]
    cube.lods["1"] = SurfaceSet(
        whole.vertices, whole.rings[:-4], whole.ring_starts[:-1], whole.polygon_starts[:-1], whole.semantics[:-1]
    )
    assert faults_of(cube) == ["open_solid"]
    assert faults_of(cube, solid=False) == []  # surfaces alone need not close


def test_a_turned_wall_and_a_cube_inside_out_are_told_apart() -> None:
    cube, inside_out = a_cube(), a_cube()
    rings = cube.lods["1"].rings
    rings[-4:] = rings[-4:][::-1]
    assert faults_of(cube) == ["mixed_orientation"]
    turned = inside_out.lods["1"].rings.reshape(-1, 4)
    turned[:] = turned[:, ::-1].copy()
    assert faults_of(inside_out) == ["inverted"]


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([(0, 0, 0), (10, 0, 0), (10, 10, 0.3), (0, 10, 0)], "not_planar"),
        ([(0, 0, 0), (10, 10, 0), (10, 0, 0), (0, 10.5, 0)], "self_intersection"),
        ([(0, 0, 0), (10, 0, 0), (5, 0, 0)], "zero_area"),
    ],
)
def test_a_broken_surface_is_named_by_what_is_wrong(points: Any, code: str) -> None:
    assert code in faults_of(surface(*points))


def test_a_bend_within_tolerance_is_no_fault() -> None:
    assert faults_of(surface((0, 0, 0), (10, 0, 0), (10, 10, 0.05), (0, 10, 0)), solid=False) == []


@given(
    yaw=st.floats(0, 2 * np.pi),
    pitch=st.floats(-np.pi / 2, np.pi / 2),
    far=st.floats(-50_000, 50_000),
    flip=st.booleans(),
)
@settings(max_examples=50, deadline=None)
def test_soundness_does_not_depend_on_how_or_where_a_cube_stands(
    yaw: float, pitch: float, far: float, flip: bool
) -> None:
    cube = a_cube()
    about_z = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    vertices = cube.lods["1"].vertices
    vertices[:] = vertices @ (about_z @ about_x).T * ([-1, 1, 1] if flip else [1, 1, 1]) + far
    assert faults_of(cube) == (["inverted"] if flip else [])


def test_heights_which_too_many_share_look_like_defaults(tmp_path: Path) -> None:
    houses = [footprint(f"h{i}", lon=127 + i / 1000, height=15 if i < 60 else 3 + i / 10) for i in range(100)]
    heights = report_on(read(write_json(tmp_path / "c.geojson", geojson(*houses))))["heights"]
    assert heights["repeated"] == [{"height_m": 15.0, "count": 60, "share": 0.6}]
    assert heights["sources"] == {"stated": 100}


def test_storeys_that_do_not_fit_the_height_are_named(tmp_path: Path) -> None:
    fine, tall = footprint("fine", height=30, storeys=10), footprint("tall", lon=127.01, height=30, storeys=2)
    assert faults(write_json(tmp_path / "c.geojson", geojson(fine, tall))) == {"storeys_height": ["tall"]}


def test_objects_without_geometry_unknown_classes_and_lost_parents_are_named(tmp_path: Path) -> None:
    city = a_small_city()
    city.add("ghost", "Building").add("odd", "Windmill", city.box(200, 0))
    city.add("orphan", "BuildingPart", city.box(220, 0), parents=["nobody"])
    assert faults(city.write(tmp_path / "c.json")) == {
        "no_geometry": ["ghost"],
        "missing_parent": ["orphan"],
        "unknown_class": ["odd"],
    }


def test_figures_count_buildings_and_parts_apart(tmp_path: Path) -> None:
    report = report_on(read(a_small_city().write(tmp_path / "c.json")))
    assert (report["objects"], report["buildings"], report["parts"]) == (7, 3, 2)
    assert report["lods"]["building"] == {"1": 2}
    assert report["lods"]["tree"] == {"points": 1}
    assert report["crs"]["epsg"] == 5186


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_report_reads_as_text(language: str, tmp_path: Path) -> None:
    city = CityJson()
    open_box = city.box()
    open_box["boundaries"][0].pop()
    open_box["semantics"]["values"][0].pop()
    report = report_on(read(city.add("barn", "Building", open_box).write(tmp_path / "c.json")))
    with translation.override(language):
        text = "\n".join(lines(report))
        assert str(FAULTS["open_solid"]) in text
    assert "barn" in text
    assert "EPSG:5186" in text
