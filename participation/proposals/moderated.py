"""Proposals as moderation sees them: found, hidden from others, and shown again."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from participation.moderation.subjects import Announcement, Subject, SubjectKind
from participation.proposals.access import proposal_for
from participation.proposals.designs import described
from participation.proposals.errors import ProposalNotFound, ProposalWithdrawn
from participation.proposals.models import Proposal
from participation.proposals.pins import announce_pin
from participation.proposals.services.answers import recall_answer
from participation.proposals.services.clock import pause_clock, resume_clock
from participation.proposals.telling import tell_change


def find(user: Visitor, pk: uuid.UUID) -> Subject | None:
    try:
        proposal = proposal_for(user, pk)
    except (ProposalNotFound, ProposalWithdrawn):
        return None
    content = proposal.content
    return Subject(
        kind=KIND.name,
        pk=proposal.pk,
        author=proposal.author,
        title=content.title,
        text="\n\n".join((content.text, *described(proposal))),
        url=proposal.get_absolute_url(),
        written_at=content.created_at,
        is_hidden=proposal.is_hidden,
    )


def hide(pk: uuid.UUID, at: datetime) -> Announcement | None:
    proposal = _locked(pk)
    if proposal is None or proposal.is_hidden:
        return None
    proposal.hide(at)
    pause_clock(proposal, at)
    recall_answer(proposal)
    return lambda: _announce(proposal)


def show(pk: uuid.UUID, at: datetime) -> Announcement | None:
    proposal = _locked(pk)
    if proposal is None or not proposal.is_hidden:
        return None
    proposal.unhide()
    if not proposal.waits_for_others:
        resume_clock(proposal, at)
    return lambda: _announce(proposal)


def _locked(pk: uuid.UUID) -> Proposal | None:
    found = Proposal.objects.select_for_update(of=("self",)).select_related("current__design_version", "city")
    return found.filter(pk=pk).first()


def _announce(proposal: Proposal) -> None:
    """To the city's room first: several rooms are announced to in the order of their names."""
    announce_pin(proposal)
    tell_change(proposal)


def titles(user: Visitor, pks: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict(Proposal.objects.readable_by(user).filter(pk__in=pks).values_list("pk", "current__title"))


KIND = SubjectKind("proposal", _("Idea"), find=find, hide=hide, show=show, titles=titles)
