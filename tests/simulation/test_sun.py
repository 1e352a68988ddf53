"""The sun engine against published positions and what can be worked out by hand."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.simulation.shapes import box, parameters, scene
from twin.simulation.engines import exposure, solar, sun
from twin.simulation.engines.casting import Caster, Samples, Scene, Site

KST = ZoneInfo("Asia/Seoul")


def angles(direction: NDArray[np.float64]) -> tuple[float, float]:
    return float(np.degrees(np.arctan2(direction[0], direction[1])) % 360), float(np.degrees(np.arcsin(direction[2])))


def test_the_sun_stands_where_the_nrel_example_says() -> None:
    # Reda and Andreas (2004), NREL/TP-560-34302, appendix A.5: azimuth 194.34024°, zenith 50.11162°, at 820 mbar and
    # 11 °C; our standard pressure moves the refraction by under 0.005°.
    moment = datetime(2003, 10, 17, 12, 30, 30, tzinfo=ZoneInfo("Etc/GMT+7"))
    azimuth, elevation = angles(
        solar.directions([moment], latitude=39.742476, longitude=-105.1786, height_m=1830.14)[0]
    )
    assert azimuth == pytest.approx(194.34024, abs=0.05)
    assert elevation == pytest.approx(90 - 50.11162, abs=0.05)


def test_a_winter_afternoon_in_seoul_is_lit_from_the_south_west() -> None:
    moment = datetime(2026, 12, 21, 15, 20, tzinfo=KST)
    azimuth, elevation = angles(solar.directions([moment], latitude=37.5665, longitude=126.978)[0])
    assert azimuth == pytest.approx(220.5, abs=0.3)
    assert elevation == pytest.approx(17.2, abs=0.3)


def test_noon_by_the_sun_is_half_past_twelve_in_seoul() -> None:
    noon = solar.solar_noon(date(2026, 12, 21), "Asia/Seoul", longitude=126.978)
    assert abs(noon - datetime(2026, 12, 21, 12, 30, tzinfo=KST)) < timedelta(minutes=2)


@pytest.mark.parametrize("elevation", [10.0, 29.0, 60.0])
def test_a_box_casts_its_analytic_shadow_within_one_percent(elevation: float) -> None:
    height = 30.0
    low = np.radians(elevation)
    towards = np.array([0.0, -np.cos(low), np.sin(low)])  # from due south
    caster = Caster(scene(box(0, 0, 20, 10, height)), np.zeros(3))
    north = np.arange(5.005, 400, 0.01)
    points = np.column_stack([np.zeros_like(north), north, np.zeros_like(north)])
    ground = Samples(
        points, np.tile([0.0, 0.0, 1.0], (len(points), 1)), np.ones(len(points)), np.zeros(len(points), dtype=np.int32)
    )
    shaded = north[~caster.sees(towards, ground)]
    assert shaded.max() - 5 == pytest.approx(height / np.tan(low), rel=0.01)


def test_a_tower_in_the_south_takes_the_sun_from_its_neighbour() -> None:
    house, tower = box(0, 0, 20, 10, 9), box(0, -40, 30, 12, 90)
    outcome = sun.run(scene(house), scene(house, tower), parameters(), lambda _: None)
    found = {indicator.key: indicator for indicator in outcome.indicators}
    assert found["buildings_losing_sun"].scenario == 1
    assert found["facade_mean_sun"].change is not None
    assert found["facade_mean_sun"].change < 0
    assert found["ground_mean_sun"].change is not None
    assert found["ground_mean_sun"].change < 0
    assert outcome.rows[0]["owner"] == 0
    assert outcome.rows[0]["mean_loss_min"] > 60


def test_a_tower_in_the_north_takes_nothing_from_its_neighbour() -> None:
    house, tower = box(0, 0, 20, 10, 9), box(0, 40, 30, 12, 90)
    outcome = sun.run(scene(house), scene(house, tower), parameters(), lambda _: None)
    assert outcome.rows == []


def test_removing_a_tower_gives_the_sun_back() -> None:
    house, tower = box(0, 0, 20, 10, 9), box(0, -40, 30, 12, 90)
    there = parameters(site=Site(0, 0, 100, changed=frozenset({1})))
    outcome = sun.run(scene(house, tower), scene(house), there, lambda _: None)
    assert [row["owner"] for row in outcome.rows] == [0]
    assert outcome.rows[0]["gaining_m2"] > 50
    assert outcome.rows[0]["losing_m2"] == 0


def test_nothing_changes_when_nothing_is_built() -> None:
    same = scene(box(0, 0, 20, 10, 9), box(30, -20, 12, 12, 40))
    outcome = sun.run(same, same, parameters(), lambda _: None)
    assert outcome.rows == []
    assert all(not indicator.change for indicator in outcome.indicators)


def test_the_same_inputs_give_the_same_figures() -> None:
    house, tower = box(0, 0, 20, 10, 9), box(0, -40, 30, 12, 90)
    first, second = (sun.run(scene(house), scene(house, tower), parameters(), lambda _: None) for _ in range(2))
    assert first.indicators == second.indicators
    assert first.rows == second.rows


def test_walls_are_sampled_to_their_whole_area() -> None:
    outcome = sun.run(scene(box(0, 0, 20, 10, 9)), scene(box(0, 0, 20, 10, 9)), parameters(), lambda _: None)
    walls = next(i for i in outcome.indicators if i.key == "facade_considered")
    assert walls.baseline == pytest.approx(2 * (20 + 10) * 9)


def test_ground_under_a_building_is_not_ground() -> None:
    outcome = sun.run(scene(), scene(box(0, 0, 20, 10, 9)), parameters(), lambda _: None)
    ground = next(i for i in outcome.indicators if i.key == "ground_considered")
    assert ground.baseline == pytest.approx(np.pi * 100**2 - 200, rel=0.01)


def test_the_longest_run_is_found() -> None:
    lit = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [1, 1, 0]], dtype=bool)
    assert exposure.longest_run(lit).tolist() == [2, 3, 0]


def test_a_step_stands_for_the_time_around_its_middle() -> None:
    middles = solar.step_middles(date(2026, 12, 21), "Asia/Seoul", time(8), time(16), timedelta(minutes=10))
    assert len(middles) == 48
    assert middles[0] == datetime(2026, 12, 21, 8, 5, tzinfo=KST)


def test_progress_is_told_to_the_end_and_may_stop_the_run() -> None:
    told: list[float] = []
    sun.run(scene(), scene(box(0, 0, 5, 5, 5)), parameters(), told.append)
    assert told[-1] == 1.0
    assert told == sorted(told)

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sun.run(scene(), scene(), parameters(), stop)


def test_impossible_parameters_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        sun.run(scene(), scene(), parameters(step_min=0), lambda _: None)
    with pytest.raises(ValueError, match="positive"):
        Site(0, 0, radius_m=-1)


def test_a_scene_without_triangles_is_refused() -> None:
    empty = Scene(np.empty((0, 3, 3)), np.empty(0, dtype=np.int32))
    with pytest.raises(ValueError, match="triangles"):
        sun.run(empty, empty, parameters(), lambda _: None)
