"""Daphne and Celery under honcho, and a watch that says when they answer."""

import os
import shlex
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from honcho.manager import Manager
from honcho.printer import Printer

from metacity.demo.terms import Address, say

PATIENCE_S = 120
# Celery's prefork children are what runs jobs; kernels run in processes of their own, so two are enough.
WORKERS = 2

ACCOUNTS = [
    ("citizen@example.org", "시민 (citizen)"),
    ("official@example.org", "담당 공무원 (official)"),
    ("approver@example.org", "팀장 (approver)"),
    ("moderator@example.org", "게시물 관리자 (moderator)"),
    ("moderator2@example.org", "이의제기를 보는 게시물 관리자 (moderator2)"),
    ("clerk@example.org", "기록 담당 (clerk)"),
    ("operator@example.org", "운영자 (operator)"),
]
PASSWORD = "metacity-demo"  # noqa: S105 - printed for everyone, refused in production by a system check


def serve(root: Path, environment: Mapping[str, str], address: Address, started: float) -> int:
    """Run until Ctrl-C or until a process ends; all others are stopped with it."""
    quiet = environment.get("VERBOSE") != "1"
    log = Path(environment["METACITY_VAR"]) / "demo.log"
    with log.open("w") as sink:
        manager = Manager(Printer(sink if quiet else sys.stdout, colour=not quiet))
        manager.add_process("web", _daphne(address), env=dict(environment), cwd=str(root))
        manager.add_process("work", _celery(environment), env=dict(environment), cwd=str(root))
        watch = threading.Thread(target=_announce, args=(address, started, log), daemon=True)
        watch.start()
        manager.loop()
    returncode = manager.returncode or 0
    if returncode not in {0, 130, 143}:
        say(f"A process ended by itself; its last words:\n{log.read_text(errors='replace')[-1500:]}")
        return 1
    say("\nStopped.")
    return 0


def _daphne(address: Address) -> str:
    options = ["-b", address.host, "-p", str(address.port), "--websocket-max-message-size", "65536", "--no-server-name"]
    # The application writes its own line for each answer, but for those that nobody should be able to count.
    options += ["--access-log", os.devnull]
    return "exec " + shlex.join([sys.executable, "-m", "daphne", *options, "metacity.asgi:application"])


def _celery(environment: Mapping[str, str]) -> str:
    schedule = str(Path(environment["METACITY_VAR"]) / "beat-schedule")
    options = ["--loglevel", "INFO", "--concurrency", str(WORKERS), "--beat", "--schedule", schedule]
    queues = ["--queues", "default,simulation,tiles"]
    return "exec " + shlex.join([sys.executable, "-m", "celery", "-A", "metacity", "worker", *options, *queues])


def _announce(address: Address, started: float, log: Path) -> None:
    host = "127.0.0.1" if address.host in {"0.0.0.0", "localhost"} else address.host  # noqa: S104
    deadline = monotonic() + PATIENCE_S
    while monotonic() < deadline:
        if _is_ready(f"http://{host}:{address.port}/readyz"):
            say(f"\nMetaCity answers at {address.url}  ({monotonic() - started:.1f} s)\n")
            for email, role in ACCOUNTS:
                say(f"  {email:24} {PASSWORD:16} {role}")
            say(f"\nWhat the processes say: {os.path.relpath(log)} (or VERBOSE=1 make demo). Ctrl-C stops everything.")
            if not address.is_loopback:
                say("This is a demonstration with known passwords: do not let strangers reach it.")
            return
        time.sleep(0.2)
    say(f"MetaCity did not answer within {PATIENCE_S} s; see {log}.")


def _is_ready(url: str) -> bool:
    """Whether database, Redis and migrations are in order; anything but 200 raises."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            return True
    except OSError:
        return False
