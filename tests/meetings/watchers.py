"""People in a meeting as their browsers are: each with a socket that comes back, and acts over HTTP that insist.

For tests and benchmarks, written from the protocol alone.
"""

import asyncio
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from participation.meetings.models import LivePoll, Meeting

PATIENCE_S = 120


class Scene(Protocol):
    """A meeting with an open vote, a session for each person, and the number at which everybody begins."""

    meeting: Meeting
    poll: LivePoll
    sessions: Sequence[str]
    first: int


class Watcher:
    """One person's socket, which comes back by itself and asks for what it missed."""

    def __init__(self, room: "Room", session: str) -> None:
        self.room, self.session = room, session
        self.events: dict[int, str] = {}
        self.arrived: dict[str, float] = {}
        self.joined = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    @property
    def seq(self) -> int:
        """The number up to which nothing is missing."""
        seq = self.room.first
        while seq + 1 in self.events:
            seq += 1
        return seq

    async def _run(self) -> None:
        while True:
            with suppress(OSError, *self.room.closed):
                await self._listen()
            self.joined.clear()
            await asyncio.sleep(0.25 + 0.75 * random.random())

    async def _listen(self) -> None:
        async with self.room.connect(self.session) as line:
            await line.send(json.dumps({"type": "join", "room": self.room.name}))
            async for text in line:
                message = json.loads(text)
                if message["type"] == "event":
                    self._take(message)
                elif message["type"] in {"joined", "latest"}:
                    await self._catch_up(message["seq"])
                    self.joined.set()

    def _take(self, event: dict[str, Any]) -> None:
        self.events[event["seq"]] = json.dumps(event["payload"], sort_keys=True)
        if event["kind"] == "meeting.message":
            self.arrived.setdefault(event["payload"]["text"], time.perf_counter())

    async def _catch_up(self, seq: int) -> None:
        if seq > self.seq:
            path = f"/api/v1/events/{self.room.name}/?after={self.seq}"
            told = json.loads(await asyncio.to_thread(self.room.ask, path, self.session))
            for event in told["events"]:
                self._take(event)


class Room:
    """All sockets, and what people do over HTTP."""

    def __init__(self, url: str, stage: Scene) -> None:
        self.url, self.stage = url, stage
        self.name = stage.meeting.room
        # Where every socket begins.
        self.first = stage.first
        self.closed = (WebSocketException, urllib.error.URLError)
        self.watchers: list[Watcher] = []

    def connect(self, session: str) -> Any:
        return connect(
            f"{self.url.replace('http', 'ws', 1)}/ws/events/",
            origin=self.url,
            additional_headers={"Cookie": f"sessionid={session}"},
            open_timeout=30,
        )

    def ask(self, path: str, session: str, body: dict[str, str] | None = None) -> str:
        """A request as a browser's script sends it."""
        headers = {"Cookie": f"sessionid={session}; csrftoken={'c' * 32}", "Content-Type": "application/json"}
        headers |= {"X-CSRFToken": "c" * 32, "Origin": self.url}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    async def enter(self) -> None:
        self.watchers = [Watcher(self, session) for session in self.stage.sessions]
        await asyncio.wait_for(asyncio.gather(*(watcher.joined.wait() for watcher in self.watchers)), PATIENCE_S)
        # As their pages do: everybody says that they are there, and hears of everybody.
        path = f"/api/v1/meetings/{self.stage.meeting.id}/here/"
        await asyncio.gather(*(self.insist(path, session, {}) for session in self.stage.sessions))
        await self.agree()

    async def leave(self) -> None:
        for watcher in self.watchers:
            watcher.task.cancel()
        await asyncio.gather(*(watcher.task for watcher in self.watchers), return_exceptions=True)

    async def write(self, text: str, number: int = 0) -> None:
        session = self.stage.sessions[number % len(self.stage.sessions)]
        path = f"/api/v1/meetings/{self.stage.meeting.id}/messages/"
        await self.insist(path, session, {"text": text})

    async def vote(self, sessions: Sequence[str] = ()) -> None:
        """Everybody, or these, vote once and insist until the answer is there; who had been heard is told so."""
        body = {"poll": str(self.stage.poll.id), "choice": "yes"}
        path = f"/api/v1/meetings/{self.stage.meeting.id}/votes/"
        votes = (self.insist(path, session, body) for session in sessions or self.stage.sessions)
        await asyncio.gather(*votes)

    async def insist(self, path: str, session: str, body: dict[str, str]) -> None:
        while True:
            try:
                await asyncio.to_thread(self.ask, path, session, body)
            except urllib.error.HTTPError as refusal:
                if refusal.code in {409, 429}:
                    return
                if refusal.code < 500:
                    raise
            except OSError:
                pass
            else:
                return
            await asyncio.sleep(0.3)

    async def agree(self) -> None:
        """Until every socket knows everything that happened."""
        from metacity.commons.events import latest

        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            seq = await asyncio.to_thread(latest, self.name)
            if all(watcher.joined.is_set() and watcher.seq == seq for watcher in self.watchers):
                return
            await asyncio.sleep(0.2)
        raise AssertionError("Some sockets never learned what happened.")

    async def until_heard(self, text: str) -> None:
        """Until a message has reached every socket."""
        async with asyncio.timeout(PATIENCE_S):
            while not all(text in watcher.arrived for watcher in self.watchers):
                await asyncio.sleep(0.05)

    def are_equal(self) -> bool:
        """Whether all have the same content of everything that all may know."""
        return len({json.dumps(watcher.events, sort_keys=True) for watcher in self.watchers}) == 1
