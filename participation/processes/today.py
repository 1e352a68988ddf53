"""Where a process stands today and what one can do in it, as pages say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from participation.processes.kinds import Act
from participation.processes.models import Phase, Process
from participation.processes.predicates import Verdict, judge_all
from participation.processes.sections import address_of, is_offered


class Standing(models.TextChoices):
    """Where a process stands, in the order in which lists show it."""

    OPEN = "open", _("Open now")
    BETWEEN = "between", _("Being worked on")
    COMING = "coming", _("Coming")
    OVER = "over", _("Ended")


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase in the timeline: before, now or after."""

    phase: Phase
    is_now: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An act, where it is done, and whether the visitor may do it."""

    act: Act
    verdict: Verdict
    address: str

    @property
    def label(self) -> str:
        return str(self.act.label)


@dataclass(frozen=True, slots=True)
class Card:
    """A process as lists show it."""

    process: Process
    standing: Standing
    phase: Phase | None
    coming: Phase | None
    days_left: int | None


def standing_of(process: Process, now: datetime) -> Standing:
    timeline = process.timeline()
    phase = process.current_phase(now)
    if process.state == Process.State.ARCHIVED or not timeline or timeline[-1].is_over(now):
        return Standing.OVER
    if timeline[0].opens_at > now:
        return Standing.COMING
    return Standing.OPEN if phase is not None and phase.acts() else Standing.BETWEEN


def card_of(process: Process, now: datetime) -> Card:
    phase = process.current_phase(now)
    left = (phase.closes_at - now).days if phase else None
    return Card(process, standing_of(process, now), phase, process.next_phase(now), left)


def stages_of(process: Process, now: datetime) -> list[Stage]:
    return [Stage(phase, phase.is_open(now), phase.is_over(now)) for phase in process.timeline()]


def offers_of(process: Process, user: Visitor, now: datetime) -> list[Offer]:
    """What a process has stages for, with what stands in the way of the visitor today."""
    acts = [act for act in Act if is_offered(act) and any(phase.lets(act) for phase in process.timeline())]
    verdicts = judge_all(process, acts, user, now)
    return [Offer(act, verdicts[act], address_of(act, process)) for act in acts]


def grouped(processes: Sequence[Process], now: datetime) -> list[tuple[Standing, list[Card]]]:
    """Cards by standing, empty groups left out; what closes first comes first."""
    cards = sorted((card_of(process, now) for process in processes), key=lambda card: _urgency(card, now))
    groups = [(standing, [card for card in cards if card.standing == standing]) for standing in Standing]
    return [(standing, members) for standing, members in groups if members]


def _urgency(card: Card, now: datetime) -> float:
    next_change = card.phase.closes_at if card.phase else card.coming.opens_at if card.coming else None
    return (next_change - now).total_seconds() if next_change else float("inf")
