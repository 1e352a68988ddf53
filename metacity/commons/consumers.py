"""The events socket, `/ws/events/`: one a page, for all the rooms that the page follows.

A client sends `{"type": "join", "room"}`, `{"type": "leave", "room"}` and `{"type": "ping"}`. It receives
`{"type": "joined", "room", "seq"}`, `{"type": "event", "room", "seq", "kind", "payload"}`, every few seconds
`{"type": "latest", "room", "seq"}`, `{"type": "pong"}`, and `{"type": "refused", "code"}` (with `room` where it is
about one), after which the socket may be closed.
"""

import json
import time
from collections import Counter
from importlib import import_module
from types import SimpleNamespace
from typing import Any, ClassVar

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user

from metacity.commons import events
from metacity.commons.http import client_address
from metacity.commons.pulse import in_database, pulse
from metacity.commons.relay import relay

Message = dict[str, Any]

LONGEST_MESSAGE = 2048
ROOMS_EACH = 50
SOCKETS_A_PERSON = 20
SOCKETS_AN_ADDRESS = 200  # a school or a phone network may share one address
MESSAGES_A_SECOND = 20
MESSAGES_AT_ONCE = 100  # enough to join every room again after a reconnection

# Close codes from the range that is ours (RFC 6455, 7.4.2), readable as the HTTP status of the same meaning.
MALFORMED, SIGNED_OUT, NOWHERE, TOO_MANY = 4400, 4401, 4404, 4429


class Allowance:
    """So many messages a second, with a reserve for a burst (a token bucket)."""

    __slots__ = ("_a_second", "_at", "_at_once", "_left")

    def __init__(self, a_second: float = MESSAGES_A_SECOND, at_once: float = MESSAGES_AT_ONCE) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._left = float(at_once)
        self._at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._left = min(self._at_once, self._left + (now - self._at) * self._a_second) - 1
        self._at = now
        return self._left >= 0


class EventsSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels carries no types
    """Passes events on. What may be heard is decided on joining, on every recheck, and for every event."""

    # The relay listens for all sockets of a process: none has a channel of its own.
    channel_layer_alias = None
    # How many sockets each person and each address has open in this process.
    open_sockets: ClassVar[Counter[str]] = Counter()

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.rooms: set[str] = set()
        self.counted = limits_of(scope, a_person=SOCKETS_A_PERSON, an_address=SOCKETS_AN_ADDRESS)
        self.open_sockets.update(self.counted.keys())
        try:
            await super().__call__(scope, receive, send)
        finally:  # however it ends, cancelled by the server included
            pulse().remove(self)
            self._follow_no_more()
            self._uncount()

    async def connect(self) -> None:
        self.closing = False
        self.allowance = Allowance()
        self.session_key = self.scope["session"].session_key
        self.user = self.scope["user"]
        if self.user.is_authenticated:
            # First listen for revocations, then ask who this is: one that comes in between is not missed.
            await relay().follow(events.person_group(self.user), self)
            await self._recognise(await in_database(user_of, self.session_key))
        else:
            await self._recognise(self.user)
        await self.accept()
        if any(self.open_sockets[name] > limit for name, limit in self.counted.items()):
            await self._refuse("too_many_sockets", close=TOO_MANY)
        else:
            pulse().add(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.closing:
            return
        if not self.allowance.take():
            await self._refuse("too_many", close=TOO_MANY)
            return
        message = _parse(text_data)
        if message is None:
            await self._refuse("malformed", close=MALFORMED)
            return
        match message:
            case {"type": "ping"}:
                await self._say({"type": "pong"})
            case {"type": "join", "room": str(room)}:
                await self._join(room)
            case {"type": "leave", "room": str(room)}:
                await self._leave(room)
            case _:
                await self._refuse("unknown_message")

    async def hear(self, message: Message) -> None:
        """A message of the channel layer, from the relay: an event of a room, or that this person's rights changed."""
        if message["type"] == "person.revoked":
            await self._doubt(message["session"])
        elif message["room"] in self.rooms and not self.closing:
            await self.send(text_data=_told(message, events.may_hear(message, self.ears)))

    async def _doubt(self, session: str) -> None:
        """Somebody has signed out of `session`, or, where that is empty, may do more or less than before."""
        if session and session == events.session_mark(self.session_key):
            await self._sign_out()
        elif not self.closing:
            await self.recheck()

    async def beat(self, latest: dict[str, int]) -> None:
        if self.closing:
            return
        for room in list(self.rooms):
            await self._say({"type": "latest", "room": room, "seq": latest.get(room, 0)})
        if time.monotonic() >= self.recheck_at:
            await self.recheck()

    async def recheck(self) -> None:
        """Asks again who this is and what they may hear; a lost room is left, a lost session closes the socket."""
        was_signed_in = self.user.is_authenticated
        await self._recognise(await in_database(user_of, self.session_key))
        if was_signed_in and not self.user.is_authenticated:
            await self._sign_out()
            return
        for room in list(self.rooms):
            if not await in_database(events.may_enter, self.user, room):
                await self._leave(room)
                await self._refuse("forbidden", room=room)

    async def _recognise(self, user: Any) -> None:
        self.user = user
        self.ears = await in_database(events.ears_of, user)
        self.recheck_at = time.monotonic() + settings.EVENTS_RECHECK_S

    def _uncount(self) -> None:
        self.open_sockets.subtract(self.counted.keys())
        for name in self.counted:
            if self.open_sockets[name] <= 0:
                del self.open_sockets[name]

    async def _join(self, room: str) -> None:
        if len(self.rooms) >= ROOMS_EACH and room not in self.rooms:
            await self._refuse("too_many_rooms", room=room)
        elif not await in_database(events.may_enter, self.user, room):
            await self._refuse("not_found", room=room)
        else:
            # First listen, then read the number: an event between the two arrives twice over, never not at all.
            self.rooms.add(room)
            await relay().follow(events.room_group(room), self)
            await self._say({"type": "joined", "room": room, "seq": await in_database(events.latest, room)})

    async def _leave(self, room: str) -> None:
        if room in self.rooms:
            self.rooms.discard(room)
            relay().leave(events.room_group(room), self)

    def _follow_no_more(self) -> None:
        for room in self.rooms:
            relay().leave(events.room_group(room), self)
        if self.scope["user"].is_authenticated:
            relay().leave(events.person_group(self.scope["user"]), self)

    async def _sign_out(self) -> None:
        await self._refuse("signed_out", close=SIGNED_OUT)

    async def _refuse(self, code: str, *, room: str | None = None, close: int | None = None) -> None:
        self.closing = self.closing or close is not None
        await self._say({"type": "refused", "code": code} | ({"room": room[:80]} if room is not None else {}))
        if close is not None:
            await self.close(code=close)

    async def _say(self, message: Message) -> None:
        await self.send(text_data=_as_json(message))


def _told(message: Message, is_heard: bool) -> str:
    """An event as text, made once for all sockets that hear it and once for all that learn only its number."""
    texts: dict[bool, str] = message.setdefault("texts", {})
    if is_heard not in texts:
        told = events.heard(message, is_heard)
        texts[is_heard] = _as_json({"type": "event", "room": message["room"], **told})
    return texts[is_heard]


def _as_json(message: Message) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


async def nowhere(scope: Message, receive: Any, send: Any) -> None:
    """Sockets that lead nowhere are closed before they open."""
    await receive()
    await send({"type": "websocket.close", "code": NOWHERE})


def _parse(text: str | None) -> Message | None:
    if text is None or len(text) > LONGEST_MESSAGE:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def limits_of(scope: Message, *, a_person: int, an_address: int) -> dict[str, int]:
    """Under which names a socket counts, and how many each name may have."""
    headers = dict(scope["headers"])
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
    address = client_address(forwarded, (scope.get("client") or ("",))[0])
    limits = {f"address:{address}": an_address}
    if scope["user"].is_authenticated:
        limits[f"person:{scope['user'].pk}"] = a_person
    return limits


def user_of(session_key: str | None) -> Any:
    """Who the session belongs to now, read anew: nobody after signing out, a new password or a ban."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]  # reads the session and nothing else
