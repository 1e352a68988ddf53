"""What this room holds of a person: told on request, let go when the person leaves."""

from typing import Any

from django.db.models import Q

from metacity.accounts.models import User
from participation.deliberation.models import Comment
from participation.deliberation.telling import retell
from participation.proposals.models import Proposal


def export_comments(user: User) -> list[dict[str, Any]]:
    """Every comment of the person, withdrawn ones included."""
    return [
        {
            "id": str(comment.id),
            "proposal": str(comment.discussion_id),
            "title": _title(comment.discussion.proposal),
            "text": comment.text,
            "view": comment.scene,
            "state": comment.state,
            "written_at": comment.written_at.isoformat(),
        }
        for comment in Comment.objects.by_author(user).with_proposal().newest()
    ]


def _title(proposal: Proposal) -> str:
    """Of what everybody may read; what was hidden or withdrawn since is not the commenter's to keep."""
    return proposal.content.title if proposal.is_public else ""


def erase_comments(user: User) -> None:
    """Public texts stay without a name, as with proposals; what was withdrawn is emptied."""
    mine = Comment.objects.by_author(user)
    mine.exclude(withdrawn_at=None).update(text="", scene=None)
    ids = list(mine.values_list("pk", flat=True))
    mine.update(author=None)
    # In events that can still be replayed, the name goes from the comments and from the answers to them.
    touched = Comment.objects.filter(Q(pk__in=ids) | Q(answers__in=ids))
    for comment in touched.with_proposal().order_by("discussion", "number"):
        retell(comment)
