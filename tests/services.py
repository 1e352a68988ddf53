"""The services that tests talk to: found, started or installed."""

import os
import shutil
import subprocess
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import redis

from metacity.demo.redis_server import running

POSTGRESQL_URL = os.environ.get("TEST_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
CHROMIUM = os.environ.get("CHROMIUM") or "chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip


def postgresql_answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def redis_answers(url: str | None) -> bool:
    try:
        return bool(redis.Redis.from_url(url or "redis://127.0.0.1:6379", socket_connect_timeout=2).ping())
    except redis.RedisError:
        return False


class PrivateRedis:
    """A Redis of the test run's own, where none answers."""

    @staticmethod
    def unless(answers: bool) -> AbstractContextManager[str | None]:
        if answers:
            return nullcontext(None)
        os.environ.pop("REDIS_URL", None)
        return running(Path(mkdtemp(prefix="metacity-tests-")))


def install_chromium() -> bool:
    """Debian's Chromium, where we may install packages; whether it is there now."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Chromium (Debian's package) for the browser journeys")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    subprocess.run(["apt-get", "update"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], **quiet)
    return bool(shutil.which(CHROMIUM))
