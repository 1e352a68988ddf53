"""The moderators' pages: what waits, one case, one objection."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metacity.accounts.access import office_required, require_signed_in
from metacity.commons import clocks
from metacity.commons.errors import CityError
from metacity.commons.pagination import paginate
from participation.moderation.access import MODERATORS, appeal_for, case_for
from participation.moderation.forms import AppealAnswerForm, DecisionForm
from participation.moderation.models import Appeal, Case
from participation.moderation.policy import policy
from participation.moderation.queue import Context, context_of, hidden_cases, waiting_appeals, waiting_cases
from participation.moderation.services import claim_case, decide_appeal, decide_case, release_case
from participation.moderation.subjects import kind_named, label_of


@never_cache
@office_required(*MODERATORS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Cases that wait, the most urgent first."""
    page = paginate(Case.objects.waiting().most_urgent_first().select_related("claimed_by"), request)
    rows = waiting_cases(list(page), require_signed_in(request.user), clocks.now())
    return _list(request, "queue", page, rows)


@never_cache
@office_required(*MODERATORS)
@require_safe
def hidden(request: HttpRequest) -> HttpResponse:
    """What others do not see now: to look at it again."""
    page = paginate(Case.objects.hidden(), request)
    return _list(request, "hidden", page, hidden_cases(list(page), require_signed_in(request.user)))


@never_cache
@office_required(*MODERATORS)
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """Objections that wait for somebody who did not take the measure."""
    moderator = require_signed_in(request.user)
    waiting = Appeal.objects.waiting().decidable_by(moderator).select_related("decision__case")
    page = paginate(waiting, request)
    return _list(request, "appeals", page, waiting_appeals(list(page), moderator, clocks.now()))


def _list(request: HttpRequest, shown: str, page: Any, rows: Any) -> HttpResponse:
    names = (("queue", _("Reports")), ("appeals", _("Objections")), ("hidden", _("Hidden now")))
    tabs = [(reverse(f"moderation:{name}"), label, name == shown) for name, label in names]
    context = {"shown": shown, "page": page, "rows": rows, "tabs": tabs, "trail": _trail()}
    return render(request, "moderation/queue.html", context)


@never_cache
@office_required(*MODERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The text, where it stands, why it was reported, what came before; a POST decides."""
    moderator = require_signed_in(request.user)
    about = context_of(case_for(moderator, pk), moderator, clocks.now())
    form = _decision_form(request, about)
    if request.method != "POST" or not form.is_valid():
        return _case_page(request, about, form, status=400 if request.method == "POST" else 200)
    told = form.cleaned_data
    try:
        decide_case(
            case=about.case,
            moderator=moderator,
            outcome=told["outcome"],
            rule=told["rule"],
            words=told["words"],
            days=told.get("days"),
            revision=told["revision"],
            at=clocks.now(),
        )
    except CityError as refusal:
        form.refused(refusal)
        return _case_page(request, about, form, status=refusal.status)
    messages.success(request, _("Decided. The author and those who reported have been told."))
    return HttpResponseRedirect(reverse("moderation:queue"), status=303)


def _decision_form(request: HttpRequest, about: Context) -> DecisionForm:
    rule = about.reasons[0][0] if about.reasons else None
    initial = {"revision": about.case.revision, "rule": rule, "days": policy().temporary_days}
    return DecisionForm(request.POST or None, outcomes=about.outcomes, initial=initial)


def _case_page(request: HttpRequest, about: Context, form: DecisionForm, *, status: int) -> HttpResponse:
    context = {
        "about": about,
        "label": label_of(about.case.kind),
        "form": form,
        "trail": _trail((reverse("moderation:queue"), _("Reports"))),
    }
    return render(request, "moderation/case.html", context, status=status)


@office_required(*MODERATORS)
@require_POST
def claim(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    moderator = require_signed_in(request.user)
    claim_case(case=case_for(moderator, pk), moderator=moderator, at=clocks.now())
    return HttpResponseRedirect(reverse("moderation:case", args=[pk]), status=303)


@office_required(*MODERATORS)
@require_POST
def release(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    moderator = require_signed_in(request.user)
    release_case(case=case_for(moderator, pk), moderator=moderator)
    return HttpResponseRedirect(reverse("moderation:queue"), status=303)


@never_cache
@office_required(*MODERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The measure and the author's word against it; a POST answers."""
    moderator = require_signed_in(request.user)
    found = appeal_for(moderator, pk)
    form = AppealAnswerForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _appeal_page(request, found, form, status=400 if request.method == "POST" else 200)
    try:
        decide_appeal(
            appeal=found,
            moderator=moderator,
            grants=form.grants,
            words=form.cleaned_data["words"],
            at=clocks.now(),
        )
    except CityError as refusal:
        form.refused(refusal)
        return _appeal_page(request, found, form, status=refusal.status)
    messages.success(request, _("Answered. The author has been told."))
    return HttpResponseRedirect(reverse("moderation:appeals"), status=303)


def _appeal_page(request: HttpRequest, found: Appeal, form: AppealAnswerForm, *, status: int) -> HttpResponse:
    measure = found.decision
    context = {
        "appeal": found,
        "decision": measure,
        "label": label_of(measure.case.kind),
        "rule": policy().reason(measure.rule),
        "subject": kind_named(measure.case.kind).find(request.user, measure.case.subject_id),
        "is_involved": request.user.pk in (found.first_decider_id, found.author_id),
        "form": form,
        "trail": _trail((reverse("moderation:appeals"), _("Objections"))),
    }
    return render(request, "moderation/appeal.html", context, status=status)


def _trail(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("accounts:office"), _("Office")), *further]
