"""What a discussion refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Forbidden, Invalid, NotFound


class CommentNotFound(NotFound):
    code = "comment_not_found"
    message = _("There is no such comment. It may have been withdrawn.")


class NotYourComment(Forbidden):
    code = "not_your_comment"
    message = _("Only the person who wrote this comment can do this.")


class InvalidComment(Invalid):
    """Text or view that cannot be kept as they are; `fields` says which and why."""

    code = "invalid_comment"


class DiscussionClosed(Conflict):
    code = "discussion_closed"
    message = _("This proposal takes no more comments.")


class NotAnswerable(Conflict):
    code = "not_answerable"
    message = _("This comment cannot be answered: it was hidden or withdrawn.")


class NotEditable(Conflict):
    code = "not_editable"
    message = _("A comment can be changed for ten minutes, as long as nobody has answered it.")


class CommentChanged(Conflict):
    code = "comment_changed"
    message = _("This comment has been changed in another window. Read it again, then change it.")


class KeyTaken(Conflict):
    """Keys are random: whoever sends one that is taken did not make it up."""

    code = "key_taken"
    message = _("This has been sent by somebody else. Send it with a key of its own.")
