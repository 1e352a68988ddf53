"""What the room of proposals refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany


class ProposalNotFound(NotFound):
    code = "proposal_not_found"
    message = _("There is no such proposal.")


class ProposalWithdrawn(Gone):
    code = "proposal_withdrawn"
    message = _("The author has withdrawn this proposal.")


class DraftNotFound(NotFound):
    code = "draft_not_found"
    message = _("There is no such draft. It may have been submitted or deleted.")


class TooManyDrafts(TooMany):
    code = "too_many_drafts"
    message = _("You have too many drafts. Delete one to begin another.")


class TooManyPhotos(Invalid):
    code = "too_many_photos"
    message = _("No more photos fit here. Remove one to add another.")


class TooManyPhotoBytes(TooMany):
    code = "too_many_photo_bytes"
    message = _("Your drafts hold too many photos. Submit or delete a draft to add another.")


class PhotoNotFound(NotFound):
    code = "photo_not_found"
    message = _("There is no such photo.")


class NotTheAuthor(Forbidden):
    code = "not_the_author"
    message = _("Only the author can do this.")


class NotRevisable(Conflict):
    code = "not_revisable"
    message = _("The office has begun to handle this proposal, so its text stays as it is.")


class NotSupportable(Conflict):
    code = "not_supportable"
    message = _("This proposal has been decided. It takes no more support.")


class StateChanged(Conflict):
    """Somebody else moved the proposal on, or it may not move there from where it is."""

    code = "state_changed"
    message = _("The proposal is in another state by now. Read it again.")


class KeyTaken(Conflict):
    """Keys are random: whoever sends one that is taken did not make it up."""

    code = "key_taken"
    message = _("This has been submitted by somebody else. Send it with a key of its own.")


class NothingChanged(Invalid):
    code = "nothing_changed"
    message = _("Nothing differs from the version before.")


class InvalidContent(Invalid):
    """Fields that cannot be submitted as they are; `fields` says which and why."""

    code = "invalid_content"
    message = _("Some fields need another look.")


class OutsideTheCity(Invalid):
    code = "outside_the_city"
    message = _("This place is outside the city.")


class PlaceNotFound(Invalid):
    code = "place_not_found"
    message = _("There is no such place in the city.")


class DesignNotOpen(Invalid):
    """The project takes no such change, or not on this land. `fields` names the change: ``changes.0``."""

    code = "design_not_open"
    message = _("Something in the drawing does not fit this project.")


class NotExtendable(Conflict):
    code = "not_extendable"
    message = _("This deadline cannot be extended: it has passed, is not running, or has been extended before.")


class NotMergeable(Invalid):
    code = "not_mergeable"
    message = _("Choose another proposal of this city that is not closed.")


class AlreadyCompleted(Conflict):
    code = "already_completed"
    message = _("This has been completed. Nothing more is to be reported.")


class AnswerWaiting(Conflict):
    """Nobody changes the text that somebody else is reading to approve it."""

    code = "answer_waiting"
    message = _("The answer is waiting for approval. Take it back to change it.")


class NoAnswerWaiting(Conflict):
    code = "no_answer_waiting"
    message = _("No answer is waiting for approval here. It may have been taken back or decided on.")


class ProposalHidden(Conflict):
    """What nobody else can read is not answered in public."""

    code = "proposal_hidden"
    message = _("This proposal is hidden. It can be answered once moderators show it again.")


class AnswerChanged(Conflict):
    code = "answer_changed"
    message = _("The answer was changed after you opened it. Read it again before you decide.")


class OwnAnswer(Forbidden):
    code = "own_answer"
    message = _("Somebody else has to approve an answer that you wrote.")
