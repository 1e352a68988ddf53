"""Handing files in: what is kept, what is refused, what is chosen, what is forgotten."""

import datetime as dt
import json
import os
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from metacity.commons import clocks
from metacity.commons.errors import CityError, Conflict, Invalid
from metacity.commons.models import Job, LedgerEntry
from tests.factories.deliveries import a_delivery, a_file, a_table, an_operator, kept_files
from twin.mirror.checks import import_limits, private_deliveries
from twin.mirror.deliveries import columns, services
from twin.mirror.deliveries.models import Delivery
from twin.mirror.errors import FileTooLarge
from twin.mirror.models import City, CityImport, CityObjectVersion
from twin.mirror.publishing import publish

pytestmark = pytest.mark.django_db


def taken_in(delivery: Delivery) -> CityImport:
    """As a worker's process does it."""
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.RUNNING)
    return services.prepare(delivery_id=delivery.pk, progress=lambda share, note: None)


def test_what_is_handed_in_is_kept_under_names_of_ours_and_waits_for_a_worker(deliveries: Path) -> None:
    operator = an_operator()
    delivery = a_delivery(a_file("../../가온 city.json"), by=operator)
    assert (delivery.state, delivery.file_name, delivery.security) == ("queued", "가온 city.json", "restricted")
    assert kept_files(deliveries) == ["city.json"]
    assert (deliveries / str(delivery.pk)).stat().st_mode & 0o077 == 0
    job = Job.objects.get(task=services.TASK)
    assert (job.queue, job.args) == ("tiles", {"delivery": str(delivery.pk)})
    entry = LedgerEntry.objects.get(action="delivery.handed_in")
    assert (entry.actor, entry.facts["bytes"]) == (operator.actor_id, delivery.size_bytes)


def test_several_files_become_one_archive(deliveries: Path) -> None:
    delivery = a_delivery(a_file("a.city.json"), a_file("b.city.json"), a_file("b.prj", b"x"))
    [archive] = (deliveries / str(delivery.pk)).iterdir()
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == ["a.city.json", "b.city.json", "b.prj"]
        assert json.loads(opened.read("a.city.json"))["type"] == "CityJSON"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], "파일을 골라"),
        (["city.exe"], "city.exe"),
        (["only.prj"], "only.prj"),
        (["a.json", "A.JSON"], "이름이 같은"),
        (["a.json", "readme"], "readme"),
    ],
)
def test_what_is_no_city_file_by_its_name_is_refused(deliveries: Path, names: list[str], told: str) -> None:
    uploads = [a_file(name) for name in names]
    with pytest.raises(Invalid) as caught:
        services.hand_in(said=services.Said(slug="gaon", name="가온구"), uploads=uploads, by=an_operator())
    assert told in str(caught.value.fields["file"])
    assert not Delivery.objects.exists()
    assert kept_files(deliveries) == []


def test_files_beyond_the_limit_are_refused(deliveries: Path, settings: Settings) -> None:
    settings.CITY_UPLOAD_MB = 0
    with pytest.raises(FileTooLarge):
        a_delivery()
    assert kept_files(deliveries) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"slug": "Gaon Gu"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"name": ""}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"epsg": 999_999}, "epsg"),
        ({"epsg": -1}, "epsg"),
        ({"security": "secret"}, "security"),
        ({"attribution_url": "javascript:alert(1)"}, "attribution_url"),
        ({"survey_date": dt.date(1, 1, 1)}, "survey_date"),
        ({"licence": "x" * 101}, "licence"),
        ({"columns": {"colour": "x"}}, "columns"),
        ({"columns": {"height_m": "H", "storeys": "H"}}, "columns"),
    ],
)
def test_what_makes_no_sense_is_refused_field_by_field(deliveries: Path, said: dict[str, object], field: str) -> None:
    with pytest.raises(CityError) as caught:
        a_delivery(**said)
    assert list(caught.value.fields) == [field]
    assert kept_files(deliveries) == []


def test_reading_a_delivery_makes_an_import_that_is_ready(quick_tiles: object) -> None:
    operator = an_operator()
    city_import = taken_in(a_delivery(by=operator, licence="CC BY 4.0", attribution="가온구청"))
    assert (city_import.state, city_import.file_name, city_import.source) == ("ready", "gaon.city.json", "survey")
    assert (city_import.licence, city_import.started_by) == ("CC BY 4.0", operator)
    assert city_import.delivery.state == Delivery.State.RUNNING


def test_a_table_waits_until_somebody_has_said_what_its_columns_mean(quick_tiles: object) -> None:
    delivery = a_delivery(a_table(31.5, 12.0))
    assert delivery.state == Delivery.State.RECEIVED
    assert not Job.objects.filter(task=services.TASK).exists()
    found = {column.name: column for column in columns.columns_of(delivery)}
    assert found["HGT_VAL"].samples == ["31.5", "12.0"]
    assert found["HGT_VAL"].guess == ""
    services.start(delivery=delivery, columns={"height_m": "HGT_VAL", "name": "BLD_TXT"})
    city_import = taken_in(delivery)
    publish(city_import=city_import, by=None)
    shown = CityObjectVersion.objects.order_by("object__source_id")
    assert [version.height_m for version in shown] == [31.5, 12.0]
    assert shown[0].object.name == "0호"


def test_what_was_chosen_is_used_for_the_next_file_of_the_source(quick_tiles: object) -> None:
    first = a_delivery(a_table(31.5))
    services.start(delivery=first, columns={"height_m": "HGT_VAL"})
    publish(city_import=taken_in(first), by=None)
    again = a_delivery(a_table(40.0))
    assert (again.state, again.columns) == (Delivery.State.QUEUED, {"height_m": "HGT_VAL"})
    publish(city_import=taken_in(again), by=None)
    assert CityObjectVersion.objects.get(published_to=None).height_m == 40.0
    other = a_delivery(a_table(50.0), source="another")
    assert other.state == Delivery.State.RECEIVED


def test_a_column_can_be_taken_for_nothing(quick_tiles: object) -> None:
    delivery = a_delivery(a_table(31.5, column="height"), columns={"height_m": ""})
    city_import = taken_in(delivery)
    assert city_import.report["heights"]["sources"] == {"default": 1}


def test_a_cancelled_delivery_is_gone_with_its_files(
    deliveries: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    delivery = a_delivery()
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        services.cancel(delivery=delivery, by=an_operator())
    for callback in callbacks:
        callback()
    assert delivery.state == Delivery.State.CANCELLED
    assert kept_files(deliveries) == []
    assert Job.objects.get(task=services.TASK).state == Job.State.CANCELLED
    with pytest.raises(Conflict):
        services.cancel(delivery=delivery, by=an_operator())
    with pytest.raises(Conflict):
        services.start(delivery=delivery)


def test_a_delivery_whose_job_was_given_up_can_be_started_again(quick_tiles: object) -> None:
    delivery = a_delivery()
    taken_in(delivery)
    CityImport.objects.update(state="running")  # its worker died in the middle
    services.give_up(delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, City.objects.exists()) == (Delivery.State.FAILED, False)
    Job.objects.all().delete()
    assert services.start(delivery=delivery).state == Delivery.State.QUEUED
    assert taken_in(delivery).state == "ready"


def test_files_that_nobody_waits_for_are_forgotten(deliveries: Path) -> None:
    waiting, failed, lately = a_delivery(slug="a"), a_delivery(slug="b"), a_delivery(slug="c")
    now = clocks.now()
    for delivery, days in ((failed, 8), (lately, 6)):
        past = now - dt.timedelta(days=days)
        Delivery.objects.filter(pk=delivery.pk).update(state="failed", finished_at=past, created_at=past)
    for folder in deliveries.iterdir():
        os.utime(folder, (0, 0))
    assert services.forget_files(now) == 1
    assert {folder.name for folder in deliveries.iterdir()} == {str(waiting.pk), str(lately.pk)}
    failed.refresh_from_db()
    with pytest.raises(Conflict):
        services.start(delivery=failed)


def test_limits_and_folders_that_make_no_sense_are_named(settings: Settings) -> None:
    assert import_limits(None) == private_deliveries(None) == []
    settings.CITY_IMPORT_MEMORY_MB = 1
    assert [found.id for found in import_limits(None)] == ["mirror.E001"]
    settings.DELIVERIES_ROOT = Path(django_settings.MEDIA_ROOT) / "deliveries"
    assert [found.id for found in private_deliveries(None)] == ["mirror.E002"]
