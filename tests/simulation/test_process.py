"""An engine in a process of its own: what becomes of it when it is stopped, starved, misled or orphaned."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.simulation.shapes import box, parameters, scene
from twin.simulation.engines import inputs
from twin.simulation.engines.casting import Site
from twin.simulation.process import Ending, run_engine

MEMORY_MB = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inputs.save(
        tmp_path, scene(box(0, 0, 20, 10, 9)), scene(box(0, 0, 20, 10, 9), box(0, -40, 30, 12, 90)), parameters()
    )
    return tmp_path


@pytest.fixture
def long_folder(tmp_path: Path) -> Path:
    """Millions of samples: minutes of work."""
    dense = parameters(Site(0, 0, 400, ground_spacing_m=0.2), step_min=1)
    inputs.save(tmp_path, scene(box(0, 0, 20, 10, 9)), scene(box(0, -40, 30, 12, 90)), dense)
    return tmp_path


def children_of(folder: Path) -> list[int]:
    """Processes that work on a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in command and b"twin.simulation.child" in command:
            found.append(int(process.name))
    return found


def test_an_engine_runs_and_leaves_its_outcome(folder: Path) -> None:
    told: list[float] = []
    ending = run_engine(folder, memory_mb=MEMORY_MB, time_s=60, on_progress=told.append, is_cancelled=lambda: False)
    assert ending is Ending.DONE, (folder / "stderr.txt").read_text()
    assert (folder / "outcome.json").is_file()
    assert told[-1] == 1.0
    with np.load(folder / "layers.npz") as layers:
        assert layers["ground_before_min"].shape == layers["ground_after_min"].shape


def test_a_cancelled_engine_is_gone_at_once(long_folder: Path) -> None:
    started = time.monotonic()
    ending = run_engine(
        long_folder, memory_mb=MEMORY_MB, time_s=60, on_progress=lambda _: None,
        is_cancelled=lambda: time.monotonic() - started > 1.5,
    )  # fmt: skip
    assert ending is Ending.CANCELLED
    assert time.monotonic() - started < 10
    assert children_of(long_folder) == []


def test_an_engine_that_takes_too_long_is_stopped(long_folder: Path) -> None:
    ending = run_engine(
        long_folder, memory_mb=MEMORY_MB, time_s=1, on_progress=lambda _: None, is_cancelled=lambda: False
    )
    assert ending is Ending.TIME
    assert children_of(long_folder) == []


def test_an_engine_that_wants_too_much_memory_fails_alone(long_folder: Path) -> None:
    ending = run_engine(long_folder, memory_mb=700, time_s=60, on_progress=lambda _: None, is_cancelled=lambda: False)
    assert ending in {Ending.MEMORY, Ending.CRASHED}
    assert not (long_folder / "outcome.json").exists()


@pytest.mark.parametrize("damage", ["missing", "garbage", "empty"])
def test_inputs_that_cannot_be_read_are_told_as_such(folder: Path, damage: str) -> None:
    if damage == "missing":
        (folder / "inputs.npz").unlink()
    elif damage == "garbage":
        (folder / "inputs.npz").write_bytes(b"PK\x03\x04 nothing")
    else:
        (folder / "parameters.json").write_text("{}")
    ending = run_engine(folder, memory_mb=MEMORY_MB, time_s=60, on_progress=lambda _: None, is_cancelled=lambda: False)
    assert ending is Ending.INPUTS, (folder / "stderr.txt").read_text()


def test_an_engine_dies_with_the_worker_that_started_it(long_folder: Path) -> None:
    worker = textwrap.dedent(
        f"""
        from pathlib import Path
        from twin.simulation.process import run_engine
        run_engine(Path({str(long_folder)!r}), memory_mb={MEMORY_MB}, time_s=60,
                   on_progress=lambda _: None, is_cancelled=lambda: False)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", worker])
    try:
        _until(lambda: bool(children_of(long_folder)))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        _until(lambda: not children_of(long_folder))
    finally:
        process.kill()
        process.wait()


def _until(claim: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.05)
