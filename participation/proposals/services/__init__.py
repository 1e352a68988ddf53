"""What changes proposals."""

from participation.proposals.services.drafts import begin_draft, claim_drafts, delete_draft, draft_of, submit_draft
from participation.proposals.services.submission import (
    compute_again,
    revise_proposal,
    submit_proposal,
    withdraw_proposal,
)
from participation.proposals.services.supports import give_support, take_back_support

__all__ = [
    "begin_draft",
    "claim_drafts",
    "compute_again",
    "delete_draft",
    "draft_of",
    "give_support",
    "revise_proposal",
    "submit_draft",
    "submit_proposal",
    "take_back_support",
    "withdraw_proposal",
]
