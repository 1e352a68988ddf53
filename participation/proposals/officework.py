"""What officials write about a proposal, once it has been checked: reasons, days, answers."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.commons import workdays
from participation.moderation.masking import masked
from participation.proposals.content import cleaned
from participation.proposals.errors import InvalidContent
from participation.proposals.models import Proposal
from participation.proposals.models.answers import (
    ANSWER_LENGTH,
    CORRECTION_LENGTH,
    NEXT_LENGTH,
    REMARK_LENGTH,
    Decision,
)

WORDS_LENGTH = 2_000
WORDS_MIN_LENGTH = 5
ANSWER_MIN_LENGTH = 20
OFFICE_NAME_LENGTH = 60
LONGEST_SUPPLEMENT = dt.timedelta(days=60)


class ReturnReason(models.TextChoices):
    """Why a proposal is not looked into."""

    NOT_OURS = "not_ours", gettext_lazy("It is nothing that the district decides on")
    ANSWERED_BEFORE = "answered_before", gettext_lazy("The same proposal has been answered already")
    NOT_SUPPLEMENTED = "not_supplemented", gettext_lazy("What was asked for was not added in time")
    UNLAWFUL = "unlawful", gettext_lazy("It is against the law")
    PRIVATE = "private", gettext_lazy("It serves a private or commercial interest only")
    UNCLEAR = "unclear", gettext_lazy("What is proposed cannot be made out")


class Channel(models.TextChoices):
    """Where complaints are handled."""

    EPEOPLE = "epeople", gettext_lazy("e-People (국민신문고)")
    SAFETY = "safety", gettext_lazy("Safety Report (안전신문고)")

    @property
    def address(self) -> str:
        return _ADDRESSES[self]


_ADDRESSES = {Channel.EPEOPLE: "https://www.epeople.go.kr", Channel.SAFETY: "https://www.safetyreport.go.kr"}


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """An answer as it is stored: cleaned and within its limits. Made by `checked_answer`."""

    decision: Decision
    text: str
    next_steps: str = ""
    planned_on: dt.date | None = None
    correction: str = ""


def checked_answer(
    *, decision: str, text: str, next_steps: str = "", planned_on: dt.date | None = None, correction: str = ""
) -> AnswerContent:
    """The answer to store, or `InvalidContent` with every field that needs another look."""
    faults: dict[str, list[str]] = {}
    if decision not in Decision.values:
        raise InvalidContent(fields={"decision": [_("Choose one of the decisions.")]})
    decided = Decision(decision)
    content = AnswerContent(
        decision=decided,
        text=masked(cleaned("text", text, ANSWER_MIN_LENGTH, ANSWER_LENGTH, faults, multiline=True)),
        next_steps=masked(cleaned("next_steps", next_steps, 0, NEXT_LENGTH, faults, multiline=True)),
        planned_on=planned_on,
        correction=masked(cleaned("correction", correction, 0, CORRECTION_LENGTH, faults)),
    )
    if decided != Decision.NOT_ACCEPTED and not content.next_steps:
        faults.setdefault("next_steps", []).append(_("Say what happens next, so that people know what to expect."))
    if decided == Decision.INTERIM and planned_on is None:
        faults.setdefault("planned_on", []).append(_("Say by when the final answer comes."))
    if faults:
        raise InvalidContent(fields=faults)
    return content


def checked_words(name: str, typed: str, *, least: int = WORDS_MIN_LENGTH, most: int = WORDS_LENGTH) -> str:
    """Some sentences for everybody, or `InvalidContent`."""
    faults: dict[str, list[str]] = {}
    words = masked(cleaned(name, typed, least, most, faults, multiline=most >= REMARK_LENGTH))
    if faults:
        raise InvalidContent(fields=faults)
    return words


def check_day(name: str, day: dt.date, *, after: dt.date, within: dt.timedelta) -> None:
    """Raises `InvalidContent` unless `day` is later than `after`, and not too much."""
    if day <= after:
        raise InvalidContent(fields={name: [_("Choose a day after today.")]})
    if day - after > within:
        raise InvalidContent(fields={name: [_("This day is too far ahead.")]})


def check_promise(day: dt.date, today: dt.date) -> None:
    """The day that an interim answer promises is a working day to come, within `INTERIM_DAYS`."""
    check_day("planned_on", day, after=today, within=dt.timedelta(days=366 * 2))
    if not workdays.is_working_day(day):
        raise InvalidContent(fields={"planned_on": [_("The office is closed on this day. Choose a working day.")]})
    if day > workdays.due(today, settings.INTERIM_DAYS):
        most = {"days": settings.INTERIM_DAYS}
        raise InvalidContent(
            fields={"planned_on": [_("The final answer has to come within %(days)d working days.") % most]}
        )


def today_of(proposal: Proposal, at: dt.datetime) -> dt.date:
    """The day in the city's time zone."""
    return workdays.day_of(at, proposal.city.time_zone)
