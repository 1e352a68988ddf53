"""What this room holds of a person: told on request, let go when the person leaves."""

from typing import Any

from metacity.accounts.models import User
from metacity.commons import clocks, events
from participation.meetings.kinds import SpeechState
from participation.meetings.models import Meeting, MinutesVersion, Seat
from participation.meetings.telling import tell_change, tell_leaving, tell_message


def export_meetings(user: User) -> list[dict[str, Any]]:
    """Every meeting in which the person had a seat, and what they did there."""
    seats = (
        Seat.objects.filter(person=user)
        .select_related("meeting")
        .prefetch_related("messages", "speeches", "votes__poll", "restrictions")
        .order_by("came_at")
    )
    return [_seat(seat) for seat in seats]


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "meeting": str(seat.meeting_id),
        "title": seat.meeting.title,
        "came_at": seat.came_at.isoformat(),
        "messages": [
            {"number": message.number, "text": message.text, "written_at": message.written_at.isoformat()}
            for message in seat.messages.all()
        ],
        "speeches": [
            {"asked_at": speech.asked_at.isoformat(), "state": speech.state, "spoken_s": speech.spoken_s}
            for speech in seat.speeches.all()
        ],
        "votes": [{"question": vote.poll.question, "choice": vote.choice} for vote in seat.votes.all()],
        "restrictions": [
            {"kind": restriction.kind, "reason": restriction.reason, "made_at": restriction.made_at.isoformat()}
            for restriction in seat.restrictions.all()
        ],
    }


def erase_meetings(user: User) -> None:
    """Seats lose their person: speeches, votes and messages stay without a name, restrictions and their reasons go.

    Minutes that were published stay as they were approved: they name people as they were shown then.
    """
    seats = list(Seat.objects.filter(person=user).select_related("meeting").order_by("meeting_id"))
    now = clocks.now()
    for seat in seats:
        seat.restrictions.all().delete()
        seat.speeches.all().withdraw(now)
        for speech in seat.speeches.filter(state=SpeechState.SPEAKING):
            speech.end(now)
    Seat.objects.filter(person=user).update(person=None, is_here=False)
    for field in ("chair", "deputy", "clerk"):
        Meeting.objects.filter(**{field: user}).update(**{field: None})
    MinutesVersion.objects.filter(written_by=user).update(written_by=None)
    for seat in seats:
        _tell_erased(seat)


def _tell_erased(seat: Seat) -> None:
    """Whoever follows the meeting sees the name go, after its end too; whoever catches up later never learns it."""
    meeting = Meeting.objects.with_people().get(pk=seat.meeting_id)
    events.withhold(room=meeting.room, kind="meeting.came", payload__person__seat=str(seat.pk))
    events.withhold(room=meeting.room, kind="meeting.message", payload__seat=str(seat.pk))
    tell_change(meeting, "stage", "floor")
    tell_leaving(meeting, [seat.pk])
    for message in meeting.messages.with_author().filter(seat=seat).order_by("number"):
        message.meeting = meeting
        tell_message(message)
