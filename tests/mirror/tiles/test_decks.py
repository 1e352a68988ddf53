"""Bridges carry their roads."""

import numpy as np
import pytest
import shapely

from tests.mirror.tiles.shapes import flat, ids_of
from twin.mirror.features import Feature, Kind, Semantic, SurfaceSet
from twin.mirror.tiles.areas import areas_of
from twin.mirror.tiles.decks import LIFT_M, carried, decks_of
from twin.mirror.tiles.prisms import raised
from twin.mirror.tiles.terrain import Extent

SQUARE = Extent(np.asarray([0.0, 0.0]), np.asarray([400.0, 400.0]))
RIVER = shapely.box(0, 150, 400, 250)
DECK = shapely.box(190, 150, 210, 250)
ROAD = shapely.box(191, 0, 209, 400)


def bridge(rise_m: float = 0.0) -> Feature:
    """A deck ten metres up that rises northward, with parapets and a pier."""
    corners = [(190, 150, 10), (210, 150, 10), (210, 250, 10 + rise_m), (190, 250, 10 + rise_m)]
    deck = ([np.asarray(corners, float)], Semantic.UNKNOWN)
    parapets = [raised(shapely.box(east, 150, east + 0.3, 250), 10, 11) for east in (190, 209.7)]
    pier = raised(shapely.box(195, 198, 205, 202), 0, 9)
    polygons = [deck]
    for solid in (*parapets, pier):
        for first, last in zip(solid.ring_starts, solid.ring_starts[1:], strict=False):
            polygons.append(([solid.vertices[solid.rings[first:last]]], Semantic.UNKNOWN))
    return Feature("bridge", Kind.BRIDGE, lods={"2": SurfaceSet.from_polygons(polygons)})


def test_a_deck_is_what_one_goes_over_without_parapets_and_piers() -> None:
    [deck] = decks_of([bridge()])
    assert deck.shape.symmetric_difference(DECK).area == pytest.approx(0, abs=1e-6)
    assert len(deck.shapes) == 1


def test_a_road_along_a_bridge_lies_on_its_deck_and_nowhere_below() -> None:
    features = [flat("road", Kind.ROAD, ROAD), bridge(rise_m=5.0)]
    areas = areas_of(features, ids_of(features))
    left, on_deck = carried(areas, decks_of(features), SQUARE)
    assert left[0].shape.intersection(DECK).area == pytest.approx(0, abs=1e-6)
    assert left[0].shape.area == pytest.approx(ROAD.area - 18 * 100)
    corners = on_deck.vertices[on_deck.triangles]
    covered = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2].sum() / 2
    assert covered == pytest.approx(18 * 100)
    heights = 10 + LIFT_M + (on_deck.vertices[:, 1] - 150) * 0.05
    assert on_deck.vertices[:, 2] == pytest.approx(heights, abs=1e-6)
    assert set(on_deck.owners) == {0}


def test_two_carriageways_are_both_carried() -> None:
    halves = [shapely.box(191, 0, 199.5, 400), shapely.box(200.5, 0, 209, 400)]
    features = [flat(f"road{number}", Kind.ROAD, half) for number, half in enumerate(halves)]
    _left, on_deck = carried(areas_of(features, ids_of(features)), decks_of([bridge()]), SQUARE)
    assert set(on_deck.owners) == {0, 1}


def test_what_crosses_below_stays_below() -> None:
    features = [
        flat("path", Kind.ROAD, shapely.box(0, 160, 400, 165)),
        flat("river", Kind.WATER, RIVER),
        flat("beside", Kind.ROAD, shapely.box(300, 0, 310, 400)),
    ]
    areas = areas_of(features, ids_of(features))
    left, on_deck = carried(areas, decks_of([bridge()]), SQUARE)
    assert [area.shape for area in left] == [area.shape for area in areas]
    assert len(on_deck.triangles) == 0


def test_without_bridges_nothing_is_carried() -> None:
    features = [flat("road", Kind.ROAD, ROAD), Feature("bridge", Kind.BRIDGE)]
    left, on_deck = carried(areas_of(features, ids_of(features)), decks_of(features), SQUARE)
    assert left[0].shape.area == pytest.approx(ROAD.area)
    assert len(on_deck.triangles) == 0
