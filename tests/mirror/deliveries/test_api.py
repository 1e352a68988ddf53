"""The API of the office's imports, from handing in to rolling back."""

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.factories.accounts import person, signed_in
from tests.factories.deliveries import a_file, a_table, an_operator
from tests.factories.mirror import a_small_city, imported, the_city
from twin.mirror.deliveries import services
from twin.mirror.deliveries.models import Delivery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_tiles")]


@pytest.fixture
def operator() -> Client:
    return signed_in(an_operator())


def act(client: Client, address: str, **body: object) -> dict[str, object]:
    answer = client.post(f"/api/v1/office/{address}", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    told: dict[str, object] = answer.json()
    return told


def handed_in(client: Client, *files: object, **fields: object) -> dict[str, str]:
    told = {"slug": "gaon", "name": "가온구", "source": "survey", "file": list(files), **fields}
    answer = client.post("/api/v1/office/deliveries/", told)
    assert answer.status_code == 201, answer.content
    delivery: dict[str, str] = answer.json()
    return delivery


def is_read(delivery: dict[str, str]) -> None:
    Delivery.objects.filter(pk=delivery["id"]).update(state="running")
    services.prepare(delivery_id=Delivery.objects.get(pk=delivery["id"]).pk, progress=lambda share, note: None)
    Delivery.objects.filter(pk=delivery["id"]).update(state="done")


def test_an_import_goes_its_whole_way_over_the_api(operator: Client, tmp_path: Path) -> None:
    first = imported(a_small_city().write(tmp_path / "a.json"), source="survey").publication
    assert first is not None
    delivery = handed_in(operator, a_file())
    assert (delivery["state"], delivery["security"]) == ("queued", "restricted")
    is_read(delivery)
    told = operator.get(f"/api/v1/office/deliveries/{delivery['id']}/").json()
    entry = f"cities/gaon/imports/{told['city_import']}/"
    found = operator.get(f"/api/v1/office/{entry}").json()
    assert (found["state"], found["report"]["buildings"]) == ("ready", 3)
    assert found["summary"]
    assert act(operator, f"{entry}publish/")["state"] == "done"
    assert str(the_city().publication_id) == found["publication"]
    listed = operator.get("/api/v1/office/cities/gaon/publications/").json()
    assert [(row["number"], row["can_return"]) for row in listed["results"]] == [(2, False), (1, True)]
    again = act(operator, f"cities/gaon/publications/{first.pk}/roll-back/")
    assert (again["number"], again["restores"]) == (3, str(first.pk))
    assert operator.get("/api/v1/office/cities/gaon/imports/").json()["count"] == 2


def test_a_table_names_its_columns_and_waits_for_a_choice(operator: Client) -> None:
    delivery = handed_in(operator, a_table(9.0))
    assert delivery["state"] == "received"
    assert {"name": "HGT_VAL", "samples": ["9.0"], "guess": ""} in delivery["found_columns"]
    started = act(operator, f"deliveries/{delivery['id']}/start/", columns={"height_m": "HGT_VAL"})
    assert (started["state"], started["columns"]) == ("queued", {"height_m": "HGT_VAL"})
    other = handed_in(operator, a_table(9.0), source="other", columns='{"height_m": "HGT_VAL"}')
    assert other["state"] == "queued"


def test_a_delivery_is_cancelled_and_an_import_discarded(operator: Client) -> None:
    cancelled = handed_in(operator, a_file())
    assert act(operator, f"deliveries/{cancelled['id']}/cancel/")["state"] == "cancelled"
    delivery = handed_in(operator, a_file())
    is_read(delivery)
    entry = operator.get(f"/api/v1/office/deliveries/{delivery['id']}/").json()["city_import"]
    act(operator, f"cities/gaon/imports/{entry}/discard/")
    assert operator.get("/api/v1/office/cities/gaon/imports/").status_code == 404  # the city went with it


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "Gaon Gu"}, "slug"),
        ({"epsg": "moon"}, "epsg"),
        ({"columns": "[1]"}, "columns"),
        ({"file": []}, "file"),
    ],
)
def test_what_is_wrong_is_told_field_by_field(operator: Client, fields: dict[str, object], field: str) -> None:
    told = {"slug": "gaon", "name": "가온구", "file": a_file()} | fields
    answer = operator.post("/api/v1/office/deliveries/", told)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert not Delivery.objects.exists()


def test_rights_are_those_of_the_pages(operator: Client, tmp_path: Path) -> None:
    imported(a_small_city().write(tmp_path / "a.json"), source="survey")
    delivery = handed_in(operator, a_file())
    is_read(delivery)
    entry = operator.get(f"/api/v1/office/deliveries/{delivery['id']}/").json()["city_import"]
    publish = f"/api/v1/office/cities/gaon/imports/{entry}/publish/"
    assert signed_in(an_operator("official")).post(publish).status_code == 403
    assert signed_in(person()).get("/api/v1/office/deliveries/").status_code == 403
    assert Client().get("/api/v1/office/deliveries/").status_code == 401
    without_second_factor = signed_in(person(roles=["operator"])).post(publish)
    assert (without_second_factor.status_code, without_second_factor.json()["code"]) == (403, "second_factor_required")
    assert signed_in(an_operator("approver")).post("/api/v1/office/deliveries/", {}).status_code == 403
