"""Asking for the floor and taking that back. Giving it is the chair's: see `chairing`."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from metacity.accounts.models import User
from participation.meetings.access import place_of
from participation.meetings.errors import AlreadyAsked, NotWaiting, TooManyWaiting
from participation.meetings.kinds import SpeechKind, SpeechState
from participation.meetings.models import Meeting, Speech
from participation.meetings.services.attendance import seat_of, take_seat
from participation.meetings.telling import tell_change

# A queue is told whole, in one event; whoever comes later waits for somebody to have spoken.
MOST_WAITING = 30


@transaction.atomic
def ask_to_speak(*, meeting: Meeting, person: User, kind: SpeechKind = SpeechKind.ORDINARY, at: datetime) -> Speech:
    """Stand in the queue. One waits once for each kind of speech."""
    # The meeting's row first: the list is not closed, nor the queue filled, between the look and the write.
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    place_of(meeting, person, at).ask(kind).require()
    if meeting.speeches.waiting().count() >= MOST_WAITING:
        raise TooManyWaiting
    seat = seat_of(meeting, person, at)
    try:
        with transaction.atomic():
            speech = Speech.objects.create(
                meeting=meeting, seat=seat, kind=kind, item=meeting.current_item, asked_at=at
            )
    except IntegrityError:
        raise AlreadyAsked from None
    take_seat(meeting, seat, at)
    tell_change(meeting, "floor")
    return speech


@transaction.atomic
def withdraw_wish(*, meeting: Meeting, person: User, speech: uuid.UUID, at: datetime) -> None:
    """Leave the queue again. Somebody else's wish looks absent."""
    mine = meeting.speeches.waiting().filter(pk=speech, seat__person=person)
    if not mine.update(state=SpeechState.WITHDRAWN, ended_at=at):
        raise NotWaiting
    tell_change(meeting, "floor")


@transaction.atomic
def end_own_speech(*, meeting: Meeting, person: User, at: datetime) -> None:
    """Give the floor back oneself."""
    speech = meeting.speeches.speaking().select_for_update().filter(seat__person=person).first()
    if speech is None:
        raise NotWaiting
    speech.end(at)
    tell_change(meeting, "floor")
