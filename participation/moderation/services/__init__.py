"""What changes cases. Locks: the case, then the subject's own row, then the ledger, then the rooms."""

from participation.moderation.services.reports import report_subject

__all__ = ["report_subject"]
