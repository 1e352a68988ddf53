"""Proposals, their versions, drafts, photos and supports."""

from participation.proposals.models.drafts import Draft
from participation.proposals.models.photos import Photo
from participation.proposals.models.proposals import Proposal, ProposalCounter, ProposalVersion
from participation.proposals.models.supports import Support

__all__ = ["Draft", "Photo", "Proposal", "ProposalCounter", "ProposalVersion", "Support"]
