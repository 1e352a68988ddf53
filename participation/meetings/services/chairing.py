"""What whoever chairs does. Each act takes the meeting's next turn, stands in the ledger and is told to everybody.

Every service takes the `turn` at which the chair saw the meeting: of two who act at once, one is refused with
`StateChanged` and looks again.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.accounts.notices import notify
from metacity.commons import events, ledger
from metacity.commons.text import clean_text
from participation.meetings.access import require_chair
from participation.meetings.errors import (
    FloorTaken,
    InvalidMeeting,
    MeetingNotOpen,
    NotWaiting,
    PollIsOpen,
    PollNotOpen,
    StateChanged,
)
from participation.meetings.kinds import MeetingState, RestrictionKind, SpeechState
from participation.meetings.models import AgendaItem, LivePoll, Meeting, Restriction, Seat, Speech
from participation.meetings.models.meetings import DECISION_LENGTH
from participation.meetings.models.polls import QUESTION_LENGTH
from participation.meetings.models.seats import REASON_LENGTH
from participation.meetings.models.speeches import CALL_REASON_LENGTH
from participation.meetings.services.attendance import tell_vacated, vacate
from participation.meetings.services.minutes import begin_minutes
from participation.meetings.services.polls import freeze_roll
from participation.meetings.telling import tell_change, tell_decision, tell_leaving, tell_poll, tell_restriction
from participation.moderation.masking import masked

MOST_POLLS = 40
LONGEST_RESTRICTION_MIN = 240


# The meeting and its items


@transaction.atomic
def open_meeting(*, meeting: Meeting, chair: User, turn: int, at: dt.datetime) -> None:
    """Begin, with the first item, or go on after a pause."""
    _take_turn(meeting, chair, turn)
    is_beginning = meeting.state == MeetingState.PLANNED
    meeting.move_to(MeetingState.OPEN, opened_at=meeting.opened_at or at, list_is_open=True)
    first = meeting.items.first() if is_beginning else None
    if first is not None:
        first.take_up(at)
        meeting.change(current_item=first)
    _record("opened" if is_beginning else "resumed", meeting, chair)
    tell_change(meeting, "stage", "agenda", "floor")


@transaction.atomic
def pause_meeting(*, meeting: Meeting, chair: User, turn: int, at: dt.datetime) -> None:
    """Pause: nobody speaks or votes, people may go on writing. The list keeps its order."""
    _take_turn(meeting, chair, turn)
    _refuse_open_poll(meeting)
    meeting.move_to(MeetingState.PAUSED, list_is_open=False)
    _end_speech(meeting, at)
    _record("paused", meeting, chair)
    tell_change(meeting, "stage", "floor")


@transaction.atomic
def close_meeting(*, meeting: Meeting, chair: User, turn: int, at: dt.datetime) -> None:
    """End the meeting: an open vote is stopped and counted, the floor given back, and the minutes are begun."""
    _take_turn(meeting, chair, turn)
    poll = _stop_open_poll(meeting, at)
    item = meeting.current_item
    meeting.move_to(
        MeetingState.CLOSED, closed_at=max(at, meeting.opened_at or at), current_item=None, list_is_open=False
    )
    _end_speech(meeting, at)
    meeting.speeches.all().withdraw(at)
    if item is not None:
        item.end(at)
    begin_minutes(meeting=meeting, at=at)
    gone = vacate(meeting)
    meeting.seats.of_guests().delete()
    _record("closed", meeting, chair, **_sums(poll))
    tell_change(meeting, "stage", "agenda", "floor")
    if poll is not None:
        tell_poll(poll)
    tell_vacated(meeting, gone)


@transaction.atomic
def take_up_item(*, meeting: Meeting, chair: User, turn: int, item: uuid.UUID | None = None, at: dt.datetime) -> None:
    """Go on to the next item, or to the one that is named. Whoever speaks has the floor no longer."""
    _take_turn(meeting, chair, turn)
    _require_open(meeting)
    _refuse_open_poll(meeting)
    before = meeting.current_item
    chosen = _item_named(meeting, item) if item else _item_after(meeting, before)
    if before is not None:
        before.end(at)
    chosen.take_up(at)
    meeting.change(current_item=chosen)
    _end_speech(meeting, at)
    _record("item_taken_up", meeting, chair, item=chosen.id)
    tell_change(meeting, "stage", "agenda", "floor")


@transaction.atomic
def record_decision(*, meeting: Meeting, chair: User, turn: int, item: uuid.UUID, text: str) -> None:
    """Say in a sentence what was decided on an item; written anew, it replaces what stood there."""
    _take_turn(meeting, chair, turn)
    _require_running(meeting)
    found = _item_named(meeting, item)
    found.decision = _sentence("decision", text, DECISION_LENGTH)
    found.save(update_fields=["decision"])
    _record("decided", meeting, chair, item=found.id)
    tell_change(meeting, "stage")
    tell_decision(found)


@transaction.atomic
def hand_over(*, meeting: Meeting, chair: User, turn: int) -> None:
    """Chair and deputy change places: the chair hands over, or the deputy steps in."""
    _take_turn(meeting, chair, turn)
    if meeting.deputy_id is None:
        raise InvalidMeeting(_("This meeting has no deputy."))
    if meeting.is_over or meeting.deputy_id == meeting.clerk_id:
        raise StateChanged
    meeting.change(chair=meeting.deputy, deputy=meeting.chair)
    _record("handed_over", meeting, chair)
    tell_change(meeting, "stage")


# The floor


def open_list(*, meeting: Meeting, chair: User, turn: int) -> None:
    _set_list(meeting, chair, turn, is_open=True)


def close_list(*, meeting: Meeting, chair: User, turn: int) -> None:
    """Take no more wishes to speak; those on the list stay. Points of order are possible all the same."""
    _set_list(meeting, chair, turn, is_open=False)


@transaction.atomic
def _set_list(meeting: Meeting, chair: User, turn: int, *, is_open: bool) -> None:
    _take_turn(meeting, chair, turn)
    _require_open(meeting)
    meeting.change(list_is_open=is_open)
    _record("list_opened" if is_open else "list_closed", meeting, chair)
    tell_change(meeting, "stage", "floor")


@transaction.atomic
def give_floor(*, meeting: Meeting, chair: User, turn: int, speech: uuid.UUID, at: dt.datetime) -> None:
    """Give the floor to somebody who waits. Whoever has it gives it back first."""
    _take_turn(meeting, chair, turn)
    _require_open(meeting)
    if meeting.speeches.speaking().exists():
        raise FloorTaken
    found = _waiting(meeting, speech)
    found.start(meeting.current_item, at)
    _record("floor_given", meeting, chair, speech=found.id)
    tell_change(meeting, "stage", "floor")


@transaction.atomic
def end_speech(*, meeting: Meeting, chair: User, turn: int, at: dt.datetime) -> None:
    """Take the floor back."""
    _take_turn(meeting, chair, turn)
    if not _end_speech(meeting, at):
        raise NotWaiting
    _record("speech_ended", meeting, chair)
    tell_change(meeting, "stage", "floor")


@transaction.atomic
def call_forward(*, meeting: Meeting, chair: User, turn: int, speech: uuid.UUID, reason: str, at: dt.datetime) -> None:
    """Let somebody speak before the rule would, for a reason that everybody sees."""
    _take_turn(meeting, chair, turn)
    _require_running(meeting)
    found = _waiting(meeting, speech)
    found.called_reason = _sentence("reason", reason, CALL_REASON_LENGTH)
    found.called_at = at
    found.save(update_fields=["called_at", "called_reason"])
    _record("called_forward", meeting, chair, speech=found.id)
    tell_change(meeting, "stage", "floor")


# Votes


@transaction.atomic
def start_poll(*, meeting: Meeting, chair: User, turn: int, question: str, at: dt.datetime) -> LivePoll:
    """Put a question to the vote. Everybody who may speak may vote, until the chair stops it."""
    _take_turn(meeting, chair, turn)
    _require_open(meeting)
    _refuse_open_poll(meeting)
    number = (meeting.polls.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_POLLS:
        raise InvalidMeeting(_("A meeting has at most %(most)d votes.") % {"most": MOST_POLLS})
    poll = LivePoll.objects.create(
        meeting=meeting,
        item=meeting.current_item,
        number=number,
        question=_sentence("question", question, QUESTION_LENGTH),
        opened_at=at,
    )
    _record("poll_started", meeting, chair, poll=poll.id)
    tell_change(meeting, "stage")
    tell_poll(poll)
    return poll


@transaction.atomic
def stop_poll(*, meeting: Meeting, chair: User, turn: int, at: dt.datetime) -> LivePoll:
    """Stop the open vote: the roll is frozen, the sums stand and are told to everybody."""
    _take_turn(meeting, chair, turn)
    poll = _stop_open_poll(meeting, at)
    if poll is None:
        raise PollNotOpen
    _record("poll_stopped", meeting, chair, **_sums(poll))
    tell_change(meeting, "stage")
    tell_poll(poll)
    return poll


# Order in the room


@transaction.atomic
def restrict(
    *,
    meeting: Meeting,
    chair: User,
    turn: int,
    seat: uuid.UUID,
    kind: RestrictionKind,
    reason: str,
    minutes: int | None = None,
    at: dt.datetime,
) -> Restriction:
    """Take chat, speaking or the whole meeting from somebody, for a reason that they are told.

    `minutes` says for how long; a removal lasts as long as the meeting. Those who lead cannot be restricted.
    """
    _take_turn(meeting, chair, turn)
    _require_running(meeting)
    found = _seat_of_somebody_else(meeting, seat)
    restriction = Restriction.objects.create(
        seat=found,
        kind=kind,
        reason=_sentence("reason", reason, REASON_LENGTH),
        made_at=at,
        until=_until(kind, minutes, at),
    )
    gone = _put_down(meeting, found, kind, at)
    _record(f"restricted_{kind}", meeting, chair, restriction=restriction.id)
    _tell_person(meeting, restriction)
    tell_change(meeting, "stage", "floor")
    tell_restriction(restriction)
    if gone:
        tell_leaving(meeting, [found.pk])
    if found.person is not None:
        events.revoke(found.person)
    return restriction


@transaction.atomic
def lift_restriction(*, meeting: Meeting, chair: User, turn: int, restriction: uuid.UUID, at: dt.datetime) -> None:
    """Give back what was taken, before its time."""
    _take_turn(meeting, chair, turn)
    found = Restriction.objects.standing().filter(seat__meeting=meeting, pk=restriction).first()
    if found is None:
        raise StateChanged
    found.seat.meeting = meeting
    found.lifted_at = at
    found.save(update_fields=["lifted_at"])
    _record("restriction_lifted", meeting, chair, restriction=found.id)
    tell_change(meeting, "stage")
    tell_restriction(found)
    if found.seat.person is not None:
        events.revoke(found.seat.person)


# Steps


def _take_turn(meeting: Meeting, chair: User, turn: int) -> None:
    require_chair(meeting, chair)
    meeting.take_turn(turn)
    require_chair(meeting, chair)  # read anew: the chair may have been handed over


def _require_open(meeting: Meeting) -> None:
    if not meeting.is_open:
        raise MeetingNotOpen


def _require_running(meeting: Meeting) -> None:
    if not meeting.is_running:
        raise MeetingNotOpen


def _refuse_open_poll(meeting: Meeting) -> None:
    if meeting.polls.open().exists():
        raise PollIsOpen


def _item_named(meeting: Meeting, pk: uuid.UUID) -> AgendaItem:
    item = meeting.items.filter(pk=pk).first()
    if item is None:
        raise InvalidMeeting(fields={"item": [_("This item is not on the agenda.")]})
    item.meeting = meeting
    return item


def _item_after(meeting: Meeting, item: AgendaItem | None) -> AgendaItem:
    following = meeting.items.filter(position__gt=item.position if item else 0).first()
    if following is None:
        raise InvalidMeeting(_("This was the last item."))
    return following


def _waiting(meeting: Meeting, pk: uuid.UUID) -> Speech:
    speech = meeting.speeches.waiting().select_for_update().filter(pk=pk).first()
    if speech is None:
        raise NotWaiting
    return speech


def _end_speech(meeting: Meeting, at: dt.datetime) -> bool:
    speech = meeting.speeches.speaking().select_for_update().first()
    if speech is None:
        return False
    speech.end(at)
    return True


def _stop_open_poll(meeting: Meeting, at: dt.datetime) -> LivePoll | None:
    poll = LivePoll.objects.open().select_for_update().filter(meeting=meeting).first()
    if poll is None:
        return None
    poll.meeting = meeting
    poll.stop(entitled=freeze_roll(meeting, poll, at), at=at)
    return poll


def _sums(poll: LivePoll | None) -> dict[str, Any]:
    """What the ledger keeps of a vote that was stopped."""
    if poll is None:
        return {}
    return {"poll": poll.id} | {name: getattr(poll, name) for name in ("yes", "no", "abstain", "entitled")}


def _seat_of_somebody_else(meeting: Meeting, pk: uuid.UUID) -> Seat:
    """A person's seat; neither a guest's, who has nothing to take, nor of those who lead."""
    seat = meeting.seats.of_people().with_person().filter(pk=pk).first()
    if seat is None:
        raise InvalidMeeting(fields={"seat": [_("Nobody sits there.")]})
    if seat.person is not None and (meeting.is_chaired_by(seat.person) or meeting.is_written_by(seat.person)):
        raise InvalidMeeting(fields={"seat": [_("Chair, deputy and clerk keep their seats.")]})
    seat.meeting = meeting
    return seat


def _until(kind: RestrictionKind, minutes: int | None, at: dt.datetime) -> dt.datetime | None:
    if kind == RestrictionKind.REMOVAL:
        return None
    if not minutes or not 0 < minutes <= LONGEST_RESTRICTION_MIN:
        most = {"most": LONGEST_RESTRICTION_MIN}
        raise InvalidMeeting(fields={"minutes": [_("Say for how long: 1 to %(most)d minutes.") % most]})
    return at + dt.timedelta(minutes=minutes)


def _put_down(meeting: Meeting, seat: Seat, kind: RestrictionKind, at: dt.datetime) -> bool:
    """Take the floor, the place in the queue and for a removal the seat; whether the person was there."""
    if kind == RestrictionKind.CHAT:
        return False
    seat.speeches.all().withdraw(at)
    for speech in seat.speeches.filter(state=SpeechState.SPEAKING):
        speech.end(at)
    return kind == RestrictionKind.REMOVAL and bool(Seat.objects.taken().filter(pk=seat.pk).update(is_here=False))


def _sentence(field: str, typed: str, most: int) -> str:
    text = masked(clean_text(typed, most, multiline=False, field=field))
    if not text:
        raise InvalidMeeting(fields={field: [_("Please fill this in.")]})
    return text


def _record(act: str, meeting: Meeting, chair: User, **facts: Any) -> None:
    told = facts | {"turn": meeting.turn}
    ledger.record(action=f"meeting.{act}", actor=chair.actor_id, subject=meeting.subject, facts=told)


def _tell_person(meeting: Meeting, restriction: Restriction) -> None:
    if restriction.seat.person is None:
        return
    facts = {"meeting": meeting.title, "kind": restriction.kind, "reason": restriction.reason}
    notify(
        person=restriction.seat.person,
        kind="meetings.restricted",
        facts=facts,
        url=meeting.get_absolute_url(),
        key=str(restriction.id),
    )
