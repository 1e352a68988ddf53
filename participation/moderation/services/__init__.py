"""What changes cases. Locks: the case, then the subject's own row, then the ledger, then the rooms."""

from participation.moderation.services.appeals import decide_appeal, object_to
from participation.moderation.services.cases import claim_case, release_case
from participation.moderation.services.decisions import decide_case, end_measures
from participation.moderation.services.reports import report_subject

__all__ = [
    "claim_case",
    "decide_appeal",
    "decide_case",
    "end_measures",
    "object_to",
    "release_case",
    "report_subject",
]
