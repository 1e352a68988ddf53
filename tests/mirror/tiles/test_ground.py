"""The ground: every place drawn once, on the terrain."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mirror.tiles.shapes import block, flat, hillside, ids_of
from twin.mirror.features import Feature, Kind
from twin.mirror.tiles.areas import areas_of, street_width_m
from twin.mirror.tiles.drape import BARE, cut_apart, drape
from twin.mirror.tiles.terrain import Extent, Terrain
from twin.mirror.tiles.water import sheets, stands_over_bed

NOBODY = np.empty((0, 3))
SQUARE = Extent(np.asarray([0.0, 0.0]), np.asarray([400.0, 400.0]))


def hill() -> Terrain:
    return Terrain.of([hillside()], NOBODY, SQUARE)


@st.composite
def crossing_streets(draw: st.DrawFn) -> list[shapely.Geometry]:
    ends = st.tuples(st.floats(-50, 450), st.floats(-50, 450))
    lines = draw(st.lists(st.tuples(ends, ends, st.floats(3, 30)), min_size=1, max_size=6))
    return [
        shapely.buffer(shapely.LineString([a, b]), width / 2)
        for a, b, width in lines
        if np.hypot(a[0] - b[0], a[1] - b[1]) > 1
    ]


@settings(max_examples=25, deadline=None)
@given(streets=crossing_streets())
def test_pieces_cover_everything_once(streets: list[shapely.Geometry]) -> None:
    pieces = cut_apart(streets, [0] * len(streets), SQUARE)
    assert shapely.area(pieces.shapes).sum() == pytest.approx(SQUARE.shape.area, rel=1e-5)
    laid = shapely.area(pieces.shapes[pieces.owners != BARE]).sum()
    covered = shapely.union_all([SQUARE.shape.intersection(street) for street in streets])
    assert laid == pytest.approx(covered.area, abs=2)


def test_the_upper_layer_is_seen_where_areas_overlap() -> None:
    below, above = shapely.box(0, 0, 100, 100), shapely.box(50, 50, 150, 150)
    pieces = cut_apart([below, above], [1, 0], SQUARE)
    seen = [shapely.area(pieces.shapes[pieces.owners == owner]).sum() for owner in (0, 1)]
    assert seen == pytest.approx([7_500, 10_000])


def test_pieces_lie_exactly_on_the_terrain() -> None:
    terrain = hill()
    street = shapely.buffer(shapely.LineString([(5, 5), (395, 380)]), 6)
    draped = drape(cut_apart([street], [0], SQUARE), terrain)
    heights = terrain.heights_at(draped.vertices[:, :2])
    assert np.abs(draped.vertices[:, 2] - heights).max() < 0.01
    corners = draped.vertices[draped.triangles]
    middles = corners.mean(axis=1)
    assert np.abs(middles[:, 2] - terrain.heights_at(middles[:, :2])).max() < 0.01
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (normals[:, 2] > 0).all()
    assert normals[:, 2].sum() / 2 == pytest.approx(SQUARE.shape.area, rel=1e-4)


def test_a_plain_is_not_cut_into_facets() -> None:
    terrain = Terrain.of([], np.asarray([[50, 50, 12.0], [300, 300, 12.1]]), SQUARE)
    assert terrain.is_plain
    assert len(terrain.triangles) == 2
    assert terrain.heights_at(np.asarray([[10, 390.0]])) == pytest.approx([12.1], abs=0.2)


def test_the_height_grid_agrees_with_the_terrain() -> None:
    terrain = hill()
    grid = terrain.height_grid()
    data, reading = grid.packed()
    numbers = np.frombuffer(data, "<i2").reshape(int(reading["rows"]), int(reading["columns"]))
    heights = numbers * reading["scale_m"] + reading["offset_m"]
    # Row 0 is the south, column 0 the west: it rises eastward.
    assert heights[0, 0] == pytest.approx(0, abs=0.05)
    assert heights[0, -1] == pytest.approx(40, abs=0.5)
    nodes = np.asarray([[column * reading["step_m"], 7 * reading["step_m"]] for column in range(90)])
    assert heights[7, :90] == pytest.approx(terrain.heights_at(nodes), abs=0.02)


def test_holes_and_margins_of_a_survey_are_filled() -> None:
    whole = hillside()
    extent = Extent(np.asarray([-50.0, -50.0]), np.asarray([450.0, 450.0]))
    holed = hillside()
    kept = [index for index in range(len(holed.lods["1"])) if not 40 <= index < 50]
    surfaces = holed.lods["1"]
    from_polygons = [
        ([surfaces.vertices[surfaces.rings[3 * index : 3 * index + 3]]], surfaces.semantics[index]) for index in kept
    ]
    holed.lods["1"] = type(surfaces).from_polygons(from_polygons)
    terrain = Terrain.of([holed], NOBODY, extent)
    assert shapely.union_all(terrain.shapes()).area == pytest.approx(500 * 500, rel=1e-6)
    inside = np.asarray([[200.0, 130.0], [60.0, 300.0]])
    assert terrain.heights_at(inside) == pytest.approx(Terrain.of([whole], NOBODY, SQUARE).heights_at(inside), abs=2)


def test_without_a_survey_the_ground_follows_the_buildings_feet() -> None:
    feet = np.asarray([[e, n, 0.05 * e] for e in range(0, 401, 40) for n in range(0, 401, 40)], dtype=float)
    terrain = Terrain.of([], feet, SQUARE)
    assert not terrain.surveyed
    assert np.abs(terrain.heights_at(feet[:, :2]) - feet[:, 2]).max() < 1.0


def test_streets_with_heights_tell_the_ground_better_than_feet() -> None:
    street = Feature("s", Kind.ROAD, lods={"1": hillside().lods["1"]})
    terrain = Terrain.of([street], np.asarray([[10, 10, 500.0]]), SQUARE)
    assert terrain.heights_at(np.asarray([[300.0, 50.0]])) == pytest.approx([30], abs=2)


def test_a_street_of_which_only_the_line_is_known_gets_its_width() -> None:
    line = np.asarray([[0, 0, 0], [100, 0, 0.0]])
    features = [
        Feature("told", Kind.ROAD, {"width_m": 12.0}, lines=[line]),
        Feature("class", Kind.ROAD, {"road_class": "lane"}, lines=[line + np.asarray([0, 50, 0])]),
        Feature("odd", Kind.ROAD, {"width_m": "wide"}, lines=[line + np.asarray([0, 100, 0])]),
    ]
    assert [street_width_m(feature) for feature in features] == [12, 5, 8]
    told, *_ = areas_of(features, ids_of(features))
    assert told.shape.area == pytest.approx(100 * 12 + np.pi * 36, rel=0.02)


def test_what_has_no_area_is_left_out() -> None:
    dot = Feature("dot", Kind.ROAD, lines=[np.zeros((3, 3))])
    assert areas_of([dot, block("b", 0, 0)], ids_of([dot])) == []


def test_water_over_a_surveyed_bed_is_drawn_at_its_own_level() -> None:
    pond = flat("pond", Kind.WATER, shapely.box(150, 150, 200, 200), 30.0)
    puddle = flat("puddle", Kind.WATER, shapely.box(5, 5, 15, 15), 1.0)
    areas = areas_of([pond, puddle], ids_of([pond, puddle]))
    terrain = hill()
    assert [stands_over_bed(area, terrain) for area in areas] == [True, False]
    sheet = sheets([areas[0]], [0], terrain)
    assert (sheet.vertices[:, 2] == 30).all()
    assert sheet.vertices[:, 0].min() < 150
