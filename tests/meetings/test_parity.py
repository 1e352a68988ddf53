"""What counts in a meeting is a form without JavaScript, and leads to the same rows as the API that scripts use."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from metacity.accounts.models import User
from metacity.commons.models import Event
from participation.meetings.models import Meeting
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_poll, an_open_meeting
from tests.factories.processes import a_person
from tests.worlds.plain_pages import Page

pytestmark = pytest.mark.django_db


def rows_of(meeting: Meeting, person: User) -> dict[str, Any]:
    """What the database holds of the person's part in a meeting, but for ids and times."""
    seat = meeting.seats.get(person=person)
    return {
        "is_here": seat.is_here,
        "speeches": list(seat.speeches.values_list("kind", "state", "item__position")),
        "votes": list(seat.votes.values_list("choice", "poll__number")),
        "messages": list(seat.messages.values_list("number", "text")),
        "events": list(Event.objects.filter(room=meeting.room).order_by("seq").values_list("kind", "audience")),
    }


def both_ways(form: Any, api: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    cache.clear()
    found = []
    for act in (form, api):
        meeting, person = an_open_meeting(), a_person()
        a_poll(meeting)
        client = signed_in(person)
        page = Page.at(client, meeting.get_absolute_url())
        act(client, page, meeting)
        found.append(rows_of(meeting, person))
    return found[0], found[1]


def post(client: Client, meeting: Meeting, part: str, **told: object) -> None:
    answer = client.post(f"/api/v1/meetings/{meeting.id}/{part}/", told, content_type="application/json")
    assert answer.status_code < 300, answer.content


def test_asking_to_speak_and_withdrawing() -> None:
    form, api = both_ways(
        lambda client, page, meeting: page.send("/ask/", kind="point_of_order").send("/withdraw/"),
        lambda client, page, meeting: (
            post(client, meeting, "speeches", kind="point_of_order"),
            client.delete(f"/api/v1/meetings/{meeting.id}/speeches/{meeting.speeches.get().pk}/"),
        ),
    )
    assert form == api
    assert form["speeches"] == [("point_of_order", "withdrawn", 1)]


def test_voting() -> None:
    form, api = both_ways(
        lambda client, page, meeting: page.send("/vote/", choice="no"),
        lambda client, page, meeting: post(client, meeting, "votes", poll=str(meeting.polls.get().pk), choice="no"),
    )
    assert form == api
    assert form["votes"] == [("no", 1)]


def test_writing_and_reading_by_reload() -> None:
    form, api = both_ways(
        lambda client, page, meeting: page.send("/write/", text="벤치가 좋아요"),
        lambda client, page, meeting: post(client, meeting, "messages", text="벤치가 좋아요"),
    )
    assert form == api
    assert form["messages"] == [(1, "벤치가 좋아요")]
