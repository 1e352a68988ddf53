"""Comments that not everybody may read: hidden, withdrawn, under ideas that are hidden. See `tests/visibility.py`."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from participation.deliberation.models import Comment
from participation.deliberation.services import withdraw_comment
from participation.proposals.models import Proposal
from tests.factories.comments import a_comment, a_talked_of_process, hide
from tests.factories.moderation import hidden
from tests.factories.proposals import a_proposal
from tests.visibility import COMMON, EVERYBODY, Planted, Stage, plant, secret


def talked_of(stage: Stage, author: User | None = None, **content: Any) -> Proposal:
    return a_proposal(a_talked_of_process(stage.city), author, **content)


def said(proposal: Proposal, name: str, author: User | None = None, **told: Any) -> Comment:
    """By the person who is told, or by somebody who has no role here."""
    return a_comment(proposal, author, text=f"{secret(name)} {COMMON} 라고 생각합니다.", **told)


def visits(stage: Stage, comment: Comment) -> dict[str, Any]:
    """Everything that is about the comment; returned is what names it."""
    about: dict[str, Any] = {"pk": comment.discussion_id, "comment": comment.pk}
    for route in ("deliberation:thread", "deliberation:edit", "deliberation:withdraw", "api-comment"):
        stage.visit(route, **about)
    for route in ("deliberation:comments", "api-comments", "proposals:detail", "api-proposal"):
        stage.visit(route, pk=comment.discussion_id)
    stage.visit("events", room=f"proposal.{comment.discussion_id}")
    stage.visit("moderation:report", kind="comment", pk=comment.pk)
    return about


@plant
def a_shown_comment(stage: Stage) -> Iterator[Planted]:
    about = visits(stage, said(talked_of(stage), "comment", stage.people["author"]))
    yield Planted("comment", EVERYBODY, at=[("deliberation:thread", about), ("api-comment", about)])


@plant
def a_hidden_comment(stage: Stage) -> Iterator[Planted]:
    """The page of its thread stays, without its words."""
    comment = said(talked_of(stage), "hiddencomment", stage.people["author"])
    hide(comment)
    visits(stage, comment)
    yield Planted("hiddencomment", {"author", "moderator"})


@plant
def withdrawn_comments(stage: Stage) -> Iterator[Planted]:
    """One left no trace, of the other its place, as it was answered. Its author has the words among their own; a
    moderator, where it is reported."""
    author, proposal = stage.people["author"], talked_of(stage)
    gone = said(proposal, "gonecomment", author)
    answered = said(proposal, "withdrawncomment", author)
    said(proposal, "answer", answers=answered)
    for comment in (gone, answered):
        visits(stage, comment)
        withdraw_comment(comment=Comment.objects.with_proposal().get(pk=comment.pk), author=author, at=timezone.now())
    yield Planted("gonecomment", {"author", "moderator"})
    yield Planted("withdrawncomment", {"author", "moderator"})
    yield Planted("answer", EVERYBODY)


@plant
def under_a_hidden_idea(stage: Stage) -> Iterator[Planted]:
    """What others said there goes with the idea; who said something there does not read the idea any more."""
    own = talked_of(stage, stage.people["author"])
    below = said(own, "belowhidden")
    about = visits(stage, below)
    others = talked_of(stage, title=f"{COMMON} {secret('spokenof')}", text=f"{COMMON} {secret('spokenof')} 때문입니다.")
    mine = said(others, "ownbelowhidden", stage.people["author"])
    visits(stage, mine)
    for proposal in (own, others):
        hidden(proposal)
    yield Planted("belowhidden", {"author", "moderator"}, at=[("deliberation:thread", about), ("api-comment", about)])
    yield Planted("ownbelowhidden", {"author", "moderator"})
    yield Planted("spokenof", {"moderator"})
