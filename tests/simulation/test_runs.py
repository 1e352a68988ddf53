"""Runs: asked for once, computed by a process, stopped, tried again, shown to whom they concern."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from metacity.accounts.models import User
from metacity.commons.errors import Conflict
from metacity.commons.models import Job
from tests.factories.processes import a_person
from tests.factories.town import a_town, house
from twin.mirror.designs import access
from twin.mirror.designs.changes import rectangle
from twin.mirror.designs.models import DesignVersion
from twin.mirror.designs.services import keep_design
from twin.mirror.models import City
from twin.simulation import services, sheet
from twin.simulation.models import Run, Scenario
from twin.simulation.signals import run_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


@pytest.fixture
def everybody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_rules", [lambda _user, _design: True])


def tower(storeys: int = 20) -> dict[str, Any]:
    """On the square, south of the middle row."""
    footprint = rectangle(centre=(0, -30), width_m=24, depth_m=14, rotation_deg=0)
    return {"changes": [{"op": "add", "kind": "building", "footprint": footprint, "storeys": storeys}]}


def requested(version: DesignVersion, by: User | None = None) -> Run:
    run = services.request_run(version=version, by=by)
    assert run is not None
    return run


def computed(version: DesignVersion) -> Run:
    run = services.compute_run(run_id=requested(version).id)
    assert run is not None
    return run


def test_a_tower_takes_sun_from_the_houses_behind_it(town: City) -> None:
    run = computed(keep_design(city=town, raw=tower()))
    assert run.state == Run.State.DONE
    names = [row["name"] for row in run.outcome["rows"]]
    assert set(names) & {"5호 집", "6호 집"}
    assert not set(names) & {"8호 집", "9호 집", "10호 집", "11호 집"}, "houses in the south keep their sun"
    with translation.override("ko"):
        told = sheet.sheet_of(run)
    assert "햇빛이 줄어듭니다" in told.headline
    assert all(neighbour.households is None for neighbour in told.neighbours), "no register, no households"
    assert told.is_current
    assert sorted(file.name for file in services.pictures_folder(run).iterdir()) == [
        "loss.png", "shadow-12.png", "shadow-15.png", "shadow-9.png",
    ]  # fmt: skip


def test_a_house_that_goes_gives_its_neighbours_sun(town: City) -> None:
    raw = {"changes": [{"op": "remove", "object": str(house(town, 5).id)}]}
    run = computed(keep_design(city=town, raw=raw))
    assert run.state == Run.State.DONE
    assert [row["name"] for row in run.outcome["rows"] if row["losing_m2"] > 0] == []


def test_the_same_design_is_computed_once(town: City) -> None:
    first, second = keep_design(city=town, raw=tower()), keep_design(city=town, raw=tower())
    assert first.design_id != second.design_id
    run = computed(first)
    again = requested(second)
    assert again.pk == run.pk
    assert again.state == Run.State.DONE
    assert Job.objects.count() == 1
    assert Scenario.objects.filter(runs=run).count() == 2


def test_another_height_is_another_run(town: City) -> None:
    low, high = keep_design(city=town, raw=tower(3)), keep_design(city=town, raw=tower(30))
    assert requested(low).pk != requested(high).pk


def test_a_bench_casts_no_shadow_worth_a_run(town: City) -> None:
    version = keep_design(city=town, raw={"changes": [{"op": "add", "kind": "bench", "point": [0, -30]}]})
    assert services.request_run(version=version, by=None) is None
    assert not Job.objects.exists()


def test_a_waiting_run_that_is_stopped_is_not_computed(town: City) -> None:
    run = requested(keep_design(city=town, raw=tower()))
    services.cancel_run(run=run)
    assert services.compute_run(run_id=run.id) is None
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED


def test_a_run_that_is_stopped_while_computing_stays_stopped(town: City) -> None:
    run = requested(keep_design(city=town, raw=tower()))

    def stop(run: Run, **_more: object) -> None:
        if run.state == Run.State.RUNNING:
            services.cancel_run(run=run)

    run_changed.connect(stop)
    try:
        ended = services.compute_run(run_id=run.id)
    finally:
        run_changed.disconnect(stop)
    assert ended is not None
    assert ended.state == Run.State.CANCELLED
    assert ended.outcome == {}


def test_a_finished_run_cannot_be_stopped(town: City) -> None:
    run = computed(keep_design(city=town, raw=tower()))
    with pytest.raises(Conflict):
        services.cancel_run(run=run)
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_a_stopped_run_can_be_asked_for_again(town: City) -> None:
    version = keep_design(city=town, raw=tower())
    services.cancel_run(run=requested(version))
    assert requested(version).state == Run.State.QUEUED
    states = Job.objects.filter(task=services.TASK).order_by("created_at").values_list("state", flat=True)
    assert list(states) == [Job.State.CANCELLED, Job.State.QUEUED]
    assert computed(version).state == Run.State.DONE


def test_a_run_whose_worker_died_is_computed_by_the_next(town: City) -> None:
    run = requested(keep_design(city=town, raw=tower()))
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, progress=0.4)
    again = services.compute_run(run_id=run.id)
    assert again is not None
    assert again.state == Run.State.DONE


def test_a_run_whose_job_is_given_up_says_so(town: City) -> None:
    run = requested(keep_design(city=town, raw=tower()))
    services.give_up(run_id=run.id)
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    with translation.override("en"):
        assert sheet.state_label(run) == "The computation broke off. Ask for it again."


def test_a_run_that_takes_too_long_fails_with_a_word_for_it(town: City, settings: Any) -> None:
    settings.SIMULATION_TIME_S = 0
    run = computed(keep_design(city=town, raw=tower()))
    assert run.state == Run.State.FAILED
    assert run.failure == "time"


def test_whoever_may_not_see_the_design_does_not_see_its_run(town: City, client: Client) -> None:
    run = requested(keep_design(city=town, raw=tower()))
    assert client.get(f"/api/v1/runs/{run.id}/").status_code == 404
    assert client.get(f"/runs/{run.id}/loss.png").status_code == 404


@pytest.mark.usefixtures("everybody_sees")
def test_a_run_is_shown_with_its_notice_and_its_sheet(town: City, client: Client) -> None:
    run = computed(keep_design(city=town, raw=tower()))
    told = client.get(f"/api/v1/runs/{run.id}/", headers={"Accept-Language": "ko"}).json()
    assert told["state"] == "done"
    assert told["notice"] == "시민 제안 · 확정된 계획 아님"
    assert told["sheet"]["lines"]
    picture = client.get(told["pictures"]["loss"])
    assert picture.headers["Content-Type"] == "image/png"
    assert "private" in picture.headers["Cache-Control"]
    assert client.get(f"/runs/{run.id}/passwords.png").status_code == 404


@pytest.mark.usefixtures("everybody_sees")
def test_only_who_asked_for_a_run_or_an_official_stops_it(town: City, client: Client) -> None:
    author, stranger = a_person(), a_person()
    run = requested(keep_design(city=town, raw=tower()), by=author)
    assert client.post(f"/api/v1/runs/{run.id}/cancel/").status_code in {401, 403}
    client.force_login(stranger)
    assert client.post(f"/api/v1/runs/{run.id}/cancel/").status_code == 403
    run.refresh_from_db()
    assert run.state == Run.State.QUEUED
    client.force_login(author)
    assert client.post(f"/api/v1/runs/{run.id}/cancel/").json()["state"] == "cancelled"
