"""A proposal's history in plain words: for its page, the office, the API and the notices that people get."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metacity.commons.i18n import localised
from participation.proposals.models import Answer, Decision, Proposal, Step, StepKind
from participation.proposals.officework import Channel, ReturnReason

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `words` are the office's own, `answer` and `other` what it is about."""

    at: dt.datetime
    kind: str
    sentence: str
    words: str = ""
    answer: Answer | None = None
    other: Proposal | None = None
    link: str = ""
    percent: int | None = None


def history_of(proposal: Proposal, steps: list[Step]) -> list[Entry]:
    """From the submission on, the earliest first. `steps` come from `Step.objects.told()`."""
    received = Entry(proposal.submitted_at, "submitted", _("Received as No. %(number)d.") % {"number": proposal.number})
    return [received, *map(entry_of, steps)]


def entry_of(step: Step) -> Entry:
    other = step.other if step.other and step.other.is_public else None
    link = Channel(step.facts["channel"]).address if step.kind == StepKind.GUIDED else ""
    return Entry(
        step.at, step.kind, sentence(step.told), step.words, step.answer, other, link, step.facts.get("percent")
    )


def published_in(steps: list[Step]) -> list[Answer]:
    """The answers that a history holds, the latest first."""
    return [step.answer for step in reversed(steps) if step.answer is not None]


def sentence(told: Told) -> str:
    """What happened, in the language of the page. `told` is `Step.told`, also as a notice keeps it."""
    return _SENTENCES[StepKind(told["step"])](told)


def goal_reached(*, goal: int, days: int, due_on: dt.date) -> str:
    """The clock and its rule in one sentence."""
    return _(
        "With %(goal)d supports, the answer comes by %(day)s (%(days)d working days, without weekends and holidays)."
    ) % {"goal": goal, "days": days, "day": date_format(due_on, "DATE_FORMAT")}


def _assigned(told: Told) -> str:
    return _("%(department)s is in charge.") % _named(told)


def _review_begun(told: Told) -> str:
    return _("%(department)s has begun the review.") % _named(told)


def _supplement_requested(told: Told) -> str:
    return _("%(department)s asks the author to add something by %(day)s.") % _named(told, day=_day(told["until"]))


def _supplemented(told: Told) -> str:
    said = _("The author has added what was asked for.")
    return f"{said} {_due(told)}" if "due_on" in told else said


def _transferred(told: Told) -> str:
    return _("Handed over to %(office)s.") % {"office": told.get("office") or _department(told)}


def _merged(told: Told) -> str:
    return _("Merged into No. %(number)d.") % told


def _joined(told: Told) -> str:
    return _("No. %(number)d was merged into this proposal.") % told


def _returned(told: Told) -> str:
    return _("%(department)s returned the proposal: %(reason)s.") % _named(
        told, reason=ReturnReason(told["reason"]).label
    )


def _guided(told: Told) -> str:
    return _("This is handled as a complaint, at %(channel)s.") % {"channel": Channel(told["channel"]).label}


def _goal_reached(told: Told) -> str:
    return goal_reached(goal=told["goal"], days=told["days"], due_on=dt.date.fromisoformat(told["due_on"]))


def _extended(told: Told) -> str:
    return _("%(department)s has extended the deadline to %(day)s.") % _named(told, day=_day(told["due_on"]))


def _answered(told: Told) -> str:
    said = _("%(department)s has answered: %(decision)s.") % _named(told, decision=Decision(told["decision"]).label)
    due = _("The final answer comes by %(day)s.") % {"day": _day(told["due_on"])} if "due_on" in told else ""
    return " ".join(part for part in (said, due, _late(told)) if part)


def _corrected(told: Told) -> str:
    return _("%(department)s has corrected the answer.") % _named(told)


def _progress(told: Told) -> str:
    if "percent" not in told:
        return _("%(department)s tells how it goes on.") % _named(told)
    return _("%(department)s tells how it goes on: %(percent)d%% done.") % _named(told, percent=told["percent"])


def _completed(told: Told) -> str:
    return _("%(department)s has completed it.") % _named(told)


_SENTENCES: dict[StepKind, Callable[[Told], str]] = {
    StepKind.ASSIGNED: _assigned,
    StepKind.REVIEW_BEGUN: _review_begun,
    StepKind.SUPPLEMENT_REQUESTED: _supplement_requested,
    StepKind.SUPPLEMENTED: _supplemented,
    StepKind.TRANSFERRED: _transferred,
    StepKind.MERGED: _merged,
    StepKind.JOINED: _joined,
    StepKind.RETURNED: _returned,
    StepKind.GUIDED: _guided,
    StepKind.GOAL_REACHED: _goal_reached,
    StepKind.EXTENDED: _extended,
    StepKind.ANSWERED: _answered,
    StepKind.CORRECTED: _corrected,
    StepKind.PROGRESS: _progress,
    StepKind.COMPLETED: _completed,
}


def _named(told: Told, **more: Any) -> dict[str, Any]:
    return {"department": _department(told), **more}


def _department(told: Told) -> str:
    """Its name, which a step keeps in both languages; the office as a whole where no department was named."""
    names = told.get("department") or {}
    return localised({"name_ko": names.get("ko"), "name_en": names.get("en")}, "name") or _("The office")


def _due(told: Told) -> str:
    return _("The answer comes by %(day)s.") % {"day": _day(told["due_on"])}


def _late(told: Told) -> str:
    days = told.get("days_late", 0)
    if not days:
        return ""
    return ngettext("That was %(n)d working day late.", "That was %(n)d working days late.", days) % {"n": days}


def _day(text: str) -> str:
    return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
