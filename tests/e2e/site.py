"""A running MetaCity with the sample district, as a visitor meets it: Daphne and a Celery worker on a file database."""

import os
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

from metacity.demo import preparation
from metacity.demo.terms import Address

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "metacity-demo"
READY_WITHIN_S = 60
# A database number that no test worker uses, and three at once: layer, broker, cache.
FIRST_REDIS_DATABASE = "13"


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    var: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command on this site and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def running_site(var: Path, *, redis_url: str) -> Iterator[Site]:
    """Prepare a site as `make demo` does and serve it until the end."""
    address = Address("127.0.0.1", _free_port())
    environment = preparation.environment(address, var, redis_url) | {
        "PUBLIC_URL": f"http://127.0.0.1:{address.port}",
        "REDIS_FIRST_DATABASE": FIRST_REDIS_DATABASE,
        "SECRET_KEY": "for-the-journeys-only-" + "x" * 40,
    }
    preparation.prepare(ROOT, environment)
    with _process("web", _daphne(address), environment, var), _process("work", _celery(), environment, var):
        site = Site(environment["PUBLIC_URL"], var, environment)
        _wait(f"{site.url}/readyz", var)
        yield site


@contextmanager
def _process(name: str, command: list[str], environment: dict[str, str], var: Path) -> Iterator[None]:
    with (var / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _daphne(address: Address) -> list[str]:
    options = ["-b", address.host, "-p", str(address.port), "--websocket-max-message-size", "65536"]
    return [sys.executable, "-m", "daphne", *options, "metacity.asgi:application"]


def _celery() -> list[str]:
    options = ["--concurrency", "1", "--queues", "default,simulation,tiles", "--loglevel", "WARNING"]
    return [sys.executable, "-m", "celery", "-A", "metacity", "worker", *options]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, var: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"The site did not answer at {url}:\n" + (var / "web.log").read_text()[-3000:])


def redis_url() -> str:
    return os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379"
