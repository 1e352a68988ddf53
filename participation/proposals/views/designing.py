"""“Add a drawing”, between the second and the third screen: what an idea would change, as a few fields or from 3D."""

import json
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
from metacity.commons.http import wants_json
from participation.processes.kinds import DEMOLITION, DesignKind
from participation.processes.models import Process
from participation.proposals.content import Place
from participation.proposals.designs import describe
from participation.proposals.drawing import ChangeForm
from participation.proposals.errors import DesignNotOpen, DraftNotFound
from participation.proposals.models import Draft
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.pictures import drawing_map
from participation.proposals.places import PlaceRequest
from participation.proposals.services.drafts import draft_of, redraw
from participation.proposals.surroundings import buildings_near
from participation.proposals.views.writing import (
    draft_url,
    holder_of,
    place_or_refusal,
    process_of,
    screen,
    with_draft,
)
from twin.mirror.designs.changes import DesignRefused, parse
from twin.mirror.designs.words import kind_label

NEAR_M = 80.0
LONGEST_JSON = 200_000


@require_http_methods(["GET", "HEAD", "POST"])
@with_draft
def draft_design(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Add a change by fields or from the 3D city, take one away, or go on without any."""
    process = process_of(draft)
    if request.method != "POST":
        return render(request, "proposals/new_design.html", design_context(request, draft, process, None))
    if "remove" in request.POST:
        return take_away(request, draft, process)
    if "design" in request.POST:
        return keep_drawn(request, draft, process)
    return add_typed(request, draft, process)


def add_typed(request: HttpRequest, draft: Draft, process: Process) -> HttpResponse:
    """A change as fields; what is refused is shown at its field, and what was typed stays."""
    kind = kind_asked(request.POST.get("kind"), process)
    form = change_form(draft, kind, request.POST) if kind else None
    place = place_of(draft)
    if kind is None or form is None or place.e is None or place.n is None:
        return again(request, draft, process, form, DesignRefused())
    if not form.is_valid():
        return again(request, draft, process, form, None)
    try:
        redraw(draft=draft, process=process, add=[form.change(centre_of(draft, place, form))])
    except (DesignRefused, DesignNotOpen) as refusal:
        form.refuse(refusal.fields, len(draft.changes))
        return again(request, draft, process, form, None)
    return HttpResponseRedirect(f"{draft_url('draft_design', draft)}#drawn", status=303)


def keep_drawn(request: HttpRequest, draft: Draft, process: Process) -> HttpResponse:
    """From the 3D city, as JSON: what was drawn there (`design`), and which changes go (`without`, as they were told).

    The city asks for JSON, and keeps what was drawn on its own page until it is taken.
    """
    try:
        gone = changes_in(request.POST.get("without", ""))
        only_takes = gone and not request.POST["design"]
        added = [] if only_takes else parse(read_json(request.POST["design"])).as_json()["changes"]
        redraw(draft=draft, process=process, add=added, without=gone)
    except (DesignRefused, DesignNotOpen) as refusal:
        if wants_json(request):
            raise
        return again(request, draft, process, None, refusal)
    address = f"{draft_url('draft_design', draft)}#drawn"
    return JsonResponse({"url": address}) if wants_json(request) else HttpResponseRedirect(address, status=303)


def changes_in(text: str) -> list[Any]:
    """A list in JSON; nothing where nothing is sent."""
    found = read_json(text) if text else []
    if not isinstance(found, list):
        raise DesignRefused
    return found


def read_json(text: str) -> object:
    try:
        return json.loads(text) if len(text) <= LONGEST_JSON else None
    except (ValueError, RecursionError):
        return None


def take_away(request: HttpRequest, draft: Draft, process: Process) -> HttpResponse:
    """Without one change, by its number on the page."""
    asked = request.POST["remove"]
    gone = [change for number, change in enumerate(draft.changes) if str(number) == asked]
    redraw(draft=draft, process=process, without=gone)
    return HttpResponseRedirect(draft_url("draft_design", draft), status=303)


def again(
    request: HttpRequest, draft: Draft, process: Process, form: ChangeForm | None, refusal: CityError | None
) -> HttpResponse:
    context = design_context(request, draft, process, form) | {"refusal": refusal}
    return render(request, "proposals/new_design.html", context, status=400)


def design_context(request: HttpRequest, draft: Draft, process: Process, form: ChangeForm | None) -> dict[str, Any]:
    kinds = process.design_kinds()
    kind = form.kind if form else kind_asked(request.GET.get("kind"), process)
    place = place_of(draft)
    if form is None and kind is not None and place.kind != PlaceKind.NONE:
        form = change_form(draft, kind, None)
    return screen(draft, 2) | {
        "process": process,
        "kinds": [(one.value, kind_label(one.value)) for one in kinds],
        "kind": kind.value if kind else "",
        "kind_label": kind_label(kind.value) if kind else "",
        "form": form,
        "place": place if place.kind != PlaceKind.NONE else None,
        "drawn": [{"number": number, "text": text} for number, text in enumerate(drawn_so_far(draft))],
        "draw_in_3d": drawing_address(draft, place) if kinds else "",
        "takes_designs": bool(kinds),
    }


def drawn_so_far(draft: Draft) -> list[str]:
    """The changes of a draft, each in a sentence."""
    return describe(draft.city, parse(draft.design)) if draft.changes else []


def kind_asked(asked: str | None, process: Process) -> DesignKind | None:
    """The kind to draw, if the project opens it; the only one there is needs no choice."""
    kinds = process.design_kinds()
    if len(kinds) == 1:
        return kinds[0]
    return next((kind for kind in kinds if kind.value == asked), None)


def change_form(draft: Draft, kind: DesignKind, data: Any) -> ChangeForm:
    place = place_of(draft)
    buildings = buildings_around(draft, place) if kind in DEMOLITION else {}
    chosen = {"object": str(place.object_id)} if place.object_id else {}
    return ChangeForm(data, kind=kind, buildings=buildings, initial=chosen)


def buildings_around(draft: Draft, place: Place) -> dict[str, str]:
    """Ids and names of what may make way, the nearest first."""
    if place.e is None or place.n is None:
        return {}
    return buildings_near(draft.city, place.e, place.n, NEAR_M)


def centre_of(draft: Draft, place: Place, form: ChangeForm) -> tuple[float, float]:
    """Around what a change is drawn: the building that makes way, else the place of the idea."""
    identifier = form.cleaned_data.get("object")
    if identifier:
        gone, _refusal = place_or_refusal(draft.city, PlaceRequest(PlaceKind.OBJECT, identifier))
        place = gone if gone.e is not None else place
    return float(place.e or 0.0), float(place.n or 0.0)


def place_of(draft: Draft) -> Place:
    place, _refusal = place_or_refusal(draft.city, PlaceRequest.from_fields(draft.data))
    return place


@require_safe
@with_draft
def draft_picture(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What is drawn so far, as a small model. For nobody but the one who draws."""
    place = place_of(draft)
    design = parse(draft.design) if draft.changes else None
    return HttpResponse(drawing_map(draft.city, place, design), content_type="image/svg+xml")


# --- Drawing in the 3D city ---


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the city's page needs to draw into a draft."""

    address: str
    """Takes the drawing, and is the page that does the same by fields."""
    place: Place
    kinds: list[DesignKind]
    buildings: dict[str, str]
    """What may make way around the place; empty where nothing may."""
    kept: str
    """The changes drawn so far, as JSON: each as it is, and in a sentence."""


def drawing_for(request: HttpRequest, asked: str) -> Drawing:
    """For one's own draft, by its id as an address tells it; anybody else's looks absent."""
    try:
        draft = draft_of(holder_of(request), uuid.UUID(asked))
    except ValueError:
        raise DraftNotFound from None
    place, kinds = place_of(draft), process_of(draft).design_kinds()
    buildings = buildings_around(draft, place) if DEMOLITION & set(kinds) else {}
    told = [{"change": change, "text": text} for change, text in zip(draft.changes, drawn_so_far(draft), strict=True)]
    return Drawing(draft_url("draft_design", draft), place, kinds, buildings, json.dumps(told, ensure_ascii=False))


def drawing_address(draft: Draft, place: Place) -> str:
    where = {"e": f"{place.e:.1f}", "n": f"{place.n:.1f}", "d": "220"} if place.e is not None else {}
    return f"{city_url('worlds:city', draft.city)}?{urlencode({'draw': str(draft.id), **where})}"
