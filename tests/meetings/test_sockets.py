"""Open sockets of a meeting: what reaches them, and what happens to somebody who was removed."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from metacity.accounts.models import User
from participation.meetings.kinds import RestrictionKind
from participation.meetings.models import Meeting
from participation.meetings.services.chat import hide_message, write_message
from tests.commons.test_socket import hear, join, opened
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_seat, an_open_meeting, fresh, lead
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def a_room_with(*people: str) -> tuple[Meeting, dict[str, tuple[User, str]]]:
    """A meeting and people in it, each with the key of a session."""
    cache.clear()
    meeting = an_open_meeting()
    found: dict[str, tuple[User, str]] = {}
    for name in people:
        person = a_person(roles=["moderator"] if name == "moderator" else [])
        a_seat(meeting, person)
        found[name] = person, signed_in(person).session.session_key or ""
    return meeting, found


async def test_a_message_reaches_a_guest_and_its_hiding_those_who_may_know_more() -> None:
    meeting, people = await a_room_with("author", "moderator")
    author, author_key = people["author"]
    async with opened() as guest, opened(author_key) as own, opened(people["moderator"][1]) as moderator:
        for socket in (guest, own, moderator):
            assert (await join(socket, meeting.room))["type"] == "joined"
        message = await sync_to_async(write_message)(
            meeting=meeting, person=author, text="벤치가 좋아요", at=timezone.now()
        )
        for socket in (guest, own, moderator):
            assert (await hear(socket, "event"))["payload"]["text"] == "벤치가 좋아요"
        await sync_to_async(hide_message)(message.pk, timezone.now())
        for socket in (guest, own, moderator):
            told = await hear(socket, "event")
            assert (told["payload"]["text"], told["payload"]["is_hidden"]) == ("", True)
        assert (await hear(guest, "event"))["payload"] is None
        for socket in (own, moderator):
            assert (await hear(socket, "event"))["payload"]["text"] == "벤치가 좋아요"


async def test_who_is_removed_loses_the_room_on_every_old_socket_and_does_not_get_it_back() -> None:
    meeting, people = await a_room_with("disturber", "neighbour")
    disturber, key = people["disturber"]
    async with opened(key) as one, opened(key) as other, opened(people["neighbour"][1]) as neighbour:
        for socket in (one, other, neighbour):
            assert (await join(socket, meeting.room))["type"] == "joined"
        seat = await sync_to_async(lambda: meeting.seats.get(person=disturber))()
        await sync_to_async(lead)(
            meeting, "restrict", seat=seat.pk, kind=RestrictionKind.REMOVAL, reason="되풀이된 욕설"
        )
        for socket in (one, other):
            refused = await hear(socket, "refused")
            assert (refused["code"], refused["room"]) == ("forbidden", meeting.room)
            assert (await join(socket, meeting.room))["type"] == "refused"
        kinds = [(await hear(neighbour, "event"))["kind"] for _event in range(3)]
        # What was taken from whom is for those who lead and the person alone.
        assert kinds == ["meeting.changed", "", "meeting.left"]
    async with opened(key) as again:
        assert (await join(again, meeting.room))["type"] == "refused"
    assert await status(key, f"/api/v1/events/{meeting.room}/?after=0") == 404
    assert await status(key, f"/api/v1/meetings/{meeting.id}/") == 403


async def test_a_restriction_is_told_to_the_person_at_once() -> None:
    meeting, people = await a_room_with("talker")
    talker, key = people["talker"]
    async with opened(key) as socket:
        await join(socket, meeting.room)
        seat = await sync_to_async(lambda: meeting.seats.get(person=talker))()
        await sync_to_async(lead)(
            meeting, "restrict", seat=seat.pk, kind=RestrictionKind.CHAT, minutes=5, reason="도배"
        )
        told: dict[str, Any] = {}
        while told.get("kind") != "meeting.restricted":
            told = await hear(socket, "event")
        assert told["payload"]["reason"] == "도배"
        assert (await sync_to_async(fresh)(meeting)).is_open


@sync_to_async
def status(key: str, path: str) -> int:
    client = Client()
    client.cookies["sessionid"] = key
    return client.get(path).status_code
