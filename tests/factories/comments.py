"""Comments for tests, and processes that take them."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from metacity.accounts.models import User
from participation.deliberation.content import checked
from participation.deliberation.models import Comment
from participation.deliberation.services import add_comment, hide_comment, show_comment
from participation.processes.kinds import Act
from participation.processes.models import Process
from participation.proposals.models import Proposal
from tests.factories.processes import a_person, a_phase, a_process
from tests.factories.proposals import a_proposal
from twin.mirror.models import City

ACTS = [Act.PROPOSE, Act.SUPPORT, Act.COMMENT]
TEXT = "저도 그 길로 다니는데, 저녁에는 정말 어둡습니다."


def a_talked_of_process(city: City | None = None, **fields: Any) -> Process:
    """A process in whose phase of now one may comment, too."""
    return a_process(city, [a_phase(allows=ACTS)], **fields)


def a_discussed_proposal(author: User | None = None, **content: Any) -> Proposal:
    return fresh(a_proposal(a_talked_of_process(), author, **content))


def a_comment(
    proposal: Proposal,
    author: User | None = None,
    *,
    text: str = TEXT,
    scene: str = "",
    answers: Comment | None = None,
    key: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> Comment:
    return add_comment(
        proposal=fresh(proposal),
        author=author or a_person(),
        remark=checked(city=proposal.city, text=text, scene=scene),
        key=key or uuid.uuid4(),
        at=at or timezone.now(),
        answers=answers.pk if answers else None,
    )


@transaction.atomic
def hide(comment: Comment) -> None:
    """As moderation does: rows first, then what is to be announced."""
    announce = hide_comment(pk=comment.pk, at=timezone.now())
    if announce:
        announce()


@transaction.atomic
def show(comment: Comment) -> None:
    announce = show_comment(pk=comment.pk)
    if announce:
        announce()


def fresh(proposal: Proposal) -> Proposal:
    """As it is now, with what services read of it."""
    found = Proposal.objects.select_related("current", "process", "author", "city__publication")
    return found.prefetch_related("process__phases").get(pk=proposal.pk)
