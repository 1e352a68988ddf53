"""Voting. Starting and stopping a poll is the chair's: see `chairing`."""

import uuid
from datetime import datetime

from django.db import transaction

from metacity.accounts.models import User
from participation.meetings.access import place_of
from participation.meetings.errors import AlreadyVoted, PollNotOpen
from participation.meetings.kinds import Choice, RestrictionKind
from participation.meetings.models import LivePoll, Meeting, Restriction, RollEntry, Seat, Vote
from participation.meetings.services.attendance import seat_of, take_seat
from participation.processes.kinds import Level


@transaction.atomic
def vote(*, meeting: Meeting, person: User, poll: uuid.UUID, choice: Choice, at: datetime) -> LivePoll:
    """Cast one's vote; a second is refused. Neither ledger nor event tells of it."""
    place_of(meeting, person, at).vote.require()
    # Stopping takes the same row: a vote is counted, or refused.
    found = LivePoll.objects.select_for_update().filter(meeting=meeting, pk=poll).first()
    if found is None or not found.is_open:
        raise PollNotOpen
    seat = seat_of(meeting, person, at)
    if not Vote.objects.cast(found, seat, choice):
        raise AlreadyVoted
    take_seat(meeting, seat, at)
    return found


def freeze_roll(meeting: Meeting, poll: LivePoll, at: datetime) -> int:
    """Within the chair's transaction: writes down who was entitled, and says how many.

    Those who were there and may vote, and those who had voted before they left.
    """
    voted = set(poll.votes.values_list("seat_id", flat=True))
    there = meeting.seats.of_people().taken().select_related("person__identity_check", "person__guardian_consent")
    removed = _removed(meeting, at)
    entitled = voted | {seat.pk for seat in there if seat.pk not in removed and _is_entitled(meeting, seat)}
    RollEntry.objects.bulk_create(RollEntry(poll=poll, seat_id=pk) for pk in sorted(entitled))
    return len(entitled)


def _removed(meeting: Meeting, at: datetime) -> set[uuid.UUID]:
    removals = Restriction.objects.in_force(at).filter(seat__meeting=meeting, kind=RestrictionKind.REMOVAL)
    return set(removals.values_list("seat_id", flat=True))


def _is_entitled(meeting: Meeting, seat: Seat) -> bool:
    """What can be told of a hundred people in one query: whoever has something left to agree to could have done so."""
    person = seat.person
    if person is None or person.waits_for_guardian:
        return False
    return person.is_identified or meeting.speak_level == Level.MEMBER
