"""Reporting something."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metacity.accounts.access import require_member
from metacity.accounts.models import User
from metacity.commons import ledger
from participation.moderation.errors import HiddenAlready, InvalidReport, OwnText, ReportedAlready
from participation.moderation.models import Case, Report
from participation.moderation.models.cases import REPORT_LENGTH
from participation.moderation.policy import Reason, policy
from participation.moderation.subjects import Subject
from participation.moderation.words import Faults, said


@transaction.atomic
def report_subject(*, person: User, subject: Subject, reason: str, words: str, at: datetime) -> Report:
    """Say that something is against the rules; its case waits for a decision from then on.

    `reason` is a code of the published list. One report a person and subject (`ReportedAlready`).
    """
    require_member(person)
    if subject.author == person:
        raise OwnText
    if subject.is_hidden:
        raise HiddenAlready
    why, text = _checked(reason, words)
    case, _is_new = Case.objects.get_or_create(
        kind=subject.kind, subject_id=subject.pk, defaults={"author": subject.author, "opened_at": at}
    )
    report = Report(case=case, reporter=person, reason=why.code, words=text, made_at=at)
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        raise ReportedAlready from None
    case.count_report(is_urgent=why.is_urgent, at=at)
    # Without an actor: whoever reads the ledger must not learn who reported.
    ledger.record(
        action="moderation.reported",
        actor=None,
        subject=case.subject,
        facts={"kind": case.kind, "reason": why.code, "report": report.pk, "policy": policy().version},
    )
    return report


def _checked(code: str, words: str) -> tuple[Reason, str]:
    faults: Faults = {}
    reason = policy().reason(code)
    if reason is None:
        faults["reason"] = [_("Please choose what is wrong.")]
    text = said("words", words, REPORT_LENGTH, faults, is_required=reason is not None and reason.needs_words)
    if faults or reason is None:
        raise InvalidReport(fields=faults)
    return reason, text
