"""Answers: an official writes and hands in, a team leader who wrote nothing of it approves, and that publishes it.

Officials work on one answer at a time. Every change raises its revision, and a decision names the revision it is about.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from metacity.accounts.access import require_office
from metacity.accounts.models import User
from metacity.accounts.notices import notify, notify_all
from metacity.accounts.roles import Role
from metacity.commons import ledger
from metacity.commons.addresses import city_url
from participation.proposals.errors import (
    AnswerChanged,
    AnswerWaiting,
    InvalidContent,
    NoAnswerWaiting,
    OwnAnswer,
    ProposalHidden,
    StateChanged,
)
from participation.proposals.models import Answer, Decision, Proposal, Step, StepKind
from participation.proposals.models.answers import REMARK_LENGTH
from participation.proposals.models.departments import people_of
from participation.proposals.officework import AnswerContent, check_promise, checked_words, today_of
from participation.proposals.services.clock import end_clock, postpone_clock
from participation.proposals.services.steps import conclude, held, take_step, tell_supporters
from participation.proposals.states import DECIDED, may_follow


@transaction.atomic
def save_answer(*, proposal: Proposal, by: User, content: AnswerContent, at: datetime) -> Answer:
    """Keep a draft that nobody outside the office sees. Of a decided proposal it is a correction."""
    require_office(by, Role.OFFICIAL)
    return _save(held(proposal), by, content, at)


@transaction.atomic
def hand_in_answer(*, proposal: Proposal, by: User, content: AnswerContent, at: datetime) -> Answer:
    """Keep the draft and hand it to those who may approve it."""
    require_office(by, Role.OFFICIAL)
    proposal = held(proposal)
    if proposal.is_hidden:
        raise ProposalHidden
    answer = _save(proposal, by, content, at)
    answer.state, answer.handed_in_by, answer.handed_in_at = Answer.State.WAITING, by, at
    answer.save(update_fields=["state", "handed_in_by", "handed_in_at"])
    approvers = people_of(proposal.department, Role.APPROVER).exclude(pk__in=answer.writers.all())
    notify_all(people=approvers, kind="office.answer_waiting", **_notice(answer))
    _record("answer.handed_in", answer, by)
    return answer


@transaction.atomic
def take_back_answer(*, proposal: Proposal, by: User, at: datetime) -> Answer:
    """Make what waits for approval a draft again."""
    require_office(by, Role.OFFICIAL)
    answer = _waiting(held(proposal))
    _change(answer, Answer.State.DRAFT, at)
    _record("answer.taken_back", answer, by)
    return answer


def recall_answer(proposal: Proposal) -> None:
    """Within the transaction that hides the proposal: what waits for approval is a draft again, and its writer knows.

    An answer to what nobody can read is not published by a click; once it is shown again, it is handed in anew.
    """
    answer = proposal.answers.filter(state=Answer.State.WAITING).select_related("handed_in_by").first()
    if answer is None:
        return
    answer.proposal = proposal
    if answer.handed_in_by is not None:
        # Without its title, which nobody but author and moderators reads now.
        notify(
            person=answer.handed_in_by,
            kind="office.answer_recalled",
            url=city_url("proposals:office", proposal.city),
            key=f"{answer.pk}:{answer.revision}",
            facts={"number": proposal.number},
        )
    proposal.answers.recall()


@transaction.atomic
def send_back_answer(*, proposal: Proposal, by: User, revision: int, remark: str, at: datetime) -> Answer:
    """Return the answer to who handed it in, with what should be different."""
    require_office(by, Role.APPROVER)
    remark = checked_words("remark", remark, most=REMARK_LENGTH)
    answer = _to_decide(held(proposal), by, revision)
    answer.remark = remark
    _change(answer, Answer.State.SENT_BACK, at)
    if answer.handed_in_by is not None:
        notify(person=answer.handed_in_by, kind="office.answer_sent_back", **_notice(answer))
    _record("answer.sent_back", answer, by)
    return answer


@transaction.atomic
def approve_answer(*, proposal: Proposal, by: User, revision: int, at: datetime) -> Answer:
    """Approve and publish: the proposal moves on, its clock with it, and author and supporters are told."""
    require_office(by, Role.APPROVER)
    proposal = held(proposal)
    answer = _to_decide(proposal, by, revision)
    _require_possible(proposal, _content_of(answer), at)
    _publish(answer, by, at)
    step = _correct(answer, by, at) if answer.is_correction else _answer(answer, by, at)
    tell_supporters(step)
    conclude(step, moved=[] if answer.is_correction else [proposal])
    return answer


def _save(proposal: Proposal, by: User, content: AnswerContent, at: datetime) -> Answer:
    _require_possible(proposal, content, at)
    answer = proposal.answers.open().first() or Answer(proposal=proposal, revision=0, created_at=at)
    if answer.is_waiting:
        raise AnswerWaiting
    answer.decision, answer.text, answer.next_steps = content.decision, content.text, content.next_steps
    answer.planned_on, answer.correction = content.planned_on, content.correction
    answer.department, answer.revision, answer.updated_at = proposal.department, answer.revision + 1, at
    answer.save()
    answer.writers.add(by)
    return answer


def _require_possible(proposal: Proposal, content: AnswerContent, at: datetime) -> None:
    """That the proposal can be answered so: for the first time, after an interim answer, or as a correction."""
    if content.decision == Decision.INTERIM and content.planned_on is not None:
        check_promise(content.planned_on, today_of(proposal, at))
    if proposal.state not in DECIDED:
        if content.correction or not may_follow(proposal.state, content.decision.state):
            raise StateChanged
        return
    if not content.correction:
        raise InvalidContent(fields={"correction": [_("Say what is being corrected.")]})
    if content.decision != _decision_of(proposal):
        raise InvalidContent(fields={"decision": [_("A correction changes the words, not the decision.")]})


def _decision_of(proposal: Proposal) -> str | None:
    latest = proposal.answers.published().last()
    return latest.decision if latest else None


def _content_of(answer: Answer) -> AnswerContent:
    return AnswerContent(
        Decision(answer.decision), answer.text, answer.next_steps, answer.planned_on, answer.correction
    )


def _waiting(proposal: Proposal) -> Answer:
    answer = proposal.answers.filter(state=Answer.State.WAITING).select_related("handed_in_by").first()
    if answer is None:
        raise NoAnswerWaiting
    answer.proposal = proposal
    return answer


def _to_decide(proposal: Proposal, by: User, revision: int) -> Answer:
    if proposal.is_hidden:
        raise ProposalHidden
    answer = _waiting(proposal)
    if answer.revision != revision:
        raise AnswerChanged
    if answer.is_written_by(by):
        raise OwnAnswer
    return answer


def _change(answer: Answer, state: Answer.State, at: datetime) -> None:
    answer.state, answer.revision, answer.updated_at = state, answer.revision + 1, at
    answer.save(update_fields=["state", "revision", "remark", "updated_at"])


def _publish(answer: Answer, by: User, at: datetime) -> None:
    answer.state, answer.decided_by, answer.published_at = Answer.State.PUBLISHED, by, at
    answer.number = answer.proposal.answers.published().count() + 1
    answer.save(update_fields=["state", "decided_by", "published_at", "number"])


def _answer(answer: Answer, by: User, at: datetime) -> Step:
    proposal, decision = answer.proposal, Decision(answer.decision)
    proposal.move_to(decision.state, at=at)
    facts: dict[str, str | int] = {"decision": answer.decision}
    if decision.is_final:
        facts |= end_clock(proposal, at)
    elif answer.planned_on is not None:
        facts |= postpone_clock(proposal, answer.planned_on, at)
    return take_step(
        proposal, StepKind.ANSWERED, by=by, at=at, department=answer.department, answer=answer, facts=facts
    )


def _correct(answer: Answer, by: User, at: datetime) -> Step:
    told = {"department": answer.department, "answer": answer, "facts": {"decision": answer.decision}}
    return take_step(answer.proposal, StepKind.CORRECTED, by=by, at=at, **told)


def _notice(answer: Answer) -> dict[str, Any]:
    proposal = answer.proposal
    return {
        "url": f"{proposal.office_url}#answer",
        "key": f"{answer.pk}:{answer.revision}",
        "facts": {"title": proposal.content.title},
    }


def _record(action: str, answer: Answer, by: User) -> None:
    facts: dict[str, ledger.Fact] = {"answer": answer.pk, "revision": answer.revision}
    ledger.record(action=action, actor=by.actor_id, subject=answer.proposal.subject, facts=facts)
