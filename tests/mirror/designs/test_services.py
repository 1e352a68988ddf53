"""Designs in their city: within it, on which land, in which version."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.town import a_town, house
from twin.mirror.designs.changes import DesignRefused, parse, rectangle
from twin.mirror.designs.models import Design, DesignVersion
from twin.mirror.designs.services import keep_design, names_of_objects, off_public_land
from twin.mirror.models import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


def pavilion(e: float = 0, n: float = -30, storeys: int = 1) -> dict[str, Any]:
    footprint = rectangle(centre=(e, n), width_m=10, depth_m=8, rotation_deg=0)
    return {"changes": [{"op": "add", "kind": "building", "footprint": footprint, "storeys": storeys}]}


def test_a_design_is_kept_in_versions(town: City) -> None:
    first = keep_design(city=town, raw=pavilion())
    second = keep_design(city=town, raw=pavilion(storeys=2), design=first.design)
    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert first.change_set == parse(pavilion())


def test_an_unchanged_design_makes_no_new_version(town: City) -> None:
    first = keep_design(city=town, raw=pavilion())
    assert keep_design(city=town, raw=pavilion(), design=first.design) == first
    assert DesignVersion.objects.count() == 1


@pytest.mark.parametrize("away", [(5_000, 0), (0, -5_000)])
def test_a_design_outside_the_city_is_refused(town: City, away: tuple[float, float]) -> None:
    with pytest.raises(DesignRefused):
        keep_design(city=town, raw=pavilion(*away))
    assert not Design.objects.exists()


def test_only_a_building_of_this_city_can_go(town: City, tmp_path: Path) -> None:
    elsewhere = a_town(tmp_path, "elsewhere")
    with pytest.raises(DesignRefused):
        keep_design(city=town, raw={"changes": [{"op": "remove", "object": str(house(elsewhere, 1).id)}]})
    keep_design(city=town, raw={"changes": [{"op": "remove", "object": str(house(town, 1).id)}]})


def test_a_removed_building_is_known_by_its_name(town: City) -> None:
    gone = house(town, 1)
    design = parse({"changes": [{"op": "remove", "object": str(gone.id)}]})
    assert names_of_objects(town, design) == {str(gone.id): "1호 집"}


def test_the_square_is_public_and_a_garden_is_not(town: City) -> None:
    changes = pavilion()["changes"] + pavilion(40, 30 + 60)["changes"]
    changes += [{"op": "add", "kind": "bench", "point": [10, -30]}, {"op": "add", "kind": "bench", "point": [90, 90]}]
    assert off_public_land(town, parse({"changes": changes})) == [1, 3]


def test_an_outline_a_hand_over_the_edge_still_stands_on_the_square(town: City) -> None:
    assert off_public_land(town, parse(pavilion(0, -41.05))) == []
    assert off_public_land(town, parse(pavilion(0, -43))) == [0]
