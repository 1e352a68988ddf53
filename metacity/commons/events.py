"""Events that count: numbered in the transaction that makes them, sent after it, replayed to whoever missed them.

A room is named `<prefix>.<id>` (`proposal.<uuid>`). Its representation carries `room` and `seq`; a client applies the
events that follow, and fetches the representation anew when a number is missing. So *state + events = state fetched
later*, which `tests/state_and_events.py` proves for every kind of event.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from metacity.commons import clocks
from metacity.commons.access import Person
from metacity.commons.commits import after_commit
from metacity.commons.errors import NotFound

if TYPE_CHECKING:
    from metacity.commons.models import Event

Access = Callable[[Any, str], bool]
Payload = dict[str, Any]

LONGEST_REPLAY = 500
LARGEST_PAYLOAD_BYTES = 32_768
# The audience of what has been hidden since: nobody has this role.
WITHHELD = "role:none"

_ROOM_NAME = re.compile(r"[a-z]+\.[A-Za-z0-9_-]{1,64}")
_KIND = re.compile(r"[a-z][a-z_]*(\.[a-z_]+)+")
_EAR = re.compile(r"(role|person):[A-Za-z0-9_-]{1,40}")
_access: dict[str, Access] = {}


@dataclass(frozen=True)
class Replay:
    """What happened in a room after a number. With `gap`, events are missing: fetch the state anew."""

    seq: int
    events: list[Payload]
    gap: bool


def register_room(prefix: str, access: Access) -> None:
    """Rooms named `<prefix>.…` exist, and `access(user, room)` says who may enter. Called in an app's `ready()`."""
    _access[prefix] = access


def may_enter(user: Any, room: str) -> bool:
    """Whether `user` may follow `room`. Absent and forbidden look alike."""
    access = _access.get(room.partition(".")[0])
    return access is not None and _ROOM_NAME.fullmatch(room) is not None and access(user, room)


def announce(*, room: str, kind: str, payload: Payload, audience: str = "") -> int:
    """Numbers and keeps an event of `room` within the caller's transaction, and sends it after the commit.

    `audience` says who hears the content: everybody in the room, or `"role:official"`, `"person:<id>"`, or several
    with commas between; others learn only that the number was used. From here to the commit, other writers of the
    room wait: announce last, after the ledger, and to several rooms in the order of their names. Returns the number.
    """
    from metacity.commons.models import Event

    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is announced in the transaction of what it tells.")
    text = _checked(room, kind, payload, audience)
    event = Event(room_id=room, kind=kind, payload=json.loads(text), audience=audience, at=clocks.now())
    event.seq = _next_seq(room)
    event.save(force_insert=True)
    after_commit(_send, _message(event))
    return event.seq


def retell(*, room: str, name: str, told: Payload) -> None:
    """What earlier events of `room` say of a thing becomes what may be said of it now; their numbers stay.

    The thing stands in their payloads as `name` and is known by `told["id"]`. For what was hidden, corrected or
    forgotten: whoever catches up later does not read what others no longer can.
    """
    from metacity.commons.models import Event

    events = list(Event.objects.filter(**{"room": room, f"payload__{name}__id": told["id"]}))
    for event in events:
        event.payload = event.payload | {name: told}
    Event.objects.bulk_update(events, ["payload"])


def latest(room: str) -> int:
    """The number of the room's latest event; 0 when nothing has happened yet."""
    return latest_of([room]).get(room, 0)


def latest_of(rooms: Collection[str]) -> dict[str, int]:
    """The latest numbers of several rooms, in one query; rooms where nothing happened are absent."""
    from metacity.commons.models import Room

    return dict(Room.objects.filter(name__in=rooms).values_list("name", "seq"))


def replay(*, room: str, after: int, user: Person) -> Replay:
    """What `user` hears of the events of `room` that follow the number `after`. Raises `NotFound`."""
    if not may_enter(user, room):
        raise NotFound
    from metacity.commons.models import Event

    seq = latest(room)
    if not 0 <= seq - after <= LONGEST_REPLAY:
        return Replay(seq, [], gap=True)
    ears = ears_of(user)
    kept = Event.objects.filter(room=room, seq__gt=after, seq__lte=seq).order_by("seq")
    messages = [_message(event) for event in kept]
    events = [heard(message, may_hear(message, ears)) for message in messages]
    return Replay(seq, events, gap=len(events) < seq - after)


def withhold(*, room: str, kind: str, **payload: Any) -> int:
    """Keeps from replays what earlier events of `room` told of something that is hidden or withdrawn by now.

    `payload` looks into the payloads (`payload__pin__id=…`). The numbers stay. Within the transaction that hides it.
    Returns how many events that were.
    """
    from metacity.commons.models import Event

    told = Event.objects.filter(room=room, kind=kind, **payload).exclude(audience=WITHHELD)
    return told.update(audience=WITHHELD)


def ears_of(user: Person) -> frozenset[str]:
    """The audiences that `user` belongs to. May ask the database."""
    if not user.is_authenticated:
        return frozenset()
    roles: Iterable[str] = getattr(user, "roles", ())
    return frozenset({f"person:{getattr(user, 'pk', '')}", *(f"role:{role}" for role in roles)})


def may_hear(message: Payload, ears: Collection[str]) -> bool:
    """Whether somebody with these ears belongs to the event's audience."""
    audience = message["audience"]
    return not audience or not set(audience.split(",")).isdisjoint(ears)


def heard(message: Payload, is_heard: bool) -> Payload:
    """An event as one recipient gets it: always its number, kind and content only for its audience."""
    if not is_heard:
        return {"seq": message["seq"], "kind": "", "payload": None}
    return {"seq": message["seq"], "kind": message["kind"], "payload": message["payload"]}


def revoke(user: Any) -> None:
    """After the commit, every open socket of `user` asks again what it may hear: after a ban or a change of roles."""
    _tell_person(user, session="")


def revoke_changed(*, user: Any, **kwargs: Any) -> None:
    """Receiver for signals that tell of a changed `user`."""
    revoke(user)


def end_session(user: Any, session_key: str) -> None:
    """After signing out: sockets opened in that session are closed."""
    _tell_person(user, session=session_mark(session_key))


def session_mark(session_key: str | None) -> str:
    """What stands for a session where its key must not travel."""
    return hashlib.sha256(session_key.encode()).hexdigest() if session_key else ""


def person_group(user: Any) -> str:
    return account_group(str(user.pk))


def account_group(account: str) -> str:
    """As `person_group`, where only the account's id is at hand."""
    return f"person.{account}"


def room_group(room: str) -> str:
    return f"room.{room}"


def prune(now: dt.datetime) -> int:
    """Removes events that nobody should still be missing; a client that does fetches the state anew."""
    from metacity.commons.models import Event

    count, _ = Event.objects.filter(at__lt=now - dt.timedelta(days=settings.EVENTS_KEPT_DAYS)).delete()
    return count


def _next_seq(room: str) -> int:
    """Raises the room's number. The row stays locked to the commit, so numbers come out in order and without gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO commons_room (name, seq) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET seq = commons_room.seq + 1 RETURNING seq",
            [room],
        )
        return int(cursor.fetchone()[0])


def _checked(room: str, kind: str, payload: Payload, audience: str) -> str:
    """The payload as JSON. What is wrong here is wrong in the program, hence `ValueError`."""
    if not _ROOM_NAME.fullmatch(room) or not _KIND.fullmatch(kind):
        raise ValueError(f"{room!r} cannot be a room, or {kind!r} not a kind of event.")
    if audience and not all(_EAR.fullmatch(ear) for ear in audience.split(",")):
        raise ValueError(f"{audience!r} is no audience.")
    text = json.dumps(payload, cls=DjangoJSONEncoder, allow_nan=False)
    if len(text) > LARGEST_PAYLOAD_BYTES:
        raise ValueError(f"An event of {len(text)} bytes: announce what changed, not everything.")
    return text


def _message(event: "Event") -> Payload:
    return {
        "room": event.room_id,
        "seq": event.seq,
        "kind": event.kind,
        "payload": event.payload,
        "audience": event.audience,
    }


def _send(message: Payload) -> None:
    _group_send(room_group(message["room"]), {"type": "room.event", **message})


def _tell_person(user: Any, *, session: str) -> None:
    message = {"type": "person.revoked", "person": str(user.pk), "session": session}
    after_commit(_group_send, person_group(user), message)


def _group_send(group: str, message: Payload) -> None:
    from asgiref.sync import async_to_sync
    from channels.layers import get_channel_layer

    # The group goes along: a process hears for all its sockets at once, see `relay`.
    async_to_sync(get_channel_layer().group_send)(group, {**message, "group": group})
