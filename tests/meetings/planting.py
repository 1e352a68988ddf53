"""What in a meeting is not for everybody: hidden messages, what the chair took from whom, minutes before they are
published. See `tests/visibility.py`."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from participation.meetings.kinds import RestrictionKind
from participation.meetings.models import Meeting
from participation.meetings.services.chat import hide_message, write_message
from participation.meetings.services.minutes import (
    approve_minutes,
    hand_in_minutes,
    return_minutes,
    write_minutes,
)
from tests.factories.meetings import a_seat, a_wish, an_open_meeting, fresh, lead
from tests.factories.moderation import hidden
from tests.factories.proposals import a_proposal
from tests.visibility import COMMON, EVERYBODY, Address, Planted, Stage, plant, secret

PAGES = ("meetings:seat", "meetings:calendar", "api-meeting", "api-meeting-messages")
FORMS = ("write", "ask", "withdraw", "finish", "vote", "lead")
MINUTES = ("meetings:minutes", "api-meeting-minutes")
MINUTES_FORMS = ("minutes_write", "minutes_hand_in", "minutes_return", "minutes_approve")
OFFICE = ("office_edit", "office_item", "office_cancel")
API = ("api-meeting-here", "api-meeting-speeches", "api-meeting-votes", "api-meeting-acts")
LEADERS = {"official", "clerk"}


def held(stage: Stage, **fields: Any) -> Meeting:
    """Led by the official, written down by the clerk."""
    told = {"chair": stage.people["official"], "clerk": stage.people["clerk"], **fields}
    return an_open_meeting(stage.city, **told)


def visits(stage: Stage, meeting: Meeting) -> list[Address]:
    """Everything that is about the meeting; what everybody reads of it is returned."""
    about: dict[str, Any] = {"pk": meeting.pk}
    for name in (*FORMS, *MINUTES_FORMS, *OFFICE):
        stage.visit(f"meetings:{name}", **about)
    for route in (*PAGES, *MINUTES, *API):
        stage.visit(route, **about)
    stage.visit("events", room=meeting.room)
    return [(page, about) for page in PAGES]


@plant
def a_meeting(stage: Stage) -> Iterator[Planted]:
    word = f"{COMMON} {secret('meeting')}"
    meeting = held(stage, title=word, summary=word)
    wish = a_wish(meeting, stage.people["author"])
    stage.visit("api-meeting-speech", pk=meeting.pk, speech=wish.pk)
    yield Planted("meeting", EVERYBODY, at=visits(stage, meeting))


@plant
def messages(stage: Stage) -> Iterator[Planted]:
    """A hidden one is not even the chair's to read."""
    author, meeting = stage.people["author"], held(stage)
    for name in ("message", "hiddenmessage"):
        text = f"{COMMON} {secret(name)} 라고 합니다."
        message = write_message(meeting=fresh(meeting), person=author, text=text, at=timezone.now())
        stage.visit("moderation:report", kind="meeting_message", pk=message.pk)
    hide_message(message.pk, timezone.now())
    visits(stage, meeting)
    yield Planted("message", EVERYBODY)
    yield Planted("hiddenmessage", {"author", "moderator"})


@plant
def a_restriction(stage: Stage) -> Iterator[Planted]:
    """Why: for those who lead, and for the person concerned."""
    meeting = held(stage)
    seat = a_seat(meeting, stage.people["author"])
    reason = f"{secret('restriction')} 때문입니다."
    lead(meeting, "restrict", seat=seat.pk, kind=RestrictionKind.CHAT, reason=reason, minutes=30)
    visits(stage, meeting)
    yield Planted("restriction", {"author", *LEADERS})


@plant
def draft_minutes(stage: Stage) -> Iterator[Planted]:
    """Handed in, returned with a reason and written anew: still the clerk's and the chair's."""
    meeting = held(stage)
    lead(meeting, "close")
    minutes, now = fresh(meeting).minutes, timezone.now()
    minutes.meeting = fresh(meeting)
    clerk, chair = stage.people["clerk"], stage.people["official"]
    write_minutes(minutes=minutes, clerk=clerk, seen=1, text=f"## {secret('draftminutes')}", at=now)
    hand_in_minutes(minutes=minutes, clerk=clerk, seen=2, at=now)
    return_minutes(minutes=minutes, chair=chair, seen=2, reason=f"{secret('returned')} 를 고쳐 주세요.")
    visits(stage, meeting)
    pages = [(page, {"pk": meeting.pk}) for page in MINUTES]
    yield Planted("draftminutes", LEADERS, at=pages)
    yield Planted("returned", LEADERS)


@plant
def published_minutes(stage: Stage) -> Iterator[Planted]:
    """Everybody reads what was approved; what they said before that is kept, and shown nowhere."""
    meeting = held(stage)
    lead(meeting, "close")
    minutes, now = fresh(meeting).minutes, timezone.now()
    minutes.meeting = fresh(meeting)
    clerk, chair = stage.people["clerk"], stage.people["official"]
    write_minutes(minutes=minutes, clerk=clerk, seen=1, text=f"## {secret('minutesbefore')}", at=now)
    write_minutes(minutes=minutes, clerk=clerk, seen=2, text=f"## {secret('minutes')}", at=now)
    hand_in_minutes(minutes=minutes, clerk=clerk, seen=3, at=now)
    approve_minutes(minutes=minutes, chair=chair, seen=3, at=now)
    visits(stage, meeting)
    yield Planted("minutes", EVERYBODY, at=[(page, {"pk": meeting.pk}) for page in MINUTES])
    yield Planted("minutesbefore", (), is_sealed=True)


@plant
def a_meeting_about_a_hidden_idea(stage: Stage) -> Iterator[Planted]:
    word = f"{COMMON} {secret('metabout')}"
    proposal = a_proposal(stage.process, stage.people["author"], title=word, text=f"{word} 때문에 쓰는 글입니다.")
    visits(stage, held(stage, proposal=proposal))
    hidden(proposal)
    yield Planted("metabout", {"author", "moderator"})
