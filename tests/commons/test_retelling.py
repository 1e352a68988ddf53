"""What earlier events said of a thing can be said anew, so that nobody who catches up reads what is no longer told."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from metacity.commons import events


@pytest.fixture(autouse=True)
def open_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events._access, "hall", lambda user, room: True)


@pytest.mark.django_db
def test_earlier_events_say_of_a_thing_what_may_be_said_now_and_keep_their_numbers() -> None:
    with transaction.atomic():
        events.announce(room="hall.1", kind="note.added", payload={"note": {"id": "a", "text": "비밀"}, "count": 1})
        events.announce(room="hall.1", kind="note.added", payload={"note": {"id": "b", "text": "인사"}, "count": 2})
        events.announce(room="hall.2", kind="note.added", payload={"note": {"id": "a", "text": "다른 방"}, "count": 1})
        events.retell(room="hall.1", name="note", told={"id": "a", "text": ""})
    told = events.replay(room="hall.1", after=0, user=AnonymousUser())
    assert [(event["seq"], event["payload"]["note"]["text"], event["payload"]["count"]) for event in told.events] == [
        (1, "", 1),
        (2, "인사", 2),
    ]
    assert events.replay(room="hall.2", after=0, user=AnonymousUser()).events[0]["payload"]["note"]["text"] == "다른 방"
