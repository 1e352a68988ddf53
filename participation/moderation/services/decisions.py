"""Deciding a case: what stands then, who is told, and what the ledger keeps."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from metacity.accounts.access import require_office
from metacity.accounts.models import User
from metacity.commons import ledger
from participation.moderation import notices
from participation.moderation.access import MODERATORS
from participation.moderation.errors import CaseTaken, InvalidDecision, NotYours, SubjectGone
from participation.moderation.models import Appeal, Case, Decision
from participation.moderation.models.decisions import WORDS_LENGTH
from participation.moderation.outcomes import FOLLOWING, MEASURES, Outcome, Standing
from participation.moderation.policy import policy
from participation.moderation.subjects import Announcement, Subject, kind_named
from participation.moderation.words import Faults, said


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderator says about a case. `days` is how long a temporary measure lasts."""

    outcome: Outcome
    rule: str
    words: str
    days: int | None = None

    @classmethod
    def checked(cls, *, case: Case, is_there: bool, outcome: str, rule: str, words: str, days: int | None) -> "Verdict":
        """As it is kept, or `InvalidDecision` with every field that needs another look."""
        faults: Faults = {}
        if outcome not in case.open_outcomes(is_there=is_there):
            faults["outcome"] = [_("Please choose one of the outcomes.")]
        if policy().reason(rule) is None:
            faults["rule"] = [_("Please choose the rule that it rests on.")]
        is_temporary = outcome == Outcome.TEMPORARY
        text = said("words", words, WORDS_LENGTH, faults, is_required=outcome != Outcome.CLOSE)
        if is_temporary:
            faults |= _faults_of_temporary(case, rule, days)
        if faults:
            raise InvalidDecision(fields=faults)
        return cls(Outcome(outcome), rule, text, days if is_temporary else None)


def _faults_of_temporary(case: Case, rule: str, days: int | None) -> Faults:
    """A temporary measure answers a claim of infringed rights, ends in time, and is taken once."""
    longest, reason = policy().temporary_days, policy().reason(rule)
    faults: Faults = {}
    if reason is not None and not reason.allows_temporary:
        faults["rule"] = [_("Under this rule nothing is hidden for a time only.")]
    if days is None or not 1 <= days <= longest:
        faults["days"] = [_("Please enter a number of days from 1 to %(longest)d.") % {"longest": longest}]
    if case.decisions.filter(outcome=Outcome.TEMPORARY).exists():
        faults["outcome"] = [_("This was hidden for a time once before. Now decide whether it stays.")]
    return faults


@transaction.atomic
def decide_case(
    *,
    case: Case,
    moderator: User,
    outcome: str,
    rule: str,
    words: str,
    revision: int,
    at: dt.datetime,
    days: int | None = None,
) -> Decision:
    """Decide what stands. `revision` is the case's as the moderator saw it.

    Of two moderators one gets `CaseTaken` or `CaseChanged`. Raises `NotYours` for whoever wrote or reported it, and
    `SubjectGone` where only closing is left.
    """
    require_office(moderator, *MODERATORS)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.is_held_by_another(moderator, at):
        raise CaseTaken
    _require_uninvolved(case, moderator)
    subject = kind_named(case.kind).find(moderator, case.subject_id)
    if subject is None and outcome != Outcome.CLOSE:
        raise SubjectGone
    case.agree_with(subject)
    is_there = subject is not None
    verdict = Verdict.checked(case=case, is_there=is_there, outcome=outcome, rule=rule, words=words, days=days)
    return _carry_out(case, verdict, by=moderator, subject=subject, revision=revision, at=at)


def end_measures(now: dt.datetime) -> int:
    """Show again what was hidden for a time that is over. How many; what somebody decides meanwhile is left alone."""
    return sum(_end_measure(case.pk, now) for case in Case.objects.whose_time_is_up(now))


@transaction.atomic
def _end_measure(pk: uuid.UUID, now: dt.datetime) -> bool:
    case = Case.objects.select_for_update().whose_time_is_up(now).filter(pk=pk).first()
    if case is None:
        return False
    verdict = Verdict(Outcome.RESTORE, case.decisions.latest("number").rule, "")
    _carry_out(case, verdict, revision=case.revision, at=now)
    return True


def restore_after_appeal(*, case: Case, appeal: Appeal, by: User, at: dt.datetime) -> Decision:
    """What a granted objection does, within its transaction and under its lock of the case."""
    verdict = Verdict(Outcome.RESTORE, appeal.decision.rule, appeal.answer)
    return _carry_out(case, verdict, by=by, appeal=appeal, revision=case.revision, at=at)


def _require_uninvolved(case: Case, moderator: User) -> None:
    if case.author_id == moderator.pk or case.reports.filter(reporter=moderator).exists():
        raise NotYours


def _carry_out(
    case: Case,
    verdict: Verdict,
    *,
    revision: int,
    at: dt.datetime,
    by: User | None = None,
    subject: Subject | None = None,
    appeal: Appeal | None = None,
) -> Decision:
    """In the order of locks: the case's rows, the subject's own, the ledger, the rooms. Nobody decides: the clock."""
    waited_since, was_hidden = case.waiting_since, case.is_hidden
    until = at + dt.timedelta(days=verdict.days) if verdict.days else None
    case.settle(standing=FOLLOWING[Standing(case.standing)][verdict.outcome], hidden_until=until, revision=revision)
    decision = Decision.objects.create(
        case=case,
        number=case.revision,
        outcome=verdict.outcome,
        rule=verdict.rule,
        words=verdict.words,
        until=until,
        author=case.author,
        decided_by=by,
        is_by_clock=by is None,
        sha256=subject.sha256 if subject else "",
        waited_since=waited_since,
        made_at=at,
    )
    announce = _show_or_hide(case, was_hidden, at)
    _lapse_appeals(case, at)
    notices.tell_author(decision)
    notices.tell_reporters(decision, _answer_reports(decision))
    _record(decision, appeal)
    if announce is not None:
        announce()
    return decision


def _show_or_hide(case: Case, was_hidden: bool, at: dt.datetime) -> Announcement | None:
    if case.is_hidden == was_hidden:
        return None
    kind = kind_named(case.kind)
    return kind.hide(case.subject_id, at) if case.is_hidden else kind.show(case.subject_id, at)


def _lapse_appeals(case: Case, at: dt.datetime) -> None:
    """Objections to what no longer stands. One that was granted has been settled by then."""
    for appeal in Appeal.objects.waiting().filter(decision__case=case).select_related("decision__case", "author"):
        appeal.settle(Appeal.State.LAPSED, at=at)
        notices.tell_appellant(appeal)


def _answer_reports(decision: Decision) -> list[User]:
    """Marks the reports that waited. Whom to tell: who made them, and who was told of the measure that this follows."""
    reports = decision.case.reports
    shown_until = decision.case.decisions.filter(number__lt=decision.number).exclude(outcome__in=MEASURES)
    last_shown = shown_until.aggregate(last=Max("number"))["last"] or 0
    concerned = reports.filter(Q(decision=None) | Q(decision__number__gt=last_shown))
    people = list(User.objects.members().filter(pk__in=concerned.values("reporter")).order_by("pk"))
    reports.waiting().update(decision=decision)
    return people


def _record(decision: Decision, appeal: Appeal | None) -> None:
    facts: dict[str, ledger.Fact] = {
        "kind": decision.case.kind,
        "decision": decision.pk,
        "outcome": decision.outcome,
        "rule": decision.rule,
        "policy": policy().version,
    }
    if decision.sha256:
        facts["sha256"] = decision.sha256
    if appeal is not None:
        facts["appeal"] = appeal.pk
    actor = decision.decided_by.actor_id if decision.decided_by else None
    ledger.record(action="moderation.decided", actor=actor, subject=decision.case.subject, facts=facts)
