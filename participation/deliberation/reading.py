"""A discussion as pages show it: threads with their first replies, a page at a time, whatever has been said in all."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.commons.i18n import localised
from participation.deliberation.access import reads_hidden
from participation.deliberation.models import Comment
from participation.deliberation.scenes import Scene
from participation.proposals.models import Proposal

THREADS_A_PAGE = 20
REPLIES_SHOWN = 3
REPLIES_A_PAGE = 50
COMMENTS_A_PAGE = 20
MOST_COMMENTS_A_PAGE = 100


class Order(models.TextChoices):
    NEW = "new", _("Newest first")
    OLD = "old", _("Oldest first")


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as one visitor sees it."""

    comment: Comment
    is_mine: bool = False
    is_editable: bool = False
    # A hidden comment that this visitor reads all the same.
    reads_hidden: bool = False

    @property
    def has_text(self) -> bool:
        return self.comment.is_shown or self.reads_hidden

    @property
    def scene(self) -> Scene | None:
        return Scene(**self.comment.scene) if self.comment.scene and self.has_text else None

    @property
    def scene_words(self) -> str:
        return localised(self.comment.scene or {}, "words")


@dataclass(slots=True)
class Thread:
    """A comment and the first of its replies."""

    first: Shown
    replies: list[Shown] = field(default_factory=list)

    @property
    def more_replies(self) -> int:
        return max(0, self.first.comment.replies_count - len(self.replies))


@dataclass(frozen=True, slots=True)
class ThreadsPage:
    """Threads in their order. `next` names the page after, `is_first` that none comes before."""

    threads: Sequence[Thread]
    count: int
    order: str
    next: int | None
    is_first: bool


def number_asked(asked: str | None) -> int | None:
    """A comment's number from an address; `None` where it makes no sense."""
    return int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def order_asked(asked: str | None) -> str:
    return asked if asked in Order.values else Order.NEW


def threads_of(
    proposal: Proposal, user: Visitor, now: dt.datetime, *, order: str = Order.NEW, start: int | None = None
) -> ThreadsPage:
    """The page of threads from number `start` on, in one query: each thread's replies stand beside it in the index."""
    found = _standing(proposal.pk).filter(place__lte=REPLIES_SHOWN)
    if start is not None:
        found = found.filter(thread__lte=start) if order == Order.NEW else found.filter(thread__gte=start)
    ordered = found.order_by("-thread" if order == Order.NEW else "thread", "place")
    # One comment more than a whole page can have, so that there is a next thread if any is left.
    comments = list(ordered[: THREADS_A_PAGE * (REPLIES_SHOWN + 1) + 1])
    threads = _threads(comments, proposal, user, now)
    left = threads[THREADS_A_PAGE:]
    return ThreadsPage(
        threads=threads[:THREADS_A_PAGE],
        count=comments[0].discussion.comments_count if comments else 0,
        order=order,
        next=left[0].first.comment.number if left else None,
        is_first=start is None,
    )


def comments_page(
    proposal: Proposal, *, order: str, start: int | None = None, thread: int | None = None, size: int | None = None
) -> tuple[list[Comment], int | None]:
    """Comments by their numbers, whatever they answer, and the number with which the next page starts."""
    found = _standing(proposal.pk)
    if thread is not None:
        found = found.filter(thread=thread)
    if start is not None:
        found = found.filter(number__lte=start) if order == Order.NEW else found.filter(number__gte=start)
    most = min(max(size or COMMENTS_A_PAGE, 1), MOST_COMMENTS_A_PAGE)
    comments = list(found.order_by("-number" if order == Order.NEW else "number")[: most + 1])
    following = comments[most].number if len(comments) > most else None
    return [_under(proposal, comment) for comment in comments[:most]], following


def replies_of(
    first: Comment, proposal: Proposal, user: Visitor, now: dt.datetime, *, start: int
) -> tuple[list[Shown], int | None]:
    """Replies of a thread from number `start` on, and the number of the one after them."""
    found = _standing(proposal.pk).filter(thread=first.number, place__gt=0, number__gte=start).order_by("place")
    replies = list(found[: REPLIES_A_PAGE + 1])
    shown = [shown_to(user, _under(proposal, reply), now) for reply in replies[:REPLIES_A_PAGE]]
    return shown, replies[-1].number if len(replies) > REPLIES_A_PAGE else None


def first_of(comment: Comment) -> Comment:
    """The comment that began the thread."""
    if comment.begins_thread:
        return comment
    first = _standing(comment.discussion_id).get(number=comment.thread)
    return _under(comment.discussion.proposal, first)


def shown_to(user: Visitor, comment: Comment, now: dt.datetime) -> Shown:
    is_mine = comment.is_written_by(user)
    is_hidden = comment.state == Comment.State.HIDDEN
    return Shown(
        comment,
        is_mine=is_mine,
        is_editable=is_mine and comment.is_editable(now),
        reads_hidden=is_hidden and reads_hidden(user, comment),
    )


def _standing(proposal_pk: uuid.UUID) -> models.QuerySet[Comment]:
    return Comment.objects.of_proposal(proposal_pk).standing().with_people().select_related("discussion")


def _under(proposal: Proposal, comment: Comment) -> Comment:
    """With the proposal at hand, so that its addresses ask nothing."""
    comment.discussion.proposal = proposal
    return comment


def _threads(comments: Sequence[Comment], proposal: Proposal, user: Visitor, now: dt.datetime) -> list[Thread]:
    threads: list[Thread] = []
    for comment in comments:
        shown = shown_to(user, _under(proposal, comment), now)
        if comment.begins_thread:
            threads.append(Thread(shown))
        else:
            threads[-1].replies.append(shown)
    return threads
