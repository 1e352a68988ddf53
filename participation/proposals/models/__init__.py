"""Proposals, their versions, drafts and supports."""

from participation.proposals.models.drafts import Draft
from participation.proposals.models.proposals import Proposal, ProposalCounter, ProposalVersion
from participation.proposals.models.supports import Support

__all__ = ["Draft", "Proposal", "ProposalCounter", "ProposalVersion", "Support"]
