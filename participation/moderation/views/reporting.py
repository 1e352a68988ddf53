"""Reporting something, and what became of one's own reports."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metacity.accounts.access import require_signed_in
from metacity.accounts.limits import consume
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import CityError
from participation.moderation.forms import ReportForm
from participation.moderation.policy import policy
from participation.moderation.services import report_subject
from participation.moderation.subjects import Subject, kind_named, subject_for

REPORTS_AN_HOUR = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Why something is against the rules. Guests read here how they can report."""
    subject = subject_for(request.user, kind, pk)
    form = ReportForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, subject, form, status=400 if request.method == "POST" else 200)
    try:
        _send(require_signed_in(request.user), subject, form)
    except CityError as refusal:
        form.refused(refusal)
        return _page(request, subject, form, status=refusal.status)
    messages.success(request, _("Thank you. A moderator reads your report, and you are told what came of it."))
    return HttpResponseRedirect(subject.url, status=303)


def _send(person: User, subject: Subject, form: ReportForm) -> None:
    consume(scope="report", key=str(person.pk), limit=REPORTS_AN_HOUR, window_s=3600)
    told = form.cleaned_data
    report_subject(person=person, subject=subject, reason=told["reason"], words=told["words"], at=clocks.now())


def _page(request: HttpRequest, subject: Subject, form: ReportForm, *, status: int) -> HttpResponse:
    context = {"subject": subject, "kind": kind_named(subject.kind), "form": form, "policy": policy()}
    return render(request, "moderation/report.html", context, status=status)
