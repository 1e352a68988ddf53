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
from participation.proposals.errors import KeyTaken, NothingChanged, NotRevisable, NotTheAuthor
from participation.proposals.models import Proposal, ProposalCounter, ProposalVersion
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.pins import announce_pin
from participation.proposals.states import State


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
    proposal = Proposal.objects.select_related("current", "city").get(pk=proposal.pk)
    if not proposal.is_revisable:
        raise NotRevisable
    if _says_the_same(proposal.content, content):
        raise NothingChanged
    version = _write_version(proposal, proposal.content.number + 1, content, key, at)
    _record("proposal.revised", proposal, author, version, content)
    _announce_change(proposal)
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, author: User, at: datetime) -> None:
    """Take the proposal back. Its author still reads it; others learn only that it was withdrawn."""
    if not proposal.is_written_by(author):
        raise NotTheAuthor
    proposal.move_to(State.WITHDRAWN, at=at)
    ledger.record(action="proposal.withdrawn", actor=author.actor_id, subject=proposal.subject)
    _announce_change(proposal)


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
        **content.place.as_fields(),
    )
    proposal.show(version)
    return version


def _says_the_same(version: ProposalVersion, content: Content) -> bool:
    same_place = (version.place_kind, version.e, version.n, version.object_id) == (
        content.place.kind,
        content.place.e,
        content.place.n,
        content.place.object_id,
    )
    return same_place and (version.title, version.text) == (content.title, content.text)


def _record(action: str, proposal: Proposal, author: User, version: ProposalVersion, content: Content) -> None:
    ledger.record(
        action=action,
        actor=author.actor_id,
        subject=proposal.subject,
        facts={"version": version.number, "sha256": content.sha256},
    )


def _announce_change(proposal: Proposal) -> None:
    """To the city's room first: several rooms are announced to in the order of their names."""
    announce_pin(proposal)
    payload = {"state": proposal.state, "version": proposal.content.number}
    events.announce(room=proposal.room, kind="proposal.changed", payload=payload)
