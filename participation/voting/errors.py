"""What the room of votes refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Forbidden, Invalid, NotFound


class PollNotFound(NotFound):
    code = "poll_not_found"
    message = _("There is no such vote.")


class PollNotOpen(Conflict):
    code = "poll_not_open"
    message = _("This vote has not opened yet.")


class PollSuspended(Conflict):
    code = "poll_suspended"
    message = _("This vote is suspended at the moment. Ballots that were cast stay as they are.")


class PollClosed(Conflict):
    code = "poll_closed"
    message = _("This vote is closed. No more ballots are taken.")


class NotOnTheRoll(Forbidden):
    code = "not_on_the_roll"
    message = _("You are not on the roll of this vote.")


class AlreadyVoted(Conflict):
    code = "already_voted"
    message = _("You have voted already. A ballot that has been cast cannot be changed or cast again.")


class KeyTaken(Conflict):
    code = "key_taken"
    message = _("This key has been used before. Please begin again with a new one.")


class UnknownChoice(Invalid):
    code = "unknown_choice"
    message = _("Please choose one of the answers.")


class InvalidPoll(Invalid):
    """What was entered for a poll; `fields` says where."""

    code = "invalid_poll"


class PollFrozen(Conflict):
    code = "poll_frozen"
    message = _("This vote has been announced. What is decided and by which rule can no longer be changed.")


class PollMoved(Conflict):
    code = "poll_moved"
    message = _("This vote is no longer in the state in which that can be done.")


class NotChecked(Conflict):
    code = "poll_not_checked"
    message = _("Please run the check first. It has to pass after the last change.")


class TooLateToAnnounce(Conflict):
    code = "too_late_to_announce"
    message = _("The opening time has passed. Please choose a later one.")


class NotLater(Invalid):
    code = "not_later"
    message = _("A vote can only be extended to a later time.")


class ReasonRequired(Invalid):
    code = "reason_required"
    message = _("Please give the reason. Everybody can read it.")


class RollChanged(Conflict):
    code = "roll_changed"
    message = _("The roll is not the one with which the vote was opened. It cannot be closed before this is explained.")


class BallotsDiffer(Conflict):
    code = "ballots_differ"
    message = _("The ballots are not those that were cast or published. Nothing is counted before this is explained.")


class SamePerson(Forbidden):
    code = "same_person"
    message = _("Whoever announced a vote cannot certify its result too. Another team leader has to do it.")


class BoardNotReady(NotFound):
    code = "board_not_ready"
    message = _("The board is published when the vote has closed.")
