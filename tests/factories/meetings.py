"""Meetings for tests: planned by the office, and led as far as a test wants."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from participation.meetings.acts import perform
from participation.meetings.kinds import Choice
from participation.meetings.models import LivePoll, Meeting, Seat, Speech
from participation.meetings.services.attendance import attend
from participation.meetings.services.planning import add_item, plan_meeting
from participation.meetings.services.polls import vote
from participation.meetings.services.speaking import ask_to_speak
from tests.factories.processes import a_city, a_person
from twin.mirror.models import City

HOUR = dt.timedelta(hours=1)
_numbers = itertools.count(1)


def a_meeting(city: City | None = None, *, items: int = 2, **fields: Any) -> Meeting:
    """Planned for an hour from now, with a chair, a deputy, a clerk and some items."""
    number, now = next(_numbers), timezone.now()
    planner = a_person(roles=["official"])
    told = {
        "title": f"동네 회의 {number}",
        "summary": "함께 정합니다.",
        "starts_at": now + HOUR,
        "ends_at": now + 3 * HOUR,
        "place_words": "가온구청 대회의실",
        "chair": a_person(roles=["official"], second_factor=True),
        "deputy": a_person(roles=["official"], second_factor=True),
        "clerk": a_person(roles=["clerk"], second_factor=True),
        **fields,
    }
    meeting = plan_meeting(city=city or a_city(), by=planner, **told)
    for position in range(1, items + 1):
        add_item(meeting=meeting, by=planner, title=f"안건 {position}", minutes=10)
    return fresh(meeting)


def an_open_meeting(city: City | None = None, **fields: Any) -> Meeting:
    meeting = a_meeting(city, **fields)
    lead(meeting, "open")
    return fresh(meeting)


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.with_people().get(pk=meeting.pk)


def lead(
    meeting: Meeting, act: str, *, by: User | None = None, turn: int | None = None, at: Any = None, **told: Any
) -> None:
    """An act of whoever chairs, who sees the meeting as it is now unless a turn is told."""
    now = fresh(meeting)
    perform(
        act,
        meeting=now,
        user=by or now.chair,  # type: ignore[arg-type]
        turn=now.turn if turn is None else turn,
        told=told,
        at=at or timezone.now(),
    )


def a_seat(meeting: Meeting, person: User | None = None) -> Seat:
    """Somebody who is there."""
    seat = attend(meeting=fresh(meeting), user=person or a_person(), at=timezone.now())
    assert seat is not None
    return seat


def a_wish(meeting: Meeting, person: User | None = None, *, at: Any = None, **told: Any) -> Speech:
    return ask_to_speak(meeting=fresh(meeting), person=person or a_person(), at=at or timezone.now(), **told)


def a_poll(meeting: Meeting, question: str = "벤치를 놓는 데 찬성하십니까?") -> LivePoll:
    lead(meeting, "start_poll", question=question)
    return meeting.polls.latest("number")


def a_vote(meeting: Meeting, person: User, choice: Choice = Choice.YES) -> None:
    poll = meeting.polls.latest("number")
    vote(meeting=fresh(meeting), person=person, poll=poll.pk, choice=choice, at=timezone.now())
