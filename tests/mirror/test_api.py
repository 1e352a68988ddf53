"""The API of cities, as a browser asks it."""

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.mirror import FIXTURES, a_small_city, an_official, imported, the_city
from tests.mirror.conftest import QuickTiles
from twin.mirror.models import City, CityObject, Security

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(quick_tiles: QuickTiles) -> City:
    imported(
        FIXTURES / "cityjson-2.0.city.json",
        name_en="Gaon-gu",
        attribution="가온구청",
        attribution_url="https://example.org/data",
        licence="CC BY 4.0",
        survey_date=dt.date(2026, 5, 1),
    )
    return the_city()


def get(client: Client, path: str, status: int = 200, **options: Any) -> Any:
    response = client.get(f"/api/v1/cities/{path}", **options)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def id_of(source_id: str) -> uuid.UUID:
    return CityObject.objects.get(source_id=source_id).pk


def test_a_manifest_tells_the_browser_all_it_needs(client: Client, city: City) -> None:
    manifest = get(client, "gaon/")
    assert manifest["name"] == {"ko": "가온구", "en": "Gaon-gu"}
    assert manifest["time_zone"] == "Asia/Seoul"
    assert manifest["origin"] == {"lon": city.origin_lon, "lat": city.origin_lat, "height_m": 0.0}
    assert manifest["publication"]["base_url"] == f"/tiles/{city.publication_id}/"
    assert manifest["publication"]["bounds"]["max"] == [99.0, 99.0, 20.0]
    assert manifest["attribution"] == [{"text": "가온구청 · CC BY 4.0", "url": "https://example.org/data"}]
    assert set(manifest["start"]) == {"target", "distance_m", "azimuth_deg", "pitch_deg"}
    assert (manifest["room"], manifest["seq"]) == ("city.gaon", 1)


def test_a_city_without_a_publication_has_none(client: Client) -> None:
    City.objects.create(slug="bare", name="빈 도시", epsg=5186, origin_lon=127, origin_lat=37)
    manifest = get(client, "bare/")
    assert manifest["publication"] is None
    assert manifest["attribution"] == []


def test_a_manifest_costs_few_queries(
    client: Client, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        get(client, "gaon/")


def test_a_card_tells_what_is_known_of_a_building(
    client: Client, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        card = get(client, f"gaon/objects/{id_of('hall')}/", headers={"accept-language": "ko"})
    assert (card["name"], card["kind"], card["kind_label"]) == ("가온구청", "building", "건물")
    assert (card["use"], card["use_label"], card["year"]) == ("public", "공공청사", 1998)
    assert card["height_m"] == pytest.approx(22, abs=0.1)
    assert card["height_is_assumed"] is False
    assert (card["storeys"], card["survey_date"], card["source"]) == (None, "2026-05-01", "가온구청")
    assert card["place"] == "대한민국 가온로 1"
    assert card["lon"] == pytest.approx(127.0, abs=0.01)
    assert card["bounds"]["max"][2] == pytest.approx(22, abs=0.1)
    assert card["attribution"]["licence"] == "CC BY 4.0"


def test_the_card_of_a_part_is_that_of_its_building(client: Client, city: City) -> None:
    assert get(client, f"gaon/objects/{id_of('part-1')}/")["id"] == str(id_of("house"))


def test_an_unknown_object_and_an_unknown_city_are_not_found(client: Client, city: City) -> None:
    assert get(client, f"gaon/objects/{uuid.uuid4()}/", 404)["code"] == "object_unknown"
    assert get(client, "nowhere/", 404)["code"] == "city_unknown"
    assert get(client, "nowhere/search/?q=a", 404)["code"] == "city_unknown"


def test_an_object_of_another_city_is_not_found(client: Client, city: City, tmp_path: Path) -> None:
    imported(a_small_city().write(tmp_path / "other.json"), slug="other")
    hall = CityObject.objects.get(source_id="hall", city__slug="other").pk
    assert get(client, f"gaon/objects/{hall}/", 404)["code"] == "object_unknown"
    assert get(client, f"other/objects/{hall}/")["id"] == str(hall)


def test_what_a_survey_no_longer_has_is_no_longer_found(
    client: Client, quick_tiles: QuickTiles, tmp_path: Path
) -> None:
    imported(a_small_city().write(tmp_path / "a.json"), source="s")
    school = id_of("school")
    imported(a_small_city(without=["school"]).write(tmp_path / "b.json"), source="s")
    assert get(client, f"gaon/objects/{school}/", 404)["code"] == "object_unknown"
    assert get(client, "gaon/search/?q=초등학교")["results"] == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("가온초등학교", ["가온초등학교"]),
        ("가온 초등", ["가온초등학교"]),
        ("초등학교 가온", ["가온초등학교"]),
        ("가온구청", ["가온구청"]),
        ("  ", []),
        ("", []),
        ("없는 곳", []),
        ("%", []),
        ("가온로 7", ["가온로 7"]),
    ],
)
def test_search_finds_names_and_addresses(client: Client, city: City, asked: str, names: list[str]) -> None:
    found = client.get("/api/v1/cities/gaon/search/", {"q": asked}).json()["results"]
    assert [result["name"] for result in found] == names


def test_search_puts_first_what_begins_with_the_words(client: Client, quick_tiles: QuickTiles, tmp_path: Path) -> None:
    city = a_small_city(hall={"name": "새 가온시장 별관"}, school={"name": "가온시장 공영주차장"})
    city.add("market", "Building", city.box(-90, 0), attributes={"name": "가온시장"})
    imported(city.write(tmp_path / "c.json"))
    found = get(client, "gaon/search/?q=가온시장")["results"]
    assert [result["name"] for result in found] == ["가온시장", "가온시장 공영주차장", "새 가온시장 별관"]


def test_search_names_a_road_of_many_pieces_once(client: Client, quick_tiles: QuickTiles, tmp_path: Path) -> None:
    city = a_small_city()
    for number in range(30):
        city.add(f"piece-{number}", "Road", city.square(number, 200), attributes={"name": "누리로"})
    imported(city.write(tmp_path / "c.json"))
    assert [result["name"] for result in get(client, "gaon/search/?q=누리로")["results"]] == ["누리로"]


def test_search_costs_few_queries_and_bears_anything(
    client: Client, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        get(client, "gaon/search/?q=가온")
    for asked in ("x" * 100_000, "'; DROP TABLE", "\\", "_", "\x00", "<script>", "🏛️"):
        assert client.get("/api/v1/cities/gaon/search/", {"q": asked}).status_code == 200


def test_places_are_listed_in_pages_by_kind_and_words(
    client: Client, city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        everything = get(client, "gaon/places/?size=3")
    assert (everything["count"], everything["pages"], len(everything["results"])) == (6, 2, 3)
    assert {found["kind"] for found in get(client, "gaon/places/?kind=road")["results"]} == {"road"}
    assert get(client, "gaon/places/?kind=nonsense")["count"] == 6
    assert [found["name"] for found in get(client, "gaon/places/?q=둘레길")["results"]] == ["가온둘레길"]


def test_closed_cities_are_there_for_the_office_only(client: Client, quick_tiles: QuickTiles) -> None:
    imported(FIXTURES / "cityjson-1.1.city.json", security=Security.CLOSED)
    hall = id_of("hall")
    for path in ("gaon/", f"gaon/objects/{hall}/", "gaon/search/?q=가온", "gaon/places/"):
        assert get(client, path, 404)["code"] == "city_unknown"
    assert get(client, "") == []
    client.force_login(an_official())
    assert get(client, "gaon/")["slug"] == "gaon"
    assert [entry["slug"] for entry in get(client, "")] == ["gaon"]
