"""The ballot: one question, a look at what was chosen, then the receipt. Complete without JavaScript."""

import uuid
from base64 import b64encode
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from metacity.accounts.access import require_signed_in
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
from metacity.commons.http import unlogged
from participation.proposals.views.sharing import qr_svg
from participation.voting import receipts
from participation.voting.access import poll_for
from participation.voting.eligibility import standing_of
from participation.voting.forms import ChoiceForm
from participation.voting.models import Choice, Poll
from participation.voting.services import cast_ballot
from participation.voting.showing import time_left
from participation.voting.views.reading import trail


@never_cache
@unlogged
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Choose, look at it once more, cast. Until the last step nothing is kept, neither here nor in the session."""
    poll = poll_for(request.user, pk)
    step = request.POST.get("step", "")
    form = ChoiceForm(request.POST) if step else ChoiceForm(initial={"key": uuid.uuid4()})
    if step == "cast" and form.is_valid():
        return _cast(request, poll, form)
    now = clocks.now()
    context: dict[str, Any] = {
        "city": poll.city,
        "poll": poll,
        "form": form,
        "standing": standing_of(poll, request.user, now),
        "time_left": time_left(poll, now),
        "trail": trail(poll.city, poll),
        "here": request.path,
    }
    if step == "check" and form.is_valid():
        choice = Choice(form.cleaned_data["choice"])
        return render(request, "voting/ballot_check.html", context | {"choice": choice})
    is_refused = step not in {"", "choose"}
    return render(request, "voting/ballot.html", context, status=400 if is_refused else 200)


def _cast(request: HttpRequest, poll: Poll, form: ChoiceForm) -> HttpResponse:
    """The receipt is the answer itself: to lead on to another page, it would have to be kept somewhere."""
    told = form.cleaned_data
    context: dict[str, Any] = {"city": poll.city, "poll": poll, "trail": trail(poll.city, poll)}
    try:
        person = require_signed_in(request.user)
        receipt = cast_ballot(poll=poll, person=person, choice=told["choice"], key=told["key"], at=clocks.now())
    except CityError as refusal:
        context |= {"refusal": refusal, "standing": standing_of(poll, request.user, clocks.now()), "here": request.path}
        return render(request, "voting/ballot_refused.html", context, status=refusal.status)
    return render(request, "voting/ballot_cast.html", context | _receipt_context(request, poll, receipt))


def _receipt_context(request: HttpRequest, poll: Poll, receipt: str) -> dict[str, str]:
    """The number, its picture, and a text to keep. What follows `#` in an address is sent to no server."""
    look_up = request.build_absolute_uri(city_url("voting:receipt", poll.city, poll.pk))
    code = qr_svg(f"{look_up}#{receipt}")
    text = f"{poll.shown_question}\n{_('Receipt number')}: {receipts.shown(receipt)}\n{look_up}\n"
    return {
        "receipt": receipts.shown(receipt),
        "look_up": look_up,
        "qr": f"data:image/svg+xml;base64,{b64encode(code).decode()}",
        "file": f"data:text/plain;charset=utf-8,{quote(text)}",
    }
