"""What a design may be, and what it is refused for."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from twin.mirror.designs import words
from twin.mirror.designs.changes import Building, DesignRefused, parse, rectangle
from twin.mirror.designs.solids import body, roof_rise_m
from twin.mirror.features import SurfaceSet

HOUSE: dict[str, Any] = {
    "op": "add",
    "kind": "building",
    "footprint": [[0, 0], [20, 0], [20, 10], [0, 10]],
    "storeys": 3,
}
SOMEWHERE = "7b0d5a5e-8f3e-4d0c-9d5b-3c9d2f6f1a11"


def change(**fields: Any) -> dict[str, Any]:
    return {"changes": [HOUSE | fields]}


def volume(surfaces: SurfaceSet) -> float:
    """Of a closed solid with outward surfaces, by the divergence theorem over fans of triangles."""
    total = 0.0
    for start, end in zip(surfaces.ring_starts, surfaces.ring_starts[1:], strict=False):
        ring = surfaces.vertices[surfaces.rings[start:end]]
        for b, c in itertools.pairwise(ring[1:]):
            total += float(np.dot(ring[0], np.cross(b, c))) / 6
    return total


def test_a_building_is_read_with_its_height_and_area() -> None:
    (building,) = parse(change()).changes
    assert isinstance(building, Building)
    assert building.height_m == pytest.approx(9.9)
    assert building.area_m2 == pytest.approx(200)


def test_outlines_drawn_either_way_round_are_one_design() -> None:
    turned = change(footprint=[[0, 10], [20, 10], [20, 0], [0, 0]])
    assert parse(turned).kinds == parse(change()).kinds
    assert set(parse(turned).points) == set(parse(change()).points)


def test_the_canonical_form_reads_back_as_itself() -> None:
    everything = {
        "changes": [
            HOUSE,
            {"op": "replace", "object": SOMEWHERE, **{k: v for k, v in HOUSE.items() if k not in {"op", "kind"}}},
            {"op": "add", "kind": "park", "area": [[0, 0], [50, 0], [50, 50]], "trees": 12},
            {"op": "add", "kind": "trees", "points": [[1, 2], [3, 4]]},
            {"op": "add", "kind": "pedestrian_street", "line": [[0, 0], [100, 0]], "width_m": 8},
            {"op": "add", "kind": "crosswalk", "line": [[0, 0], [12, 0]]},
            {"op": "add", "kind": "bench", "point": [5, 5], "rotation_deg": 370 - 360},
        ]
    }
    design = parse(everything)
    assert parse(design.as_json()) == design
    assert parse(design.as_json()).digest == design.digest
    assert design.objects == {SOMEWHERE}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("footprint", [[0, 0], [1, 0]]),
        ("footprint", [[0, 0], [10, 10], [10, 0], [0, 10]]),
        ("footprint", [[0, 0], [1, 0], [1, 1], [0, 1]]),
        ("footprint", [[0, 0], [900, 0], [900, 900], [0, 900]]),
        ("footprint", [[math.cos(i / 1600), math.sin(i / 1600)] for i in range(10_000)]),
        ("footprint", [[0, 0], [math.nan, 0], [10, 10]]),
        ("footprint", [[0, 0], [math.inf, 0], [10, 10]]),
        ("footprint", [[0, 0], [1e12, 0], [10, 10]]),
        ("footprint", [[0, 0, 0], [10, 0, 0], [10, 10, 0]]),
        ("footprint", "everywhere"),
        ("footprint", None),
        ("storeys", 0),
        ("storeys", 1000),
        ("storeys", 2.5),
        ("storeys", True),
        ("storeys", "12"),
        ("storeys", math.nan),
        ("storey_height_m", 300),
        ("roof", "dome"),
        ("roof", ["flat"]),
        ("use", "x" * 500),
    ],
)
def test_an_impossible_building_is_refused_at_its_field(field: str, value: Any) -> None:
    with pytest.raises(DesignRefused) as refusal:
        parse(change(**{field: value}))
    assert list(refusal.value.fields) == [f"changes.0.{field}"]


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"changes": []}, {"changes": "x"}, {"changes": [1]}, {"changes": [{"op": "add", "kind": "volcano"}]},
     {"changes": [{"op": "remove", "object": "the town hall"}]}, {"changes": [HOUSE] * 41},
     {"changes": [{"op": "remove", "object": SOMEWHERE}] * 2}],
)  # fmt: skip
def test_what_is_no_change_set_is_refused(raw: object) -> None:
    with pytest.raises(DesignRefused):
        parse(raw)


def test_three_kilometres_high_is_refused() -> None:
    with pytest.raises(DesignRefused):
        parse(change(storeys=120, storey_height_m=25))


@given(
    width=st.floats(3, 80), depth=st.floats(3, 80), rotation=st.floats(0, 360), storeys=st.integers(1, 40),
    roof=st.sampled_from(["flat", "gable", "hip"]),
)  # fmt: skip
def test_every_building_is_a_closed_solid_that_faces_outward(
    width: float, depth: float, rotation: float, storeys: int, roof: str
) -> None:
    footprint = rectangle(centre=(40, -30), width_m=width, depth_m=depth, rotation_deg=rotation)
    (building,) = parse(change(footprint=footprint, storeys=storeys, roof=roof)).changes
    assert isinstance(building, Building)
    solid = body(building, 12.0)
    edges: dict[tuple[Any, Any], int] = {}
    for start, end in zip(solid.ring_starts, solid.ring_starts[1:], strict=False):
        ring = [tuple(np.round(p, 6)) for p in solid.vertices[solid.rings[start:end]]]
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            edges[(a, b)] = edges.get((a, b), 0) + 1
    assert all(edges.get((b, a)) == count == 1 for (a, b), count in edges.items())
    walls = building.area_m2 * building.height_m
    assert volume(solid) >= walls * 0.999
    assert volume(solid) <= building.area_m2 * (building.height_m + roof_rise_m(building)) * 1.001


def test_a_rectangle_turns_as_a_compass_does() -> None:
    corners = rectangle(centre=(0, 0), width_m=2, depth_m=10, rotation_deg=90)
    assert max(e for e, _ in corners) == pytest.approx(5)
    assert max(n for _, n in corners) == pytest.approx(1)


def test_a_design_is_told_in_korean_and_english() -> None:
    design = parse(change(roof="gable"))
    with translation.override("en"):
        assert words.describe(design) == [
            "There is to be a building of 3 storeys (about 13 m high, 200 m² on the ground, gable roof)."
        ]
        assert words.label() == "Citizen's proposal · not an approved plan"
    with translation.override("ko"):
        assert words.label() == "시민 제안 · 확정된 계획 아님"
        assert "3층" in words.describe(design)[0]


def test_a_difference_names_what_came_and_what_went() -> None:
    old, new = (
        parse(change()),
        parse({"changes": [HOUSE | {"storeys": 5}, {"op": "add", "kind": "bench", "point": [1, 1]}]}),
    )
    with translation.override("en"):
        signs = [(line.sign, "storeys" in line.text) for line in words.differences(old, new)]
    assert signs == [("-", True), ("+", True), ("+", False)]
    assert [line.sign for line in words.differences(new, new)] == ["=", "="]
