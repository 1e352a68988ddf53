"""A proposal's clock in words, and the rule by which it runs (`/rules/deadlines/`)."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metacity.commons import workdays
from participation.proposals.models import Deadline, Proposal
from participation.proposals.states import State
from participation.proposals.timeline import goal_reached


@dataclass(frozen=True, slots=True)
class Said:
    """What the box on the proposal's page says. `is_late` is said in words and nowhere by colour alone."""

    title: str
    text: str
    left: str = ""
    is_late: bool = False


def said_of(proposal: Proposal, today: dt.date) -> Said | None:
    """Nothing where no clock runs: before enough supports, and after the answer."""
    clock = proposal.clock
    if clock is None or clock.has_ended:
        return None
    if clock.is_paused:
        return Said(_("The deadline rests"), _resting(proposal), _left(clock.left_on(today)))
    if clock.is_late(today):
        return Said(_("Overdue"), _missed(clock, today), is_late=True)
    return Said(
        _("Answer by %(day)s") % {"day": _day(clock.due_on)}, _promise(clock), _left(clock.left_on(today), clock, today)
    )


def _promise(clock: Deadline) -> str:
    if clock.due_on == workdays.due(clock.started_on, clock.days):
        return goal_reached(goal=clock.goal, days=clock.days, due_on=clock.due_on)
    return _("It has more than the %(goal)d supports needed. The deadline was moved; the reason is in the history.") % {
        "goal": clock.goal
    }


def _missed(clock: Deadline, today: dt.date) -> str:
    days = clock.days_late(today)
    return ngettext(
        "The answer was due by %(day)s. That is %(n)d working day ago.",
        "The answer was due by %(day)s. That is %(n)d working days ago.",
        days,
    ) % {"day": _day(clock.due_on), "n": days}


def _resting(proposal: Proposal) -> str:
    if proposal.state == State.SUPPLEMENT_REQUESTED:
        return _("It rests while the author adds what the office asked for, and then goes on.")
    return _("It rests while another office looks at the proposal.")


def _left(days: int, clock: Deadline | None = None, today: dt.date | None = None) -> str:
    if clock is not None and clock.due_on == today:
        return _("Today is the last day.")
    return ngettext("%(n)d working day is left.", "%(n)d working days are left.", days) % {"n": days}


def _day(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
