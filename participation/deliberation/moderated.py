"""Comments as moderation sees them: found, hidden from others, and shown again. Their rows are never removed."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.commons.errors import CityError
from participation.deliberation.access import reads_hidden
from participation.deliberation.models import Comment
from participation.deliberation.services import hide_comment, show_comment
from participation.moderation.access import may_moderate
from participation.moderation.subjects import Announcement, Subject, SubjectKind
from participation.proposals.access import proposal_for

TITLE_LENGTH = 60


def find(user: Visitor, pk: uuid.UUID) -> Subject | None:
    """Moderators find whatever was written, so that withdrawing it does not end what was reported of it."""
    comment = Comment.objects.with_proposal().filter(pk=pk).first()
    if comment is None or not (may_moderate(user) or _is_read_by(user, comment)):
        return None
    return Subject(
        kind=KIND.name,
        pk=comment.pk,
        author=comment.author,
        title=title_of(comment.text),
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


def titles(user: Visitor, pks: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Of those that are shown, and for moderators of all."""
    found = Comment.objects.filter(pk__in=pks)
    if not may_moderate(user):
        found = found.filter(withdrawn_at=None).filter(Q(hidden_at=None) | Q(author=user.pk))
    return {pk: title_of(text) for pk, text in found.values_list("pk", "text")}


def title_of(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(TITLE_LENGTH)


def hide(pk: uuid.UUID, at: datetime) -> Announcement | None:
    return hide_comment(pk=pk, at=at)


def show(pk: uuid.UUID, at: datetime) -> Announcement | None:
    return show_comment(pk=pk)


KIND = SubjectKind("comment", _("Comment"), find=find, hide=hide, show=show, titles=titles)
