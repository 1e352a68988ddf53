"""What people are told of a proposal: its author and supporters of every step, officials of what waits for them."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metacity.accounts.notices import Facts, Words, register_words
from participation.proposals.models import StepKind
from participation.proposals.timeline import sentence


def register() -> None:
    for kind in StepKind:
        register_words(f"proposal.{kind}", _of_step)
    for name, say in _OFFICE.items():
        register_words(f"office.{name}", say)


def _of_step(facts: Facts) -> Words:
    return Words(facts["title"], sentence(facts))


def _assigned(facts: Facts) -> Words:
    return Words(_("A proposal for you to handle"), facts["title"])


def _supplemented(facts: Facts) -> Words:
    return Words(_("The author has added what was asked for"), facts["title"])


def _answer_waiting(facts: Facts) -> Words:
    return Words(_("An answer waits for your approval"), facts["title"])


def _answer_sent_back(facts: Facts) -> Words:
    return Words(_("Your answer was sent back to be revised"), facts["title"])


def _answer_recalled(facts: Facts) -> Words:
    return Words(_("A proposal was hidden, and your answer to it is a draft again"), _number(facts))


def _number(facts: Facts) -> str:
    return _("No. %(number)d") % {"number": facts["number"]}


def _due_soon(facts: Facts) -> Words:
    days = facts["days"]
    left = ngettext("%(n)d working day is left to answer", "%(n)d working days are left to answer", days) % {"n": days}
    return Words(left, facts["title"])


def _overdue(facts: Facts) -> Words:
    return Words(_("The deadline to answer has passed"), facts["title"])


_OFFICE: dict[str, Callable[[Facts], Words]] = {
    "assigned": _assigned,
    "supplemented": _supplemented,
    "answer_waiting": _answer_waiting,
    "answer_sent_back": _answer_sent_back,
    "answer_recalled": _answer_recalled,
    "due_soon": _due_soon,
    "overdue": _overdue,
}
