"""Pages of one's own: proposals, supports and drafts; new versions; taking a proposal back."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metacity.accounts.access import require_signed_in
from metacity.commons import clocks
from metacity.commons.access import sign_in_required
from metacity.commons.addresses import city_url
from metacity.commons.pagination import paginate
from participation.proposals.access import own_proposal, proposal_for
from participation.proposals.errors import NotRevisable, StateChanged
from participation.proposals.forms import WithdrawForm
from participation.proposals.models import Draft, Proposal
from participation.proposals.places import PlaceRequest
from participation.proposals.services import begin_draft, compute_again, delete_draft, withdraw_proposal
from participation.proposals.services.drafts import Json
from participation.proposals.views.reading import trail
from participation.proposals.views.writing import draft_url, holder_of, with_draft
from twin.mirror.services import city_for


@require_safe
@never_cache
def my_drafts(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """One's own drafts, of this browser or of the account."""
    drafts = holder_of(request).drafts.select_related("city", "revises")
    shown_city = city_for(city, request.user)
    context = {"city": shown_city, "drafts": drafts, "trail": trail(shown_city)}
    return render(request, "proposals/drafts.html", context)


@require_POST
@with_draft
def remove_draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    delete_draft(draft=draft)
    messages.success(request, _("The draft has been deleted."))
    return HttpResponseRedirect(city_url("proposals:drafts", draft.city), status=303)


@require_safe
@never_cache
@sign_in_required
def mine(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """What one wrote and supported, and what still waits as a draft."""
    user = require_signed_in(request.user)
    proposals = Proposal.objects.by_author(user).with_content().newest()
    supported = Proposal.objects.filter(supports__person=user).with_content().order_by("-supports__created_at")
    shown_city = city_for(city, request.user)
    context = {
        "city": shown_city,
        "trail": [(reverse("accounts:me"), _("My page"))],
        "proposals": paginate(proposals, request),
        "supported": supported.listed()[:20],
        "drafts": Draft.objects.of_person(user).select_related("city", "revises"),
    }
    return render(request, "proposals/mine.html", context)


@require_POST
def revise(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Begin a new version from the present one, or go on with the one begun before."""
    author = require_signed_in(request.user)
    proposal = own_proposal(author, pk)
    if not proposal.is_revisable:
        raise NotRevisable
    draft = Draft.objects.of_person(author).filter(revises=proposal).first()
    if draft is None:
        draft = begin_draft(
            holder=holder_of(request),
            city=proposal.city,
            fields=as_typed(proposal),
            changes=as_drawn(proposal),
            revises=proposal,
        )
    return HttpResponseRedirect(draft_url("draft_what", draft), status=303)


@never_cache
@sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Ask once more, then take the proposal back."""
    author = require_signed_in(request.user)
    proposal = own_proposal(author, pk)
    if not proposal.may_be_withdrawn:
        raise StateChanged
    form = WithdrawForm(request.POST or None)
    if not form.is_valid():
        status = 400 if request.method == "POST" else 200
        context = {"city": proposal.city, "proposal": proposal, "form": form, "trail": trail(proposal.city, proposal)}
        return render(request, "proposals/withdraw.html", context, status=status)
    withdraw_proposal(proposal=proposal, author=author, at=clocks.now())
    messages.success(request, _("Your proposal has been withdrawn. Only you can still read it."))
    return HttpResponseRedirect(city_url("proposals:mine", proposal.city), status=303)


def as_typed(proposal: Proposal) -> dict[str, str]:
    """The present version as a draft's fields."""
    content = proposal.content
    place = PlaceRequest(
        content.place_kind,
        str(content.object_id or ""),
        "" if content.e is None else repr(content.e),
        "" if content.n is None else repr(content.n),
    )
    return {"title": content.title, "text": content.text, **place.as_fields()}


def as_drawn(proposal: Proposal) -> list[Json]:
    """The present version's design as a draft's drawing."""
    design = proposal.content.design
    return design.as_json()["changes"] if design else []


@require_POST
def compute(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Ask again for a run that failed or was stopped."""
    person = require_signed_in(request.user)
    proposal = proposal_for(person, pk)
    compute_again(proposal=proposal, person=person)
    return HttpResponseRedirect(f"{proposal.get_absolute_url()}#effects", status=303)
