"""The people of this process: who came in, what they see ten times a second, and when they have to go.

One hub an event loop. The way of a pose (`hear`, the tick) asks no database and waits for nobody.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from channels.layers import get_channel_layer
from django.conf import settings

from metacity.commons import events
from metacity.commons.consumers import MALFORMED, NOWHERE, SIGNED_OUT, TOO_MANY, Allowance
from metacity.commons.errors import CityError
from metacity.commons.pulse import in_database
from participation.presence import wire
from participation.presence.exchange import Exchange, Row, row_of
from participation.presence.ground import CELL_CM, Cell, cell_of
from participation.presence.identity import Admission, Someone, admission
from participation.presence.wire import Pose
from participation.presence.world import Frame, Named, World

log = logging.getLogger(__name__)

TICK_S = 0.1
# All in ticks. A client is spoken to at least so often, and answers; silent ones and stuck ones are let go.
BEAT_EVERY = 25
SILENT_AFTER = 80
STUCK_AFTER = 100
COUNT_EVERY = 10
# So long an avatar stays when its line breaks: whoever comes back by then was never away.
LINGER = 30
# So many frames may be on their way to one client.
CREDIT = 3

MESSAGES_A_SECOND = 20
# What a line that hung for two seconds delivers at once.
MESSAGES_AT_ONCE = 40
MOST_SPOTS = 400
CHANNEL_RETRY_S = 2.0

# A second or third slip may be a line that stuttered; then it is meant.
MOST_FAULTS = 3
TOO_SLOW, FORBIDDEN = 4408, 4403
_CLOSES = {"too_fast": TOO_MANY, "outside": MALFORMED, "malformed": MALFORMED}

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Fault(Exception):
    """A message that a client should not have sent; `args[0]` is the code."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a socket comes from: what is asked about it again and again."""

    world: str
    session_key: str | None
    # Made up by a browser without an account, and its choice.
    guest: str
    guest_look: str
    # The account's id that the session belonged to at first.
    account: str


class Visitor:
    """One socket: whom it brings, what it looks at, and how far it has read."""

    __slots__ = (
        "allowance", "cell", "counts", "faults", "frame", "heard", "is_closing", "origin", "pending", "pose",
        "recheck_at", "send", "sent", "someone", "told",
    )  # fmt: skip

    def __init__(self, origin: Origin, send: Send) -> None:
        self.origin = origin
        self.send = send
        self.recheck_at = time.monotonic() + settings.EVENTS_RECHECK_S
        self.allowance = Allowance(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)
        self.someone: Someone | None = None
        self.pose: Pose | None = None
        self.cell: Cell | None = None
        self.frame: Frame | None = None
        self.told: frozenset[Named] = frozenset()
        self.counts: bytes | None = None
        # Ticks: of what is on its way, of what was sent last, of what was heard last.
        self.pending: list[int] = []
        self.sent = self.heard = 0
        self.faults = 0
        self.is_closing = False

    async def say(self, message: dict[str, Any]) -> None:
        await self.send({"type": "websocket.send", "text": json.dumps(message, ensure_ascii=False)})

    async def refuse(self, reason: str) -> None:
        """Answers a message that should not have been sent; closes when it happens again and again."""
        self.faults += 1
        if self.faults >= MOST_FAULTS:
            await self.close(reason, _CLOSES[reason])
        else:
            await self.say({"type": "refused", "code": reason})

    async def close(self, reason: str, code: int) -> None:
        """Says why and closes, once."""
        if self.is_closing:
            return
        self.is_closing = True
        await self.say({"type": "refused", "code": reason})
        await self.send({"type": "websocket.close", "code": code})


class Hub:
    def __init__(self) -> None:
        self.worlds: dict[str, World] = {}
        self.exchange = Exchange(self.worlds)
        self.tick = 0
        self._visitors: dict[str, set[Visitor]] = {}
        self._accounts: dict[str, set[Visitor]] = {}
        # Sockets whose line broke, and the tick until which their avatars stay.
        self._lingering: dict[Visitor, int] = {}
        self._counts: dict[str, bytes] = {}
        self._channel = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._errands: set[asyncio.Task[None]] = set()

    # --- Coming and going ---

    async def enter(self, visitor: Visitor) -> None:
        """Raises `CityError` for whoever may not be here."""
        # First listen for revocations, then ask who this is: one that comes in between is not missed.
        await self._listen_for(visitor)
        admitted = await _ask(visitor.origin)
        name = visitor.origin.world
        self.worlds.setdefault(name, World(admitted.ground)).ground = admitted.ground
        self._visitors.setdefault(name, set()).add(visitor)
        self._start()
        visitor.heard = visitor.sent = self.tick
        self._know(visitor, admitted.someone)

    def leave(self, visitor: Visitor, *, for_good: bool) -> None:
        """Never asks, never fails. Unless `for_good`, the avatar stays for a moment: the line may come back."""
        self._listen_no_more(visitor)
        if visitor not in self._visitors.get(visitor.origin.world, ()):
            return
        self._visitors[visitor.origin.world].discard(visitor)
        self._look_at(visitor, None)
        if for_good:
            self._let_go(visitor)
        else:
            self._lingering[visitor] = self.tick + LINGER

    def _know(self, visitor: Visitor, someone: Someone) -> None:
        """Who the visitor brings, or how they are seen from now on."""
        world = self.worlds[visitor.origin.world]
        someone = replace(someone, number=self._number_of(visitor, someone))
        visitor.someone = someone
        world.hold(someone, visitor)
        if visitor.pose:
            world.place(someone.number, visitor, visitor.pose, time.time())

    def _number_of(self, visitor: Visitor, someone: Someone) -> int:
        """Numbers change at midnight; whoever is here keeps theirs, in all tabs."""
        here = [visitor, *self._accounts.get(someone.account, ())]
        world = visitor.origin.world
        known = (one.someone.number for one in here if one.someone and one.origin.world == world)
        return next(known, someone.number)

    # --- What a client says ---

    def hear(self, visitor: Visitor, data: bytes | None) -> None:
        """A pose or an echo. Raises `Fault`."""
        visitor.heard = self.tick
        if not visitor.allowance.take():
            raise Fault("too_fast")
        try:
            seen, pose = wire.read(data)
        except wire.Malformed:
            raise Fault("malformed") from None
        if seen > visitor.sent:
            raise Fault("malformed")
        visitor.pending = [tick for tick in visitor.pending if tick > seen]
        if pose is not None:
            self._move(visitor, pose)

    def _move(self, visitor: Visitor, pose: Pose) -> None:
        world, someone = self.worlds[visitor.origin.world], visitor.someone
        if not world.ground.holds(pose):
            raise Fault("outside")
        visitor.pose = pose
        cell = cell_of(pose)
        if cell != visitor.cell:
            self._look_at(visitor, cell)
        if someone:
            world.place(someone.number, visitor, pose, time.time())

    # --- What clients are told ---

    async def _tick_on(self) -> None:
        due = time.monotonic()
        while not self._stop_when_empty():
            due = max(due + TICK_S, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            try:
                await self._tick()
            except Exception:  # what goes wrong once must not end everybody's sight
                log.exception("A tick of the people in the city was missed.")

    async def _tick(self) -> None:
        self.tick += 1
        for visitor in [visitor for visitor, until in self._lingering.items() if until <= self.tick]:
            self._let_go(visitor)
        if self.tick % COUNT_EVERY == 0:
            self._count()
        for name, world in list(self.worlds.items()):
            world.make_frames(self.tick)
            for visitor in list(self._visitors.get(name, ())):
                try:
                    await self._serve(visitor, world)
                except Exception as error:  # its line has just broken: `leave` follows, and the others are served
                    log.debug("Somebody could not be reached: %s", error)
        self._close_empty_worlds()

    async def _serve(self, visitor: Visitor, world: World) -> None:
        if visitor.is_closing:
            return
        if self.tick - visitor.heard > SILENT_AFTER:
            await self._dismiss(visitor, "silent", TOO_SLOW)
        elif visitor.pending and self.tick - visitor.pending[0] > STUCK_AFTER:
            await self._dismiss(visitor, "slow", TOO_SLOW)
        elif len(visitor.pending) < CREDIT:
            await self._send_news(visitor, world)

    async def _send_news(self, visitor: Visitor, world: World) -> None:
        counts = self._counts.get(visitor.origin.world)
        if counts is not None and counts is not visitor.counts:
            visitor.counts = counts
            await visitor.send({"type": "websocket.send", "text": counts.decode()})
        frame = world.frames.get(visitor.cell) if visitor.cell else None
        if frame is not None and frame is not visitor.frame:
            await self._send_frame(visitor, frame)
        elif self.tick - visitor.sent >= BEAT_EVERY:
            await self._send_bytes(visitor, wire.beat(self.tick))

    async def _send_frame(self, visitor: Visitor, frame: Frame) -> None:
        unknown = frame.named - visitor.told
        if unknown:
            await visitor.say({"type": "names", "names": sorted(unknown)})
        visitor.frame, visitor.told = frame, frame.named
        await self._send_bytes(visitor, frame.data if frame.tick == self.tick else wire.dated(frame.data, self.tick))

    async def _send_bytes(self, visitor: Visitor, data: bytes) -> None:
        visitor.pending.append(self.tick)
        visitor.sent = self.tick
        await visitor.send({"type": "websocket.send", "bytes": data})

    def _count(self) -> None:
        """How many are where, to the cell: for maps, and for those too many or too far to be told one by one."""
        for name, world in self.worlds.items():
            rows = {row[0]: row for row in self.exchange.elsewhere.get(name, [])}
            rows |= {avatar.someone.number: row_of(avatar) for avatar in world.ours()}
            counts = orjson.dumps({"type": "counts", "total": len(rows), "spots": _spots(list(rows.values()))})
            if counts != self._counts.get(name):
                self._counts[name] = counts

    # --- What has changed for a person ---

    async def _hear_revocations(self) -> None:
        layer = get_channel_layer()
        self._channel = self._channel or await layer.new_channel()
        while True:
            try:
                while True:
                    await self._revoke(await layer.receive(self._channel))
            except Exception as error:  # the layer is away: everybody is asked again within a minute all the same
                log.warning("Revocations are not heard: %s", error)
            await asyncio.sleep(CHANNEL_RETRY_S)
            for account in list(self._accounts):
                await self._join_group(account)

    async def _revoke(self, message: dict[str, Any]) -> None:
        for visitor in list(self._accounts.get(message["person"], ())):
            if not message["session"]:
                await self._recheck(visitor)
            elif message["session"] == events.session_mark(visitor.origin.session_key):
                await self._dismiss(visitor, "signed_out", SIGNED_OUT)

    async def _recheck_on(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, settings.EVENTS_RECHECK_S))
            now = time.monotonic()
            due = [one for visitors in self._visitors.values() for one in visitors if one.recheck_at <= now]
            for visitor in due:
                await self._recheck(visitor)

    async def _recheck(self, visitor: Visitor) -> None:
        """Asks again who this is; whoever may not be here any more goes, whoever is seen otherwise changes."""
        visitor.recheck_at = time.monotonic() + settings.EVENTS_RECHECK_S
        try:
            admitted = await _ask(visitor.origin)
        except CityError as refused:
            await self._dismiss(visitor, refused.code, close_code(refused))
            return
        except Exception:  # a database that is away for a moment sends nobody away
            log.exception("Somebody in the city could not be asked again.")
            return
        if visitor.origin.account != admitted.someone.account:
            await self._dismiss(visitor, "signed_out", SIGNED_OUT)
        elif visitor in self._visitors.get(visitor.origin.world, ()):
            self._know(visitor, admitted.someone)

    async def _listen_for(self, visitor: Visitor) -> None:
        account = visitor.origin.account
        if not account:
            return
        self._accounts.setdefault(account, set()).add(visitor)
        self._start()
        await self._join_group(account)

    def _listen_no_more(self, visitor: Visitor) -> None:
        account = visitor.origin.account
        listeners = self._accounts.get(account, set())
        listeners.discard(visitor)
        if account in self._accounts and not listeners:
            del self._accounts[account]
            self._keep(asyncio.get_running_loop().create_task(self._leave_group(account)))

    def _keep(self, task: "asyncio.Task[None]") -> None:
        """The loop itself holds tasks by a weak reference only."""
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _join_group(self, account: str) -> None:
        layer = get_channel_layer()
        try:
            self._channel = self._channel or await layer.new_channel()
            await layer.group_add(events.account_group(account), self._channel)
        except Exception as error:  # joined as soon as the layer is back; until then the recheck has to do
            log.warning("Revocations of somebody are not heard: %s", error)

    async def _leave_group(self, account: str) -> None:
        with suppress(Exception):  # an entry too many in the layer: it expires
            await get_channel_layer().group_discard(events.account_group(account), self._channel)
        if account in self._accounts:  # back in the meantime, and maybe joined before this left
            await self._join_group(account)

    async def _dismiss(self, visitor: Visitor, reason: str, code: int) -> None:
        """Gone at once, even if its line takes its time to close."""
        self.leave(visitor, for_good=True)
        await visitor.close(reason, code)

    # --- Housekeeping ---

    def _start(self) -> None:
        """Works while somebody is here."""
        if self._tasks:
            return
        work = (self._tick_on(), self._recheck_on(), self._hear_revocations(), self.exchange.run())
        self._tasks = [asyncio.get_running_loop().create_task(one) for one in work]

    def _stop_when_empty(self) -> bool:
        if self._visitors or self._accounts:
            return False
        for task in self._tasks[1:]:
            task.cancel()
        self._tasks = []
        return True

    def _look_at(self, visitor: Visitor, cell: Cell | None) -> None:
        world = self.worlds[visitor.origin.world]
        world.look_at(visitor, cell)
        self.exchange.want(visitor.origin.world, world.seen_cells())

    def _let_go(self, visitor: Visitor) -> None:
        self._lingering.pop(visitor, None)
        if visitor.someone:
            self.worlds[visitor.origin.world].let_go(visitor.someone.number, visitor)

    def _close_empty_worlds(self) -> None:
        lingering = {visitor.origin.world for visitor in self._lingering}
        for name in [name for name, visitors in self._visitors.items() if not visitors and name not in lingering]:
            del self._visitors[name], self.worlds[name]
            self._counts.pop(name, None)


def close_code(refused: CityError) -> int:
    return FORBIDDEN if refused.status == 403 else NOWHERE


async def _ask(origin: Origin) -> Admission:
    return await in_database(admission, origin.world, origin.session_key, origin.guest, origin.guest_look)


def _spots(rows: list[Row]) -> list[list[int]]:
    """East and north in metres, and how many: the middle of the people of each cell, the fullest cells first."""
    cells: dict[Cell, list[Row]] = {}
    for row in rows:
        if row[3] is not None:
            cells.setdefault((row[3] // CELL_CM, row[4] // CELL_CM), []).append(row)
    spots = [
        [
            sum(row[3] for row in there) // len(there) // 100,
            sum(row[4] for row in there) // len(there) // 100,
            len(there),
        ]
        for there in cells.values()
    ]
    return sorted(spots, key=lambda spot: (-spot[2], spot))[:MOST_SPOTS]


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
