"""Reporting something."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metacity.accounts.access import require_signed_in
from metacity.accounts.identity.journey import safe_next
from metacity.accounts.limits import consume
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import CityError
from participation.moderation.forms import ReportForm
from participation.moderation.models import Report
from participation.moderation.policy import policy
from participation.moderation.services import report_subject
from participation.moderation.subjects import Subject, label_of, subject_for

REPORTS_AN_HOUR = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Why something is against the rules. Guests read here how they can report."""
    subject = subject_for(request.user, kind, pk)
    form = ReportForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, subject, form, status=400 if request.method == "POST" else 200)
    person = require_signed_in(request.user)
    told = form.cleaned_data
    try:
        send_report(person, subject, told["reason"], told["words"])
    except CityError as refusal:
        form.refused(refusal)
        return _page(request, subject, form, status=refusal.status)
    messages.success(request, _("Thank you. A moderator reads your report, and you are told what came of it."))
    return HttpResponseRedirect(safe_next(request, subject.url), status=303)


def send_report(person: User, subject: Subject, reason: str, words: str) -> Report:
    """One of the few reports that a person may make an hour."""
    consume(scope="report", key=str(person.pk), limit=REPORTS_AN_HOUR, window_s=3600)
    return report_subject(person=person, subject=subject, reason=reason, words=words, at=clocks.now())


def _page(request: HttpRequest, subject: Subject, form: ReportForm, *, status: int) -> HttpResponse:
    author = subject.author
    context = {
        "subject": subject,
        "label": label_of(subject.kind),
        "form": form,
        "policy": policy(),
        "is_own": author is not None and author == request.user,
        "back": safe_next(request, subject.url),
        # What is wrong may be the name and not the text.
        "alias_of": author if author and author.alias and subject.kind != "alias" else None,
    }
    return render(request, "moderation/report.html", context, status=status)
