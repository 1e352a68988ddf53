"""Giving a support and taking it back. Locks: the support, then the proposal, then ledger and rooms."""

from datetime import datetime

from django.db import transaction

from metacity.accounts.models import User
from metacity.commons import events
from participation.processes.kinds import Act
from participation.proposals.errors import NotSupportable
from participation.proposals.models import Proposal, Support
from participation.proposals.pins import announce_pin
from participation.proposals.services.clock import start_clock
from participation.proposals.services.steps import record_step
from participation.proposals.telling import tell_change


@transaction.atomic
def give_support(*, proposal: Proposal, person: User, at: datetime) -> int:
    """Support a proposal; a second time changes nothing. The number of supports as it is now."""
    _require_open(proposal, person, at)
    if Support.objects.add(person, proposal):
        supports = proposal.count_supports(+1)
        begun = start_clock(proposal=proposal, at=at)
        if begun is not None:
            record_step(begun)
        _announce(proposal, supports)
        if begun is not None:
            tell_change(proposal)
    return proposal.supports_count


@transaction.atomic
def take_back_support(*, proposal: Proposal, person: User, at: datetime) -> int:
    """Take one's support back while supports still count. The number of supports as it is now."""
    _require_open(proposal, person, at)
    return remove_support(proposal=proposal, person=person)


@transaction.atomic
def remove_support(*, proposal: Proposal, person: User) -> int:
    """Remove the support of somebody who takes it back or leaves, whatever the phase."""
    if Support.objects.remove(person, proposal):
        _announce(proposal, proposal.count_supports(-1))
    return proposal.supports_count


def _require_open(proposal: Proposal, person: User, at: datetime) -> None:
    if not proposal.takes_support:
        raise NotSupportable
    proposal.process.allows(Act.SUPPORT, person, at).require()


def _announce(proposal: Proposal, supports: int) -> None:
    """To the city's room first: several rooms are announced to in the order of their names."""
    if proposal.content.has_place and proposal.is_listed:
        announce_pin(proposal)
    events.announce(room=proposal.room, kind="proposal.supported", payload={"supports": supports})
