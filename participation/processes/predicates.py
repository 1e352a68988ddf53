"""Who may do what in a process, as sentences: each rule is a claim, and the refusal where it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from metacity.accounts.access import Visitor, require_identified, require_member
from metacity.commons.errors import CityError
from participation.processes.errors import PhaseClosed, ProcessNotFound
from participation.processes.kinds import Act, Level

if TYPE_CHECKING:
    from participation.processes.models import Process


@dataclass(frozen=True, slots=True)
class Verdict:
    """True where one may; otherwise the error to raise, whose message is the reason in words."""

    refusal: CityError | None = None

    def __bool__(self) -> bool:
        return self.refusal is None

    @property
    def reason(self) -> str:
        return str(self.refusal.message) if self.refusal else ""

    @property
    def code(self) -> str:
        return self.refusal.code if self.refusal else ""

    def require(self) -> None:
        """Raise the refusal, if there is one."""
        if self.refusal is not None:
            raise self.refusal


@dataclass(frozen=True, slots=True)
class Question:
    """May somebody do `act` in `process` at `now`?"""

    process: Process
    act: Act
    now: datetime


def the_process_is_published(asked: Question) -> bool:
    return asked.process.state != asked.process.State.DRAFT


def the_process_is_not_archived(asked: Question) -> bool:
    return asked.process.state != asked.process.State.ARCHIVED


def the_phase_of_now_lets_people_do_it(asked: Question) -> bool:
    return asked.process.is_open_for(asked.act, asked.now)


def when_it_opens(asked: Question) -> str:
    """Why the phase of now does not let people do it: when it will, or that it is over."""
    coming = asked.process.next_phase(asked.now, letting=asked.act)
    act = str(asked.act.label)
    if coming is not None:
        day = date_format(timezone.localtime(coming.opens_at), "MONTH_DAY_FORMAT")
        return _("“%(act)s” opens on %(day)s.") % {"act": act, "day": day}
    if any(phase.lets(asked.act) for phase in asked.process.timeline()):
        return _("“%(act)s” is closed. You can still read everything.") % {"act": act}
    return _("This process has no stage for “%(act)s”.") % {"act": act}


Claim = Callable[[Question], bool]
Refusal = Callable[[Question], CityError]

RULES: tuple[tuple[Claim, Refusal], ...] = (
    (the_process_is_published, lambda asked: ProcessNotFound()),
    (the_process_is_not_archived, lambda asked: PhaseClosed(_("This process has ended and is kept for reading."))),
    (the_phase_of_now_lets_people_do_it, lambda asked: PhaseClosed(when_it_opens(asked))),
)
REQUIRED_OF_A_PERSON = {Level.MEMBER: require_member, Level.IDENTIFIED: require_identified}


def judge(process: Process, act: Act, user: Visitor, now: datetime) -> Verdict:
    """What concerns the process comes before what concerns the person; the first refusal decides."""
    return judge_all(process, [act], user, now)[act]


def judge_all(process: Process, acts: Sequence[Act], user: Visitor, now: datetime) -> dict[Act, Verdict]:
    """As `judge`, for several acts: what the phase asks of the person is looked up once."""
    phase = process.current_phase(now)
    refused = {act: _refusal_of_process(Question(process, act, now)) for act in acts}
    if phase is None or all(refused.values()):
        return {act: Verdict(refusal or PhaseClosed()) for act, refusal in refused.items()}
    personal = _refusal_of_person(Level(phase.min_level), user)
    return {act: Verdict(refusal or personal) for act, refusal in refused.items()}


def _refusal_of_process(asked: Question) -> CityError | None:
    return next((refusal(asked) for holds, refusal in RULES if not holds(asked)), None)


def _refusal_of_person(level: Level, user: Visitor) -> CityError | None:
    try:
        REQUIRED_OF_A_PERSON[level](user)
    except CityError as refusal:
        return refusal
    return None
