"""Clients of the pose socket, written from the protocol alone: for tests and benchmarks."""

import asyncio
import contextlib
import json
import secrets
import struct
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE_S = 10.0
POSE, ECHO = struct.Struct("<BIiiiBB"), struct.Struct("<BI")
HEADER, RECORD = struct.Struct("<BBHIiii"), struct.Struct("<IhhhBB")
STANDING, WALKING, FLYING = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody as a frame tells them; metres of the local frame."""

    e: float
    n: float
    z: float
    yaw: int
    state: int


@dataclass(slots=True)
class View:
    """A frame as read."""

    tick: int
    others: int
    people: dict[int, Seen]


def read_frame(data: bytes) -> View:
    _kind, count, others, tick, e0, n0, z0 = HEADER.unpack_from(data)
    people = {}
    for index in range(count):
        number, e, n, z, yaw, state = RECORD.unpack_from(data, HEADER.size + index * RECORD.size)
        people[number] = Seen((e0 + e) / 100, (n0 + n) / 100, (z0 + z) / 100, yaw, state)
    assert len(data) == HEADER.size + count * RECORD.size
    return View(tick, others, people)


def pose(tick: int, e: float, n: float, z: float = 2.0, yaw: int = 0, state: int = WALKING) -> bytes:
    return POSE.pack(1, tick, round(e * 100), round(n * 100), round(z * 100), yaw, state)


@dataclass
class Walker:
    """One socket and everything it was told."""

    line: ClientConnection
    echoes: bool = True
    # Called with each frame as it arrives.
    on_frame: Callable[["Walker", View], None] | None = None
    id: int = 0
    look: str = ""
    name: str = ""
    tick: int = 0
    view: View = field(default_factory=lambda: View(0, 0, {}))
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=lambda: {"total": 0, "spots": []})
    refusals: list[str] = field(default_factory=list)
    frames: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def people(self) -> dict[int, Seen]:
        """Everybody in view but oneself."""
        return {number: seen for number, seen in self.view.people.items() if number != self.id}

    @property
    def close_code(self) -> int | None:
        return self.line.close_code

    async def go(self, e: float, n: float, **how: Any) -> None:
        await self.line.send(pose(self.tick, e, n, **how))

    async def until(self, condition: Callable[["Walker"], Any], within_s: float = PATIENCE_S) -> None:
        """Waits until the condition holds; fails with what was seen instead."""
        end = time.monotonic() + within_s
        while not condition(self):
            self._news.clear()
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{self.view}, {self.names}, {self.counts}, {self.refusals}, {self.close_code}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)

    async def until_closed(self, within_s: float = PATIENCE_S) -> int | None:
        await asyncio.wait_for(self.line.wait_closed(), within_s)
        return self.close_code

    async def listen(self) -> None:
        try:
            async for message in self.line:
                await self._take(message)
                self._news.set()
        except ConnectionClosed:
            pass
        finally:
            self._news.set()

    async def _take(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self._take_text(json.loads(message))
            return
        if message[0] == 1:
            self.view = read_frame(message)
            self.tick = self.view.tick
            self.frames += 1
            if self.on_frame:
                self.on_frame(self, self.view)
        else:
            self.tick = ECHO.unpack(message)[1]
        if self.echoes:
            await self.line.send(ECHO.pack(2, self.tick))

    def _take_text(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "welcome"}:
                self.id, self.name, self.look = message["id"], message["name"], message["look"]
            case {"type": "names", "names": names}:
                self.names |= {number: (name, badge) for number, name, badge in names}
            case {"type": "counts"}:
                self.counts = message
            case {"type": "refused", "code": code}:
                self.refusals.append(code)


def guest_key() -> str:
    return secrets.token_hex(16)


@contextlib.asynccontextmanager
async def walker(
    url: str, world: str, *, session: str = "", guest: str = "", cookies: str = "", **how: Any
) -> AsyncIterator[Walker]:
    """A socket of its own that listens until the end of the block. `url` is the site's."""
    address = f"{url.replace('http', 'ws', 1)}/ws/poses/{world}/?guest={guest or guest_key()}"
    told = [f"sessionid={session}"] if session else []
    headers = {"Cookie": "; ".join([*told, *([cookies] if cookies else [])])} if told or cookies else {}
    async with connect(address, origin=url, additional_headers=headers, compression=None, max_queue=None) as line:
        one = Walker(line, **how)
        listening = asyncio.create_task(one.listen())
        try:
            await one.until(lambda w: w.id or w.refusals or w.close_code)
            yield one
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
