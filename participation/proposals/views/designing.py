"""“Add a drawing”, between the second and the third screen: what an idea would change, as a few fields or from 3D."""

import json
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
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
from participation.proposals.services.drafts import draft_of, keep_changes
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
        return add_drawn(request, draft, process)
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
    changes = [*draft.changes, form.change(centre_of(draft, place, form))]
    try:
        keep_changes(draft=draft, process=process, changes=changes)
    except (DesignRefused, DesignNotOpen) as refusal:
        form.refuse(refusal.fields, len(changes) - 1)
        return again(request, draft, process, form, None)
    return HttpResponseRedirect(f"{draft_url('draft_design', draft)}#drawn", status=303)


def add_drawn(request: HttpRequest, draft: Draft, process: Process) -> HttpResponse:
    """Changes drawn in the 3D city, as JSON."""
    try:
        design = parse(read_json(request.POST["design"]))
        keep_changes(draft=draft, process=process, changes=[*draft.changes, *design.as_json()["changes"]])
    except (DesignRefused, DesignNotOpen) as refusal:
        return again(request, draft, process, None, refusal)
    return HttpResponseRedirect(f"{draft_url('draft_design', draft)}#drawn", status=303)


def read_json(text: str) -> object:
    try:
        return json.loads(text) if len(text) <= LONGEST_JSON else None
    except (ValueError, RecursionError):
        return None


def take_away(request: HttpRequest, draft: Draft, process: Process) -> HttpResponse:
    """Without one change. What is left is kept even where the project no longer opens it: taking away helps."""
    asked = request.POST["remove"]
    kept = [change for number, change in enumerate(draft.changes) if str(number) != asked]
    draft.keep({"changes": kept})
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
        "drawn": [
            {"number": number, "text": text} for number, text in enumerate(describe(draft.city, parse(draft.design)))
        ]
        if draft.changes
        else [],
        "draw_in_3d": drawing_address(draft, place) if drawable_kinds(process) else "",
        "takes_designs": bool(kinds),
    }


def kind_asked(asked: str | None, process: Process) -> DesignKind | None:
    """The kind to draw, if the project opens it; the only one there is needs no choice."""
    kinds = process.design_kinds()
    if len(kinds) == 1:
        return kinds[0]
    return next((kind for kind in kinds if kind.value == asked), None)


def change_form(draft: Draft, kind: DesignKind, data: Any) -> ChangeForm:
    place = place_of(draft)
    buildings = {}
    if kind in DEMOLITION and place.e is not None and place.n is not None:
        buildings = buildings_near(draft.city, place.e, place.n, NEAR_M)
    chosen = {"object": str(place.object_id)} if place.object_id else {}
    return ChangeForm(data, kind=kind, buildings=buildings, initial=chosen)


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

    action: str
    back_url: str
    kinds: list[DesignKind]


def drawing_for(request: HttpRequest, asked: str) -> Drawing:
    """For one's own draft, by its id as an address tells it; anybody else's looks absent."""
    try:
        draft = draft_of(holder_of(request), uuid.UUID(asked))
    except ValueError:
        raise DraftNotFound from None
    address = draft_url("draft_design", draft)
    return Drawing(address, address, drawable_kinds(process_of(draft)))


def drawable_kinds(process: Process) -> list[DesignKind]:
    """What is drawn by corners; buildings that go are chosen by name."""
    return [kind for kind in process.design_kinds() if kind not in DEMOLITION]


def drawing_address(draft: Draft, place: Place) -> str:
    where = {"e": f"{place.e:.1f}", "n": f"{place.n:.1f}", "d": "220"} if place.e is not None else {}
    return f"{city_url('worlds:city', draft.city)}?{urlencode({'draw': str(draft.id), **where})}"
