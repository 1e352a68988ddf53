"""Reports, decisions and objections for tests."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from participation.moderation.models import Appeal, Case, Decision
from participation.moderation.services import decide_appeal, decide_case, object_to, report_subject
from participation.moderation.subjects import subject_for
from participation.proposals.models import Proposal
from tests.factories.accounts import person

REASON = "주제와 상관없는 광고라서 가립니다."
OBJECTION = "광고가 아니라 동네 행사를 알리는 글입니다."


def a_moderator(**fields: Any) -> User:
    return person(roles=["moderator"], second_factor=True, **fields)


def reported(proposal: Proposal, **told: Any) -> Case:
    """The case of a proposal that somebody has reported."""
    return reported_as("proposal", proposal.pk, **told)


def reported_as(
    kind: str,
    pk: uuid.UUID,
    *,
    by: User | None = None,
    reason: str = "advertising",
    words: str = "",
    at: dt.datetime | None = None,
) -> Case:
    who = by or person()
    subject = subject_for(who, kind, pk)
    return report_subject(person=who, subject=subject, reason=reason, words=words, at=at or timezone.now()).case


def decided(
    case: Case, outcome: str = "hide", *, by: User | None = None, at: dt.datetime | None = None, **told: Any
) -> Decision:
    case.refresh_from_db()
    usual: dict[str, Any] = {"rule": "advertising", "words": REASON, "revision": case.revision}
    return decide_case(
        case=case, moderator=by or a_moderator(), outcome=outcome, at=at or timezone.now(), **(usual | told)
    )


def hidden(proposal: Proposal, *, by: User | None = None, at: dt.datetime | None = None) -> Decision:
    """A measure against a proposal, from the first report to the last word."""
    return decided(reported(proposal, at=at), by=by, at=at)


def hidden_for_a_time(proposal: Proposal, days: int = 30, *, at: dt.datetime | None = None) -> Decision:
    case = reported(proposal, reason="rights", words="우리 가게 이름이 잘못 적혀 있습니다.", at=at)
    return decided(case, "temporary", rule="rights", days=days, at=at)


def objected(decision: Decision, words: str = OBJECTION, *, at: dt.datetime | None = None) -> Appeal:
    fresh = Decision.objects.select_related("author", "case").get(pk=decision.pk)
    assert fresh.author is not None
    return object_to(decision=fresh, author=fresh.author, words=words, at=at or timezone.now())


def answered(appeal: Appeal, *, grants: bool, by: User | None = None) -> Appeal:
    return decide_appeal(
        appeal=appeal, moderator=by or a_moderator(), grants=grants, words="다시 살펴보았습니다.", at=timezone.now()
    )
