"""Jobs: kept, sent after the commit, one at a time for a key, never lost and never done twice at once."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from metacity.commons import clocks, jobs
from metacity.commons.errors import Conflict
from metacity.commons.models import Job

Sent = list[tuple[str, str, str]]
LATER = dt.timedelta(minutes=2)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What would have gone to the broker."""
    messages: Sent = []
    monkeypatch.setattr(jobs, "_send", lambda *message: messages.append(message))
    return messages


@pytest.fixture
def ended() -> Iterator[list[Job]]:
    heard: list[Job] = []

    def hear(job: Job, **kwargs: Any) -> None:
        heard.append(job)

    jobs.ended.connect(hear)
    yield heard
    jobs.ended.disconnect(hear)


def enqueue(key: str = "tiles.1", task: str = "tests.tiles", **args: Any) -> Job:
    return jobs.enqueue(task=task, args=args, key=key, queue="tiles")


def works(monkeypatch: pytest.MonkeyPatch, work: jobs.Work, *retry_on: type[Exception]) -> None:
    monkeypatch.setitem(jobs._works, "tests.tiles", (work, retry_on))


@pytest.mark.django_db
def test_a_job_is_sent_after_the_commit(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(city="gaon")
        assert sent == []
    assert sent == [("tests.tiles", str(job.pk), "tiles")]


@pytest.mark.django_db
def test_a_rolled_back_job_is_never_sent(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        enqueue()
        transaction.set_rollback(True)
    assert sent == []
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_key_has_one_active_job() -> None:
    first = enqueue()
    assert enqueue() == first
    assert enqueue(key="tiles.2") != first
    jobs.cancel(first)
    assert enqueue() != first
    assert jobs.active("tiles.1") is not None
    assert jobs.active("tiles.9") is None


@pytest.mark.django_db
def test_a_job_is_done_once_with_its_arguments(monkeypatch: pytest.MonkeyPatch, ended: list[Job]) -> None:
    calls: list[str] = []
    works(monkeypatch, lambda city: calls.append(city))
    job = enqueue(city="gaon")
    jobs.perform(job.pk)
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, calls, ended) == (Job.State.DONE, 1.0, ["gaon"], [job])


@pytest.mark.django_db
def test_a_running_job_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, float, str]] = []

    def work() -> None:
        jobs.report(jobs.current(), 0.25, "walls")
        job = Job.objects.get(pk=jobs.current())
        seen.append((job.state, job.progress, job.note))
        assert jobs.is_wanted(job.pk)
        jobs.report(jobs.current(), 7.0)

    works(monkeypatch, work)
    jobs.perform(enqueue().pk)
    assert seen == [("running", 0.25, "walls")]
    with pytest.raises(LookupError):
        jobs.current()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "code"),
    [(Conflict(), "conflict"), (ValueError("secret"), "error"), (SoftTimeLimitExceeded(), "too_long")],
)
def test_a_failure_is_kept_with_its_code(
    monkeypatch: pytest.MonkeyPatch, ended: list[Job], fault: Exception, code: str
) -> None:
    def work() -> None:
        raise fault

    works(monkeypatch, work)
    job = enqueue()
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, ended) == (Job.State.FAILED, code, [job])


@pytest.mark.django_db
def test_work_that_may_be_tried_again_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        raise ConnectionError

    works(monkeypatch, work, ConnectionError)
    job = enqueue()
    for attempt in (1, 2):
        jobs.perform(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.QUEUED, attempt)
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "error")


@pytest.mark.django_db
def test_a_waiting_job_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, ended: list[Job]) -> None:
    calls: list[int] = []
    works(monkeypatch, lambda: calls.append(1))
    job = enqueue()
    assert jobs.cancel(job)
    jobs.perform(job.pk)
    assert (job.state, calls, ended) == (Job.State.CANCELLED, [], [job])


@pytest.mark.django_db
def test_a_running_job_that_is_cancelled_stops_at_its_next_report(monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue()
    reached: list[str] = []

    def work() -> None:
        jobs.cancel(Job.objects.get(pk=job.pk))
        assert not jobs.is_wanted(job.pk)
        jobs.report(jobs.current(), 0.5)
        reached.append("the end")

    works(monkeypatch, work)
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, reached) == (Job.State.CANCELLED, [])


@pytest.mark.django_db
def test_what_has_ended_cannot_be_cancelled(monkeypatch: pytest.MonkeyPatch, ended: list[Job]) -> None:
    works(monkeypatch, lambda: None)
    job = enqueue()
    jobs.perform(job.pk)
    assert not jobs.cancel(job)
    assert (job.state, len(ended)) == (Job.State.DONE, 1)


@pytest.mark.django_db
def test_a_message_that_the_broker_forgot_is_sent_again(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = enqueue()
    now = clocks.now()
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.requeue_lost(now) == 0
        assert jobs.requeue_lost(now + LATER) == 1
        assert jobs.requeue_lost(now + LATER) == 0
        assert jobs.requeue_lost(now + 4 * LATER) == 1
    assert sent == [("tests.tiles", str(job.pk), "tiles")] * 2


def _lose(job: Job, attempts: int = 1) -> None:
    """As if a worker had taken the job and died."""
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, lease=uuid.uuid4(), heard_at=clocks.now(), attempts=attempts
    )


@pytest.mark.django_db
def test_a_job_of_a_lost_worker_waits_again(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = enqueue()
    _lose(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.requeue_lost(clocks.now()) == 0
        assert jobs.requeue_lost(clocks.now() + LATER) == 1
    job.refresh_from_db()
    assert (job.state, len(sent)) == (Job.State.QUEUED, 1)


@pytest.mark.django_db
def test_a_job_that_loses_every_worker_fails(ended: list[Job]) -> None:
    job = enqueue()
    _lose(job, attempts=jobs.MOST_ATTEMPTS)
    assert jobs.requeue_lost(clocks.now() + LATER) == 0
    job.refresh_from_db()
    assert (job.state, job.error, ended) == (Job.State.FAILED, "lost", [job])


@pytest.mark.django_db
def test_a_worker_that_comes_back_late_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue()

    def work() -> None:
        _lose(job)  # meanwhile another worker has taken the job
        with pytest.raises(jobs.JobStopped):
            jobs.report(jobs.current(), 0.9)

    works(monkeypatch, work)
    jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress) == (Job.State.RUNNING, 0.0)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*message: str) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(jobs, "_send", away)
    job = enqueue()
    assert Job.objects.get(pk=job.pk).state == Job.State.QUEUED


@pytest.mark.django_db
def test_old_jobs_are_forgotten_and_active_ones_kept() -> None:
    old, active = enqueue("a"), enqueue("b")
    jobs.cancel(old)
    assert jobs.prune(clocks.now() + jobs.KEPT + LATER) == 1
    assert list(Job.objects.all()) == [active]
