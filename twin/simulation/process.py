"""Running an engine in a process of its own: watched, bounded, and ended with all that it started."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import IO

from twin.simulation.child import BAD_INPUTS, OUT_OF_MEMORY

LOOK_EVERY_S = 0.5
PATIENCE_S = 5.0


class Ending(StrEnum):
    """How a process ended. All but `DONE` and `CANCELLED` are failures with a text of their own."""

    DONE = "done"
    CANCELLED = "cancelled"
    MEMORY = "memory"
    TIME = "time"
    INPUTS = "inputs"
    CRASHED = "crashed"


def run_engine(
    folder: Path,
    *,
    memory_mb: int,
    time_s: float,
    on_progress: Callable[[float], None],
    is_cancelled: Callable[[], bool],
) -> Ending:
    """Run `twin.simulation.child` on `folder`. `is_cancelled` is asked about twice a second."""
    command = [sys.executable, "-m", "twin.simulation.child", str(folder), str(memory_mb), str(os.getpid())]
    # One thread each: numerical libraries otherwise reserve address space by the core, which the limit counts.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with (folder / "stderr.txt").open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).resolve().parents[2],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    try:
        ending = _watch(process, time_s, on_progress, is_cancelled)
    finally:
        _end(process)
    return ending if ending else _meaning(process.returncode)


def _watch(
    process: subprocess.Popen[bytes],
    time_s: float,
    on_progress: Callable[[float], None],
    is_cancelled: Callable[[], bool],
) -> Ending | None:
    """Follow the process; an ending if we are the ones to end it, None if it ended by itself."""
    deadline = time.monotonic() + time_s
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if is_cancelled():
                return Ending.CANCELLED
            if time.monotonic() > deadline:
                return Ending.TIME
            if selector.select(LOOK_EVERY_S) and not _read(process.stdout, on_progress):
                process.wait(PATIENCE_S)
                return None


def _read(pipe: IO[bytes], on_progress: Callable[[float], None]) -> bool:
    """Tell what the process has said since; False at the end of its output."""
    said = os.read(pipe.fileno(), 65536)
    for line in said.splitlines():
        try:
            on_progress(float(json.loads(line)["progress"]))
        except (ValueError, KeyError, TypeError):
            continue  # half a line, or a library's own words
    return bool(said)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout:
        process.stdout.close()


def _meaning(returncode: int | None) -> Ending:
    return {0: Ending.DONE, OUT_OF_MEMORY: Ending.MEMORY, BAD_INPUTS: Ending.INPUTS}.get(
        returncode or 0, Ending.CRASHED
    )
