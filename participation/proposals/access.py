"""How proposals are reached. What is withdrawn is its author's alone; what is hidden, also the moderators'."""

import uuid

from django.db.models import Exists, OuterRef

from metacity.accounts.access import Visitor
from participation.moderation.access import may_moderate
from participation.proposals import parts
from participation.proposals.errors import NotTheAuthor, ProposalNotFound, ProposalWithdrawn
from participation.proposals.models import Photo, Proposal
from participation.proposals.models.proposals import ProposalQuerySet
from twin.mirror.access import may_see
from twin.mirror.models import City


def proposal_for(user: Visitor, pk: uuid.UUID) -> Proposal:
    """The proposal with what its page shows, and whether it `has_photos`.

    Raises `ProposalWithdrawn` (410) for others than the author. What is hidden looks absent to all but its author and
    moderators.
    """
    found = Proposal.objects.select_related(
        "current__design_version", "process", "author", "city__publication", "department", "deadline"
    )
    photos = Photo.objects.filter(version=OuterRef("current"))
    found = found.annotate(has_photos=Exists(photos), **parts.asked_along())
    proposal = found.seen_by(user).prefetch_related("process__phases").filter(pk=pk).first()
    if proposal is None or not may_see(user, proposal.city):
        raise ProposalNotFound
    if proposal.is_public or proposal.is_written_by(user):
        return proposal
    if proposal.is_hidden and not may_moderate(user):
        raise ProposalNotFound
    if proposal.is_withdrawn:
        raise ProposalWithdrawn
    return proposal


def own_proposal(user: Visitor, pk: uuid.UUID) -> Proposal:
    """As `proposal_for`, for what only the author may do."""
    proposal = proposal_for(user, pk)
    if not proposal.is_written_by(user):
        raise NotTheAuthor
    return proposal


def listed_in(city: City) -> ProposalQuerySet:
    """What lists show of a city's proposals."""
    return Proposal.objects.in_city(city).listed().with_content()


def may_listen(user: Visitor, room: str) -> bool:
    """Whether `user` may follow a proposal's events: whoever may read it."""
    try:
        proposal_for(user, uuid.UUID(room.removeprefix("proposal.")))
    except (ValueError, ProposalNotFound, ProposalWithdrawn):
        return False
    return True
