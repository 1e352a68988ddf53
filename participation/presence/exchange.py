"""Between the processes that hold people: poses by publication, cell for cell, and who is where by keys that expire.

Every message is the whole of what one process knows of a cell, told again every two seconds: whatever is lost, by a
restart of Redis too, is right again by itself.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from participation.presence.ground import Cell
from participation.presence.identity import Someone
from participation.presence.wire import Pose
from participation.presence.world import Avatar, World

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.025
TELL_AGAIN_S = 2.0
WRITE_EVERY_S = 1.0
# A process that has not been heard of for so long is gone, and its people with it.
GONE_AFTER_S = 6
RETRY_S = 0.5

# Number, name, badge, east and north in cm (null for somebody at no place), state.
Row = list[Any]


def keys_prefix(world: str) -> str:
    # Publications know no database numbers, so the number stands in the name.
    return f"presence:{settings.REDIS_FIRST_DATABASE}:{world}"


def processes_key(world: str) -> str:
    return f"{keys_prefix(world)}:processes"


def people_key(world: str, process: str) -> str:
    return f"{keys_prefix(world)}:people:{process}"


@dataclass
class Heard:
    """Whom another process brings, and in which cell it said so."""

    at: float = 0.0
    cells: dict[int, Cell] = field(default_factory=dict)


class Exchange:
    """What this process tells and hears. `worlds` belong to the hub."""

    def __init__(self, worlds: dict[str, World]) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        # People of other processes, by world, as their keys told a moment ago.
        self.elsewhere: dict[str, list[Row]] = {}
        self._worlds = worlds
        self._wanted: set[str] = set()
        self._heard: dict[tuple[str, str], Heard] = {}
        self._written: set[str] = set()
        self._redis: Redis
        self._is_down = False

    async def run(self) -> None:
        """Until cancelled."""
        self._redis = Redis.from_url(
            settings.PRESENCE_REDIS_URL,
            max_connections=16,
            socket_connect_timeout=2,
            socket_timeout=5,
            decode_responses=True,
        )
        try:
            await asyncio.gather(
                self._keep(self._listen),
                self._keep(self._tell_on),
                self._keep(self._tell_again),
                self._keep(self._write_on),
            )
        finally:
            await self._redis.aclose()

    def want(self, world: str, cells: Iterable[Cell]) -> None:
        """From now on, hear of these cells of a world and of no others."""
        prefix = f"{keys_prefix(world)}:cell:"
        wanted = {f"{prefix}{e},{n}" for e, n in cells}
        dropped = {name for name in self._wanted if name.startswith(prefix)} - wanted
        if dropped:
            self._forget(world, {_cell_of_channel(name) for name in dropped})
        self._wanted = (self._wanted - dropped) | wanted

    async def _keep(self, work: Any) -> None:
        """Does `work` again and again, whatever happens to Redis."""
        while True:
            try:
                await work()
                self._is_down = False
            except (RedisError, OSError) as error:
                if not self._is_down:
                    log.warning("People of other processes are not seen: %s", error)
                self._is_down = True
                await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as line:
            # A line that listens to nothing cannot be waited on.
            await line.subscribe(f"{keys_prefix('')}:idle")
            subscribed: set[str] = set()
            while True:
                if subscribed != self._wanted:
                    wanted = set(self._wanted)
                    if wanted - subscribed:
                        await line.subscribe(*(wanted - subscribed))
                    if subscribed - wanted:
                        await line.unsubscribe(*(subscribed - wanted))
                    subscribed = wanted
                message = await line.get_message(timeout=0.1)
                if message and message["type"] == "message":
                    self._hear(message["channel"], message["data"])

    async def _tell_on(self) -> None:
        await asyncio.sleep(TELL_EVERY_S)
        told = [(name, world, cell) for name, world in self._worlds.items() for cell in world.untold]
        if not told:
            return
        async with self._redis.pipeline(transaction=False) as pipe:
            for name, world, cell in told:
                pipe.publish(f"{keys_prefix(name)}:cell:{cell[0]},{cell[1]}", self._publication(world, cell))
            for world in self._worlds.values():
                world.untold.clear()
            await pipe.execute()

    async def _tell_again(self) -> None:
        await asyncio.sleep(TELL_AGAIN_S)
        for world in self._worlds.values():
            world.untold.update(avatar.cell for avatar in world.ours() if avatar.is_told_by_us and avatar.cell)

    def _publication(self, world: World, cell: Cell) -> bytes:
        people = [
            [avatar.someone.number, avatar.someone.name, avatar.someone.badge, avatar.placed_at, *avatar.pose]
            for avatar in world.told_by_us(cell)
            if avatar.pose
        ]
        return orjson.dumps([self.name, people])

    def _hear(self, channel: str, data: str) -> None:
        process, people = orjson.loads(data)
        name = channel.removeprefix(keys_prefix("")).partition(":cell:")[0]
        world = self._worlds.get(name)
        if process == self.name or world is None or channel not in self._wanted:
            return
        cell = _cell_of_channel(channel)
        heard = self._heard.setdefault((name, process), Heard())
        heard.at = time.monotonic()
        for number, shown, badge, at, *told in people:
            world.hold(Someone(number, shown, badge, is_hidden=False, account=""), process)
            world.place(number, process, Pose(*told), at)
            heard.cells[number] = cell
        here = {row[0] for row in people}
        for number in [number for number, where in heard.cells.items() if where == cell and number not in here]:
            del heard.cells[number]
            world.let_go(number, process)

    def _forget(self, name: str, cells: set[Cell]) -> None:
        """What was heard of cells that are heard of no more."""
        world = self._worlds.get(name)
        for (heard_in, process), heard in self._heard.items():
            if heard_in != name:
                continue
            for number in [number for number, cell in heard.cells.items() if cell in cells]:
                del heard.cells[number]
                if world:
                    world.let_go(number, process)

    async def _write_on(self) -> None:
        """Writes down who is here, reads who is elsewhere, and lets go of processes that have fallen silent."""
        await asyncio.sleep(WRITE_EVERY_S)
        self._let_go_of_silent()
        for name in self._written | self._worlds.keys():
            await self._write(name, self._worlds.get(name))
        self._written = set(self._worlds)
        self.elsewhere = {name: await self._read(name) for name in self._worlds}

    async def _write(self, name: str, world: World | None) -> None:
        rows = [row_of(avatar) for avatar in world.ours()] if world else []
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.set(people_key(name, self.name), orjson.dumps(rows), ex=GONE_AFTER_S)
            pipe.sadd(processes_key(name), self.name)
            pipe.expire(processes_key(name), 60)
            await pipe.execute()

    async def _read(self, name: str) -> list[Row]:
        processes = [str(process) for process in await self._redis.smembers(processes_key(name))]
        others = [process for process in processes if process != self.name]
        if not others:
            return []
        told = await self._redis.mget([people_key(name, process) for process in others])
        silent = [process for process, rows in zip(others, told, strict=True) if rows is None]
        if silent:
            await self._redis.srem(processes_key(name), *silent)
        return [row for rows in told if rows for row in orjson.loads(rows)]

    def _let_go_of_silent(self) -> None:
        silent = [key for key, heard in self._heard.items() if heard.at < time.monotonic() - GONE_AFTER_S]
        for name, process in silent:
            heard = self._heard.pop((name, process))
            world = self._worlds.get(name)
            for number in heard.cells if world else ():
                world.let_go(number, process)  # type: ignore[union-attr]


def row_of(avatar: Avatar) -> Row:
    who, pose = avatar.someone, avatar.pose
    return [who.number, who.name, who.badge, pose and pose.e, pose and pose.n, pose and pose.state]


def _cell_of_channel(channel: str) -> Cell:
    e, _comma, n = channel.rpartition(":")[2].partition(",")
    return int(e), int(n)
