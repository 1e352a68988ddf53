"""Comments as moderation sees them."""

import uuid
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.commons.errors import CityError
from participation.deliberation.access import reads_everything, reads_hidden
from participation.deliberation.models import Comment
from participation.deliberation.services import hide_comment, show_comment
from participation.moderation.subjects import Subject, SubjectKind
from participation.proposals.access import proposal_for

TITLE_LENGTH = 60


def find(user: Visitor, pk: uuid.UUID) -> Subject | None:
    """Moderators find whatever was written, so that withdrawing it does not end what was reported of it."""
    comment = Comment.objects.with_proposal().filter(pk=pk).first()
    if comment is None or not (reads_everything(user) or _is_read_by(user, comment)):
        return None
    return Subject(
        kind="comment",
        pk=comment.pk,
        author=comment.author,
        title=Truncator(" ".join(comment.text.split())).chars(TITLE_LENGTH),
        text=comment.text,
        url=comment.get_absolute_url(),
        written_at=comment.written_at,
        is_hidden=comment.hidden_at is not None,
    )


def _is_read_by(user: Visitor, comment: Comment) -> bool:
    try:
        proposal_for(user, comment.discussion_id)
    except CityError:
        return False
    return comment.is_shown or (comment.withdrawn_at is None and reads_hidden(user, comment))


def hide(pk: uuid.UUID, at: datetime) -> None:
    hide_comment(pk=pk, at=at)


def show(pk: uuid.UUID, at: datetime) -> None:
    show_comment(pk=pk)


COMMENT = SubjectKind("comment", _("Comment"), find=find, hide=hide, show=show)
