"""The office's pages of deliveries and decisions, without JavaScript."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.factories.accounts import person, signed_in
from tests.factories.deliveries import a_delivery, a_file, a_table, an_operator, kept_files
from tests.factories.mirror import a_small_city, imported, the_city
from twin.mirror.deliveries import services
from twin.mirror.deliveries.models import Delivery
from twin.mirror.models import City, CityImport
from twin.mirror.services import Order, prepare_import

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_tiles")]

FIELDS = {"city": "", "name": "가온구", "slug": "gaon", "security": "restricted", "epsg": "EPSG:5186"}


@pytest.fixture
def operator() -> Client:
    return signed_in(an_operator())


@pytest.fixture
def ready(tmp_path: Path) -> CityImport:
    """An import with an open barn, for a city that shows something already."""
    imported(a_small_city().write(tmp_path / "a.json"), source="survey")
    city = a_small_city(hall={"name": "새 청사"})
    barn = city.box(200, 0)
    barn["boundaries"][0].pop()
    del barn["semantics"]
    city.add("=barn", "Building", barn)
    return prepare_import(order=Order(path=city.write(tmp_path / "b.json"), slug="gaon", source="survey"))


def page_of(client: Client, entry: CityImport) -> str:
    return client.get(f"/office/cities/gaon/imports/{entry.pk}/", headers={"accept-language": "ko"}).content.decode()


def test_files_are_handed_in_by_a_form(operator: Client, deliveries: Path) -> None:
    answer = operator.post("/office/deliveries/new/", FIELDS | {"file": a_file()})
    delivery = Delivery.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/office/deliveries/{delivery.pk}/")
    assert (delivery.slug, delivery.epsg, delivery.source) == ("gaon", 5186, "gaon")
    assert kept_files(deliveries) == ["city.city.json"]
    page = operator.get(answer["Location"], headers={"accept-language": "ko"}).content.decode()
    assert "순서 대기 중" in page
    assert f'data-room="delivery.{delivery.pk}"' in page


def test_several_files_are_handed_in_at_once(operator: Client, deliveries: Path) -> None:
    operator.post("/office/deliveries/new/", FIELDS | {"file": [a_file("a.json"), a_file("b.json")]})
    assert kept_files(deliveries) == ["delivery.zip"]


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(operator: Client, deliveries: Path) -> None:
    told = FIELDS | {"name": "", "licence": "공공누리 1유형", "file": a_file()}
    answer = operator.post("/office/deliveries/new/", told, headers={"accept-language": "ko"})
    page = answer.content.decode()
    assert "새 도시에는 이름이 필요합니다" in page
    assert "공공누리 1유형" in page
    assert kept_files(deliveries) == []


def test_the_upload_is_bounded_before_it_is_written(operator: Client, settings: Settings, deliveries: Path) -> None:
    settings.CITY_UPLOAD_MB = 1
    large = SimpleUploadedFile("large.json", b" " * (2 << 20))
    assert operator.post("/office/deliveries/new/", FIELDS | {"file": large}).status_code in {400, 413}
    settings.UPLOAD_MB, settings.CITY_UPLOAD_MB = 1, 100
    citizen = signed_in(person())
    assert citizen.post("/office/deliveries/new/", {"file": large}).status_code in {400, 403, 413}
    assert not Delivery.objects.exists()


def test_columns_are_shown_with_values_and_chosen(operator: Client) -> None:
    delivery = a_delivery(a_table(31.5, 12.0))
    address = f"/office/deliveries/{delivery.pk}/"
    page = operator.get(address).content.decode()
    assert "31.5 · 12.0" in page
    assert "HGT_VAL (31.5, 12.0)" in page
    twice = operator.post(f"{address}start/", {"height_m": "HGT_VAL", "storeys": "HGT_VAL"})
    assert "정해진 속성 하나에만" in twice.content.decode()
    assert operator.post(f"{address}start/", {"height_m": "HGT_VAL"}).status_code == 303
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.QUEUED
    assert delivery.columns["height_m"] == "HGT_VAL"


def test_a_delivery_is_cancelled_by_a_button(operator: Client) -> None:
    delivery = a_delivery()
    assert operator.post(f"/office/deliveries/{delivery.pk}/cancel/").status_code == 303
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.CANCELLED
    assert operator.post(f"/office/deliveries/{delivery.pk}/cancel/").status_code == 409
    assert operator.get(f"/office/deliveries/{delivery.pk}/").status_code == 200


def test_whoever_comes_when_it_is_read_is_led_to_the_report(operator: Client) -> None:
    delivery = a_delivery()
    Delivery.objects.update(state="running")
    ready = services.prepare(delivery_id=delivery.pk, progress=lambda share, note: None)
    Delivery.objects.update(state="done")
    answer = operator.get(f"/office/deliveries/{delivery.pk}/")
    assert f'href="/office/cities/gaon/imports/{ready.pk}/"' in answer.content.decode()


def test_the_report_begins_in_plain_words_and_leads_to_each_fault(operator: Client, ready: CityImport) -> None:
    page = page_of(operator, ready)
    assert "건물 4동입니다. 1개는 입체가 닫혀 있지 않습니다." in page
    barn = next(item for fault in ready.report["faults"] for item in fault["items"] if item[0] == "=barn")
    assert f"?publication={ready.publication_id}#o={barn[2]}&amp;e={barn[3]}&amp;n={barn[4]}" in page
    assert 'class="fault-map__picture"' in page
    assert 'href="#open_solid-0"' in page
    assert 'id="open_solid-0"' in page


def test_the_report_can_be_taken_along(operator: Client, ready: CityImport) -> None:
    base = f"/office/cities/gaon/imports/{ready.pk}/report"
    document = json.loads(operator.get(f"{base}.json").content)
    assert (document["city"], document["report"]["buildings"]) == ("gaon", 4)
    table = operator.get(f"{base}.csv")
    assert table["Content-Type"].startswith("text/csv")
    [row] = table.content.decode("utf-8-sig").splitlines()[1:]
    assert ",'=barn," in row  # no formula in a spreadsheet
    assert row.split(",")[-2].startswith("127.0")


def test_publishing_shows_it_and_going_back_shows_the_earlier_one(
    operator: Client, ready: CityImport, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = the_city().publication
    assert first is not None
    assert "공개하기" in page_of(operator, ready)
    with django_capture_on_commit_callbacks(execute=True):
        answer = operator.post(f"/office/cities/gaon/imports/{ready.pk}/publish/")
    assert answer["Location"] == "/office/cities/gaon/imports/"
    assert the_city().publication_id == ready.publication_id
    page = operator.get(answer["Location"], headers={"accept-language": "ko"}).content.decode()
    assert "1번째 공개본으로 되돌리기" in page
    operator.post(f"/office/cities/gaon/publications/{first.pk}/roll-back/")
    assert the_city().publication.restores == first  # type: ignore[union-attr]


def test_an_official_hands_in_and_discards_and_leaves_publishing_to_others(ready: CityImport) -> None:
    official = signed_in(an_operator("official"))
    address = f"/office/cities/gaon/imports/{ready.pk}/"
    assert "공개는 팀장이나 운영자가" in page_of(official, ready)
    assert official.post(f"{address}publish/").status_code == 403
    assert official.get("/office/deliveries/new/").status_code == 200
    assert official.post(f"{address}discard/").status_code == 303
    ready.refresh_from_db()
    assert ready.state == "discarded"
    approver = signed_in(an_operator("approver"))
    assert approver.get("/office/deliveries/new/").status_code == 403
    assert approver.get(address).status_code == 200


def test_the_last_discard_of_a_new_city_leads_to_all_cities(operator: Client, tmp_path: Path) -> None:
    new = prepare_import(order=Order(path=a_small_city().write(tmp_path / "x.json")))
    answer = operator.post(f"/office/cities/{new.city.slug}/imports/{new.pk}/discard/")
    assert answer["Location"] == "/office/cities/"
    assert not City.objects.exists()


def test_the_preview_shows_the_office_what_others_do_not_see(operator: Client, ready: CityImport) -> None:
    hall = ready.versions.get(object__source_id="hall").object_id
    preview = f"?publication={ready.publication_id}"
    address = f"/api/v1/cities/gaon/objects/{hall}/"
    assert operator.get(address + preview).json()["height_m"] == operator.get(address).json()["height_m"]
    manifest = operator.get(f"/api/v1/cities/gaon/{preview}").json()
    assert manifest["publication"]["id"] == str(ready.publication_id)
    for way in ("city", "map"):
        page = operator.get(f"/{way}/{preview}", headers={"accept-language": "ko"}).content.decode()
        assert "미리보기: 공개 전" in page
        assert f'data-publication="{ready.publication_id}"' in page
    citizen = signed_in(person())
    for path in ("/city/", "/map/", "/api/v1/cities/gaon/", address):
        assert citizen.get(path + preview).status_code == 404
        assert citizen.get(path).status_code == 200
    assert operator.get("/city/?publication=nonsense").status_code == 404
    assert operator.get(f"/city/?publication={the_city().publication_id}").status_code == 404


def test_what_waits_for_a_decision_is_in_the_inbox(operator: Client, ready: CityImport) -> None:
    page = operator.get("/office/", headers={"accept-language": "ko"}).content.decode()
    assert "공개하거나 폐기할 도시 자료" in page
    assert f"/office/cities/gaon/imports/{ready.pk}/" in page


def test_the_offices_pages_want_the_second_factor(ready: CityImport) -> None:
    answer = signed_in(person(roles=["operator"])).get(f"/office/cities/gaon/imports/{ready.pk}/")
    assert answer.status_code == 302
    assert "second" in answer["Location"] or "mfa" in answer["Location"]
