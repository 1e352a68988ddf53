"""Spots for ideas hold whatever the seed."""

import pytest
import shapely
import shapely.affinity

from tests.mirror.sample.model import Model
from twin.mirror.sample.places import SPOTS, Spot, spot, spots_of

LAND = {"square", "vacant", "parking", "park", "playground", "school", "hill", "riverside"}
KINDS = LAND | {"street", "crossing", "building"}


@pytest.fixture(params=["model", "other"])
def town(request: pytest.FixtureRequest) -> Model:
    chosen: Model = request.getfixturevalue(request.param)
    return chosen


def test_there_are_spots_of_every_kind() -> None:
    assert len(SPOTS) >= 40
    assert len({one.key for one in SPOTS}) == len(SPOTS)
    assert {one.kind for one in SPOTS} == KINDS
    assert spot("old-quarter-lot") in spots_of("vacant")


@pytest.mark.parametrize("one", SPOTS, ids=lambda one: one.key)
def test_a_spot_lies_on_its_object(one: Spot, town: Model) -> None:
    point = shapely.Point(one.x, one.y)
    if one.kind == "building":
        assert town.footprints[one.object_id].distance(point) < 1.0
        return
    assert town.area(one.object_id).distance(point) < 2.0


@pytest.mark.parametrize("one", [one for one in SPOTS if one.room_m], ids=lambda one: one.key)
def test_a_spot_has_room(one: Spot, town: Model) -> None:
    room = shapely.Point(one.x, one.y).buffer(min(one.room_m, 6.0))
    buildings = shapely.STRtree(list(town.footprints.values()))
    assert len(buildings.query(room, predicate="intersects")) == 0


@pytest.mark.parametrize("one", [*spots_of("street"), *spots_of("crossing")], ids=lambda one: one.key)
def test_a_spot_on_a_street_knows_its_direction(one: Spot, town: Model) -> None:
    line = shapely.LineString(town.vertices[town.objects[one.object_id]["geometry"][0]["boundaries"][0]][:, :2])
    at = line.project(shapely.Point(one.x, one.y))
    ahead, behind = line.interpolate(at + 3), line.interpolate(at - 3)
    east, north = ahead.x - behind.x, ahead.y - behind.y
    bearing = shapely.LineString([(0, 0), (east, north)])
    stated = shapely.affinity.rotate(shapely.LineString([(0, 0), (0, 6)]), -one.bearing_deg, origin=(0, 0))
    end, wanted = bearing.coords[1], stated.coords[1]
    assert abs(end[0] * wanted[1] - end[1] * wanted[0]) / (bearing.length * stated.length) < 0.1
