"""Votes in the office: make, check, announce, run and certify them."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metacity.accounts.access import office_required, require_office, require_signed_in
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.errors import CityError, NotFound
from metacity.commons.pagination import paginate
from participation.proposals.access import proposal_for
from participation.proposals.errors import ProposalNotFound
from participation.proposals.models import Proposal
from participation.voting import services
from participation.voting.access import CERTIFIERS, OFFICE, office_poll
from participation.voting.clock import last_fault
from participation.voting.forms import ExtendForm, PollForm, ReasonForm
from participation.voting.models import Poll
from participation.voting.outcome import outcome_of
from participation.voting.services import Finding
from participation.voting.showing import (
    badge_of,
    history_of,
    how_decided,
    result_in_words,
    shares_of,
    time_left,
    who_may,
)
from participation.voting.states import State, may_follow

MOST_OFFERED = 12


@never_cache
@office_required(*OFFICE)
@require_safe
def poll_list(request: HttpRequest) -> HttpResponse:
    """Every vote, drafts included, the latest first; and ideas on which one can be held."""
    page = paginate(Poll.objects.with_subject().order_by("-opens_at", "pk"), request)
    rows = [(poll, badge_of(poll)) for poll in page]
    words = request.GET.get("q", "")[:80]
    ideas = Proposal.objects.listed().with_content().mentioning(words).most_supported()[:MOST_OFFERED]
    context = {"page": page, "rows": rows, "q": words, "ideas": ideas, "trail": _trail()}
    return render(request, "voting/office/list.html", context)


@never_cache
@office_required(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft on one idea."""
    official = require_signed_in(request.user)
    proposal = _proposal(request)
    form = PollForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.content:
        poll = services.draft_poll(proposal=proposal, content=form.content, by=official)
        messages.success(request, _("The draft has been saved. Next, let it be checked."))
        return HttpResponseRedirect(_address(poll), status=303)
    context = {"form": form, "proposal": proposal, "trail": _trail(listed=True)}
    return render(request, "voting/office/edit.html", context, status=400 if request.method == "POST" else 200)


def _proposal(request: HttpRequest) -> Proposal:
    try:
        return proposal_for(request.user, uuid.UUID(request.GET.get("proposal", "")))
    except ValueError:
        raise ProposalNotFound from None


@never_cache
@office_required(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    official = require_signed_in(request.user)
    poll = office_poll(official, pk)
    form = PollForm(request.POST) if request.method == "POST" else PollForm.of(poll)
    if request.method == "POST" and form.is_valid() and form.content:
        services.edit_poll(poll=poll, content=form.content, by=official)
        messages.success(request, _("The draft has been saved. Next, let it be checked."))
        return HttpResponseRedirect(_address(poll), status=303)
    context = {"form": form, "proposal": poll.proposal, "poll": poll, "trail": _trail(listed=True)}
    return render(request, "voting/office/edit.html", context, status=400 if request.method == "POST" else 200)


@never_cache
@office_required(*OFFICE)
@require_safe
def manage(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, office_poll(request.user, pk))


def _page(request: HttpRequest, poll: Poll, *, status: int = 200, **more: Any) -> HttpResponse:
    official, now = require_signed_in(request.user), clocks.now()
    is_counted = poll.state in {State.TALLIED, State.PUBLISHED}
    context = {
        "poll": poll,
        "badge": badge_of(poll),
        "time_left": time_left(poll, now),
        "who_may": who_may(poll),
        "how_decided": how_decided(poll),
        "notices": list(poll.notices.all()),
        "shares": shares_of(poll) if is_counted else [],
        "outcome": outcome_of(poll) if is_counted else None,
        "in_words": result_in_words(poll) if is_counted else [],
        "may_certify": bool(official.roles & set(CERTIFIERS)) and poll.announced_by_id != official.pk,
        "may_call_off": may_follow(poll.state, State.CALLED_OFF),
        "fault": last_fault(poll),
        "history": history_of(poll),
        "extend_form": ExtendForm(auto_id="extend_%s"),
        "reason_form": ReasonForm(auto_id="reason_%s"),
        "trail": _trail(listed=True),
    }
    return render(request, "voting/office/manage.html", context | more, status=status)


@never_cache
@office_required(*OFFICE)
@require_POST
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act on a vote; what is refused is told on its page, with what was typed."""
    official = require_signed_in(request.user)
    poll = office_poll(official, pk)
    do = ACTS.get(name)
    if do is None:
        raise NotFound
    try:
        return do(request, poll, official)
    except CityError as refusal:
        return _page(request, office_poll(official, pk), status=refusal.status, refusal=refusal)


def _check(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
    findings: list[Finding] = services.check_poll(poll=poll, by=official, at=clocks.now())
    return _page(request, office_poll(official, poll.pk), findings=findings)


def _announce(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
    services.announce_poll(poll=poll, by=official, at=clocks.now())
    return _done(request, poll, _("The vote has been announced. From now on its rules stay as they are."))


def _take_back(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
    services.take_back_poll(poll=poll, by=official)
    return _done(request, poll, _("It is a draft again. Only the office sees it."))


def _discard(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
    services.discard_poll(poll=poll, by=official)
    messages.success(request, _("The draft has been deleted."))
    return HttpResponseRedirect(reverse("voting_office:list"), status=303)


def _extend(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
    form = ExtendForm(request.POST, auto_id="extend_%s")
    if not form.is_valid():
        return _page(request, poll, status=400, extend_form=form)
    told = form.cleaned_data
    services.extend_poll(poll=poll, until=told["until"], reason=told["reason"], by=official, at=clocks.now())
    return _done(request, poll, _("The vote has been extended."))


def _with_reason(act: Callable[..., Poll], done: str) -> Callable[[HttpRequest, Poll, User], HttpResponse]:
    def do(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
        form = ReasonForm(request.POST, auto_id="reason_%s")
        if not form.is_valid():
            return _page(request, poll, status=400, reason_form=form)
        act(poll=poll, reason=form.cleaned_data["reason"], by=official, at=clocks.now())
        return _done(request, poll, _(done))

    return do


def _publish(request: HttpRequest, poll: Poll, official: User) -> HttpResponse:
    services.publish_poll(poll=poll, by=require_office(official, *CERTIFIERS), at=clocks.now())
    return _done(request, poll, _("The result has been certified and published."))


ACTS: dict[str, Callable[[HttpRequest, Poll, User], HttpResponse]] = {
    "check": _check,
    "announce": _announce,
    "take-back": _take_back,
    "discard": _discard,
    "extend": _extend,
    "suspend": _with_reason(services.suspend_poll, gettext_noop("The vote is suspended.")),
    "resume": _with_reason(services.resume_poll, gettext_noop("The vote goes on.")),
    "call-off": _with_reason(services.call_off_poll, gettext_noop("The vote has been called off.")),
    "publish": _publish,
}


def _done(request: HttpRequest, poll: Poll, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(_address(poll), status=303)


def _address(poll: Poll) -> str:
    return reverse("voting_office:manage", args=[poll.pk])


def _trail(*, listed: bool = False) -> list[tuple[str, str]]:
    above = [(reverse("accounts:office"), _("Office"))]
    return [*above, (reverse("voting_office:list"), _("Votes"))] if listed else above
