"""Writing a message, and what moderation does with one."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from metacity.accounts.limits import consume
from metacity.accounts.models import User
from metacity.commons import events
from metacity.commons.text import clean_text
from participation.meetings.access import place_of
from participation.meetings.errors import InvalidMeeting
from participation.meetings.models import Meeting, Message
from participation.meetings.models.messages import MESSAGE_LENGTH
from participation.meetings.services.attendance import seat_of, take_seat
from participation.meetings.telling import tell_message
from participation.moderation.masking import masked

# A conversation, not a flood: so many messages in so many seconds from one person.
MOST_MESSAGES, WITHIN_S = 6, 10


def write_message(*, meeting: Meeting, person: User, text: str, at: datetime) -> Message:
    """Write to everybody in the meeting. Personal numbers are masked before the message is kept."""
    kept = masked(clean_text(text, MESSAGE_LENGTH, field="text"))
    if not kept:
        raise InvalidMeeting(fields={"text": [_("Please fill this in.")]})
    consume(scope="meeting-message", key=str(person.pk), limit=MOST_MESSAGES, window_s=WITHIN_S)
    return keep_message(meeting=meeting, person=person, text=kept, at=at)


@transaction.atomic
def keep_message(*, meeting: Meeting, person: User, text: str, at: datetime) -> Message:
    """Keep a text that is clean, give it the next number and tell everybody."""
    seat = seat_of(meeting, person, at)
    # Before the room: whoever chairs takes the meeting's row first, too.
    number = meeting.next_message_number()
    # Closing takes the same row: nobody writes into a meeting that has ended, and what refuses is asked once.
    place_of(meeting, person, at).chat.require()
    message = Message.objects.create(meeting=meeting, seat=seat, number=number, text=text, written_at=at)
    take_seat(meeting, seat, at)
    tell_message(message)
    return message


def hide_message(pk: uuid.UUID, at: datetime) -> None:
    """Within moderation's transaction: only its author and moderators still read it."""
    _turn(pk, hidden_at=at)


def show_message(pk: uuid.UUID, at: datetime) -> None:
    _turn(pk, hidden_at=None)


@transaction.atomic
def _turn(pk: uuid.UUID, *, hidden_at: datetime | None) -> None:
    message = Message.objects.select_related("seat__person", "meeting").select_for_update(of=("self",)).get(pk=pk)
    if message.is_hidden == (hidden_at is not None):
        return
    message.hidden_at = hidden_at
    message.save(update_fields=["hidden_at"])
    if message.is_hidden:
        events.withhold(room=message.meeting.room, kind="meeting.message", payload__id=str(pk))
    tell_message(message)
