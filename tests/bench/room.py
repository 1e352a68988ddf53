"""One meeting with many people: how soon a message reaches all, and that faults lose and double nothing.

Makes a database of its own (SQLite in a temporary folder), a Redis and a Daphne of its own, opens a real socket for
each person, and writes messages over HTTP. Then Daphne is killed while everybody votes, and Redis is restarted; the
sockets come back as a browser's do, and ask for what they missed.

`p95_ms` is from sending a message to its arrival at a socket, over all sockets; `lost` counts messages that did not
arrive within five seconds by themselves. `queries_per_event` is of the request that writes.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.bench import figures

MESSAGES = 40
EVERY_S = 1.0
ARRIVES_WITHIN_S = 5.0


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--people", type=int, default=200)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="metacity-room-") as folder:
        figures.show(asyncio.run(measure(Path(folder), people)))
    return 0


async def measure(folder: Path, people: int) -> dict[str, object]:
    port, redis_port = _free_port(), _free_port()
    redis = await _redis(redis_port, folder)
    os.environ.update(
        METACITY_MODE="test",
        METACITY_VAR=str(folder),
        DATABASE_URL=f"sqlite:////{str(folder / 'room.sqlite3').lstrip('/')}",
        REDIS_URL=f"redis://127.0.0.1:{redis_port}",
        PUBLIC_URL=f"http://127.0.0.1:{port}",
    )
    (folder / "static").mkdir()
    figures.set_up_django()
    from tests.meetings.watchers import Room

    figures.tell(f"Making a meeting with {people} people")
    stage = await asyncio.to_thread(Stage, people)
    daphne = _daphne(port, folder)
    try:
        await _ready(port)
        room = Room(f"http://127.0.0.1:{port}", stage)
        await room.enter()
        told = await talk(room)
        told |= {"queries_per_event": await asyncio.to_thread(stage.queries_per_event)}
        figures.tell("Killing Daphne while everybody votes")
        voting = asyncio.create_task(room.vote())
        await asyncio.sleep(0.5)
        _stop(daphne)
        daphne = _daphne(port, folder)
        started = time.monotonic()
        await voting
        await room.agree()
        told |= {"back_after_kill_s": round(time.monotonic() - started, 1)}
        counted = await asyncio.to_thread(stage.count)
        told |= {"votes_cast": people, "votes_counted": counted}
        figures.tell("Restarting Redis")
        _stop(redis)
        redis = await _redis(redis_port, folder)
        started = time.monotonic()
        await room.write("레디스가 다시 켜졌습니다")
        await room.agree()
        told |= {"back_after_redis_s": round(time.monotonic() - started, 1), "clients_equal": room.are_equal()}
        await room.leave()
        return {"people": people} | told
    finally:
        _stop(daphne)
        _stop(redis)


class Stage:
    """The rows: a meeting with an open vote, people in it, and a session for each."""

    def __init__(self, people: int) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from metacity.commons.events import latest
        from tests.factories.accounts import signed_in
        from tests.factories.meetings import a_poll, an_open_meeting
        from tests.factories.processes import a_person

        self.meeting = an_open_meeting()
        self.poll = a_poll(self.meeting)
        self.members = [a_person() for _number in range(people)]
        self.sessions = [signed_in(member).session.session_key or "" for member in self.members]
        self.first = latest(self.meeting.room)

    def queries_per_event(self) -> int:
        from django.core.cache import cache
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        cache.clear()
        client = Client(HTTP_HOST="127.0.0.1")
        client.cookies["sessionid"] = self.sessions[0]
        address = f"/api/v1/meetings/{self.meeting.id}/messages/"
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(address, {"text": "몇 번 묻나요"}, content_type="application/json")
        assert answer.status_code == 201, answer.content
        return len([query for query in captured if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE"))])

    def count(self) -> int:
        from tests.factories.meetings import lead

        lead(self.meeting, "stop_poll")
        self.poll.refresh_from_db()
        return int(self.poll.cast)


async def talk(room: Any) -> dict[str, object]:
    """A message every second, each by somebody else."""
    sent: dict[str, float] = {}
    for number in range(MESSAGES):
        text = f"글 {number}"
        sent[text] = time.perf_counter()
        await room.write(text, number)
        await asyncio.sleep(EVERY_S)
    await asyncio.sleep(ARRIVES_WITHIN_S)
    took_ms = [
        (watcher.arrived[text] - at) * 1000
        for watcher in room.watchers
        for text, at in sent.items()
        if text in watcher.arrived
    ]
    lost = len(sent) * len(room.watchers) - sum(each < ARRIVES_WITHIN_S * 1000 for each in took_ms)
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    return {name: round(figures.percentile(took_ms, share), 1) for name, share in shares.items()} | {"lost": lost}


def _daphne(port: int, folder: Path) -> subprocess.Popen[bytes]:
    options = ["-b", "127.0.0.1", "-p", str(port), "--websocket-max-message-size", "65536"]
    command = [sys.executable, "-m", "daphne", *options, "metacity.asgi:application"]
    with (folder / "web.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


async def _redis(port: int, folder: Path) -> subprocess.Popen[bytes]:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return process
        await asyncio.sleep(0.05)
    raise AssertionError("Redis did not start.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """As a power cut does."""
    process.kill()
    process.wait()


async def _ready(port: int) -> None:
    for _attempt in range(150):
        try:
            await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/readyz", None, 2)
        except OSError:
            await asyncio.sleep(0.2)
        else:
            return
    raise AssertionError("Daphne did not answer.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
