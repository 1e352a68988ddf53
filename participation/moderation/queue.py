"""What waits for moderators, with what they need to see beside it."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metacity.accounts.models import User
from metacity.accounts.office import Item, Tray, first_of
from metacity.commons import workdays
from participation.moderation.models import Appeal, Case, Decision, Report
from participation.moderation.outcomes import Outcome
from participation.moderation.policy import policy
from participation.moderation.subjects import Subject, kind_named, label_of, titles_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case or an objection in a list, and until when it is to be answered."""

    title: str
    url: str
    since: dt.datetime
    note: str
    due: dt.datetime | None = None
    is_late: bool = False
    is_urgent: bool = False
    # Who has it in hand.
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A case as its page shows it."""

    case: Case
    # None once it has gone.
    subject: Subject | None
    outcomes: list[Outcome]
    # Reports that wait, and how many for each reason of the published list.
    reports: list[Report]
    reasons: list[tuple[str, int]]
    decisions: list[Decision]
    earlier_measures: int
    is_mine: bool
    is_taken: bool
    is_involved: bool

    @property
    def reasons_in_words(self) -> list[tuple[str, int]]:
        return [(policy().title_of(code), count) for code, count in self.reasons]


def context_of(case: Case, moderator: User, now: dt.datetime) -> Context:
    """The text, why it was reported, and what was decided before about it and about its author."""
    subject = kind_named(case.kind).find(moderator, case.subject_id)
    case.agree_with(subject)
    reports = list(case.reports.all())
    waiting = [report for report in reports if report.decision_id is None]
    reasons = Counter(report.reason for report in waiting).most_common()
    earlier = Decision.objects.against(case.author).exclude(case=case).count() if case.author else 0
    return Context(
        case=case,
        subject=subject,
        outcomes=case.open_outcomes(is_there=subject is not None),
        reports=waiting,
        reasons=reasons,
        decisions=list(case.decisions.select_related("decided_by")),
        earlier_measures=earlier,
        is_mine=case.is_in_hand(now) and case.claimed_by_id == moderator.pk,
        is_taken=case.is_held_by_another(moderator, now),
        is_involved=case.author_id == moderator.pk or any(report.reporter_id == moderator.pk for report in reports),
    )


def waiting_cases(cases: Sequence[Case], moderator: User, now: dt.datetime) -> list[Waiting]:
    """Rows of the queue: what it is, how many reported it and why, and who has it in hand."""
    reasons = _reasons(cases)
    titles = titles_of(moderator, [(case.kind, case.subject_id) for case in cases])
    return [_waiting_case(case, titles.get(case.subject_id, ""), reasons.get(case.pk, []), now) for case in cases]


def _reasons(cases: Sequence[Case]) -> dict[uuid.UUID, list[str]]:
    """Why each case waits, in words and without doubles; one query."""
    found: dict[uuid.UUID, list[str]] = {}
    told = Report.objects.waiting().filter(case__in=cases).order_by("case", "reason")
    for pk, reason in told.values_list("case", "reason").distinct():
        found.setdefault(pk, []).append(policy().title_of(reason))
    return found


def _waiting_case(case: Case, title: str, reasons: list[str], now: dt.datetime) -> Waiting:
    since = case.waiting_since or case.opened_at
    people = ngettext("%(n)d person", "%(n)d people", case.waiting_reports) % {"n": case.waiting_reports}
    holder = case.claimed_by.display_name if case.claimed_by and case.is_in_hand(now) else ""
    # Danger to somebody is looked at on the day itself.
    due = _due(since, 0 if case.is_urgent else policy().answer_days)
    return Waiting(
        title=_named(case, title),
        url=reverse("moderation:case", args=[case.pk]),
        since=since,
        due=due,
        is_late=due < now,
        is_urgent=case.is_urgent,
        note=" · ".join((people, *reasons)),
        holder=holder,
    )


def _named(case: Case, title: str) -> str:
    return f"{label_of(case.kind)}: {title}" if title else label_of(case.kind) + _(" (no longer there)")


def hidden_cases(cases: Sequence[Case], moderator: User) -> list[Waiting]:
    """Rows of what others do not see now: since when, by which rule, and until when."""
    titles = titles_of(moderator, [(case.kind, case.subject_id) for case in cases])
    measures = Decision.objects.filter(case__in=cases, number=F("case__revision"))
    by_case = {measure.case_id: measure for measure in measures}
    return [_hidden_case(case, by_case[case.pk], titles.get(case.subject_id, "")) for case in cases]


def _hidden_case(case: Case, measure: Decision, title: str) -> Waiting:
    return Waiting(
        title=_named(case, title),
        url=reverse("moderation:case", args=[case.pk]),
        since=measure.made_at,
        note=f"{measure.get_outcome_display()} · {policy().title_of(measure.rule)}",
        due=measure.until,
    )


def waiting_appeals(appeals: Sequence[Appeal], moderator: User, now: dt.datetime) -> list[Waiting]:
    """Rows of objections: to what, and on which measure."""
    cases = [appeal.decision.case for appeal in appeals]
    titles = titles_of(moderator, [(case.kind, case.subject_id) for case in cases])
    return [_waiting_appeal(appeal, titles.get(appeal.decision.case.subject_id, ""), now) for appeal in appeals]


def _waiting_appeal(appeal: Appeal, title: str, now: dt.datetime) -> Waiting:
    decision = appeal.decision
    due = _due(appeal.made_at, policy().appeal_answer_days)
    return Waiting(
        title=_named(decision.case, title),
        url=reverse("moderation:appeal", args=[appeal.pk]),
        since=appeal.made_at,
        due=due,
        is_late=due < now,
        note=f"{decision.get_outcome_display()} · {policy().title_of(decision.rule)}",
    )


def _due(since: dt.datetime, days: int) -> dt.datetime:
    """The end of the last of `days` working days; none means the same day."""
    day = workdays.day_of(since, settings.TIME_ZONE)
    return workdays.end_of(workdays.due(day, days) if days else day, settings.TIME_ZONE)


def cases_tray(official: User, now: dt.datetime) -> Tray:
    waiting = Case.objects.waiting().most_urgent_first().select_related("claimed_by")
    count, cases = first_of(waiting)
    rows = waiting_cases(cases, official, now)
    return Tray("reports", _("Reports to deal with"), count, _items(rows), reverse("moderation:queue"))


def appeals_tray(official: User, now: dt.datetime) -> Tray:
    waiting = Appeal.objects.waiting().decidable_by(official).select_related("decision__case")
    count, appeals = first_of(waiting)
    rows = waiting_appeals(appeals, official, now)
    return Tray("appeals", _("Objections"), count, _items(rows), reverse("moderation:appeals"))


def _items(rows: Sequence[Waiting]) -> list[Item]:
    return [Item(row.title, row.url, row.since, row.note, row.due, row.is_late) for row in rows]
