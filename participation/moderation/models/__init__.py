"""Cases, the reports that open them, the decisions on them, and the objections to those."""

from participation.moderation.models.appeals import Appeal
from participation.moderation.models.cases import Case, Report
from participation.moderation.models.decisions import Decision

__all__ = ["Appeal", "Case", "Decision", "Report"]
