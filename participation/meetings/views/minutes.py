"""Minutes: read by everybody once published, written by the clerk, approved by the chair."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from metacity.accounts.access import lacks_second_factor, require_signed_in, second_factor_url
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
from participation.meetings.access import minutes_for
from participation.meetings.forms import KeepingForm, MinutesForm, ReturnForm
from participation.meetings.models import Minutes
from participation.meetings.record import blocks
from participation.meetings.services.minutes import approve_minutes, hand_in_minutes, return_minutes, write_minutes


@never_cache
@require_safe
def minutes(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    return _page(request, minutes_for(request.user, pk))


@require_POST
def write(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    form = MinutesForm(request.POST)

    def act(found: Minutes, seen: int) -> None:
        clerk = require_signed_in(request.user)
        text = request.POST.get("text", "")
        write_minutes(minutes=found, clerk=clerk, seen=seen, text=text, at=clocks.now())
        messages.success(request, _("The version has been kept."))

    return _answer(request, pk, act, form, "minutes_form")


@require_POST
def hand_in(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    def act(found: Minutes, seen: int) -> None:
        hand_in_minutes(minutes=found, clerk=require_signed_in(request.user), seen=seen, at=clocks.now())
        messages.success(request, _("The chair has been asked to approve the minutes."))

    return _answer(request, pk, act)


@require_POST
def give_back(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    form = ReturnForm(request.POST)

    def act(found: Minutes, seen: int) -> None:
        chair = require_signed_in(request.user)
        return_minutes(minutes=found, chair=chair, seen=seen, reason=request.POST.get("reason", ""))
        messages.success(request, _("The clerk has been asked for changes."))

    return _answer(request, pk, act, form, "return_form")


@require_POST
def approve(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    def act(found: Minutes, seen: int) -> None:
        approve_minutes(minutes=found, chair=require_signed_in(request.user), seen=seen, at=clocks.now())
        messages.success(request, _("The minutes have been published."))

    return _answer(request, pk, act)


def _answer(
    request: HttpRequest,
    pk: uuid.UUID,
    act: Callable[[Minutes, int], None],
    form: KeepingForm | None = None,
    name: str = "",
) -> HttpResponse:
    found = minutes_for(request.user, pk)
    if lacks_second_factor(request):
        return HttpResponseRedirect(second_factor_url(found.meeting.minutes_url), status=303)
    typed = request.POST.get("seen", "")
    try:
        act(found, int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0)
    except CityError as refusal:
        if form is not None:
            form.refused(refusal)
        return _page(request, found, refusal=refusal, **({name: form} if form else {}))
    return HttpResponseRedirect(found.meeting.minutes_url, status=303)


def _page(request: HttpRequest, found: Minutes, *, refusal: CityError | None = None, **forms: Any) -> HttpResponse:
    meeting, version = found.meeting, found.current
    initial = {"text": version.text, "seen": version.number}
    context = {
        "city": meeting.city,
        "meeting": meeting,
        "minutes": found,
        "version": version,
        "versions": found.versions.select_related("written_by").order_by("-number"),
        "blocks": blocks(version.text),
        "is_clerk": meeting.is_written_by(request.user),
        "is_chair": meeting.is_chaired_by(request.user),
        "minutes_form": MinutesForm(initial=initial),
        "return_form": ReturnForm(),
        "refusal": refusal,
        "trail": [
            (city_url("meetings:list", meeting.city), _("Meetings")),
            (meeting.get_absolute_url(), meeting.title),
        ],
    }
    status = refusal.status if refusal else 200
    return render(request, "meetings/minutes.html", context | forms, status=status)
