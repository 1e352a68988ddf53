"""What officials do with a proposal before and after they answer it.

Every act holds the proposal, checks, writes its step and tells the author; then come the ledger and the rooms. An act
that the table of states does not allow any more is refused with `StateChanged`, however the form came about.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from metacity.accounts.access import require_office
from metacity.accounts.models import User
from metacity.accounts.notices import notify_all
from metacity.accounts.roles import Role
from participation.proposals.errors import (
    AlreadyCompleted,
    InvalidContent,
    NotExtendable,
    NotMergeable,
    StateChanged,
)
from participation.proposals.models import Department, Proposal, Step, StepKind
from participation.proposals.models.departments import responsible_for
from participation.proposals.officework import (
    LONGEST_SUPPLEMENT,
    OFFICE_NAME_LENGTH,
    Channel,
    ReturnReason,
    check_day,
    checked_words,
    today_of,
)
from participation.proposals.services.clock import end_clock, pause_clock, resume_clock
from participation.proposals.services.steps import both_held, conclude, held, take_step, tell_supporters
from participation.proposals.states import State


@transaction.atomic
def assign_department(
    *, proposal: Proposal, by: User, department: Department, in_charge: User | None = None, at: datetime
) -> None:
    """Name the department that handles the proposal, and who does so there."""
    require_office(by, Role.OFFICIAL)
    proposal = held(proposal)
    if proposal.state in {State.WITHDRAWN, State.MERGED, State.RETURNED}:
        raise StateChanged
    changed = _hand_to(proposal, department, in_charge, by)
    if changed:
        conclude(take_step(proposal, StepKind.ASSIGNED, by=by, at=at, department=department))


@transaction.atomic
def begin_review(
    *, proposal: Proposal, by: User, department: Department, in_charge: User | None = None, at: datetime
) -> None:
    """Confirm that the proposal was received and begin to look into it; whoever begins is in charge unless told."""
    require_office(by, Role.OFFICIAL)
    proposal = held(proposal)
    _hand_to(proposal, department, in_charge or by, by)
    proposal.move_to(State.IN_REVIEW, at=at)
    facts = resume_clock(proposal, at)
    step = take_step(proposal, StepKind.REVIEW_BEGUN, by=by, at=at, department=department, facts=facts)
    conclude(step, moved=[proposal])


@transaction.atomic
def request_supplement(*, proposal: Proposal, by: User, words: str, until: date, at: datetime) -> None:
    """Ask the author for what is missing; the clock rests until the author has revised the proposal."""
    require_office(by, Role.OFFICIAL)
    words = checked_words("words", words)
    check_day("until", until, after=today_of(proposal, at), within=LONGEST_SUPPLEMENT)
    proposal = held(proposal)
    proposal.move_to(State.SUPPLEMENT_REQUESTED, at=at)
    pause_clock(proposal, at)
    proposal.answers.recall()
    facts = {"until": until.isoformat()}
    conclude(_step(proposal, StepKind.SUPPLEMENT_REQUESTED, by, at, words=words, facts=facts), moved=[proposal])


def receive_supplement(*, proposal: Proposal, author: User, at: datetime) -> None:
    """Within a revision by the author: what was asked for has come. The caller holds the proposal and announces."""
    if proposal.state != State.SUPPLEMENT_REQUESTED:
        return
    proposal.move_to(State.SUBMITTED, at=at)
    facts = {"version": proposal.content.number, **resume_clock(proposal, at)}
    step = Step.objects.create(proposal=proposal, kind=StepKind.SUPPLEMENTED, by=author, at=at, facts=facts)
    _tell_office(proposal, "office.supplemented", key=str(step.pk))


@transaction.atomic
def transfer_proposal(
    *,
    proposal: Proposal,
    by: User,
    words: str,
    department: Department | None = None,
    office: str = "",
    at: datetime,
) -> None:
    """Hand the proposal to another department, or to another office by its name; there this office's clock rests."""
    require_office(by, Role.OFFICIAL)
    words = checked_words("words", words)
    proposal = held(proposal)
    if department is not None:
        facts: dict[str, Any] = {}
        _hand_to(proposal, department, None, by)
    else:
        facts = {"office": checked_words("office", office, least=2, most=OFFICE_NAME_LENGTH)}
        _hand_away(proposal)
    proposal.move_to(State.TRANSFERRED, at=at)
    if department is None:
        pause_clock(proposal, at)
    proposal.answers.recall()
    step = _step(proposal, StepKind.TRANSFERRED, by, at, words=words, department=department, facts=facts)
    conclude(step, moved=[proposal])


@transaction.atomic
def merge_proposal(*, proposal: Proposal, by: User, into: Proposal, words: str, at: datetime) -> None:
    """Merge the proposal into another, which goes on. Both show it, and everybody who supported it is told.

    Supports stay where they were given: who supported this one decides for themselves about the other.
    """
    require_office(by, Role.OFFICIAL)
    words = checked_words("words", words)
    if into.pk == proposal.pk:
        raise NotMergeable(fields={"into": [str(NotMergeable.message)]})
    proposal, into = both_held(proposal, into)
    if into.city_id != proposal.city_id or not into.is_listed or into.state == State.RETURNED:
        raise NotMergeable(fields={"into": [str(NotMergeable.message)]})
    proposal.merge_into(into, at=at)
    end_clock(proposal, at)
    proposal.answers.drop()
    step = _step(proposal, StepKind.MERGED, by, at, words=words, other=into, facts={"number": into.number})
    joined = _step(into, StepKind.JOINED, by, at, other=proposal, facts={"number": proposal.number})
    tell_supporters(step)
    conclude(step, joined, moved=[proposal])


@transaction.atomic
def return_proposal(*, proposal: Proposal, by: User, reason: str, words: str, at: datetime) -> None:
    """Return the proposal without looking into it, with the reason by the rule and in words."""
    require_office(by, Role.OFFICIAL)
    if reason not in ReturnReason.values:
        raise InvalidContent(fields={"reason": [_("Choose one of the reasons.")]})
    _return(proposal, StepKind.RETURNED, by, at, checked_words("words", words), {"reason": reason})


@transaction.atomic
def guide_to_complaints(*, proposal: Proposal, by: User, channel: str, words: str, at: datetime) -> None:
    """Return a proposal that is a complaint, with the way to where complaints are handled."""
    require_office(by, Role.OFFICIAL)
    if channel not in Channel.values:
        raise InvalidContent(fields={"channel": [_("Choose one of the services.")]})
    _return(proposal, StepKind.GUIDED, by, at, checked_words("words", words), {"channel": channel})


@transaction.atomic
def extend_deadline(*, proposal: Proposal, by: User, words: str, at: datetime) -> None:
    """Give the office `EXTENSION_DAYS` more, with a reason that everybody reads; in time, `MOST_EXTENSIONS` times."""
    require_office(by, Role.OFFICIAL)
    words = checked_words("words", words)
    proposal = held(proposal)
    clock = proposal.clock
    if clock is None or not clock.may_be_extended(today_of(proposal, at)):
        raise NotExtendable
    clock.extend(settings.EXTENSION_DAYS)
    facts = {"due_on": clock.due_on.isoformat(), "days": settings.EXTENSION_DAYS}
    conclude(_step(proposal, StepKind.EXTENDED, by, at, words=words, facts=facts))


@transaction.atomic
def report_progress(*, proposal: Proposal, by: User, words: str, percent: int | None = None, at: datetime) -> None:
    """Say how far an accepted idea is; with 100 % it is completed, and all who supported it are told."""
    require_office(by, Role.OFFICIAL)
    words = checked_words("words", words)
    if percent is not None and not 0 <= percent <= 100:
        raise InvalidContent(fields={"percent": [_("Write a number from 0 to 100.")]})
    proposal = held(proposal)
    if proposal.steps.filter(kind=StepKind.COMPLETED).exists():
        raise AlreadyCompleted
    begins = proposal.state != State.UNDER_WAY
    if begins:
        proposal.move_to(State.UNDER_WAY, at=at)
    kind = StepKind.COMPLETED if percent == 100 else StepKind.PROGRESS
    step = _step(proposal, kind, by, at, words=words, facts={} if percent is None else {"percent": percent})
    if kind == StepKind.COMPLETED:
        tell_supporters(step)
    conclude(step, moved=[proposal] if begins else [])


def _step(proposal: Proposal, kind: StepKind, by: User, at: datetime, **told: Any) -> Step:
    """A step of the department that handles the proposal, unless it is told which."""
    return take_step(proposal, kind, by=by, at=at, **({"department": proposal.department} | told))


def _return(proposal: Proposal, kind: StepKind, by: User, at: datetime, words: str, facts: dict[str, Any]) -> None:
    proposal = held(proposal)
    proposal.move_to(State.RETURNED, at=at)
    end_clock(proposal, at)
    proposal.answers.drop()
    conclude(_step(proposal, kind, by, at, words=words, facts=facts), moved=[proposal])


def _hand_to(proposal: Proposal, department: Department, in_charge: User | None, by: User) -> bool:
    """Whether another department handles it from now on. Whoever is in charge anew is told, unless they did it."""
    if department.city_id != proposal.city_id or not department.is_open:
        raise InvalidContent(fields={"department": [_("Choose a department of this city.")]})
    if in_charge is not None and not in_charge.has_role(Role.OFFICIAL):
        raise InvalidContent(fields={"in_charge": [_("Choose an official.")]})
    is_new, was_in_charge = proposal.department_id != department.pk, proposal.in_charge_id
    proposal.department, proposal.in_charge = department, in_charge
    proposal.save(update_fields=["department", "in_charge"])
    if is_new or (in_charge is not None and in_charge.pk != was_in_charge):
        _tell_office(proposal, "office.assigned", key=f"{proposal.pk}:{department.pk}", without=by)
    return is_new


def _hand_away(proposal: Proposal) -> None:
    proposal.department = proposal.in_charge = None
    proposal.save(update_fields=["department", "in_charge"])


def _tell_office(proposal: Proposal, kind: str, *, key: str, without: User | None = None) -> None:
    """Whoever is in charge; the department where nobody is yet."""
    people = responsible_for(proposal)
    if without is not None:
        people = people.exclude(pk=without.pk)
    notify_all(people=people, kind=kind, url=proposal.office_url, key=key, facts={"title": proposal.content.title})
