"""Work for the worker that `test_worker.py` starts; each leaves its traces in a file."""

import threading
from pathlib import Path

from metacity.commons import jobs
from metacity.commons.jobs import job_task


@job_task("tests.survive")
def survive(traces: str) -> None:
    """Hangs the first time, until the worker is killed; is done the second time."""
    file = Path(traces)
    is_first = not file.exists()
    with file.open("a") as lines:
        lines.write("started\n")
    if is_first:
        jobs.report(jobs.current(), 0.5, "halfway")
        threading.Event().wait()


@job_task("tests.listen")
def listen(traces: str) -> None:
    """Goes on until nobody wants its outcome."""
    tick = threading.Event()
    try:
        while not tick.wait(0.05):
            jobs.report(jobs.current(), 0.5)
    except jobs.JobStopped:
        Path(traces).write_text("stopped")
        raise
