"""Writing, changing, withdrawing, hiding and showing comments.

Locks: the discussion, then its comments, then, where moderation hides, the ledger, then the proposal's room. Like
supports, comments stand in no ledger: what moderation decides about them does.
"""

import uuid
from datetime import datetime
from functools import partial

from django.db import transaction

from metacity.accounts.access import Visitor, require_member
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from participation.deliberation.content import Remark
from participation.deliberation.errors import (
    CommentChanged,
    CommentNotFound,
    DiscussionClosed,
    KeyTaken,
    NotAnswerable,
    NotEditable,
    NotYourComment,
)
from participation.deliberation.models import Comment, Discussion
from participation.deliberation.notices import tell_of_comment
from participation.deliberation.telling import announce_comment, announce_removal, retell
from participation.moderation.subjects import Announcement
from participation.processes.kinds import Act
from participation.processes.predicates import Verdict
from participation.proposals.models import Proposal

# The office role under which somebody is known to readers: the first that they hold.
SIGNED_ROLES = (Role.APPROVER, Role.OFFICIAL, Role.MODERATOR, Role.CLERK)


def may_comment(proposal: Proposal, user: Visitor, at: datetime) -> Verdict:
    """Whether `user` may write under the proposal now: true or false, and in words why not."""
    if not proposal.is_listed:
        return Verdict(DiscussionClosed())
    return proposal.process.allows(Act.COMMENT, user, at)


@transaction.atomic
def add_comment(
    *,
    proposal: Proposal,
    author: User,
    remark: Remark,
    key: uuid.UUID,
    at: datetime,
    answers: uuid.UUID | None = None,
) -> Comment:
    """Say something about a proposal, or answer another comment of it.

    `key` names this act: the same key again, however often and however close, returns the same comment. An answer to
    an answer stands in the same thread.
    """
    may_comment(proposal, author, at).require()
    discussion = Discussion.locked(proposal)
    before = _sent_with(key, author)
    if before is not None:
        return before
    answered = _answered(discussion, answers) if answers else None
    comment = _write(discussion, answered, author=author, remark=remark, key=key, at=at)
    discussion.count(+1)
    if answered is not None:
        _mark_answered(comment, answered)
    tell_of_comment(comment)
    announce_comment("added", comment)
    return comment


@transaction.atomic
def edit_comment(*, comment: Comment, author: User, remark: Remark, revision: int, at: datetime) -> Comment:
    """Put it better, within ten minutes and before anybody has answered. `revision` is the one that was read."""
    comment = _locked(comment.pk)
    if not comment.is_written_by(require_member(author)):
        raise NotYourComment
    if not comment.is_editable(at):
        raise NotEditable
    if comment.revision != revision:
        raise CommentChanged
    scene = remark.scene.as_json() if remark.scene else None
    if (comment.text, comment.scene) != (remark.text, scene):
        comment.say(text=remark.text, scene=scene, at=at)
        retell(comment)
        announce_comment("changed", comment)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, author: User, at: datetime) -> None:
    """Take it back. Where somebody has answered, its place stays and says so; else nothing is left of it."""
    comment = _locked(comment.pk)
    if not comment.is_written_by(author):
        raise NotYourComment
    if comment.withdrawn_at is not None:
        return
    was_shown = comment.is_shown
    comment.mark(withdrawn_at=at)
    if was_shown:
        comment.discussion.count(-1)
    if comment.is_gone and not comment.begins_thread:
        _count_replies(comment, -1)
    retell(comment)
    if comment.is_gone:
        announce_removal(comment)
    else:
        announce_comment("changed", comment)


@transaction.atomic
def hide_comment(*, pk: uuid.UUID, at: datetime) -> Announcement | None:
    """Take it from everybody's eyes but its author's and the moderators'; what is then to be announced.

    Within moderation's transaction, which announces once its ledger is written. Hidden or withdrawn already, nobody
    has to be told.
    """
    comment = _locked(pk)
    was_shown = comment.is_shown
    if comment.hidden_at is None:
        comment.mark(hidden_at=at)
    if not was_shown:
        return None
    comment.discussion.count(-1)
    retell(comment)
    return partial(announce_comment, "hidden", comment)


@transaction.atomic
def show_comment(*, pk: uuid.UUID) -> Announcement | None:
    """Give back what was hidden, unless its author has withdrawn it meanwhile. As `hide_comment`."""
    comment = _locked(pk)
    if comment.hidden_at is None:
        return None
    comment.mark(hidden_at=None)
    if not comment.is_shown:
        return None
    comment.discussion.count(+1)
    return partial(announce_comment, "shown", comment)


def _locked(pk: uuid.UUID) -> Comment:
    """The comment as it is once nobody else writes in its discussion."""
    found = Comment.objects.with_proposal()
    comment = found.filter(pk=pk).first()
    if comment is None:
        raise CommentNotFound
    discussion = Discussion.locked(comment.discussion.proposal)
    comment = found.get(pk=pk)
    comment.discussion = discussion
    return comment


def _sent_with(key: uuid.UUID, author: User) -> Comment | None:
    """What the author sent with this key before; `KeyTaken` where somebody else did."""
    before = Comment.objects.with_proposal().filter(key=key).first()
    if before is not None and not before.is_written_by(author):
        raise KeyTaken
    return before


def _answered(discussion: Discussion, pk: uuid.UUID) -> Comment:
    comment = discussion.comments.standing().select_related("author").filter(pk=pk).first()
    if comment is None:
        raise CommentNotFound
    if not comment.is_shown:
        raise NotAnswerable
    return comment


def _write(
    discussion: Discussion, answered: Comment | None, *, author: User, remark: Remark, key: uuid.UUID, at: datetime
) -> Comment:
    number = discussion.take_number()
    thread = answered.thread if answered else number
    return Comment.objects.create(
        discussion=discussion,
        number=number,
        thread=thread,
        place=_next_place(discussion, thread) if answered else 0,
        answers=answered,
        author=author,
        role=next((role for role in SIGNED_ROLES if author.has_role(role)), ""),
        key=key,
        text=remark.text,
        scene=remark.scene.as_json() if remark.scene else None,
        written_at=at,
    )


def _next_place(discussion: Discussion, thread: int) -> int:
    last = discussion.comments.filter(thread=thread).order_by("-place").values_list("place", flat=True)[:1]
    return last[0] + 1


def _mark_answered(comment: Comment, answered: Comment) -> None:
    Comment.objects.filter(pk=answered.pk).update(is_answered=True)
    _count_replies(comment, +1)


def _count_replies(comment: Comment, change: int) -> None:
    """Of the thread in which `comment` stands."""
    first = comment.discussion.comments.get(number=comment.thread)
    first.replies_count += change
    first.is_answered = first.is_answered or change > 0
    first.save(update_fields=["replies_count", "is_answered"])
