"""Tasks: fetch by id, call the service."""

import uuid

from celery import shared_task
from django.db import OperationalError

from metacity.commons import clocks
from metacity.commons.jobs import job_task
from participation.voting import clock, traces


@job_task(clock.OPEN, retry_on=(OperationalError,))
def open_poll(poll: str) -> None:
    clock.open_now(uuid.UUID(poll), clocks.now())


@job_task(clock.CLOSE, retry_on=(OperationalError,))
def close_poll(poll: str) -> None:
    clock.close_now(uuid.UUID(poll), clocks.now())


@job_task(traces.WIPE, retry_on=(OperationalError, traces.OldRowsSeen))
def wipe() -> None:
    traces.wipe()


@shared_task(name="voting.keep_time", soft_time_limit=50, time_limit=60)  # type: ignore[untyped-decorator]
def keep_time() -> None:
    clock.keep_time(clocks.now())


@shared_task(name="voting.tell_turnouts", soft_time_limit=50, time_limit=60)  # type: ignore[untyped-decorator]
def tell_turnouts() -> None:
    clock.tell_turnouts()
