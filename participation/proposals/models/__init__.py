"""Proposals, their versions, drafts, photos and supports; departments, their steps and their answers."""

from participation.proposals.models.answers import Answer, Decision
from participation.proposals.models.deadlines import Deadline
from participation.proposals.models.departments import Department
from participation.proposals.models.drafts import Draft
from participation.proposals.models.photos import Photo
from participation.proposals.models.proposals import Proposal, ProposalCounter, ProposalVersion
from participation.proposals.models.steps import Step, StepKind
from participation.proposals.models.supports import Support

__all__ = [
    "Answer",
    "Deadline",
    "Decision",
    "Department",
    "Draft",
    "Photo",
    "Proposal",
    "ProposalCounter",
    "ProposalVersion",
    "Step",
    "StepKind",
    "Support",
]
