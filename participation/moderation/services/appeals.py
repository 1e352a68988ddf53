"""Objecting to a measure, and the second look at it."""

import datetime as dt

from django.db import IntegrityError, transaction

from metacity.accounts.access import require_office, require_signed_in
from metacity.accounts.models import User
from metacity.commons import ledger
from participation.moderation import notices
from participation.moderation.access import MODERATORS
from participation.moderation.errors import (
    AppealedAlready,
    AppealTooLate,
    DecisionNotFound,
    InvalidAppeal,
    NotAppealable,
    NotYours,
    SecondPerson,
)
from participation.moderation.models import Appeal, Case, Decision
from participation.moderation.models.appeals import APPEAL_LENGTH
from participation.moderation.policy import policy
from participation.moderation.services.decisions import restore_after_appeal
from participation.moderation.words import Faults, said


@transaction.atomic
def object_to(*, decision: Decision, author: User, words: str, at: dt.datetime) -> Appeal:
    """The author's word against a measure that stands, within the published period. Once a measure."""
    require_signed_in(author)
    if decision.author_id != author.pk:
        raise DecisionNotFound
    decision.case = Case.objects.select_for_update().get(pk=decision.case_id)
    require_open(decision, at)
    appeal = Appeal(decision=decision, author=author, words=_said(words), made_at=at, first_decider=decision.decided_by)
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError:
        raise AppealedAlready from None
    ledger.record(
        action="moderation.objected",
        actor=author.actor_id,
        subject=decision.case.subject,
        facts={"decision": decision.pk, "appeal": appeal.pk},
    )
    return appeal


def require_open(decision: Decision, at: dt.datetime) -> None:
    """Whether one can object to it now; otherwise why not."""
    if not decision.stands:
        raise NotAppealable
    if at > last_moment(decision):
        raise AppealTooLate


def last_moment(decision: Decision) -> dt.datetime:
    """Until when the author can object."""
    return decision.made_at + dt.timedelta(days=policy().appeal_days)


@transaction.atomic
def decide_appeal(*, appeal: Appeal, moderator: User, grants: bool, words: str, at: dt.datetime) -> Appeal:
    """The second look: the measure stays, or what was hidden is shown again.

    Raises `SecondPerson` for whoever took the measure, `NotYours` for the author, `AppealSettled` for the slower of
    two.
    """
    require_office(moderator, *MODERATORS)
    if appeal.first_decider_id == moderator.pk:
        raise SecondPerson
    if appeal.author_id == moderator.pk:
        raise NotYours
    answer = _said(words)
    case = Case.objects.select_for_update().get(pk=appeal.decision.case_id)
    state = Appeal.State.GRANTED if grants else Appeal.State.UPHELD
    appeal.settle(state, at=at, by=moderator, answer=answer)
    notices.tell_appellant(appeal)
    if grants:
        restore_after_appeal(case=case, appeal=appeal, by=moderator, at=at)
    else:
        _record_upheld(appeal, moderator)
    return appeal


def _record_upheld(appeal: Appeal, moderator: User) -> None:
    ledger.record(
        action="moderation.upheld",
        actor=moderator.actor_id,
        subject=appeal.decision.case.subject,
        facts={"decision": appeal.decision_id, "appeal": appeal.pk},
    )


def _said(words: str) -> str:
    faults: Faults = {}
    text = said("words", words, APPEAL_LENGTH, faults, is_required=True)
    if faults:
        raise InvalidAppeal(fields=faults)
    return text
