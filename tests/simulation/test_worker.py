"""Runs with a real worker: computed after the commit, stopped while computing, done again after a killed worker."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from metacity.commons import clocks, jobs
from metacity.commons.models import Event, Job
from participation.proposals.models import Proposal
from tests.commons.test_worker import kill, until, worker
from tests.factories.designs import open_process, submitted, tower
from tests.factories.town import a_town
from twin.mirror.models import City
from twin.simulation import services
from twin.simulation.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


def is_in(state: Run.State) -> bool:
    return Run.objects.filter(state=state).exists()


def told_last(proposal: Proposal) -> object:
    return Event.objects.filter(room=proposal.room, kind="run.progressed").latest("seq").payload["state"]


def test_a_submitted_design_is_computed_and_told_to_who_reads_the_idea(town: City) -> None:
    with worker("simulation"):
        proposal = submitted(open_process(town), tower())
        until(lambda: Job.objects.filter(task=services.TASK, state=Job.State.DONE).exists())
    assert is_in(Run.State.DONE)
    assert told_last(proposal) == "done"


def test_a_run_whose_worker_is_killed_in_the_middle_is_done_by_the_next(town: City) -> None:
    with worker("simulation") as first:
        proposal = submitted(open_process(town), tower())
        until(lambda: is_in(Run.State.RUNNING))
        kill(first)
    assert is_in(Run.State.RUNNING)
    assert jobs.requeue_lost(clocks.now() + dt.timedelta(seconds=settings.JOBS_LEASE_S + 1)) == 1
    with worker("simulation"):
        until(lambda: is_in(Run.State.DONE))
    assert Job.objects.get(task=services.TASK).attempts == 2
    assert told_last(proposal) == "done"


def test_a_run_that_is_stopped_while_computing_leaves_the_worker_free(town: City) -> None:
    with worker("simulation"):
        proposal = submitted(open_process(town), tower())
        until(lambda: is_in(Run.State.RUNNING))
        services.cancel_run(run=Run.objects.get())
        other = submitted(open_process(town), tower(5))
        until(lambda: is_in(Run.State.DONE))
    stopped = Run.objects.get(scenarios__design_version=proposal.content.design_version)
    assert (stopped.state, stopped.outcome) == (Run.State.CANCELLED, {})
    assert told_last(proposal) == "cancelled"
    assert told_last(other) == "done"
