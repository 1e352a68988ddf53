"""Pages that anybody reads: the list, one vote with its result, the board, the search for a receipt."""

import uuid
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from metacity.accounts.errors import TooManyAttempts
from metacity.accounts.limits import client_address, consume
from metacity.commons import clocks, events
from metacity.commons.addresses import city_url
from metacity.commons.http import unlogged
from metacity.commons.models import LedgerEntry
from metacity.commons.pagination import paginate
from participation.processes.access import process_for
from participation.voting import verify
from participation.voting.access import listed_in, poll_for
from participation.voting.board import board_of
from participation.voting.eligibility import standing_of
from participation.voting.forms import ReceiptForm
from participation.voting.models import Poll
from participation.voting.outcome import outcome_of, quorum_of
from participation.voting.services import look_up
from participation.voting.showing import badge_of, cards_of, how_decided, result_in_words, shares_of, time_left, who_may
from twin.mirror.models import City
from twin.mirror.services import city_for

PAST_A_PAGE = 12
# By one address: enough for a family with its papers, and nothing for a machine that guesses.
LOOK_UPS_A_MINUTE = 30


@require_safe
def poll_list(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """Votes of a city: open, coming, past; with `process`, those of one project."""
    shown_city = city_for(city, request.user)
    slug = request.GET.get("process", "")
    process = process_for(shown_city, slug) if slug else None
    listed = listed_in(shown_city).seen_by(request.user)
    polls = listed.filter(proposal__process=process) if process else listed
    page = paginate(polls.past(), request, PAST_A_PAGE)
    open_now, coming = list(polls.open_now()), list(polls.coming())
    cards = cards_of([*open_now, *coming, *page], clocks.now())
    context = {
        "city": shown_city,
        "process": process,
        "open": cards[: len(open_now)],
        "coming": cards[len(open_now) : len(open_now) + len(coming)],
        "past": cards[len(open_now) + len(coming) :],
        "page": page,
        "query": f"process={process.slug}" if process else "",
    }
    return render(request, "voting/list.html", context)


@require_safe
def poll_detail(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    # The number of the last event first: what happens from here on is told once more, and nothing is missed.
    seq = events.latest(f"poll.{pk}")
    poll = poll_for(request.user, pk)
    return render(request, "voting/detail.html", {"seq": seq} | detail_context(request, poll))


def detail_context(request: HttpRequest, poll: Poll) -> dict[str, Any]:
    now = clocks.now()
    told = {
        "city": poll.city,
        "poll": poll,
        "badge": badge_of(poll),
        "time_left": time_left(poll, now),
        "standing": standing_of(poll, request.user, now),
        "who_may": who_may(poll),
        "how_decided": how_decided(poll),
        "notices": list(poll.notices.all()),
        "address": request.build_absolute_uri(poll.get_absolute_url()),
        "trail": trail(poll.city),
    }
    return told | (result_context(poll) if poll.is_published else {})


def result_context(poll: Poll) -> dict[str, Any]:
    certified = LedgerEntry.objects.filter(subject=poll.subject, action="poll.published").first()
    return {
        "shares": shares_of(poll),
        "outcome": outcome_of(poll),
        "quorum": quorum_of(poll),
        "in_words": result_in_words(poll),
        "certified": certified,
    }


def trail(city: City, poll: Poll | None = None) -> list[tuple[str, str]]:
    """The pages above: the list, and the vote for pages under it."""
    above = [(city_url("voting:list", city), _("Votes"))]
    if poll is not None:
        above.append((poll.get_absolute_url(), Truncator(poll.shown_question).chars(30)))
    return above


@never_cache
@unlogged
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Whether a ballot is recorded, and after the result as what it counted. The number is never part of an address."""
    poll = poll_for(request.user, pk)
    form = ReceiptForm(request.POST or None)
    context: dict[str, Any] = {"city": poll.city, "poll": poll, "form": form, "trail": trail(poll.city, poll)}
    status = 200
    if request.method == "POST":
        try:
            consume(scope="receipt", key=client_address(request), limit=LOOK_UPS_A_MINUTE, window_s=60)
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        if form.is_valid():
            context["found"] = look_up(poll=poll, typed=form.cleaned_data["receipt"])
        elif status == 200:
            status = 400
    return render(request, "voting/receipt.html", context, status=status)


@require_safe
def board_json(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    poll = poll_for(request.user, pk)
    answer = JsonResponse(board_of(poll).as_json(), json_dumps_params={"indent": 1})
    return _as_file(answer, f"board-{poll.pk}.json")


@require_safe
def board_csv(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    poll = poll_for(request.user, pk)
    return _as_file(
        HttpResponse(board_of(poll).as_csv(), content_type="text/csv; charset=utf-8"), f"board-{poll.pk}.csv"
    )


@require_safe
def verify_script(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """The script with which everybody counts again, as it is run here."""
    source = Path(verify.__file__).read_text("utf-8")
    return _as_file(HttpResponse(source, content_type="text/x-python; charset=utf-8"), "verify.py")


def _as_file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
