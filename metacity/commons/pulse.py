"""The heartbeat of all sockets of a process: one query every few seconds, however many people listen."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Protocol, TypeVar
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from metacity.commons import events
from metacity.commons.relay import relay

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


class Listener(Protocol):
    """A socket, as the pulse knows it."""

    @property
    def rooms(self) -> Collection[str]: ...

    def beat(self, latest: dict[str, int]) -> Awaitable[None]: ...


class Pulse:
    """Tells every listener the latest numbers of its rooms. Runs while there are listeners."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, listener: Listener) -> None:
        self._listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def remove(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        if not self._listeners and self._task:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(settings.EVENTS_HEARTBEAT_S)
            try:
                await self._beat()
            except Exception:  # a database that is away for a moment must not end the heartbeat
                log.exception("The heartbeat missed a beat.")

    async def _beat(self) -> None:
        listeners = list(self._listeners)
        rooms = {room for listener in listeners for room in listener.rooms}
        latest = await in_database(events.latest_of, rooms) if rooms else {}
        await relay().catch_up({events.room_group(room): seq for room, seq in latest.items()})
        outcomes = await asyncio.gather(*(listener.beat(latest) for listener in listeners), return_exceptions=True)
        for failure in (outcome for outcome in outcomes if isinstance(outcome, Exception)):
            log.error("A socket missed a beat.", exc_info=failure)


_pulses: "WeakKeyDictionary[asyncio.AbstractEventLoop, Pulse]" = WeakKeyDictionary()


def pulse() -> Pulse:
    """The pulse of the running event loop."""
    return _pulses.setdefault(asyncio.get_running_loop(), Pulse())


# Sockets do not queue for the one thread that views share, nor do a thousand of them open a thousand connections.
_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="sockets")


async def in_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs `function`, which asks the database, in a thread for sockets; its connection is closed afterwards."""

    def ask() -> R:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return await sync_to_async(ask, thread_sensitive=False, executor=_threads)()
