"""Deliveries with a real worker and its process: read, cancelled, starved, killed."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as told
from pytest_django import Settings

from metacity.commons import clocks, jobs
from metacity.commons.models import Event
from tests.commons.test_worker import database_url, kill, until, worker
from tests.factories.deliveries import a_delivery, a_file, an_operator, kept_files
from tests.factories.mirror import footprint, geojson
from twin.mirror.deliveries import services
from twin.mirror.deliveries.models import Delivery
from twin.mirror.deliveries.process import run_reader
from twin.mirror.models import City, CityImport, CityObject

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_a_folder_of_the_test(publications: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METACITY_VAR", str(publications.parent))


def is_in(state: str) -> bool:
    return Delivery.objects.filter(state=state).exists()


def a_large_file() -> Any:
    """Takes some seconds to read, write and draw."""
    houses = [footprint(f"h{n}", lon=127 + n % 100 / 5000, lat=37.5 + n // 100 / 5000, height=9) for n in range(3_000)]
    return a_file("large.geojson", json.dumps(geojson(*houses)).encode())


def test_a_sound_delivery_becomes_ready_and_a_broken_one_says_why(deliveries: Path, publications: Path) -> None:
    with worker("tiles"):
        sound = a_delivery()
        until(lambda: is_in("done") or is_in("failed"))
        broken = a_delivery(a_file(content=b'{"type": "CityJSON", "version": "2.0", "vertices": [],'), slug="other")
        until(lambda: is_in("failed"))
    sound.refresh_from_db()
    broken.refresh_from_db()
    assert sound.city_import is not None
    assert (sound.city_import.state, sound.city_import.report["buildings"]) == ("ready", 3)
    assert (publications / str(sound.city_import.publication_id)).is_dir()
    assert Event.objects.filter(room=sound.room, kind="delivery.changed").exists()
    assert "city.json" in broken.note
    assert broken.can_start
    assert {folder.name for folder in deliveries.iterdir()} == {str(broken.pk)}
    assert City.objects.count() == 1


def test_a_cancelled_delivery_leaves_nothing(deliveries: Path, publications: Path) -> None:
    with worker("tiles"):
        delivery = a_delivery(a_large_file(), columns={"height_m": "height"})
        until(lambda: CityImport.objects.filter(state="running").exists())
        services.cancel(delivery=delivery, by=an_operator())
        until(lambda: not City.objects.exists() and kept_files(deliveries) == [])
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.CANCELLED
    assert not CityObject.objects.exists()
    assert list(publications.glob("*/*")) == []


@pytest.mark.parametrize(
    ("limits", "endings"), [({"MEMORY_MB": 120}, {"memory", "crashed"}), ({"TIME_S": 1}, {"time"})]
)
def test_what_wants_more_memory_or_time_than_there_is_ends_alone(
    limits: dict[str, int], endings: set[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        setattr(settings, f"CITY_IMPORT_{name}", value)
    monkeypatch.setenv("DATABASE_URL", database_url())
    delivery = a_delivery(a_large_file(), columns={"height_m": "height"})
    Delivery.objects.update(state="running")
    assert run_reader(delivery, on_line=lambda _: None, is_cancelled=lambda: False) in endings
    assert not City.objects.exists()


def test_a_delivery_whose_worker_is_killed_is_read_by_the_next(deliveries: Path) -> None:
    with worker("tiles") as first:
        a_delivery(a_large_file(), columns={"height_m": "height"})
        until(lambda: CityImport.objects.filter(state="running").exists())
        kill(first)
    assert is_in("running")
    assert jobs.requeue_lost(clocks.now() + dt.timedelta(seconds=told.JOBS_LEASE_S + 1)) == 1
    with worker("tiles"):
        until(lambda: is_in("done"))
    assert CityObject.objects.count() == 3_000
    assert CityImport.objects.get().state == "ready"
