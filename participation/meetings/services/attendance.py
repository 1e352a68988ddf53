"""Coming, staying and going. A page says every so often that somebody is there; only a change is told."""

import datetime as dt
import hashlib
import uuid

from django.db import transaction

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from participation.meetings.access import place_of
from participation.meetings.kinds import RUNNING
from participation.meetings.models import Meeting, Seat
from participation.meetings.telling import tell_coming, tell_leaving

# A page speaks every 40 s; two of its words may be lost.
GONE_AFTER = dt.timedelta(seconds=130)


@transaction.atomic
def attend(*, meeting: Meeting, user: Visitor, session_key: str = "", at: dt.datetime) -> Seat | None:
    """Say that somebody is there: a person by their account, a guest by their session, else nobody in particular.

    Refuses where the meeting is not on and whom the chair has removed.
    """
    place_of(meeting, user, at).attend.require()
    if isinstance(user, User):
        seat = seat_of(meeting, user, at)
    elif session_key:
        seat, _new = Seat.objects.get_or_create(
            meeting=meeting, guest_key=guest_key(meeting, session_key), defaults={"came_at": at, "seen_at": at}
        )
    else:
        return None
    take_seat(meeting, seat, at)
    return seat


def seat_of(meeting: Meeting, person: User, at: dt.datetime) -> Seat:
    """The person's seat in the meeting; made at first need, and not taken by that."""
    seat, _new = Seat.objects.get_or_create(meeting=meeting, person=person, defaults={"came_at": at, "seen_at": at})
    seat.person = person
    return seat


def take_seat(meeting: Meeting, seat: Seat, at: dt.datetime) -> None:
    """Within the caller's transaction: whoever was away is there again, and that is told.

    Who was heard of a moment ago is there: nobody is seen off before `GONE_AFTER`, and that asks nothing.
    """
    if seat.is_here and not seat.is_to_be_noted(at):
        return
    if Seat.objects.filter(pk=seat.pk, is_here=False).update(is_here=True, seen_at=at):
        tell_coming(meeting, seat)
    elif seat.is_to_be_noted(at):
        Seat.objects.filter(pk=seat.pk, seen_at__lt=at).update(seen_at=at)


def vacate(meeting: Meeting, *, seen_before: dt.datetime | None = None) -> list[tuple[uuid.UUID, str]]:
    """Within the caller's transaction: whoever has not been heard of since is gone, or everybody.

    Answers the seats' ids and guests' keys, to be told by `tell_vacated` once everything is written.
    """
    there = meeting.seats.taken() if seen_before is None else meeting.seats.taken().filter(seen_at__lt=seen_before)
    gone = list(there.select_for_update().order_by("pk").values_list("pk", "guest_key"))
    Seat.objects.filter(pk__in=[pk for pk, _guest in gone]).update(is_here=False)
    return gone


def tell_vacated(meeting: Meeting, gone: list[tuple[uuid.UUID, str]]) -> None:
    if gone:
        tell_leaving(meeting, [pk for pk, guest in gone if not guest])


def see_off(at: dt.datetime) -> int:
    """Whoever's page has been silent for a while is gone. Called every so often; how many there were."""
    gone = 0
    for meeting in Meeting.objects.filter(state__in=RUNNING).order_by("pk"):
        with transaction.atomic():
            silent = vacate(meeting, seen_before=at - GONE_AFTER)
            tell_vacated(meeting, silent)
        gone += len(silent)
    return gone


def guest_key(meeting: Meeting, session_key: str) -> str:
    """What stands for a guest in one meeting, and in no other."""
    return hashlib.sha256(f"{meeting.pk} {session_key}".encode()).hexdigest()
