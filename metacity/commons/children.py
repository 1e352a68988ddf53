"""Heavy work in a process of its own: watched, bounded, and ended with all that it started.

The process tells how far it is as JSON lines on standard output. It bounds its own memory and goes when its parent goes
(`bound`); a worker cannot do that for it without a race.
"""

import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
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


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    errors: Path,
    time_s: float,
    meanings: Mapping[int, Ending],
    on_line: Callable[[dict[str, Any]], None],
    is_cancelled: Callable[[], bool],
) -> Ending:
    """Run a command to its end, or to ours. `is_cancelled` is asked about twice a second.

    `errors` takes what it writes to standard error; `meanings` says what its exit codes stand for.
    """
    # One thread each: numerical libraries otherwise reserve memory by the core, which the limit counts.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with errors.open("wb") as told:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            start_new_session=True,
        )
    try:
        ending = _watch(process, time_s, on_line, is_cancelled)
    finally:
        _end(process)
    return ending or {0: Ending.DONE, **meanings}.get(process.returncode or 0, Ending.CRASHED)


def bound(memory_mb: int, parent: int) -> None:
    """Called by the process itself, first of all: no more memory than that, and no life beyond the parent's.

    The limit is on what is written to (`RLIMIT_DATA`): a JavaScript engine beside us reserves far more than it uses.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # it went before we could ask to go with it
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * 2**20, memory_mb * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _watch(
    process: subprocess.Popen[bytes],
    time_s: float,
    on_line: Callable[[dict[str, Any]], None],
    is_cancelled: Callable[[], bool],
) -> Ending | None:
    """Follow the process; an ending if we are the ones to end it, None if it ended by itself."""
    deadline = time.monotonic() + time_s
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if is_cancelled():
                return Ending.CANCELLED
            if time.monotonic() > deadline:
                return Ending.TIME
            if not selector.select(LOOK_EVERY_S):
                continue
            said = os.read(process.stdout.fileno(), 65536)
            if not said:
                process.wait(PATIENCE_S)
                return None
            rest = _tell(rest + said, on_line)


def _tell(said: bytes, on_line: Callable[[dict[str, Any]], None]) -> bytes:
    """Tell every whole line; what is left is the beginning of the next."""
    *lines, rest = said.split(b"\n")
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            continue  # a library's own words
        if isinstance(told, dict):
            on_line(told)
    return rest


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with whatever it started: its group lives on where a child of it does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        stream: IO[bytes] = process.stdout
        stream.close()
