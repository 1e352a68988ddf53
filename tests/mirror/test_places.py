"""Places in words, and the cells behind every look around."""

from pathlib import Path

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from metacity.commons.errors import NotFound
from tests.factories.mirror import CityJson, imported, the_city
from tests.mirror.conftest import QuickTiles
from twin.mirror.cells import cell_numbers, cells_over
from twin.mirror.models import City, CityObjectVersion
from twin.mirror.places import words_for
from twin.mirror.services import city_for
from twin.mirror.time_zones import time_zone_near


@pytest.fixture
def city(quick_tiles: QuickTiles, tmp_path: Path) -> City:
    """A school at the origin, a nameless house and a café close by, a long road; nothing else for a kilometre."""
    made = CityJson()
    made.add("school", "Building", made.box(-5, -5), attributes={"name": "가온초등학교", "use": "school"})
    made.add("house", "Building", made.box(40, -5))
    made.add("cafe", "Building", made.box(60, -5), attributes={"name": "누리다방"})
    made.add("road", "Road", made.square(-300, 20, size=600), attributes={"name": "가온로"})
    made.add("far", "Building", made.box(3000, 3000))
    made.add("far-2", "Building", made.box(-3000, -3000))
    imported(made.write(tmp_path / "c.json"))
    return the_city()


def around(city: City, source_id: str) -> tuple[float, float]:
    version = CityObjectVersion.objects.get(object__source_id=source_id)
    return version.centre[0], version.centre[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("east", "north", "ko", "en"),
    [
        (-25, 0, "가온초등학교에서 서쪽으로 20 m", "20 m west of 가온초등학교"),
        (0, 47, "가온초등학교에서 북쪽으로 40 m", "40 m north of 가온초등학교"),
        (-26, -26, "가온초등학교에서 남서쪽으로 30 m", "30 m south-west of 가온초등학교"),
        (3, 3, "가온초등학교", "가온초등학교"),
        (38, 0, "가온초등학교에서 동쪽으로 30 m", "30 m east of 가온초등학교"),  # the well-known before the near
        (69, 0, "누리다방", "누리다방"),  # but not when one stands in it
        (300, 0, "가온로에서 남쪽으로 20 m", "20 m south of 가온로"),  # a road, where there is nothing else
        (150, -90, "가온초등학교에서 남동쪽으로 170 m", "170 m south-east of 가온초등학교"),
        (90, -10, "누리다방에서 동쪽으로 20 m", "20 m east of 누리다방"),
    ],
)
def test_a_place_is_told_by_what_people_know_near_it(city: City, east: float, north: float, ko: str, en: str) -> None:
    e, n = around(city, "school")
    with translation.override("ko"):
        assert words_for(city, e + east, n + north) == ko
    with translation.override("en"):
        assert words_for(city, e + east, n + north) == en


@pytest.mark.django_db
def test_a_place_far_from_everything_has_no_words(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        assert words_for(city, 9_000, 9_000) == ""


@pytest.mark.django_db
def test_the_default_city_stands_at_the_short_address(city: City) -> None:
    assert city_for(None) == city == city_for("gaon")
    with pytest.raises(NotFound):
        city_for("other")


@pytest.mark.django_db
def test_a_look_around_finds_the_large_and_the_small(city: City) -> None:
    e, n = around(city, "school")
    found = CityObjectVersion.objects.shown_in_city(city).near(e, n - 15, 12)
    assert set(found.values_list("object__source_id", flat=True)) == {"school"}
    found = CityObjectVersion.objects.shown_in_city(city).near(e - 290, n + 300, 12)
    assert set(found.values_list("object__source_id", flat=True)) == {"road"}
    assert CityObjectVersion.objects.shown_in_city(city).within(-9e5, -9e5, 9e5, 9e5).count() == 6


@given(
    box=st.tuples(st.floats(-9e4, 9e4), st.floats(-9e4, 9e4), st.floats(0, 600), st.floats(0, 600)),
    window=st.tuples(st.floats(-9e4, 9e4), st.floats(-9e4, 9e4), st.floats(0, 900), st.floats(0, 900)),
)
def test_no_thing_that_touches_a_window_is_missed_by_its_cells(
    box: tuple[float, float, float, float], window: tuple[float, float, float, float]
) -> None:
    e, n, width, depth = box
    we, wn, ww, wd = window
    touches = e <= we + ww and we <= e + width and n <= wn + wd and wn <= n + depth
    cells = cells_over(we, wn, we + ww, wn + wd)
    if touches and cells is not None:
        assert int(cell_numbers(np.array([[e, n, e + width, n + depth]]))[0]) in cells


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (127.0, 37.5, "Asia/Seoul"),
        (4.27, 52.1, "Europe/Amsterdam"),
        (8.54, 47.38, "Europe/Zurich"),
        (174.77, -36.85, "Pacific/Auckland"),
        (24.94, 60.17, "Europe/Helsinki"),
        (139.7, 35.69, "Asia/Tokyo"),
    ],
)
def test_a_city_gets_the_time_zone_of_the_nearest_town(lon: float, lat: float, name: str) -> None:
    assert time_zone_near(lon, lat) == name
