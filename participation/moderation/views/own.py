"""What concerns one person: their reports, the measures against what they wrote, and their objections."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from metacity.accounts.access import require_signed_in
from metacity.commons import clocks
from metacity.commons.access import sign_in_required
from metacity.commons.errors import CityError
from metacity.commons.pagination import paginate
from participation.moderation.access import own_decision
from participation.moderation.forms import AppealForm
from participation.moderation.models import Decision, Report
from participation.moderation.policy import policy
from participation.moderation.services import object_to
from participation.moderation.services.appeals import last_moment, require_open
from participation.moderation.subjects import kind_named, label_of, titles_of


@never_cache
@sign_in_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What became of one's reports, and the measures against what one wrote."""
    person = require_signed_in(request.user)
    page = paginate(Report.objects.of_person(person).select_related("case", "decision"), request)
    measures = Decision.objects.against(person).select_related("case", "appeal")[:20]
    cases = [report.case for report in page] + [decision.case for decision in measures]
    titles = titles_of(person, [(case.kind, case.subject_id) for case in cases])
    context = {
        "page": page,
        "reports": [_row(report, titles) for report in page],
        "measures": [_row(decision, titles) for decision in measures],
        "trail": [(reverse("accounts:me"), _("My page"))],
    }
    return render(request, "moderation/mine.html", context)


def _row(told: Report | Decision, titles: dict[uuid.UUID, str]) -> dict[str, Any]:
    """A report or a measure with what it is about. What one may no longer read has no title."""
    rule = told.reason if isinstance(told, Report) else told.rule
    return {
        "told": told,
        "label": label_of(told.case.kind),
        "title": titles.get(told.case.subject_id, ""),
        "rule": policy().title_of(rule),
    }


@never_cache
@sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A measure against something one wrote: the text, the rule, the reason; a POST objects to it."""
    person = require_signed_in(request.user)
    found = own_decision(person, pk)
    form = AppealForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, status=200)
    try:
        object_to(decision=found, author=person, words=form.cleaned_data["words"], at=clocks.now())
    except CityError as refusal:
        form.refused(refusal)
        return _page(request, found, form, status=refusal.status)
    messages.success(request, _("Your objection has arrived. Somebody else looks at it and answers you."))
    return HttpResponseRedirect(reverse("moderation:decision", args=[pk]), status=303)


def _page(request: HttpRequest, found: Decision, form: AppealForm, *, status: int) -> HttpResponse:
    context = {
        "decision": found,
        "label": label_of(found.case.kind),
        "rule": policy().reason(found.rule),
        "subject": kind_named(found.case.kind).find(request.user, found.case.subject_id),
        "appeal": getattr(found, "appeal", None),
        "obstacle": _obstacle(found),
        "last_moment": last_moment(found),
        "policy": policy(),
        "form": form,
        "trail": [(reverse("accounts:me"), _("My page")), (reverse("moderation:mine"), _("Reports and measures"))],
    }
    return render(request, "moderation/decision.html", context, status=status)


def _obstacle(found: Decision) -> CityError | None:
    """Why one cannot object now."""
    try:
        require_open(found, clocks.now())
    except CityError as refusal:
        return refusal
    return None
