"""The office's pages of proposals: what there is to do, and one proposal with everything that can be done with it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from metacity.accounts.access import office_required, require_signed_in
from metacity.accounts.roles import Role
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError, NotFound
from metacity.commons.pagination import paginate
from participation.proposals.clock import said_of
from participation.proposals.models import Department, Proposal
from participation.proposals.office.acts import ANSWERING, BY_NAME, HANDLING, OfficeAct
from participation.proposals.office.desk import Desk, proposal_to_handle
from participation.proposals.office.filters import HANDLED, NO_DEPARTMENT, OfficeFilters, Waits
from participation.proposals.office.forms import ActForm
from participation.proposals.officework import today_of
from participation.proposals.states import State
from participation.proposals.timeline import history_of
from twin.mirror.models import City
from twin.mirror.services import city_for

Forms = dict[str, ActForm]


@never_cache
@office_required(Role.OFFICIAL, Role.APPROVER)
@require_safe
def office(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """All proposals of a city as the office works on them; what is due first comes first."""
    shown_city, official, now = city_for(city, request.user), require_signed_in(request.user), clocks.now()
    asked = OfficeFilters.read(request.GET.dict())
    proposals = asked.applied_to(Proposal.objects.in_city(shown_city).with_handling(), official, shown_city, now)
    context = {
        "city": shown_city,
        "filters": asked,
        "page": paginate(proposals, request),
        "waits": Waits.choices,
        "states": [(state.value, State(state).label) for state in HANDLED],
        "departments": Department.objects.in_city(shown_city),
        "no_department": NO_DEPARTMENT,
        "trail": [(reverse("accounts:office"), _("Office"))],
    }
    return render(request, "proposals/office/list.html", context)


@never_cache
@office_required(Role.OFFICIAL, Role.APPROVER)
@require_safe
def handling(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """One proposal: what it says, what has happened, and everything this official may do now."""
    desk = desk_of(request, pk)
    return render(request, "proposals/office/handling.html", handling_context(desk, {}))


@never_cache
@office_required(Role.OFFICIAL, Role.APPROVER)
@require_POST
def act(request: HttpRequest, pk: uuid.UUID, name: str, city: str | None = None) -> HttpResponse:
    """Do one act; what is refused comes back with the page as it is now, and with all that was typed."""
    chosen = BY_NAME.get(name)
    if chosen is None:
        raise NotFound
    desk = desk_of(request, pk)
    form = chosen.form_for(desk, request.POST)
    status = attempt(desk, chosen, form)
    if status:
        fresh = desk_of(request, pk)
        return render(request, "proposals/office/handling.html", handling_context(fresh, {name: form}), status=status)
    messages.success(request, chosen.done)
    return HttpResponseRedirect(desk.proposal.office_url, status=303)


def attempt(desk: Desk, chosen: OfficeAct, form: ActForm) -> int:
    """Do what the form says; 0, or the status of the refusal that the form then tells."""
    if not form.is_valid():
        return 400
    try:
        chosen.do(desk, clocks.now(), **form.told())
    except CityError as refusal:
        form.refuse(refusal)
        return refusal.status
    return 0


def desk_of(request: HttpRequest, pk: uuid.UUID) -> Desk:
    official = require_signed_in(request.user)
    return Desk(proposal_to_handle(official, pk), official)


def handling_context(desk: Desk, tried: Forms) -> dict[str, Any]:
    """The page with the forms of what may be done now; one that was tried and refused stays open."""
    proposal = desk.proposal
    answering = forms_of(desk, ANSWERING, tried)
    return {
        "city": proposal.city,
        "proposal": proposal,
        "content": proposal.content,
        "answer": desk.answer,
        "published": desk.published,
        "history": history_of(proposal, desk.steps),
        "clock": said_of(proposal, today_of(proposal, clocks.now())),
        "acts": [(BY_NAME[name], form) for name, form in forms_of(desk, HANDLING, tried).items()],
        "tried": next(iter(tried.values()), None),
        "answer_form": answering.get("hand-in") if "hand-in" in tried else answering.get("answer"),
        "answering": answering,
        "is_writer": desk.is_writer,
        "trail": office_trail(proposal.city),
    }


def forms_of(desk: Desk, acts: tuple[OfficeAct, ...], tried: Forms) -> Forms:
    offered = [act for act in acts if act.name in tried or (act.is_offered(desk) and desk.official.has_role(act.role))]
    return {act.name: tried.get(act.name) or act.form_for(desk) for act in offered}


def office_trail(city: City) -> list[tuple[str, str]]:
    return [(reverse("accounts:office"), _("Office")), (city_url("proposals:office", city), _("Handle proposals"))]
