"""A second `make demo`: quick, complete, and gone when told to go."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.e2e.site import ROOT, Site


def test_a_second_start_answers_soon_and_ctrl_c_leaves_nothing(site: Site, tmp_path: Path) -> None:
    var = tmp_path / "var"
    shutil.copytree(site.var, var)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{key: value for key, value in os.environ.items() if key not in {"REDIS_URL", "SECRET_KEY", "DATABASE_URL"}},
        "METACITY_VAR": str(var),
        "METACITY_MODE": "demo",
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    log = tmp_path / "demo.log"
    with log.open("w") as sink:
        demo = subprocess.Popen(
            [sys.executable, "-m", "metacity.demo"], cwd=ROOT, env=environment, stdout=sink, stderr=sink,
            start_new_session=True,
        )  # fmt: skip
    try:
        _until(lambda: "answers at" in log.read_text(), 60, log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.status == 200
        assert "citizen@example.org" in log.read_text()
        os.killpg(demo.pid, signal.SIGINT)  # as a terminal does: to all at once
        assert demo.wait(30) in {0, 130}
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
    _until(lambda: not _processes_of(var), 10, log)
    assert "Traceback" not in log.read_text()


def _processes_of(var: Path) -> list[str]:
    """Commands of processes whose environment or command line names the demo's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            command = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if str(var).encode() in told and int(process.name) != os.getpid():
            found.append(command)
    return found


def _until(claim: Callable[[], bool], within_s: float, log: Path) -> None:
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
