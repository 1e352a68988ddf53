"""What this room holds of a person: told on request, let go when the person leaves."""

from typing import Any

from metacity.accounts.models import User
from participation.moderation.models import Appeal, Case, Decision, Report


def export_moderation(user: User) -> dict[str, Any]:
    """One's reports, the measures against what one wrote, and one's objections. Never who else is part of a case."""
    reports = Report.objects.of_person(user).select_related("case", "decision")
    decisions = Decision.objects.filter(author=user).select_related("case").order_by("made_at")
    return {
        "reports": [_report(report) for report in reports],
        "decisions": [_decision(decision) for decision in decisions],
        "objections": [_appeal(appeal) for appeal in Appeal.objects.filter(author=user)],
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "kind": report.case.kind,
        "subject": str(report.case.subject_id),
        "reason": report.reason,
        "words": report.words,
        "made_at": report.made_at.isoformat(),
        "outcome": report.decision.outcome if report.decision else None,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "kind": decision.case.kind,
        "subject": str(decision.case.subject_id),
        "outcome": decision.outcome,
        "rule": decision.rule,
        "words": decision.words,
        "until": decision.until.isoformat() if decision.until else None,
        "made_at": decision.made_at.isoformat(),
    }


def _appeal(appeal: Appeal) -> dict[str, Any]:
    return {
        "decision": str(appeal.decision_id),
        "words": appeal.words,
        "made_at": appeal.made_at.isoformat(),
        "state": appeal.state,
        "answer": appeal.answer,
    }


def erase_moderation(user: User) -> None:
    """Words and names go, and what was decided stays as codes: the statistics and the ledger keep standing.

    Who decided stays as the empty row that the account becomes, so that a second person remains a second one.
    """
    Case.objects.filter(author=user).update(author=None)
    Case.objects.filter(claimed_by=user).update(claimed_by=None, claimed_at=None)
    Report.objects.filter(reporter=user).update(reporter=None, words="")
    Decision.objects.filter(author=user).update(author=None, words="")
    Appeal.objects.filter(author=user).update(author=None, words="", answer="")
