"""Work for later: kept in the database, sent to a worker after the commit, queued again when a worker is lost.

A room names its work in its `tasks` module:

    @job_task("tiles.build")
    def build(publication: str) -> None: ...

and a service asks for it: `enqueue(task="tiles.build", args={"publication": …}, key=f"tiles.{…}", queue="tiles")`.
The work may be started again from the beginning after a crash, so it is idempotent. It reports by
`report(current(), 0.4)`, which also tells it to stop (`JobStopped`) when it was cancelled or given to another worker.
"""

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.dispatch import Signal

from metacity.commons import clocks
from metacity.commons.commits import after_commit
from metacity.commons.errors import CityError

if TYPE_CHECKING:
    from metacity.commons.models import Job

Work = Callable[..., object]

MOST_ATTEMPTS = 3
# How long a message may wait in the broker before it is sent once more, from the first time to the last.
SEND_AGAIN_FIRST = dt.timedelta(minutes=1)
SEND_AGAIN_LAST = dt.timedelta(minutes=15)
KEPT = dt.timedelta(days=90)

# Sent in the transaction that ends a job, with `job`: done, failed or cancelled.
ended = Signal()

log = logging.getLogger(__name__)
_works: dict[str, tuple[Work, tuple[type[Exception], ...]]] = {}
_leases: dict[uuid.UUID, uuid.UUID] = {}
_current: ContextVar[uuid.UUID | None] = ContextVar("current_job", default=None)


class JobStopped(Exception):
    """Raised inside a job's work by `report`: nobody wants its outcome any more. Let it pass."""


def job_task(
    name: str, *, retry_on: tuple[type[Exception], ...] = (), time_limit_s: float | None = None
) -> Callable[[Work], Work]:
    """Names a function of keyword arguments as the work of jobs of `task=name`.

    A `CityError` fails the job with its code, one of `retry_on` is tried again later (three times in all), anything
    else fails it with the code `error`. `time_limit_s` takes the place of the limit for all tasks.
    """

    def decorate(work: Work) -> Work:
        from celery import shared_task

        _works[name] = (work, retry_on)

        limits = {"soft_time_limit": time_limit_s, "time_limit": time_limit_s + 60} if time_limit_s else {}

        @shared_task(name=name, **limits)  # type: ignore[untyped-decorator]
        def receive(job_id: str) -> None:
            perform(uuid.UUID(job_id))

        return work

    return decorate


@transaction.atomic
def enqueue(*, task: str, args: dict[str, Any], key: str, queue: str = "default") -> "Job":
    """A job of that `key` that waits or runs: the one there is, or a new one, sent after the commit."""
    from metacity.commons.models import Job

    now = clocks.now()
    job = Job(task=task, args=args, key=key, queue=queue, created_at=now, due_at=now + SEND_AGAIN_FIRST)
    known = Job.objects.active().filter(key=key)
    if (active := known.first()) is not None:
        return active
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:  # somebody else was faster by a moment
        return known.get()
    _send_after_commit(job)
    return job


def report(job_id: uuid.UUID, progress: float, note: str = "") -> None:
    """Says how far a job is (0 to 1). Raises `JobStopped` when it was cancelled or now belongs to another worker.

    Inside the transaction that writes the outcome, it also makes sure that nobody cancels in between.
    """
    from metacity.commons.models import Job

    mine = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
    if job_id in _leases:
        mine = mine.filter(lease=_leases[job_id])
    share = min(max(progress, 0.0), 1.0)
    if not mine.update(progress=share, note=note[:200], heard_at=clocks.now()):
        raise JobStopped


def current() -> uuid.UUID:
    """The id of the job whose work is running here."""
    job_id = _current.get()
    if job_id is None:
        raise LookupError("No job is running here.")
    return job_id


def is_wanted(job_id: uuid.UUID) -> bool:
    """Whether a running job's outcome is still waited for; for loops that have nothing to report."""
    from metacity.commons.models import Job

    mine = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
    return (mine.filter(lease=_leases[job_id]) if job_id in _leases else mine).exists()


def active(key: str) -> "Job | None":
    """The job of that key that waits or runs, if there is one."""
    from metacity.commons.models import Job

    return Job.objects.active().filter(key=key).first()


def cancel(job: "Job") -> bool:
    """Ends a job that waits or runs, at once; its worker notices at its next report. False if it had ended already."""
    from metacity.commons.models import Job

    cancelled = _end(Job.objects.active().filter(pk=job.pk), Job.State.CANCELLED)
    job.refresh_from_db()
    return cancelled


def requeue_lost(now: dt.datetime) -> int:
    """Sends again what waits for too long, and what was running on a worker that has gone. Returns how many."""
    from metacity.commons.models import Job

    silent_since = now - dt.timedelta(seconds=settings.JOBS_LEASE_S)
    lost = list(Job.objects.unheard_since(silent_since))
    sent = sum(_give_back(job, now, error="lost") for job in lost)
    return sent + sum(_send_again(job, now) for job in Job.objects.due(now))


def prune(now: dt.datetime) -> int:
    """Forgets jobs that ended long ago."""
    from metacity.commons.models import Job

    count, _ = Job.objects.exclude(state__in=Job.ACTIVE).filter(finished_at__lt=now - KEPT).delete()
    return count


def perform(job_id: uuid.UUID) -> None:
    """Does a waiting job's work here and now. What a worker calls; a job that somebody else has is left alone."""
    from metacity.commons.models import Job

    lease = uuid.uuid4()
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, lease=lease, heard_at=clocks.now(), attempts=F("attempts") + 1, progress=0.0, note=""
    )
    if not claimed:
        return
    with _held(job_id, lease):
        _work_on(Job.objects.get(pk=job_id))


def _work_on(job: "Job") -> None:
    from celery.exceptions import SoftTimeLimitExceeded

    from metacity.commons.models import Job

    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, lease=job.lease)
    try:
        work, retry_on = _work_of(job.task)
        work(**job.args)
    except JobStopped:
        log.info("The job %s was stopped.", job.pk)
    except CityError as refusal:
        log.info("The job %s was refused: %s", job.pk, refusal)
        _end(mine, Job.State.FAILED, refusal.code)
    except SoftTimeLimitExceeded:
        log.warning("The job %s took too long.", job.pk)
        _end(mine, Job.State.FAILED, "too_long")
    except Exception as fault:
        log.exception("The job %s failed.", job.pk)
        if isinstance(fault, retry_on):
            _give_back(job, clocks.now(), error="error", at_once=False)
        else:
            _end(mine, Job.State.FAILED, "error")
    else:
        _end(mine, Job.State.DONE, progress=1.0)


def _work_of(task: str) -> tuple[Work, tuple[type[Exception], ...]]:
    if task not in _works:
        from celery import current_app

        current_app.loader.import_default_modules()
    return _works[task]


@transaction.atomic
def _end(jobs: Any, state: "Job.State", error: str = "", **changes: Any) -> bool:
    """Ends the one job of the queryset `jobs`, if it still is in it, and tells whoever listens."""
    from metacity.commons.models import Job

    job = jobs.select_for_update().first()
    if job is None or not jobs.update(state=state, error=error, finished_at=clocks.now(), lease=None, **changes):
        return False
    ended.send(sender=Job, job=Job.objects.get(pk=job.pk))
    return True


def _give_back(job: "Job", now: dt.datetime, *, error: str, at_once: bool = True) -> bool:
    """Lets a running job wait once more, or fails it after its last attempt. False if it is no longer that job."""
    from metacity.commons.models import Job

    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, lease=job.lease)
    if job.attempts >= MOST_ATTEMPTS:
        _end(mine, Job.State.FAILED, error)
        return False
    if not mine.update(state=Job.State.QUEUED, lease=None, due_at=now + SEND_AGAIN_FIRST):
        return False
    if at_once:
        log.warning("The job %s was lost and waits again.", job.pk)
        _send_after_commit(job)
    return True


def _send_again(job: "Job", now: dt.datetime) -> bool:
    """Once more to the broker, which may have forgotten. Two messages do no harm: one worker takes the job."""
    from metacity.commons.models import Job

    wait = min(max(now - job.created_at, SEND_AGAIN_FIRST), SEND_AGAIN_LAST)
    same = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, due_at=job.due_at)
    if not same.update(due_at=now + wait):
        return False
    _send_after_commit(job)
    return True


def _send_after_commit(job: "Job") -> None:
    after_commit(_send, job.task, str(job.pk), job.queue)


def _send(task: str, job_id: str, queue: str) -> None:
    from celery import current_app

    current_app.send_task(task, args=[job_id], queue=queue, retry=False)


@contextmanager
def _held(job_id: uuid.UUID, lease: uuid.UUID) -> Iterator[None]:
    """Within, the job is this worker's, and a thread says every few seconds that the worker lives."""
    over = threading.Event()
    alive = threading.Thread(target=_stay_alive, args=(job_id, lease, over), name=f"job-{job_id}", daemon=True)
    _leases[job_id] = lease
    token = _current.set(job_id)
    alive.start()
    try:
        yield
    finally:
        over.set()
        alive.join()
        _current.reset(token)
        _leases.pop(job_id, None)


def _stay_alive(job_id: uuid.UUID, lease: uuid.UUID, over: threading.Event) -> None:
    from metacity.commons.models import Job

    while not over.wait(settings.JOBS_HEARTBEAT_S):
        try:
            Job.objects.filter(pk=job_id, lease=lease).update(heard_at=clocks.now())
        except DatabaseError:
            log.warning("The job %s could not say that it is alive.", job_id, exc_info=True)
        finally:
            connection.close()
