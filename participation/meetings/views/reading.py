"""Which meetings there are, and one for one's own calendar."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from metacity.commons import clocks
from metacity.commons.pagination import paginate
from participation.meetings.access import public_meeting
from participation.meetings.calendar import calendar_of
from participation.meetings.models import Meeting
from participation.processes.access import process_for
from participation.processes.errors import ProcessNotFound
from participation.processes.models import Process
from twin.mirror.models import City
from twin.mirror.services import city_for


@require_safe
def meeting_list(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """On now, coming and past; with `process`, those of one process."""
    shown_city = city_for(city, request.user)
    process = _process(shown_city, request.GET.get("process", ""))
    found = Meeting.objects.in_city(shown_city).with_people()
    found = found.filter(process=process) if process else found
    context: dict[str, Any] = {
        "city": shown_city,
        "process": process,
        "on_now": found.on_now(),
        "coming": found.coming()[:50],
        "page": paginate(found.over(), request),
        "query": f"process={process.slug}" if process else "",
    }
    return render(request, "meetings/list.html", context)


@require_safe
def calendar(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    meeting = public_meeting(request.user, pk)
    address = request.build_absolute_uri(meeting.get_absolute_url())
    answer = HttpResponse(
        calendar_of(meeting, address=address, now=clocks.now()), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.starts_at:%Y%m%d}.ics"'
    return answer


def _process(city: City, slug: str) -> Process | None:
    """The project that the address names; a name that no project has narrows nothing."""
    try:
        return process_for(city, slug) if slug else None
    except ProcessNotFound:
        return None
