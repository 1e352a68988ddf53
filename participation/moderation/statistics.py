"""What moderation did in the last twelve months, for everybody to see: numbers by reason and outcome, and times."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.db.models import Count

from participation.moderation.models import Appeal, Decision, Report
from participation.moderation.outcomes import Outcome
from participation.moderation.policy import policy

SPAN = dt.timedelta(days=365)
# Answers to reports. Restoring follows a measure, and is counted with the objections or as the end of its time.
ANSWERS = (Outcome.KEEP, Outcome.HIDE, Outcome.TEMPORARY, Outcome.CLOSE)


@dataclass(frozen=True, slots=True)
class Row:
    """One reason: how often it was given, and how cases under it ended."""

    code: str
    title: str
    reports: int
    outcomes: dict[str, int]

    @property
    def counts(self) -> list[int]:
        return list(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Statistics:
    rows: list[Row]
    # Hours from the first report to the decision; None while nothing has been decided.
    median_hours: float | None
    decisions: int
    restored: int
    appeals: int
    granted: int
    upheld: int


def statistics(now: dt.datetime) -> Statistics:
    start = now - SPAN
    made = list(Decision.objects.since(start).values_list("rule", "outcome", "waited_since", "made_at"))
    reports = dict(Report.objects.filter(made_at__gte=start).values_list("reason").annotate(Count("pk")).order_by())
    outcomes = Counter((rule, outcome) for rule, outcome, _since, _at in made)
    hours = [(at - since).total_seconds() / 3600 for _rule, _outcome, since, at in made if since]
    states = Counter(Appeal.objects.filter(made_at__gte=start).values_list("state", flat=True))
    return Statistics(
        rows=[_row(reason.code, reason.title, reports, outcomes) for reason in policy().reasons],
        median_hours=round(median(hours), 1) if hours else None,
        decisions=sum(count for (_rule, outcome), count in outcomes.items() if outcome in ANSWERS),
        restored=sum(count for (_rule, outcome), count in outcomes.items() if outcome == Outcome.RESTORE),
        appeals=sum(states.values()),
        granted=states[Appeal.State.GRANTED],
        upheld=states[Appeal.State.UPHELD],
    )


def _row(code: str, title: str, reports: dict[str, int], outcomes: Counter[tuple[str, str]]) -> Row:
    counts = {outcome.value: outcomes[(code, outcome.value)] for outcome in ANSWERS}
    return Row(code, title, reports.get(code, 0), counts)
