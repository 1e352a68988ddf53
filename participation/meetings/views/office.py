"""Planning in the office: create, change and cancel meetings, appoint who leads and writes, set the agenda."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metacity.accounts.access import office_required, require_signed_in
from metacity.accounts.models import User
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError, Invalid
from metacity.commons.pagination import paginate
from metacity.commons.text import clean_text
from participation.meetings.access import public_meeting
from participation.meetings.errors import InvalidMeeting
from participation.meetings.forms import ItemForm, MeetingForm
from participation.meetings.models import Meeting
from participation.meetings.models.meetings import PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from participation.meetings.services.planning import (
    PLANNERS,
    add_item,
    cancel_meeting,
    move_item_up,
    plan_meeting,
    remove_item,
    replan_meeting,
)
from participation.processes.models import Process
from participation.proposals.access import listed_in
from participation.proposals.models import Proposal
from participation.proposals.places import find_place
from twin.mirror.models import City
from twin.mirror.services import city_for


@never_cache
@office_required(*PLANNERS)
@require_safe
def meetings(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """All meetings of the city, the latest first."""
    shown_city = city_for(city, request.user)
    page = paginate(Meeting.objects.in_city(shown_city).with_people().order_by("-starts_at"), request)
    context = {"city": shown_city, "page": page, "trail": _trail()}
    return render(request, "meetings/office_list.html", context)


@never_cache
@office_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, city: str | None = None) -> HttpResponse:
    shown_city = city_for(city, request.user)
    form = _form(shown_city, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = plan_meeting(city=shown_city, by=require_signed_in(request.user), **_fields(shown_city, form))
        except CityError as refusal:
            form.refused(refusal)
        else:
            messages.success(request, _("The meeting has been planned. Now set its agenda."))
            return HttpResponseRedirect(city_url("meetings:office_edit", shown_city, meeting.id), status=303)
    return _plan_page(request, shown_city, form)


@never_cache
@office_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """One meeting: what is planned, who leads it, and its agenda."""
    meeting = public_meeting(request.user, pk)
    form = _form(meeting.city, request.POST or None, initial=_initial(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            replan_meeting(meeting=meeting, by=require_signed_in(request.user), **_fields(meeting.city, form))
        except CityError as refusal:
            form.refused(refusal)
        else:
            messages.success(request, _("The plan has been changed."))
            return HttpResponseRedirect(request.path, status=303)
    return _plan_page(request, meeting.city, form, meeting)


@office_required(*PLANNERS)
@require_POST
def item(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Add an item, or with `up` or `remove` move or take away the one that is named."""
    meeting, by = public_meeting(request.user, pk), require_signed_in(request.user)
    back = city_url("meetings:office_edit", meeting.city, meeting.id)
    if "up" in request.POST:
        move_item_up(meeting=meeting, by=by, item=_id(request.POST["up"]))
    elif "remove" in request.POST:
        remove_item(meeting=meeting, by=by, item=_id(request.POST["remove"]))
    else:
        form = ItemForm(request.POST)
        if not _added(meeting, by, form):
            return _plan_page(request, meeting.city, _form(meeting.city, initial=_initial(meeting)), meeting, form)
    return HttpResponseRedirect(f"{back}#agenda", status=303)


@office_required(*PLANNERS)
@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    meeting = public_meeting(request.user, pk)
    cancel_meeting(meeting=meeting, by=require_signed_in(request.user))
    messages.success(request, _("The meeting has been cancelled."))
    return HttpResponseRedirect(city_url("meetings:office", meeting.city), status=303)


def _added(meeting: Meeting, by: User, form: ItemForm) -> bool:
    if not form.is_valid():
        return False
    told = form.cleaned_data
    try:
        add_item(
            meeting=meeting,
            by=by,
            title=_line(told["title"], TITLE_LENGTH, "title"),
            title_en=clean_text(told["title_en"], 120, multiline=False, field="title_en"),
            text=clean_text(told["text"], TEXT_LENGTH, field="text"),
            minutes=told["minutes"],
            proposal=_proposal(meeting.city, told["proposal_number"]),
        )
    except CityError as refusal:
        form.refused(refusal)
        return False
    return True


def _plan_page(
    request: HttpRequest,
    city: City,
    form: MeetingForm,
    meeting: Meeting | None = None,
    item_form: ItemForm | None = None,
) -> HttpResponse:
    bound = item_form if item_form is not None else form
    context = {
        "city": city,
        "form": form,
        "meeting": meeting,
        "items": meeting.items.all() if meeting else [],
        "item_form": item_form or ItemForm(auto_id="item-%s"),
        "trail": [*_trail(), (city_url("meetings:office", city), _("Meetings"))],
    }
    return render(request, "meetings/office_plan.html", context, status=400 if bound.errors else 200)


def _trail() -> list[tuple[str, str]]:
    return [("/office/", _("Office"))]


def _form(city: City, data: Any = None, **options: Any) -> MeetingForm:
    processes = Process.objects.published().in_city(city).order_by("title")
    people = User.objects.members().filter(role_grants__isnull=False).distinct().order_by("masked_name", "pk")
    return MeetingForm(data, processes=processes, people=people, **options)


def _fields(city: City, form: MeetingForm) -> dict[str, Any]:
    """What was typed as the fields of a meeting; refuses what cannot be kept, by field."""
    told = form.cleaned_data
    words = _line(told["place"], PLACE_LENGTH, "place")
    found = find_place(city, words)
    return {
        "title": _line(told["title"], TITLE_LENGTH, "title"),
        "title_en": clean_text(told["title_en"], 120, multiline=False, field="title_en"),
        "summary": clean_text(told["summary"], TEXT_LENGTH, field="summary"),
        "starts_at": told["starts_at"],
        "ends_at": told["ends_at"],
        "place_words": words,
        "place_object_id": found.object_id if found else None,
        "process": told["process"],
        "proposal": _proposal(city, told["proposal_number"]),
        "speak_level": told["speak_level"],
        "chair": told["chair"],
        "deputy": told["deputy"],
        "clerk": told["clerk"],
    }


def _initial(meeting: Meeting) -> dict[str, Any]:
    names = (
        "title",
        "title_en",
        "summary",
        "starts_at",
        "ends_at",
        "process",
        "speak_level",
        "chair",
        "deputy",
        "clerk",
    )
    told = {name: getattr(meeting, name) for name in names}
    number = meeting.proposal.number if meeting.proposal else None
    return told | {"place": meeting.place_words, "proposal_number": number}


def _proposal(city: City, number: int | None) -> Proposal | None:
    if number is None:
        return None
    found = listed_in(city).filter(number=number).first()
    if found is None:
        raise InvalidMeeting(fields={"proposal_number": [_("There is no idea with this number.")]})
    return found


def _line(typed: str, most: int, field: str) -> str:
    text = clean_text(typed, most, multiline=False, field=field)
    if not text:
        raise InvalidMeeting(fields={field: [_("Please fill this in.")]})
    return text


def _id(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise Invalid from None
