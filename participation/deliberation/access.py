"""How comments are reached: through the proposal they stand under. What left no trace is absent for everybody."""

import uuid

from metacity.accounts.access import Visitor
from participation.deliberation.errors import CommentNotFound, NotYourComment
from participation.deliberation.models import Comment
from participation.moderation.access import may_moderate
from participation.proposals.access import proposal_for
from participation.proposals.models import Proposal


def comment_for(user: Visitor, proposal_pk: uuid.UUID, pk: uuid.UUID) -> Comment:
    """A standing comment of a proposal that `user` may read, with what its page shows."""
    return comment_of(proposal_for(user, proposal_pk), pk)


def comment_of(proposal: Proposal, pk: uuid.UUID) -> Comment:
    found = Comment.objects.of_proposal(proposal.pk).standing().with_people().select_related("discussion")
    comment = found.filter(pk=pk).first()
    if comment is None:
        raise CommentNotFound
    comment.discussion.proposal = proposal
    return comment


def own_comment(user: Visitor, proposal_pk: uuid.UUID, pk: uuid.UUID) -> Comment:
    """As `comment_for`, for what only its author may do."""
    comment = comment_for(user, proposal_pk, pk)
    if not comment.is_written_by(user):
        raise NotYourComment
    return comment


def reads_hidden(user: Visitor, comment: Comment) -> bool:
    """Moderators read what is hidden: it is what they decide on."""
    return comment.is_written_by(user) or may_moderate(user)
