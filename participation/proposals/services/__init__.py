"""What changes proposals."""

from participation.proposals.services.answers import (
    approve_answer,
    hand_in_answer,
    save_answer,
    send_back_answer,
    take_back_answer,
)
from participation.proposals.services.drafts import begin_draft, claim_drafts, delete_draft, draft_of, submit_draft
from participation.proposals.services.handling import (
    assign_department,
    begin_review,
    extend_deadline,
    guide_to_complaints,
    merge_proposal,
    report_progress,
    request_supplement,
    return_proposal,
    transfer_proposal,
)
from participation.proposals.services.submission import (
    compute_again,
    revise_proposal,
    submit_proposal,
    withdraw_proposal,
)
from participation.proposals.services.supports import give_support, take_back_support

__all__ = [
    "approve_answer",
    "assign_department",
    "begin_draft",
    "begin_review",
    "claim_drafts",
    "compute_again",
    "delete_draft",
    "draft_of",
    "extend_deadline",
    "give_support",
    "guide_to_complaints",
    "hand_in_answer",
    "merge_proposal",
    "report_progress",
    "request_supplement",
    "return_proposal",
    "revise_proposal",
    "save_answer",
    "send_back_answer",
    "submit_draft",
    "submit_proposal",
    "take_back_answer",
    "take_back_support",
    "transfer_proposal",
    "withdraw_proposal",
]
