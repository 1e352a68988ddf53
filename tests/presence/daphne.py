"""Daphne processes on the tests' database, for what only a real server shows."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

READY_WITHIN_S = 60


@dataclass
class Server:
    url: str
    process: subprocess.Popen[bytes]

    @property
    def memory_kb(self) -> int:
        """What the process holds in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def kill(self) -> None:
        """As a machine without power does it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def daphne(*, port: int = 0, **environment: str) -> Iterator[Server]:
    """A Daphne that answers; killed at the end if it still runs."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        *(sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0"),
        *("--websocket-max-message-size", "65536", "metacity.asgi:application"),
    ]
    told = os.environ | {"DATABASE_URL": database_url(), "PUBLIC_URL": url} | environment
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=told, start_new_session=True)
    server = Server(url, process)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            server.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    who = f"{told['USER']}:{told['PASSWORD']}".rstrip(":")
    return f"postgresql://{who}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def _wait(server: Server) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"No Daphne answers at {server.url}.")
