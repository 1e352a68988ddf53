"""Triangles of surfaces: all of them, facing outward."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.mirror.tiles.shapes import block
from twin.mirror.features import Semantic, SurfaceSet
from twin.mirror.tiles.mesh import Mesh, triangulate
from twin.mirror.tiles.prisms import footprint, footprints, raised

Floats = NDArray[np.float64]


def area_vectors(mesh: Mesh) -> Floats:
    a, b, c = (mesh.vertices[mesh.triangles[:, corner]] for corner in range(3))
    return np.cross(b - a, c - a) / 2


def volume(mesh: Mesh) -> float:
    a, b, c = (mesh.vertices[mesh.triangles[:, corner]] - mesh.vertices[0] for corner in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def turned(surfaces: SurfaceSet) -> SurfaceSet:
    """The same faces, looking the other way."""
    rings = [surfaces.vertices[surfaces.rings[a:b]][::-1] for a, b in pairwise(surfaces.ring_starts)]
    polygons = [(rings[a:b], Semantic.UNKNOWN) for a, b in pairwise(surfaces.polygon_starts)]
    return SurfaceSet.from_polygons(polygons)


@st.composite
def outlines_with_holes(draw: st.DrawFn) -> shapely.Polygon:
    """A star-shaped outline around the origin with up to three holes, anywhere in a city."""
    corners = draw(st.integers(3, 14))
    radii = draw(st.lists(st.floats(20, 60), min_size=corners, max_size=corners))
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False) + draw(st.floats(0, 1))
    shell = np.column_stack([np.cos(angles) * radii, np.sin(angles) * radii])
    outline = shapely.Polygon(shell)
    for hole in range(draw(st.integers(0, 3))):
        size = draw(st.floats(0.5, 3))
        centre = 5 * np.asarray([np.cos(2.1 * hole), np.sin(2.1 * hole)])
        square = shapely.box(*(centre - size / 2), *(centre + size / 2))
        if outline.contains(square):
            outline = shapely.Polygon(outline.exterior, [*outline.interiors, square.exterior])
    away = np.asarray([draw(st.floats(-5e3, 5e3)), draw(st.floats(-5e3, 5e3))])
    return shapely.transform(outline, lambda points: points + away)


@settings(max_examples=60, deadline=None)
@given(outline=outlines_with_holes(), base=st.floats(-50, 500), height=st.floats(2, 300))
def test_a_prisms_triangles_cover_its_faces_and_enclose_its_volume(
    outline: shapely.Polygon, base: float, height: float
) -> None:
    mesh = triangulate([raised(outline, base, base + height)])
    vectors = area_vectors(mesh)
    assert mesh.faults.failed == mesh.faults.degenerate == mesh.faults.inverted == 0
    assert volume(mesh) == pytest.approx(outline.area * height, rel=1e-6)
    upward = vectors[:, 2]
    assert upward[upward > 1e-6].sum() == pytest.approx(outline.area, rel=1e-6)
    assert np.linalg.norm(vectors, axis=1).sum() == pytest.approx(2 * outline.area + outline.length * height, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(outline=outlines_with_holes())
def test_a_solid_whose_faces_look_inward_is_turned(outline: shapely.Polygon) -> None:
    solid = raised(outline, 0, 10)
    mesh = triangulate([turned(solid), solid])
    assert mesh.faults.inverted == 1
    assert volume(mesh) == pytest.approx(2 * outline.area * 10, rel=1e-6)


def test_an_open_surface_keeps_its_winding() -> None:
    square = [np.asarray([[0, 0, 5], [0, 10, 5], [10, 10, 5], [10, 0, 5.0]])]
    mesh = triangulate([SurfaceSet.from_polygons([(square, Semantic.ROOF)])])
    assert area_vectors(mesh)[:, 2].sum() == pytest.approx(-100)


def test_faces_without_area_are_dropped_and_counted() -> None:
    needle = [np.asarray([[0, 0, 0], [10, 0, 0], [5, 0, 0.0]])]
    point = [np.asarray([[1, 1, 1], [1, 1, 1], [1, 1, 1.0]])]
    square = [np.asarray([[0, 0, 5], [10, 0, 5], [10, 10, 5], [0, 10, 5.0]])]
    mesh = triangulate([SurfaceSet.from_polygons([(rings, Semantic.WALL) for rings in (needle, point, square)])])
    assert (mesh.faults.faces, mesh.faults.degenerate) == (3, 2)
    assert len(mesh.triangles) == 2


def test_a_face_that_crosses_itself_is_cut_where_it_crosses() -> None:
    bow = np.asarray([[0, 0, 0], [10, 10, 10], [10, 0, 10], [0, 6, 0.0]])
    mesh = triangulate([SurfaceSet.from_polygons([([bow], Semantic.ROOF)])])
    assert mesh.faults.repaired == 1
    flat = shapely.make_valid(shapely.Polygon(bow[:, :2]))
    assert np.abs(area_vectors(mesh)[:, 2]).sum() == pytest.approx(flat.area)
    # All corners lie in the plane z = x.
    assert np.allclose(mesh.vertices[:, 2], mesh.vertices[:, 0])


def test_only_the_bottom_is_left_out() -> None:
    whole = triangulate([raised(shapely.box(0, 0, 10, 10), 3, 12)])
    shown = triangulate([raised(shapely.box(0, 0, 10, 10), 3, 12)], drop_bottoms=True)
    assert len(shown.triangles) == len(whole.triangles) - 2
    assert area_vectors(shown)[:, 2].sum() == pytest.approx(100)


def test_an_empty_set_among_others_is_counted_and_disturbs_nobody() -> None:
    empty = SurfaceSet.from_polygons([])
    solid = block("a", 0, 0).lods["1"]
    mesh = triangulate([empty, solid, empty, solid])
    assert mesh.faults.empty == 2
    assert np.unique(mesh.owners).tolist() == [1, 3]
    vertices, triangles, rows = mesh.of(np.asarray([3]))
    assert len(vertices) == 24
    assert len(triangles) == 12
    assert (rows == 0).all()


def test_nothing_gives_an_empty_mesh() -> None:
    assert len(triangulate([]).triangles) == 0


def test_a_footprint_is_what_a_building_covers() -> None:
    yard = shapely.Polygon(shapely.box(0, 0, 30, 20).exterior, [shapely.box(10, 5, 20, 15).exterior])
    assert footprint(raised(yard, 0, 12)).equals(yard)


def test_parts_of_one_owner_share_a_footprint() -> None:
    sets = [raised(shapely.box(0, 0, 10, 10), 0, 5), raised(shapely.box(10, 0, 20, 10), 0, 9)]
    both, none = footprints(sets, np.asarray([0, 0]), 2)
    assert both.equals(shapely.box(0, 0, 20, 10))
    assert none.is_empty
