"""What the room of meetings refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class MeetingNotFound(NotFound):
    code = "meeting_not_found"
    message = _("There is no such meeting.")


class MinutesNotFound(NotFound):
    code = "minutes_not_found"
    message = _("The minutes of this meeting have not been published yet.")


class NotTheChair(Forbidden):
    code = "not_the_chair"
    message = _("Only the chair or the deputy of this meeting can do this.")


class NotTheClerk(Forbidden):
    code = "not_the_clerk"
    message = _("Only the clerk of this meeting can do this.")


class MeetingNotOpen(Conflict):
    """What people do in a meeting is only done while it is on."""

    code = "meeting_not_open"
    message = _("This is only possible while the meeting is on.")


class StateChanged(Conflict):
    """Somebody else moved the meeting on, or it may not move there from where it is."""

    code = "state_changed"
    message = _("Somebody else has led the meeting on in the meantime. Look at it again, then decide.")


class ListClosed(Conflict):
    code = "list_closed"
    message = _("The speaking list is closed at the moment. Points of order are still possible.")


class AlreadyAsked(Conflict):
    code = "already_asked"
    message = _("You are on the speaking list already.")


class NotWaiting(Conflict):
    code = "not_waiting"
    message = _("This wish to speak is no longer on the list.")


class FloorTaken(Conflict):
    code = "floor_taken"
    message = _("Somebody is speaking. End that speech first.")


class TooManyWaiting(TooMany):
    code = "too_many_waiting"
    message = _("The speaking list is full. Try again in a moment.")


class PollNotOpen(Conflict):
    code = "poll_not_open"
    message = _("This vote is not open.")


class PollIsOpen(Conflict):
    code = "poll_is_open"
    message = _("A vote is still open. Stop it first.")


class AlreadyVoted(Conflict):
    code = "already_voted"
    message = _("You have voted already. Your first vote counts.")


class Restricted(Forbidden):
    """The chair took this from the person for a while; the message says why and until when."""

    code = "restricted"
    message = _("The chair has stopped this for you.")


class Removed(Forbidden):
    code = "removed"
    message = _("The chair has removed you from this meeting.")


class InvalidMeeting(Invalid):
    """Fields that cannot be kept as they are; `fields` says which and why."""

    code = "invalid_meeting"
    message = _("Some fields need another look.")


class NotEditable(Conflict):
    code = "not_editable"
    message = _("The meeting has begun, so its plan stays as it is.")


class MinutesChanged(Conflict):
    """Somebody else has written a version in the meantime."""

    code = "minutes_changed"
    message = _("The minutes have another version by now. Compare it with yours before you save.")


class MinutesNotHandedIn(Conflict):
    code = "minutes_not_handed_in"
    message = _("The clerk has not handed in these minutes yet.")
