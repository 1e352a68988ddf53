"""What is told of a meeting: the same parts in its state (`/api/v1/meetings/<id>/`) and in its events.

`meeting.changed` carries the parts that changed; `meeting.poll`, `meeting.decided` and `meeting.message` one of many,
a message as its reader sees it; `meeting.came` and `meeting.left` people; `meeting.restricted` what only those who lead
and the person concerned hear. Nothing here depends on a language: codes, numbers, times and what people wrote.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from metacity.accounts.access import Visitor
from metacity.commons import events
from metacity.commons.access import has_role
from participation.meetings.fairness import Standing, Wish, ordered
from participation.meetings.kinds import SpeechKind, SpeechState
from participation.meetings.models import AgendaItem, LivePoll, Meeting, Message, Restriction, Seat, Speech
from participation.meetings.models.seats import name_of

Json = dict[str, Any]
MESSAGES_SHOWN = 50
# How many seats fit one event.
MOST_LEAVING = 300


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


# The parts


def stage_of(meeting: Meeting) -> Json:
    """Where the meeting stands. `turn` goes back with every act of whoever chairs."""
    return {
        "state": meeting.state,
        "turn": meeting.turn,
        "item": meeting.current_item_id and str(meeting.current_item_id),
        "opened_at": moment(meeting.opened_at),
        "closed_at": moment(meeting.closed_at),
        "chair": name_of(meeting.chair),
        "deputy": name_of(meeting.deputy),
        "clerk": name_of(meeting.clerk),
    }


def plan_of(meeting: Meeting) -> Json:
    """What the office planned."""
    return {
        "title": meeting.title,
        "title_en": meeting.title_en,
        "summary": meeting.summary,
        "summary_en": meeting.summary_en,
        "starts_at": moment(meeting.starts_at),
        "ends_at": moment(meeting.ends_at),
        "place": meeting.place_words,
        "place_en": meeting.place_words_en,
        "place_object": meeting.place_object_id and str(meeting.place_object_id),
        "speak_level": meeting.speak_level,
    }


def agenda_of(meeting: Meeting) -> list[Json]:
    return [_item(item) for item in meeting.items.all()]


def _item(item: AgendaItem) -> Json:
    return {
        "id": str(item.id),
        "position": item.position,
        "title": item.title,
        "title_en": item.title_en,
        "minutes": item.minutes,
        "proposal": item.proposal_id and str(item.proposal_id),
        "taken_up_at": moment(item.taken_up_at),
        "ended_at": moment(item.ended_at),
    }


def decisions_of(meeting: Meeting) -> dict[str, str]:
    """What was decided, by item."""
    return {str(item.id): item.decision for item in meeting.items.all() if item.decision}


def floor_of(meeting: Meeting) -> Json:
    """Who speaks, and who waits in which order and why."""
    floor = Floor.of(meeting)
    return {
        "list_is_open": meeting.list_is_open,
        "speaker": _speaker(floor.speaker) if floor.speaker else None,
        "queue": [_waiting(speech, standing) for speech, standing in floor.queue],
    }


@dataclass(frozen=True, slots=True)
class Floor:
    """Who speaks, who waits in the order of the rule, and how long each seat has spoken; read by one query."""

    speaker: Speech | None
    queue: list[tuple[Speech, Standing]]
    spoken_s: dict[uuid.UUID, int]

    @classmethod
    def of(cls, meeting: Meeting) -> "Floor":
        speeches = list(meeting.speeches.still_counting().with_person())
        speaker = next((speech for speech in speeches if speech.state == SpeechState.SPEAKING), None)
        spoken_s: Counter[uuid.UUID] = Counter()
        for speech in speeches:
            if speech.state == SpeechState.SPOKEN:
                spoken_s[speech.seat_id] += speech.spoken_s
        waiting = {speech.id: speech for speech in speeches if speech.state == SpeechState.WAITING}
        standings = ordered([_wish(speech) for speech in waiting.values()], spoken_s)
        return cls(speaker, [(waiting[standing.wish.id], standing) for standing in standings], dict(spoken_s))


def _wish(speech: Speech) -> Wish:
    is_point_of_order = speech.kind == SpeechKind.POINT_OF_ORDER
    return Wish(speech.id, speech.seat_id, speech.asked_at, is_point_of_order, speech.called_at)


def _speaker(speech: Speech) -> Json:
    return {
        "id": str(speech.id),
        "seat": str(speech.seat_id),
        "name": speech.seat.name,
        "kind": speech.kind,
        "since": moment(speech.started_at),
    }


def _waiting(speech: Speech, standing: Standing) -> Json:
    return {
        "id": str(speech.id),
        "seat": str(speech.seat_id),
        "name": speech.seat.name,
        "kind": speech.kind,
        "number": standing.number,
        "reason": standing.reason.value,
        "called_reason": speech.called_reason,
        "spoken_s": standing.spoken_s,
    }


PARTS: dict[str, Callable[[Meeting], Any]] = {
    "plan": plan_of,
    "stage": stage_of,
    "agenda": agenda_of,
    "floor": floor_of,
}


# One of many


def polls_of(meeting: Meeting) -> list[Json]:
    return [poll_of(poll) for poll in meeting.polls.all()]


def poll_of(poll: LivePoll) -> Json:
    """A vote; its sums once it has been stopped, and before that nothing of how it goes."""
    sums = {name: getattr(poll, name) for name in ("yes", "no", "abstain", "entitled")}
    return {
        "id": str(poll.id),
        "number": poll.number,
        "item": poll.item_id and str(poll.item_id),
        "question": poll.question,
        "opened_at": moment(poll.opened_at),
        "stopped_at": moment(poll.stopped_at),
        "result": None if poll.is_open else sums,
    }


def people_of(meeting: Meeting) -> list[Json]:
    """Those who are there with an account."""
    return [person_of(seat) for seat in meeting.seats.of_people().taken().with_person()]


def person_of(seat: Seat) -> Json:
    return {"seat": str(seat.id), "name": seat.name}


def guests_of(meeting: Meeting) -> int:
    return meeting.seats.of_guests().taken().count()


def message_of(message: Message, *, with_text: bool = True) -> Json:
    """A message; a hidden one without text and name, unless its reader is its author or a moderator."""
    shows = with_text or not message.is_hidden
    return {
        "id": str(message.id),
        "number": message.number,
        "seat": str(message.seat_id),
        "name": message.seat.name if shows else "",
        "text": message.text if shows else "",
        "written_at": moment(message.written_at),
        "is_hidden": message.is_hidden,
    }


def messages_of(meeting: Meeting, user: Visitor, before: int | None = None) -> list[Json]:
    """The latest messages, or those before a number, as `user` sees them; the oldest of them first."""
    found = meeting.messages.with_author().before(before).order_by("-number")[:MESSAGES_SHOWN]
    sees_all = has_role(user, "moderator")
    return [message_of(message, with_text=sees_all or _wrote(user, message)) for message in reversed(found)]


def _wrote(user: Visitor, message: Message) -> bool:
    return message.seat.person_id is not None and message.seat.person_id == user.pk


def restrictions_of(meeting: Meeting, user: Visitor) -> list[Json]:
    """What has been taken from whom: everything for those who lead, one's own for everybody else."""
    standing = Restriction.objects.standing().filter(seat__meeting=meeting)
    if not (meeting.is_chaired_by(user) or meeting.is_written_by(user)):
        standing = standing.filter(seat__person=user.pk) if user.pk else standing.none()
    return [restriction_of(restriction) for restriction in standing]


def restriction_of(restriction: Restriction) -> Json:
    return {
        "id": str(restriction.id),
        "seat": str(restriction.seat_id),
        "name": restriction.seat.name,
        "kind": restriction.kind,
        "reason": restriction.reason,
        "until": moment(restriction.until),
    }


def state_of(meeting: Meeting, user: Visitor) -> Json:
    """All that `user` may know of a meeting. Events change it as `tests/meetings/test_live.py` shows."""
    return {part: tell(meeting) for part, tell in PARTS.items()} | {
        "decisions": decisions_of(meeting),
        "polls": polls_of(meeting),
        "people": people_of(meeting),
        "guests": guests_of(meeting),
        "messages": messages_of(meeting, user),
        "restrictions": restrictions_of(meeting, user),
    }


# Events


def tell_change(meeting: Meeting, *parts: str) -> None:
    """That these parts are now as they are."""
    payload = {part: PARTS[part](meeting) for part in parts}
    events.announce(room=meeting.room, kind="meeting.changed", payload=payload)


def tell_poll(poll: LivePoll) -> None:
    events.announce(room=poll.meeting.room, kind="meeting.poll", payload=poll_of(poll))


def tell_decision(item: AgendaItem) -> None:
    payload = {"item": str(item.id), "decision": item.decision}
    events.announce(room=item.meeting.room, kind="meeting.decided", payload=payload)


def tell_coming(meeting: Meeting, seat: Seat) -> None:
    person = person_of(seat) if seat.person_id else None
    _tell_presence(meeting, "meeting.came", {"person": person})


def tell_leaving(meeting: Meeting, seats: Sequence[uuid.UUID]) -> None:
    for start in range(0, max(len(seats), 1), MOST_LEAVING):
        told = [str(seat) for seat in seats[start : start + MOST_LEAVING]]
        _tell_presence(meeting, "meeting.left", {"seats": told})


def _tell_presence(meeting: Meeting, kind: str, payload: Json) -> None:
    events.announce(room=meeting.room, kind=kind, payload=payload | {"guests": guests_of(meeting)})


def tell_message(message: Message) -> None:
    """To everybody as everybody sees it; what is hidden, also to its author and to moderators with its text."""
    _tell_message(message, with_text=False, audience="")
    if message.is_hidden:
        author = f"person:{message.seat.person_id}," if message.seat.person_id else ""
        _tell_message(message, with_text=True, audience=f"{author}role:moderator")


def _tell_message(message: Message, *, with_text: bool, audience: str) -> None:
    payload = message_of(message, with_text=with_text)
    events.announce(room=message.meeting.room, kind="meeting.message", payload=payload, audience=audience)


def tell_restriction(restriction: Restriction) -> None:
    """To those who lead, and to the person concerned."""
    seat = restriction.seat
    person = f"person:{seat.person_id}" if seat.person_id else ""
    payload = restriction_of(restriction) | {"is_lifted": restriction.lifted_at is not None}
    audience = ",".join(filter(None, (seat.meeting.leaders, person)))
    events.announce(room=seat.meeting.room, kind="meeting.restricted", payload=payload, audience=audience)
