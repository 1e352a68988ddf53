"""Events: numbered without gaps, kept, filtered, replayed, forgotten."""

import datetime as dt
import threading
from typing import Any

import hypothesis
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from metacity.accounts.roles import Role
from metacity.accounts.services.roles import grant_role
from metacity.commons import clocks, events
from metacity.commons.errors import Conflict, NotFound
from metacity.commons.models import Event, Job
from tests.state_and_events import prove, rolled_back

ROOM = "hall.1"
NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def _hall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms of these tests: everybody may enter a hall, nobody a vault."""
    monkeypatch.setattr(events, "_access", {"hall": lambda user, room: True, "vault": lambda user, room: False})


def announce(room: str = ROOM, **changes: Any) -> int:
    with transaction.atomic():
        return events.announce(**({"room": room, "kind": "hall.opened", "payload": {"open": True}} | changes))


@pytest.mark.django_db
def test_numbers_count_up_from_one_in_each_room() -> None:
    assert [announce(), announce(), announce("hall.2")] == [1, 2, 1]
    assert events.latest(ROOM) == 2
    assert events.latest("hall.3") == 0
    assert events.latest_of([ROOM, "hall.2", "hall.3"]) == {ROOM: 2, "hall.2": 1}


@pytest.mark.django_db
def test_a_rollback_leaves_no_gap() -> None:
    announce()
    with transaction.atomic():
        events.announce(room=ROOM, kind="hall.opened", payload={})
        transaction.set_rollback(True)
    assert announce() == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_announced() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        events.announce(room=ROOM, kind="hall.opened", payload={})
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"room": "hall"},
        {"room": "hall.홀"},
        {"room": "hall." + "x" * 65},
        {"kind": "opened"},
        {"audience": "everybody"},
        {"payload": {"n": float("nan")}},
        {"payload": {"text": "가" * 40_000}},
    ],
)
def test_what_cannot_be_an_event_is_a_fault_of_the_program(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — the message differs by what is wrong
        announce(**changes)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_get_each_number_once() -> None:
    numbers: list[int] = []

    def write() -> None:
        numbers.extend(announce() for _ in range(5))
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(numbers) == list(range(1, 21))


@pytest.mark.django_db
def test_a_replay_tells_what_followed(client: Client) -> None:
    for number in range(3):
        announce(payload={"number": number})
    answer = client.get(f"/api/v1/events/{ROOM}/?after=1")
    assert answer.json() == {
        "seq": 3,
        "events": [
            {"seq": 2, "kind": "hall.opened", "payload": {"number": 1}},
            {"seq": 3, "kind": "hall.opened", "payload": {"number": 2}},
        ],
        "gap": False,
    }
    assert client.get(f"/api/v1/events/{ROOM}/?after=3").json() == {"seq": 3, "events": [], "gap": False}


@pytest.mark.django_db
def test_a_replay_from_too_far_back_or_from_the_future_says_that_there_is_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        announce()
    monkeypatch.setattr(events, "LONGEST_REPLAY", 2)
    assert events.replay(room=ROOM, after=0, user=NOBODY) == events.Replay(3, [], gap=True)
    assert events.replay(room=ROOM, after=9, user=NOBODY) == events.Replay(3, [], gap=True)
    assert not events.replay(room=ROOM, after=1, user=NOBODY).gap


@pytest.mark.django_db
def test_forgotten_events_make_a_gap() -> None:
    announce()
    Event.objects.update(at=clocks.now() - dt.timedelta(days=8))
    announce()
    assert events.prune(clocks.now()) == 1
    assert events.replay(room=ROOM, after=0, user=NOBODY).gap
    assert not events.replay(room=ROOM, after=1, user=NOBODY).gap


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["vault.1", "cellar.1", "hall", "hall.", "hall.홀", "x" * 300])
def test_absent_and_forbidden_rooms_look_alike(client: Client, room: str) -> None:
    answer = client.get(f"/api/v1/events/{room}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    with pytest.raises(NotFound):
        events.replay(room=room, after=0, user=NOBODY)


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["-1", "x", "9" * 40])
def test_a_number_that_is_none_is_refused(client: Client, after: str) -> None:
    answer = client.get(f"/api/v1/events/{ROOM}/?after={after}")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["after"]


@pytest.mark.django_db
def test_an_event_reaches_its_audience_and_only_its_number_the_others() -> None:
    official = get_user_model().objects.create_user("official@example.org")
    grant_role(user=official, role=Role.OFFICIAL, by=None)
    citizen = get_user_model().objects.create_user("citizen@example.org")
    announce(audience="role:official", payload={"for": "officials"})
    announce(audience=f"person:{citizen.pk},role:clerk", payload={"for": "one"})
    hidden = {"kind": "", "payload": None}
    told = {"kind": "hall.opened"}
    assert events.replay(room=ROOM, after=0, user=NOBODY).events == [{"seq": 1, **hidden}, {"seq": 2, **hidden}]
    assert events.replay(room=ROOM, after=0, user=official).events == [
        {"seq": 1, **told, "payload": {"for": "officials"}},
        {"seq": 2, **hidden},
    ]
    assert events.replay(room=ROOM, after=0, user=citizen).events[1] == {"seq": 2, **told, "payload": {"for": "one"}}


@pytest.mark.django_db
def test_what_is_withheld_is_told_to_nobody_and_keeps_its_number() -> None:
    for key in ("a", "b"):
        announce(payload={"pin": {"id": key}})
    announce("hall.2", payload={"pin": {"id": "a"}})
    assert events.withhold(room=ROOM, kind="hall.opened", payload__pin__id="a") == 1
    assert events.withhold(room=ROOM, kind="hall.opened", payload__pin__id="a") == 0
    heard = events.replay(room=ROOM, after=0, user=NOBODY)
    assert [(event["seq"], event["payload"]) for event in heard.events] == [(1, None), (2, {"pin": {"id": "b"}})]
    assert not heard.gap
    assert events.replay(room="hall.2", after=0, user=NOBODY).events[0]["payload"] == {"pin": {"id": "a"}}


def _state() -> dict[str, Any]:
    return {"seq": events.latest(ROOM), "jobs": dict(Job.objects.values_list("key", "state"))}


def _change(key: str, state: str, *, silently: bool = False) -> None:
    if state == "failed" and not Job.objects.filter(key=key).exists():
        raise Conflict
    now = clocks.now()
    Job.objects.update_or_create(key=key, defaults={"state": state, "task": "x", "created_at": now, "due_at": now})
    if not silently:
        announce(kind="job.changed", payload={"key": key, "state": state})


def _apply(state: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    return state | {"jobs": state["jobs"] | {payload["key"]: payload["state"]}}


EXAMPLES = hypothesis.settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ACTIONS = [
    lambda: _change("a", "queued"),
    lambda: _change("b", "done"),
    lambda: _change("a", "failed"),
    lambda: _change("b", "failed"),
]


@pytest.mark.django_db
@EXAMPLES
@given(data=st.data())
def test_state_and_events_make_the_state_fetched_later(data: st.DataObject) -> None:
    with rolled_back():
        prove(data, room=ROOM, fetch=_state, reducers={"job.changed": _apply}, actions=ACTIONS)


@pytest.mark.django_db
def test_the_proof_fails_for_a_change_that_no_event_tells() -> None:
    @EXAMPLES
    @given(data=st.data())
    def proof(data: st.DataObject) -> None:
        with rolled_back():
            silent = [*ACTIONS, lambda: _change("a", "cancelled", silently=True)]
            prove(data, room=ROOM, fetch=_state, reducers={"job.changed": _apply}, actions=silent)

    with pytest.raises(AssertionError, match="do not tell everything"):
        proof()
