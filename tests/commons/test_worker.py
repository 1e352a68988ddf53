"""Jobs with a real worker: sent after the commit, done, cancelled, and done again after the worker was killed."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from metacity.commons import clocks, jobs
from metacity.commons.models import Job

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 60.0


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    who = f"{told['USER']}:{told['PASSWORD']}".rstrip(":")
    return f"postgresql://{who}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@contextmanager
def worker(queues: str = "default") -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker on the tests' database and Redis, in a process group of its own."""
    command = [
        *(sys.executable, "-m", "celery", "-A", "metacity", "worker", "-I", "tests.commons.worker_jobs"),
        *("-P", "prefork", "-c", "1", "-Q", queues, "-l", "WARNING", "--without-gossip", "--without-mingle"),
    ]
    environment = os.environ | {"DATABASE_URL": database_url()}
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a machine without power does it: the worker and its children, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "It did not happen."
        threading.Event().wait(0.05)


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    traces = tmp_path / "traces"
    job = jobs.enqueue(task="tests.survive", args={"traces": str(traces)}, key="survive")
    with worker() as first:
        until(lambda: Job.objects.get(pk=job.pk).note == "halfway")
        kill(first)
    assert state_of(job) == Job.State.RUNNING
    assert jobs.requeue_lost(clocks.now()) == 0
    assert jobs.requeue_lost(clocks.now() + dt.timedelta(seconds=settings.JOBS_LEASE_S + 1)) == 1
    with worker():
        until(lambda: state_of(job) == Job.State.DONE)
    assert traces.read_text() == "started\nstarted\n"
    assert Job.objects.get(pk=job.pk).attempts == 2


def test_a_cancelled_job_stops_at_its_next_report(tmp_path: Path) -> None:
    traces = tmp_path / "traces"
    job = jobs.enqueue(task="tests.listen", args={"traces": str(traces)}, key="listen")
    with worker():
        until(lambda: state_of(job) == Job.State.RUNNING)
        assert jobs.cancel(job)
        until(traces.exists)
    assert state_of(job) == Job.State.CANCELLED
