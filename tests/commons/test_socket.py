"""The events socket: who may hear what, for how long, and what it does with garbage."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import LazySettings, settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.accounts.services.roles import grant_role, revoke_role
from metacity.asgi import application
from metacity.commons import consumers, events

pytestmark = pytest.mark.django_db(transaction=True)
# For sockets that meet no rows: a flush of every table after each would be time for nothing.
without_rows = pytest.mark.django_db

ROOM = "hall.1"
LONG_S = 5.0


@pytest.fixture(autouse=True)
def _rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms: dict[str, Callable[[Any, str], bool]] = {
        "hall": lambda user, room: True,
        "office": lambda user, room: getattr(user, "has_role", lambda role: False)("official"),
    }
    monkeypatch.setattr(events, "_access", rooms)


@asynccontextmanager
async def opened(
    session_key: str = "", origin: str = "http://localhost", path: str = "/ws/events/"
) -> AsyncIterator[WebsocketCommunicator]:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    if session_key:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode()))
    socket = WebsocketCommunicator(application, path, headers=headers)
    connected, code = await socket.connect(timeout=LONG_S)
    assert connected, code
    try:
        yield socket
    finally:
        await socket.disconnect()


async def hear(socket: WebsocketCommunicator, *kinds: str) -> dict[str, Any]:
    """The next message of one of `kinds`; without any, the next at all."""
    while True:
        message: dict[str, Any] = json.loads(await socket.receive_from(timeout=LONG_S))
        if not kinds or message["type"] in kinds:
            return message


async def closed(socket: WebsocketCommunicator) -> int:
    """The code with which the socket was closed, once everything said before has been read."""
    while (output := await socket.receive_output(timeout=LONG_S))["type"] != "websocket.close":
        pass
    return int(output["code"])


async def join(socket: WebsocketCommunicator, room: str = ROOM) -> dict[str, Any]:
    await socket.send_json_to({"type": "join", "room": room})
    return await hear(socket, "joined", "refused")


@sync_to_async
def announce(**changes: Any) -> int:
    with transaction.atomic():
        return events.announce(**({"room": ROOM, "kind": "hall.opened", "payload": {"open": True}} | changes))


@sync_to_async
def member(email: str, *roles: Role) -> tuple[User, str]:
    """An account, and the key of a session in which it is signed in."""
    user = get_user_model().objects.create_user(email, "correct horse")
    for role in roles:
        grant_role(user=user, role=role, by=None)
    client = Client()
    client.force_login(user)
    return user, client.session.session_key or ""


async def test_who_joined_hears_what_is_announced() -> None:
    await announce()
    async with opened() as socket:
        assert await join(socket) == {"type": "joined", "room": ROOM, "seq": 1}
        await announce(payload={"open": False})
        heard = await hear(socket, "event")
        assert heard == {"type": "event", "room": ROOM, "seq": 2, "kind": "hall.opened", "payload": {"open": False}}


async def test_a_process_hears_an_event_once_for_all_its_sockets() -> None:
    from channels.layers import get_channel_layer

    room, layer = "hall.full", get_channel_layer()
    async with opened() as one, opened() as other:
        for socket in (one, other):
            await join(socket, room)
        group = events.room_group(room)
        connection = layer.connection(layer.consistent_hash(group))
        assert await connection.zcard(layer._group_key(group)) == 1
        await announce(room=room)
        assert [(await hear(socket, "event"))["seq"] for socket in (one, other)] == [1, 1]


async def test_a_channel_layer_that_forgot_everything_is_joined_again(settings: LazySettings) -> None:
    from channels.layers import get_channel_layer

    settings.EVENTS_HEARTBEAT_S = 0.05
    async with opened() as socket:
        await join(socket)
        await get_channel_layer().flush()
        await announce()
        # The number tells that something was missed, and that the room has to be joined anew.
        while (await hear(socket, "latest"))["seq"] != 1:
            pass
        await hear(socket, "latest")
        await announce()
        assert (await hear(socket, "event"))["seq"] == 2


async def test_a_rollback_is_never_heard() -> None:
    def change_your_mind() -> None:
        with transaction.atomic():
            events.announce(room=ROOM, kind="hall.opened", payload={"open": "never"})
            transaction.set_rollback(True)

    async with opened() as socket:
        await join(socket)
        await sync_to_async(change_your_mind)()
        await announce()
        assert (await hear(socket, "event"))["payload"] == {"open": True}


async def test_who_left_hears_no_more() -> None:
    async with opened() as socket:
        await join(socket)
        await join(socket, "hall.2")
        await socket.send_json_to({"type": "leave", "room": ROOM})
        await socket.send_json_to({"type": "ping"})
        assert await hear(socket) == {"type": "pong"}
        await announce()
        await announce(room="hall.2")
        assert (await hear(socket, "event"))["room"] == "hall.2"


async def test_the_heartbeat_tells_the_latest_number(settings: LazySettings) -> None:
    settings.EVENTS_HEARTBEAT_S = 0.05
    async with opened() as socket:
        await join(socket)
        assert await hear(socket, "latest") == {"type": "latest", "room": ROOM, "seq": 0}
        await announce()
        while (await hear(socket, "latest"))["seq"] != 1:
            pass


@without_rows
@pytest.mark.parametrize("room", ["office.1", "cellar.1", "hall", "hall.홀", "h" * 900])
async def test_absent_and_forbidden_rooms_look_alike(room: str) -> None:
    async with opened() as socket:
        assert await join(socket, room) == {"type": "refused", "code": "not_found", "room": room[:80]}


async def test_an_event_for_others_carries_its_number_alone() -> None:
    _user, key = await member("citizen@example.org")
    async with opened(key) as socket:
        await join(socket)
        await announce(audience="role:official", payload={"secret": 1})
        heard = await hear(socket, "event")
        assert heard == {"type": "event", "room": ROOM, "seq": 1, "kind": "", "payload": None}


async def test_a_lost_role_reaches_open_sockets() -> None:
    user, key = await member("official@example.org", Role.OFFICIAL)
    async with opened(key) as socket:
        assert (await join(socket, "office.1"))["type"] == "joined"
        await sync_to_async(revoke_role)(user=user, role=Role.OFFICIAL, by=None)
        assert await hear(socket, "refused") == {"type": "refused", "code": "forbidden", "room": "office.1"}
        await announce(room="office.1")
        await socket.send_json_to({"type": "ping"})
        assert await hear(socket, "event", "pong") == {"type": "pong"}


async def test_rights_are_asked_again_by_and_by(settings: LazySettings) -> None:
    settings.EVENTS_HEARTBEAT_S, settings.EVENTS_RECHECK_S = 0.05, 0.05
    user, key = await member("official@example.org", Role.OFFICIAL)
    async with opened(key) as socket:
        await join(socket, "office.1")
        await sync_to_async(user.role_grants.all().delete)()
        assert (await hear(socket, "refused"))["code"] == "forbidden"


async def test_a_ban_closes_open_sockets() -> None:
    user, key = await member("citizen@example.org")
    async with opened(key) as socket:
        await join(socket)
        await sync_to_async(type(user).objects.filter(pk=user.pk).update)(is_active=False)
        await sync_to_async(events.revoke)(user)
        assert (await hear(socket, "refused"))["code"] == "signed_out"
        assert await closed(socket) == consumers.SIGNED_OUT


async def test_signing_out_closes_the_sockets_of_that_session_alone() -> None:
    user, key = await member("citizen@example.org")
    elsewhere = Client()
    await sync_to_async(elsewhere.force_login)(user)
    other_key = (await sync_to_async(lambda: elsewhere.session.session_key)()) or ""
    async with opened(key) as socket, opened(other_key) as other:
        await sync_to_async(elsewhere.logout)()
        assert await closed(other) == consumers.SIGNED_OUT
        await socket.send_json_to({"type": "ping"})
        assert await hear(socket) == {"type": "pong"}


@without_rows
@pytest.mark.parametrize(
    "garbage", ["", "{", "[1]", "7", '"join"', "[" * 2000, '{"type": "ping", "x": "' + "x" * 3000 + '"}', b"\x00\xff"]
)
async def test_garbage_is_answered_with_a_code_and_then_closed(garbage: str | bytes) -> None:
    async with opened() as socket:
        if isinstance(garbage, bytes):
            await socket.send_to(bytes_data=garbage)
        else:
            await socket.send_input({"type": "websocket.receive", "text": garbage})
        assert await hear(socket) == {"type": "refused", "code": "malformed"}
        assert await closed(socket) == consumers.MALFORMED


@without_rows
@pytest.mark.parametrize("message", [{}, {"type": "shout"}, {"type": "join"}, {"type": "join", "room": 7}])
async def test_an_unknown_message_is_answered_and_the_socket_stays(message: dict[str, Any]) -> None:
    async with opened() as socket:
        await socket.send_json_to(message)
        assert await hear(socket) == {"type": "refused", "code": "unknown_message"}
        assert (await join(socket))["type"] == "joined"


@without_rows
async def test_a_thousand_messages_a_second_are_answered_with_a_code_and_then_closed() -> None:
    async with opened() as socket:
        for _ in range(1000):
            await socket.send_json_to({"type": "ping"})
        assert (await hear(socket, "refused"))["code"] == "too_many"
        assert await closed(socket) == consumers.TOO_MANY
        assert await socket.receive_nothing()


@without_rows
async def test_a_socket_follows_only_so_many_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "ROOMS_EACH", 2)
    async with opened() as socket:
        for room in ("hall.1", "hall.2", "hall.1"):
            assert (await join(socket, room))["type"] == "joined"
        assert await join(socket, "hall.3") == {"type": "refused", "code": "too_many_rooms", "room": "hall.3"}


async def test_a_person_opens_only_so_many_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "SOCKETS_A_PERSON", 1)
    _user, key = await member("citizen@example.org")
    async with opened(key) as first:
        async with opened(key) as second:
            assert (await hear(second))["code"] == "too_many_sockets"
            assert await closed(second) == consumers.TOO_MANY
        assert (await join(first))["type"] == "joined"
    async with opened(key) as third:
        assert (await join(third))["type"] == "joined"
    assert not consumers.EventsSocket.open_sockets


@without_rows
async def test_an_address_opens_only_so_many_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "SOCKETS_AN_ADDRESS", 1)
    async with opened(), opened() as second:
        assert (await hear(second))["code"] == "too_many_sockets"


@without_rows
@pytest.mark.parametrize(
    ("origin", "path"), [("http://evil.example", "/ws/events/"), ("http://localhost", "/ws/elsewhere/")]
)
async def test_other_sites_and_other_addresses_get_no_socket(origin: str, path: str) -> None:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    socket = WebsocketCommunicator(application, path, headers=headers)
    connected, _code = await socket.connect(timeout=LONG_S)
    assert not connected
