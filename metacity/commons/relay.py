"""What the channel layer tells a process, handed to all its sockets: once a process instead of once a socket.

A process joins each group once, however many of its sockets follow it, and hears each message once. It hands a message
to all followers before it takes the next, so that nobody hears an event before the revocation that came first.
"""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

Message = dict[str, Any]
RETRY_S = 0.5


class Follower(Protocol):
    """A socket, as the relay knows it."""

    def hear(self, message: Message) -> Awaitable[None]: ...


class Relay:
    """The groups that sockets of this process follow. Listens while there are any."""

    def __init__(self) -> None:
        self._followers: dict[str, set[Follower]] = {}
        # The last number that each group was told or is known to stand at.
        self._heard: dict[str, int] = {}
        self._channel = ""
        self._task: asyncio.Task[None] | None = None
        # The loop itself holds tasks by a weak reference only.
        self._errands: set[asyncio.Task[None]] = set()

    async def follow(self, group: str, follower: Follower) -> None:
        """From here on `follower` hears what the group is told, unless the layer is away just now: see `catch_up`."""
        self._followers.setdefault(group, set()).add(follower)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        await self._join([group])

    def leave(self, group: str, follower: Follower) -> None:
        """At once, and without ever failing; the group in the layer follows by itself."""
        followers = self._followers.get(group, set())
        followers.discard(follower)
        if followers or group not in self._followers:
            return
        del self._followers[group]
        self._heard.pop(group, None)
        errand = asyncio.get_running_loop().create_task(self._leave_group(group))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)
        if not self._followers and self._task:
            self._task.cancel()
            self._task = None

    async def catch_up(self, numbers: Mapping[str, int]) -> None:
        """Joins those groups again whose latest number has not been heard: a restarted layer forgets who listens."""
        behind = {group: seq for group, seq in numbers.items() if self._heard.get(group, 0) < seq}
        self._heard.update(behind)
        await self._join([group for group in behind if group in self._followers])

    async def _run(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:  # whoever follows is told the latest numbers meanwhile, and catches up
                log.warning("The channel layer is not heard: %s", error)
            await asyncio.sleep(RETRY_S)
            await self._join(list(self._followers))

    async def _hear(self) -> None:
        layer = get_channel_layer()
        channel = await self._channel_of(layer)
        while True:
            message = await layer.receive(channel)
            self._heard[message["group"]] = message.get("seq", 0)
            followers = list(self._followers.get(message["group"], ()))
            outcomes = await asyncio.gather(*(one.hear(message) for one in followers), return_exceptions=True)
            for failure in (outcome for outcome in outcomes if isinstance(outcome, Exception)):
                log.error("A socket missed a message.", exc_info=failure)

    async def _join(self, groups: list[str]) -> None:
        layer = get_channel_layer()
        try:
            channel = await self._channel_of(layer)
            for group in groups:
                await layer.group_add(group, channel)
        except Exception as error:  # joined as soon as the layer is back
            log.warning("The channel layer does not answer: %s", error)

    async def _leave_group(self, group: str) -> None:
        with suppress(Exception):  # an entry too many in the layer: it expires
            await get_channel_layer().group_discard(group, self._channel)
        if group in self._followers:  # followed again in the meantime, and maybe joined before this left
            await self._join([group])

    async def _channel_of(self, layer: Any) -> str:
        self._channel = self._channel or await layer.new_channel()
        return self._channel


_relays: "WeakKeyDictionary[asyncio.AbstractEventLoop, Relay]" = WeakKeyDictionary()


def relay() -> Relay:
    """The relay of the running event loop."""
    return _relays.setdefault(asyncio.get_running_loop(), Relay())
