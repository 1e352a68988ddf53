"""Submitting, revising and withdrawing a proposal."""

import uuid
from datetime import datetime

from django.db import transaction

from metacity.accounts.access import require_member
from metacity.accounts.models import User
from metacity.commons import events, ledger
from participation.processes.kinds import Act
from participation.processes.models import Process
from participation.proposals.content import Content
from participation.proposals.designs import run_of, told_of_run
from participation.proposals.errors import KeyTaken, NothingChanged, NotRevisable, NotTheAuthor
from participation.proposals.models import Proposal, ProposalCounter, ProposalVersion
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.pins import announce_pin
from participation.proposals.states import State
from twin.mirror.designs.models import Design, DesignVersion
from twin.mirror.designs.services import keep_design
from twin.simulation.services import request_run


@transaction.atomic
def submit_proposal(*, process: Process, author: User, content: Content, key: uuid.UUID, at: datetime) -> Proposal:
    """Submit an idea to a process; it gets the next number of its city.

    `key` names this act: the same key again, however often and however close, returns the same proposal. Refuses with
    what `process.allows` says.
    """
    process.allows(Act.PROPOSE, author, at).require()
    # Submissions of a city queue here, so that the next line sees a first click that is still being written.
    counter = ProposalCounter.locked(process.city)
    before = _submitted_with(key, author)
    if before is not None:
        return before
    proposal = Proposal.objects.create(
        city=process.city, number=counter.take(), process=process, author=author, submitted_at=at, state_changed_at=at
    )
    version = _write_version(proposal, 1, content, key, at)
    _record("proposal.submitted", proposal, author, version, content)
    if content.place.kind != PlaceKind.NONE:
        announce_pin(proposal)
    _simulate(version, author)
    return proposal


@transaction.atomic
def revise_proposal(*, proposal: Proposal, author: User, content: Content, key: uuid.UUID, at: datetime) -> Proposal:
    """Add a version, as long as the office has not begun to handle the proposal. Idempotent as `submit_proposal`."""
    if not proposal.is_written_by(require_member(author)):
        raise NotTheAuthor
    ProposalCounter.locked(proposal.city)
    before = _submitted_with(key, author)
    if before is not None:
        return before
    proposal = Proposal.objects.select_related("current__design_version", "city__publication").get(pk=proposal.pk)
    if not proposal.is_revisable:
        raise NotRevisable
    if _says_the_same(proposal.content, content):
        raise NothingChanged
    version = _write_version(proposal, proposal.content.number + 1, content, key, at)
    _record("proposal.revised", proposal, author, version, content)
    announce_pin(proposal)
    _simulate(version, author)
    tell_change(proposal)
    return proposal


@transaction.atomic
def compute_again(*, proposal: Proposal, person: User) -> None:
    """Ask once more for a run that failed or was stopped, or for one on the city as it is by now."""
    if not (proposal.is_written_by(person) or person.has_role("official")):
        raise NotTheAuthor
    _simulate(proposal.content, person)
    tell_change(proposal)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, author: User, at: datetime) -> None:
    """Take the proposal back. Its author still reads it; others learn only that it was withdrawn."""
    if not proposal.is_written_by(author):
        raise NotTheAuthor
    proposal.move_to(State.WITHDRAWN, at=at)
    ledger.record(action="proposal.withdrawn", actor=author.actor_id, subject=proposal.subject)
    announce_pin(proposal)
    tell_change(proposal)


def _submitted_with(key: uuid.UUID, author: User) -> Proposal | None:
    """What the author submitted with this key before; `KeyTaken` where somebody else did."""
    before = Proposal.objects.filter(versions__submission_key=key).select_related("current").first()
    if before is not None and not before.is_written_by(author):
        raise KeyTaken
    return before


def _write_version(proposal: Proposal, number: int, content: Content, key: uuid.UUID, at: datetime) -> ProposalVersion:
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=number,
        submission_key=key,
        title=content.title,
        text=content.text,
        reason=content.reason,
        created_at=at,
        design_version=_keep_design(proposal, content),
        **content.place.as_fields(),
    )
    proposal.show(version)
    return version


def _keep_design(proposal: Proposal, content: Content) -> DesignVersion | None:
    """The next version of the proposal's one design."""
    if content.design is None:
        return None
    design = Design.objects.filter(versions__proposal_versions__proposal=proposal).first()
    return keep_design(city=proposal.city, raw=content.design.as_json(), design=design)


def _says_the_same(version: ProposalVersion, content: Content) -> bool:
    same_place = (version.place_kind, version.e, version.n, version.object_id) == (
        content.place.kind,
        content.place.e,
        content.place.n,
        content.place.object_id,
    )
    same_words = (version.title, version.text) == (content.title, content.text)
    return same_place and same_words and version.design == content.design


def _record(action: str, proposal: Proposal, author: User, version: ProposalVersion, content: Content) -> None:
    facts: dict[str, str | int] = {"version": version.number, "sha256": content.sha256}
    if version.design_version is not None:
        facts["design"] = version.design_version.digest
    ledger.record(action=action, actor=author.actor_id, subject=proposal.subject, facts=facts)


def _simulate(version: ProposalVersion, author: User) -> None:
    """After the city's room was told: what is told of the run comes next, in the order in which rooms are locked."""
    if version.design_version is not None:
        request_run(version=version.design_version, by=author)


def tell_change(proposal: Proposal) -> None:
    """To the proposal's room; the city's comes first, since several rooms are told in the order of their names."""
    payload = {
        "state": proposal.state,
        "is_hidden": proposal.is_hidden,
        "version": proposal.content.number,
        "run": told_of_run(run_of(proposal.content)),
    }
    events.announce(room=proposal.room, kind="proposal.changed", payload=payload)
