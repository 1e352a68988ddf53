"""The office's pages about cities."""

import uuid
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from metacity.accounts.models import User
from tests.factories.accounts import add_second_factor
from tests.factories.mirror import FIXTURES, CityJson, an_official, imported
from tests.factories.tables import says, shapefile, squares
from tests.mirror.conftest import QuickTiles
from twin.mirror.models import CityImport

pytestmark = pytest.mark.django_db


@pytest.fixture
def faulty(quick_tiles: QuickTiles, tmp_path: Path) -> CityImport:
    """An import of a file with an open solid, called like an attack."""
    city = CityJson()
    open_box = city.box()
    open_box["boundaries"][0].pop()
    del open_box["semantics"]
    city.add("<script>alert(1)</script>", "Building", open_box)
    return imported(city.write(tmp_path / "c.json"), licence="CC BY 4.0")


@pytest.fixture
def office(client: Client) -> Client:
    official = an_official()
    add_second_factor(official)
    client.force_login(official)
    return client


def test_a_report_shows_the_office_what_is_wrong(office: Client, faulty: CityImport) -> None:
    page = office.get(f"/office/cities/gaon/imports/{faulty.pk}/", headers={"accept-language": "ko"}).content.decode()
    assert "입체가 닫혀 있지 않습니다" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "CC BY 4.0" in page
    assert "공개제한" in page


def test_a_report_is_complete_in_english(office: Client, faulty: CityImport) -> None:
    page = office.get(f"/office/cities/gaon/imports/{faulty.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "A solid is not closed" in page
    assert "Quality report" in page


def test_a_report_says_how_the_texts_of_a_shape_file_were_read(
    office: Client, quick_tiles: QuickTiles, tmp_path: Path
) -> None:
    path = says(shapefile(tmp_path / "c.shp", squares(1), {"건물명": ["가온"], "높이": [9.0]}, encoding="CP949"))
    address = f"/office/cities/gaon/imports/{imported(path).pk}/"
    assert "글자는 CP949로 읽었습니다" in office.get(address, headers={"accept-language": "ko"}).content.decode()
    assert "Texts are read as CP949" in office.get(address, headers={"accept-language": "en"}).content.decode()


def test_cities_and_their_imports_are_listed(
    office: Client, faulty: CityImport, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    imported(FIXTURES / "cityjson-1.1.city.json", source="another")
    assert "/office/cities/gaon/imports/" in office.get("/office/cities/").content.decode()
    with django_assert_max_num_queries(8):
        page = office.get("/office/cities/gaon/imports/").content.decode()
    assert page.index("cityjson-1.1.city.json") < page.index("c.json")


def test_a_failed_import_says_why(office: Client, quick_tiles: QuickTiles, faulty: CityImport) -> None:
    quick_tiles.error = RuntimeError()
    with pytest.raises(RuntimeError):
        imported(FIXTURES / "cityjson-1.1.city.json")
    failed = CityImport.objects.get(state="failed")
    assert "RuntimeError" in office.get("/office/cities/gaon/imports/").content.decode()
    assert office.get(f"/office/cities/gaon/imports/{failed.pk}/").status_code == 200


def test_what_is_not_there_is_not_found(office: Client, faulty: CityImport) -> None:
    assert office.get(f"/office/cities/gaon/imports/{uuid.uuid4()}/").status_code == 404
    assert office.get("/office/cities/nowhere/imports/").status_code == 404


@pytest.mark.parametrize("path", ["/office/cities/", "/office/cities/gaon/imports/", "report"])
def test_citizens_and_visitors_do_not_see_them(client: Client, faulty: CityImport, path: str) -> None:
    path = f"/office/cities/gaon/imports/{faulty.pk}/" if path == "report" else path
    assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("citizen@example.org"))
    assert client.get(path).status_code == 403
