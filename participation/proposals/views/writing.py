"""New proposal and new version in three screens: what, where, check. Everything typed is kept before it is judged."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metacity.accounts.limits import consume
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
from participation.processes.errors import PhaseClosed
from participation.processes.kinds import Act
from participation.processes.models import Process
from participation.proposals.content import Place, checked
from participation.proposals.designs import checked_design, describe
from participation.proposals.errors import DesignNotOpen, DraftNotFound, InvalidContent
from participation.proposals.forms import CheckForm, WhatForm
from participation.proposals.models import Draft, Proposal
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.places import PlaceRequest, place_for, search_places, well_known_places
from participation.proposals.services.drafts import (
    Holder,
    begin_draft,
    draft_of,
    keep_fields,
    photos_of,
    submit_draft,
    submitted_from,
)
from participation.proposals.similarity import similar_proposals
from participation.proposals.views.photos import is_about_photos, keep_photos
from twin.mirror.designs.changes import DesignRefused, parse
from twin.mirror.models import City
from twin.mirror.services import city_for

# A drawing is added between “Where” and “Check” (see `designing`); it is no step, because most ideas need none.
STEPS = (pgettext_lazy("step", "What"), pgettext_lazy("step", "Where"), gettext_lazy("Check and submit"))
WHAT_FIELDS = ("wish", "process", "title", "text", "reason")
SUBMISSIONS_AN_HOUR = 20


def holder_of(request: HttpRequest) -> Holder:
    return Holder(request.user, request.session.session_key or "")


def with_draft(view: Callable[[HttpRequest, Draft], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of one's own draft. A draft that was submitted leads to what it became."""

    @never_cache
    @wraps(view)
    def found(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
        try:
            draft = draft_of(holder_of(request), pk)
        except DraftNotFound:
            proposal = submitted_from(key=pk, author=request.user)
            if proposal is None:
                raise
            return HttpResponseRedirect(proposal.get_absolute_url(), status=303)
        return view(request, draft)

    return found


# --- Screen 1: what ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_proposal(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """The first screen. Nothing is kept until something has been typed; a place carried over stays in the form."""
    shown_city = city_for(city, request.user)
    processes = open_processes(shown_city)
    if request.method != "POST":
        chosen = {"process": request.GET["process"]} if "process" in request.GET else {}
        form = WhatForm(processes=processes, initial=chosen)
        return render(request, "proposals/new_what.html", new_context(request, shown_city, form))
    form = WhatForm(request.POST, processes=processes)
    fields = typed_in(request, WHAT_FIELDS) | PlaceRequest.from_fields(request.POST.dict()).as_fields()
    if not (fields["title"].strip() or fields["text"].strip() or request.FILES):
        return render(request, "proposals/new_what.html", new_context(request, shown_city, form), status=400)
    if not request.session.session_key:
        request.session.create()
    draft = begin_draft(holder=holder_of(request), city=shown_city, fields=fields)
    return after_what(request, draft)


def new_context(request: HttpRequest, city: City, form: WhatForm) -> dict[str, Any]:
    """Of the first screen before there is a draft: with the place that was carried over and the drafts it may suit."""
    carried = PlaceRequest.from_fields(request.POST.dict() if request.method == "POST" else request.GET.dict())
    place, refusal = place_or_refusal(city, carried)
    drafts = holder_of(request).drafts.filter(city=city, revises=None)[:3] if place.kind != PlaceKind.NONE else []
    return {
        "city": city,
        "form": form,
        "steps": STEPS,
        "step": 1,
        "has_process": bool(open_processes(city)),
        "carried": carried.as_fields() if place.kind != PlaceKind.NONE else {},
        "carried_query": urlencode(carried.as_fields()),
        "place": place,
        "place_refusal": refusal,
        "drafts": drafts,
        "is_complaint": form.is_complaint,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def draft_what(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method != "POST":
        form = what_form(draft, initial=draft.data)
        return render(request, "proposals/new_what.html", what_context(request, draft, form))
    keep_fields(draft=draft, fields=typed_in(request, WHAT_FIELDS))
    return after_what(request, draft)


def after_what(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Where the first screen leads once its words are kept: to its photos, to advice or similar ideas, back, or on."""
    refused, action = keep_photos(request, holder_of(request), draft), request.POST.get("action", "")
    form = what_form(draft, data=request.POST)
    if refused:
        shown = what_form(draft, initial=draft.data) if is_about_photos(action) else form
        context = what_context(request, draft, shown) | {"refused_photos": refused}
        return render(request, "proposals/new_what.html", context, status=400)
    if is_about_photos(action):
        return HttpResponseRedirect(f"{draft_url('draft_what', draft)}#photos", status=303)
    if form.is_complaint or action == "similar":
        return HttpResponseRedirect(f"{draft_url('draft_what', draft)}?look=1#advice", status=303)
    if not form.is_valid():
        return render(request, "proposals/new_what.html", what_context(request, draft, form), status=400)
    return HttpResponseRedirect(draft_url("draft_where", draft), status=303)


def what_form(draft: Draft, **kwargs: Any) -> WhatForm:
    processes, photos = open_processes(draft.city), list(draft.photos.all())
    return WhatForm(processes=processes, revises=draft.revises is not None, photos=photos, **kwargs)


def what_context(request: HttpRequest, draft: Draft, form: WhatForm) -> dict[str, Any]:
    looks = "look" in request.GET
    return screen(draft, 1) | {
        "form": form,
        "has_process": True,
        "is_complaint": draft.data.get("wish") == "complaint" and draft.revises is None,
        "looks": looks,
        "similar": similar_to(draft) if looks else [],
    }


# --- Screen 2: where ---


@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def draft_where(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method != "POST":
        return render(request, "proposals/new_where.html", where_context(request, draft))
    asked = chosen_place(request, draft)
    keep_fields(draft=draft, fields=asked.as_fields())
    if request.POST.get("action") == "search":
        query = urlencode({"q": request.POST.get("q", "")[:100]})
        return HttpResponseRedirect(f"{draft_url('draft_where', draft)}?{query}#found", status=303)
    _place, refusal = place_or_refusal(draft.city, asked)
    if refusal is not None:
        context = where_context(request, draft) | {"refusal": refusal}
        return render(request, "proposals/new_where.html", context, status=refusal.status)
    return HttpResponseRedirect(draft_url(after_where(draft, asked), draft), status=303)


def after_where(draft: Draft, asked: PlaceRequest) -> str:
    """A drawing is offered where the project takes some and there is a place to draw at; else the third screen."""
    process, _none = process_or_refusal(draft)
    is_drawable = process is not None and process.design_kinds() and asked.kind != PlaceKind.NONE
    return "draft_design" if is_drawable else "draft_check"


def where_context(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    carried, refusal = place_or_refusal(draft.city, PlaceRequest.from_fields(request.GET.dict()))
    chosen, _refused = place_or_refusal(draft.city, PlaceRequest.from_fields(draft.data))
    words = request.GET.get("q", "").strip()[:100]
    found = search_places(draft.city, words) if words else well_known_places(draft.city)
    return screen(draft, 2) | {
        "carried": carried if carried.kind != PlaceKind.NONE else None,
        "chosen": chosen if chosen.kind != PlaceKind.NONE else None,
        "is_placed": "place" in draft.data and draft.data["place"] != PlaceKind.NONE,
        "refusal": refusal,
        "q": words,
        "found": found,
        "similar": similar_to(draft),
    }


def chosen_place(request: HttpRequest, draft: Draft) -> PlaceRequest:
    """What the second screen says: `none`, `keep`, `coordinates`, `point|e|n` or `object|id|e|n`."""
    choice, *told = request.POST.get("choice", "").split("|")
    if choice == "keep":
        return PlaceRequest.from_fields(draft.data)
    if choice == "coordinates":
        return PlaceRequest(PlaceKind.POINT, lon=request.POST.get("lon", ""), lat=request.POST.get("lat", ""))
    if choice == PlaceKind.POINT and len(told) == 2:
        return PlaceRequest(PlaceKind.POINT, e=told[0], n=told[1])
    if choice == PlaceKind.OBJECT and len(told) == 3:
        return PlaceRequest(PlaceKind.OBJECT, told[0], told[1], told[2])
    return PlaceRequest()


def is_complete(draft: Draft) -> bool:
    """Whether the first screen is there to be checked. What else is missing is said on the third."""
    told = {name: draft.data.get(name, "") for name in ("title", "text", "reason")}
    try:
        checked(**told, photos=photos_of(draft))
    except InvalidContent:
        return False
    return True


# --- Screen 3: check, identify, submit ---


@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def draft_check(request: HttpRequest, draft: Draft) -> HttpResponse:
    if not is_complete(draft):
        messages.warning(request, _("Please complete this screen first."))
        return HttpResponseRedirect(draft_url("draft_what", draft), status=303)
    form = CheckForm(request.POST or None)
    if request.method != "POST":
        return render(request, "proposals/new_check.html", check_context(request, draft, form))
    if not isinstance(request.user, User):
        return redirect_to_login(request.path)
    if not form.is_valid():
        return render(request, "proposals/new_check.html", check_context(request, draft, form), status=400)
    return submit(request, draft, request.user, form)


def submit(request: HttpRequest, draft: Draft, author: User, form: CheckForm) -> HttpResponse:
    """Submit the draft; a refusal shows the third screen again with its reason, and the draft stays."""
    try:
        consume(scope="proposal", key=str(author.pk), limit=SUBMISSIONS_AN_HOUR, window_s=3600)
        proposal = submit_draft(draft=draft, process=process_of(draft), author=author, at=clocks.now())
    except CityError as refusal:
        context = check_context(request, draft, form) | {"refusal": refusal}
        return render(request, "proposals/new_check.html", context, status=refusal.status)
    messages.success(request, submitted_message(draft, proposal))
    return HttpResponseRedirect(proposal.get_absolute_url(), status=303)


def submitted_message(draft: Draft, proposal: Proposal) -> str:
    if draft.revises_id:
        return _("Your new version is public now.")
    return _("Received. Your proposal has the number %(number)d.") % {"number": proposal.number}


def check_context(request: HttpRequest, draft: Draft, form: CheckForm) -> dict[str, Any]:
    process, no_process = process_or_refusal(draft)
    place, no_place = place_or_refusal(draft.city, PlaceRequest.from_fields(draft.data))
    drawn, no_design = drawing_or_refusal(draft, process)
    obstacle = no_process or no_place or no_design
    if obstacle is None and process is not None and draft.revises is None:
        obstacle = process.allows(Act.PROPOSE, request.user, clocks.now()).refusal
    return screen(draft, 3) | {
        "form": form,
        "photos": draft.photos.all(),
        "drawn": drawn,
        "design_refusal": no_design,
        "takes_designs": bool(process and process.design_kinds()),
        "process": process,
        "phase": process.current_phase(clocks.now()) if process else None,
        "place": place,
        "obstacle": obstacle,
        "similar": similar_to(draft, place),
    }


# --- Shared ---


def typed_in(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.POST[name] for name in names if name in request.POST} | {
        name: request.POST.get(name, "") for name in ("title", "text")
    }


def screen(draft: Draft, step: int) -> dict[str, Any]:
    return {"draft": draft, "city": draft.city, "steps": STEPS, "step": step, "revises": draft.revises}


def draft_url(name: str, draft: Draft) -> str:
    return city_url(f"proposals:{name}", draft.city, draft.id)


def open_processes(city: City) -> list[Process]:
    return Process.objects.in_city(city).open_for(Act.PROPOSE, clocks.now())


def process_of(draft: Draft) -> Process:
    """The project the draft is for: the one chosen, else the one that stays open longest."""
    if draft.revises is not None:
        return draft.revises.process
    chosen = Process.objects.published().in_city(draft.city).with_phases().filter(slug=draft.data.get("process", ""))
    process = chosen.first() or next(iter(open_processes(draft.city)), None)
    if process is None:
        raise PhaseClosed(_("No project takes proposals at the moment. Your draft is kept."))
    return process


def process_or_refusal(draft: Draft) -> tuple[Process | None, CityError | None]:
    try:
        return process_of(draft), None
    except CityError as refusal:
        return None, refusal


def drawing_or_refusal(draft: Draft, process: Process | None) -> tuple[list[str], CityError | None]:
    """What is drawn, in words; and why the project does not take it, where it does not."""
    if not draft.changes or process is None:
        return [], None
    drawn = describe(draft.city, parse(draft.design))
    try:
        checked_design(process=process, raw=draft.design)
    except (DesignRefused, DesignNotOpen) as refusal:
        return drawn, refusal
    return drawn, None


def place_or_refusal(city: City, asked: PlaceRequest) -> tuple[Place, CityError | None]:
    """The place; or none, and why not."""
    try:
        return place_for(city, asked), None
    except CityError as refusal:
        return Place(), refusal


def similar_to(draft: Draft, place: Place | None = None) -> list[Proposal]:
    """Ideas like the draft's; near its place, too, where that is known."""
    return similar_proposals(
        city=draft.city,
        title=draft.title,
        e=place.e if place else None,
        n=place.n if place else None,
        without=draft.revises,
    )
