"""How a step of a proposal's handling is taken: the rows first, then the ledger, then the rooms."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from metacity.accounts.models import Topic, User
from metacity.accounts.notices import notify, notify_all
from metacity.commons import ledger
from participation.proposals.models import Proposal, Step, StepKind
from participation.proposals.pins import announce_pin
from participation.proposals.telling import tell_change


def held(proposal: Proposal) -> Proposal:
    """The proposal as it is now; nobody else takes a step with it until the transaction ends."""
    return _held(Proposal.objects.filter(pk=proposal.pk)).get()


def both_held(one: Proposal, other: Proposal) -> tuple[Proposal, Proposal]:
    """Two of them, locked in the same order by everybody."""
    found = {proposal.pk: proposal for proposal in _held(Proposal.objects.filter(pk__in=(one.pk, other.pk)))}
    return found[one.pk], found[other.pk]


def _held(proposals: models.QuerySet[Proposal]) -> models.QuerySet[Proposal]:
    # Without the key: a support being written refers to the proposal, and does not wait for the office.
    locked = proposals.select_for_update(of=("self",), no_key=True).order_by("pk")
    return locked.select_related("current__design_version", "process", "author", "city", "department", "deadline")


def take_step(proposal: Proposal, kind: StepKind, *, by: User | None, at: datetime, **told: Any) -> Step:
    """Writes the step and tells the author. `told` are fields of `Step`. `conclude` follows in the same transaction."""
    step = Step.objects.create(proposal=proposal, kind=kind, by=by, at=at, **told)
    if proposal.author is not None:
        notify(person=proposal.author, kind=_notice(step), facts=_facts(step), url=_url(step), key=str(step.pk))
    return step


def tell_supporters(step: Step) -> None:
    """All who support the proposal, in one write; the author has been told."""
    supporters = User.objects.filter(supports__proposal=step.proposal)
    if step.proposal.author_id is not None:
        supporters = supporters.exclude(pk=step.proposal.author_id)
    told = {"facts": _facts(step), "url": _url(step), "key": str(step.pk)}
    notify_all(people=supporters, kind=_notice(step), topic=Topic.SUPPORTED, **told)


def conclude(*steps: Step, moved: Iterable[Proposal] = ()) -> None:
    """To the ledger, and then to everybody who looks: the city's room first, then those of the proposals."""
    for step in steps:
        record_step(step)
    for proposal in moved:
        if proposal.content.has_place:
            announce_pin(proposal)
    for step in sorted(steps, key=lambda step: step.proposal.room):
        tell_change(step.proposal)


def record_step(step: Step) -> None:
    ledger.record(
        action=f"proposal.{step.kind}",
        actor=step.by.actor_id if step.by else None,
        subject=step.proposal.subject,
        facts=_recorded(step),
    )


def _notice(step: Step) -> str:
    return f"proposal.{step.kind}"


def _facts(step: Step) -> dict[str, Any]:
    return {"title": step.proposal.content.title, **step.told}


def _url(step: Step) -> str:
    return f"{step.proposal.get_absolute_url()}#history"


def _recorded(step: Step) -> dict[str, ledger.Fact]:
    """Ids, hashes and numbers of what the step says; its texts stay out of the ledger."""
    ids = {"department": step.department_id, "answer": step.answer_id, "other": step.other_id}
    facts: dict[str, ledger.Fact] = {name: value for name, value in ids.items() if value is not None}
    numbers = {name: value for name, value in step.facts.items() if isinstance(value, int)}
    if step.words:
        facts["sha256"] = hashlib.sha256(step.words.encode()).hexdigest()
    return {"step": step.pk, **facts, **numbers}
