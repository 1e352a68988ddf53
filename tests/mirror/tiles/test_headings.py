"""Street furniture faces the way it stands at."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.mirror.tiles.shapes import flat, ids_of
from twin.mirror.features import Feature, Kind
from twin.mirror.tiles.headings import UNKNOWN, headings
from twin.mirror.tiles.instances import FIELDS, instances_of


def street(*corners: tuple[float, float]) -> Feature:
    line = np.column_stack([np.asarray(corners, float), np.zeros(len(corners))])
    return Feature(f"street {corners}", Kind.ROAD, lines=[line])


def bench(e: float, n: float, **attributes: object) -> Feature:
    return Feature(
        f"bench {e} {n}", Kind.FURNITURE, {"furniture": "bench", **attributes}, points=np.asarray([[e, n, 0.0]])
    )


@pytest.mark.parametrize(
    ("place", "heading"),
    [((50, -5), 0), ((50, 5), 180), ((-4, -4), 45), ((108, 0), 270)],
    ids=["south", "north", "end", "east"],
)
def test_it_faces_the_nearest_point_of_the_street(place: tuple[float, float], heading: float) -> None:
    assert headings(np.asarray([place], float), [street((0, 0), (100, 0))]) == pytest.approx([heading])


def test_of_two_streets_it_faces_the_nearer() -> None:
    streets = [street((0, 0), (100, 0)), street((0, 30), (100, 30))]
    assert headings(np.asarray([[50.0, 10.0], [50.0, 20.0]]), streets).tolist() == [180, 0]


def test_where_only_the_area_of_a_street_is_known_it_faces_its_edge() -> None:
    area = flat("area", Kind.ROAD, shapely.box(0, 0, 100, 10))
    found = headings(np.asarray([[50.0, -3.0], [50.0, 5.0]]), [area])
    assert found.tolist() == [0, UNKNOWN]


@pytest.mark.parametrize("features", [[], [street((0, 0), (100, 0))], [Feature("road", Kind.ROAD)]])
def test_far_from_any_street_nothing_is_said(features: list[Feature]) -> None:
    assert headings(np.asarray([[50.0, 500.0]]), features).tolist() == [UNKNOWN]
    assert headings(np.empty((0, 2)), features).tolist() == []


@given(angle=st.floats(0, 359), away_m=st.floats(1, 25))
def test_one_looks_at_the_street_from_wherever_one_stands(angle: float, away_m: float) -> None:
    towards = np.asarray([np.sin(np.radians(angle)), np.cos(np.radians(angle))])
    along = np.asarray([towards[1], -towards[0]]) * 200
    way = street(tuple(away_m * towards - along), tuple(away_m * towards + along))
    [found] = headings(np.zeros((1, 2)), [way])
    assert np.cos(np.radians(found - angle)) == pytest.approx(1, abs=1e-6)


def test_the_file_tells_what_the_source_says_first_and_nothing_of_trees() -> None:
    way = street((0, 0), (100, 0))
    tree = Feature("tree", Kind.TREE, points=np.asarray([[10.0, 3.0, 0.0]]))
    features = [way, bench(10, -5), bench(20, -5, rotation_deg=-90), bench(30, -5, rotation_deg="north"), tree]
    content = instances_of(features, ids_of(features), None)
    assert content is not None
    rows = np.asarray(content["values"]).reshape(-1, content["stride"])
    assert rows[:, FIELDS.index("rotation_deg")].tolist() == [0, 270, 0, UNKNOWN]
