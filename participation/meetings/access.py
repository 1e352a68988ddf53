"""How meetings are reached, and who may do what in one."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from metacity.accounts.access import Visitor, require_signed_in
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import CityError
from participation.meetings.errors import (
    ListClosed,
    MeetingNotFound,
    MeetingNotOpen,
    MinutesNotFound,
    NotTheChair,
    NotTheClerk,
    Removed,
    Restricted,
)
from participation.meetings.kinds import MeetingState, RestrictionKind, SpeechKind
from participation.meetings.models import Meeting, Minutes, Restriction
from participation.processes.kinds import Level
from participation.processes.predicates import REQUIRED_OF_A_PERSON, Verdict
from twin.mirror.access import may_see

UNTIL_THE_END = {
    RestrictionKind.CHAT: Restricted,
    RestrictionKind.SPEECH: Restricted,
    RestrictionKind.REMOVAL: Removed,
}


def meeting_for(user: Visitor, pk: uuid.UUID) -> Meeting:
    """The meeting, which everybody may watch; `Removed` (403) for whom the chair removed while it lasts."""
    meeting = public_meeting(user, pk)
    if meeting.is_running:
        refuse(removal_of(meeting, user))
    return meeting


def public_meeting(user: Visitor, pk: uuid.UUID) -> Meeting:
    """What stands about the meeting in lists and in its minutes: for everybody who may see the city."""
    meeting = Meeting.objects.with_people().filter(pk=pk).first()
    if meeting is None or not may_see(user, meeting.city):
        raise MeetingNotFound
    return meeting


def may_listen(user: Visitor, room: str) -> bool:
    """Whether `user` may follow a meeting's events: whoever may watch it."""
    try:
        meeting_for(user, uuid.UUID(room.removeprefix("meeting.")))
    except (ValueError, MeetingNotFound, Removed):
        return False
    return True


def minutes_for(user: Visitor, pk: uuid.UUID) -> Minutes:
    """Published minutes for everybody; before that, for the clerk and for whoever approves them."""
    meeting = public_meeting(user, pk)
    found = Minutes.objects.filter(meeting=meeting).first()
    if found is None or not (found.is_approved or meeting.is_written_by(user) or meeting.is_chaired_by(user)):
        raise MinutesNotFound
    found.meeting = meeting
    return found


def require_chair(meeting: Meeting, user: Visitor) -> User:
    """The chair or the deputy, or NotTheChair."""
    person = require_signed_in(user)
    if not meeting.is_chaired_by(person):
        raise NotTheChair
    return person


def require_clerk(meeting: Meeting, user: Visitor) -> User:
    person = require_signed_in(user)
    if not meeting.is_written_by(person):
        raise NotTheClerk
    return person


# What people may do, as rules that are asked in this order; the first refusal decides.


def restrictions_of(meeting: Meeting, user: Visitor, at: datetime) -> dict[str, Restriction]:
    """What the chair has taken from `user` now, by kind; from those who lead, nothing can be taken."""
    if not isinstance(user, User) or meeting.is_chaired_by(user) or meeting.is_written_by(user):
        return {}
    mine = Restriction.objects.in_force(at).filter(seat__meeting=meeting, seat__person=user)
    return {restriction.kind: restriction for restriction in mine}


def removal_of(meeting: Meeting, user: Visitor) -> CityError | None:
    return refusal_by(restrictions_of(meeting, user, clocks.now()).get(RestrictionKind.REMOVAL))


def refusal_by(restriction: Restriction | None) -> CityError | None:
    """What is said to whom the restriction is about: why, and until when."""
    if restriction is None:
        return None
    told = {"what": str(restriction.get_kind_display()), "reason": restriction.reason}
    if restriction.until is None:
        return UNTIL_THE_END[RestrictionKind(restriction.kind)](_("%(what)s. Reason: %(reason)s") % told)
    told["time"] = date_format(timezone.localtime(restriction.until), "TIME_FORMAT")
    return Restricted(_("%(what)s until %(time)s. Reason: %(reason)s") % told)


def refuse(refusal: CityError | None) -> None:
    if refusal is not None:
        raise refusal


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody may do in a meeting now, and in words why not. Made by `place_of`."""

    is_chair: bool
    is_clerk: bool
    # Set for whom the chair has removed.
    removal: CityError | None
    attend: Verdict
    chat: Verdict
    speak: Verdict
    point_of_order: Verdict
    vote: Verdict

    def ask(self, kind: SpeechKind) -> Verdict:
        """Whether one may ask for the floor for a speech of that kind."""
        return self.point_of_order if kind == SpeechKind.POINT_OF_ORDER else self.speak


def place_of(meeting: Meeting, user: Visitor, at: datetime) -> Place:
    """What `user` may do in the meeting. One query for people who have signed in, none for others."""
    taken = {kind: refusal_by(restriction) for kind, restriction in restrictions_of(meeting, user, at).items()}
    removal = taken.get(RestrictionKind.REMOVAL)
    silenced, muted = taken.get(RestrictionKind.CHAT), taken.get(RestrictionKind.SPEECH)
    running, is_open = _running(meeting), _open(meeting)
    member, known = _level(user, Level.MEMBER), _level(user, Level(meeting.speak_level))
    closed = None if meeting.list_is_open else ListClosed()
    return Place(
        is_chair=meeting.is_chaired_by(user),
        is_clerk=meeting.is_written_by(user),
        removal=removal,
        attend=_first(running, removal),
        chat=_first(running, member, removal, silenced),
        speak=_first(is_open, known, removal, muted, closed),
        point_of_order=_first(is_open, known, removal, muted),
        vote=_first(is_open, known, removal),
    )


def _running(meeting: Meeting) -> CityError | None:
    return None if meeting.is_running else MeetingNotOpen(NOT_ON_NOW[MeetingState(meeting.state)]())


def _open(meeting: Meeting) -> CityError | None:
    return None if meeting.is_open else MeetingNotOpen(NOT_ON_NOW[MeetingState(meeting.state)]())


def _level(user: Visitor, level: Level) -> CityError | None:
    try:
        REQUIRED_OF_A_PERSON[level](user)
    except CityError as refusal:
        return refusal
    return None


def _first(*refusals: CityError | None) -> Verdict:
    return Verdict(next((refusal for refusal in refusals if refusal is not None), None))


NOT_ON_NOW: dict[MeetingState, Callable[[], str]] = {
    MeetingState.PLANNED: lambda: _("The meeting has not begun yet."),
    MeetingState.PAUSED: lambda: _("The meeting is paused. It goes on soon."),
    MeetingState.CLOSED: lambda: _("The meeting is over."),
    MeetingState.PUBLISHED: lambda: _("The meeting is over."),
    MeetingState.CANCELLED: lambda: _("The meeting has been cancelled."),
    MeetingState.OPEN: lambda: _("This is only possible while the meeting is on."),
}
