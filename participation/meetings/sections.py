"""This room's part of the pages of proposals and processes and of the first page."""

from django.http import HttpRequest

from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.sections import Section
from participation.meetings.kinds import COMING, OVER, RUNNING
from participation.meetings.models import Meeting
from participation.meetings.models.meetings import MeetingQuerySet
from participation.processes.models import Process
from participation.proposals.models import Proposal
from twin.mirror.models import City

MOST_SHOWN = 3
# What the first page tells ahead.
DAYS_AHEAD = 14
_ORDER: dict[str, int] = {state: rank for rank, states in enumerate((RUNNING, COMING, OVER)) for state in states}


def meetings_about(proposal: Proposal, request: HttpRequest) -> Section | None:
    """A card beside the proposal: meetings that are on or coming, else the latest."""
    if not getattr(proposal, "has_meetings", True):
        return None
    found = _most_urgent(Meeting.objects.filter(proposal=proposal))
    if not found:
        return None
    return Section("meetings/parts/proposal_card.html", {"meetings": found})


def meetings_of(process: Process, request: HttpRequest) -> Section | None:
    found = _most_urgent(Meeting.objects.filter(process=process))
    if not found:
        return None
    return Section("meetings/parts/process_section.html", {"meetings": found, "all_url": address_in(process)})


def meetings_in(city: City, request: HttpRequest) -> Section | None:
    """Those on now, and those of the next days."""
    known = Meeting.objects.in_city(city).with_people()
    on_now = list(known.on_now()[:MOST_SHOWN])
    coming = list(known.coming().within(clocks.now(), days=DAYS_AHEAD)[:MOST_SHOWN])
    found = (on_now + coming)[:MOST_SHOWN]
    if not found:
        return None
    context = {"meetings": found, "all_url": city_url("meetings:list", city)}
    return Section("meetings/parts/city_section.html", context)


def address_in(process: Process) -> str:
    """Where one takes part in the meeting of a process: the meetings of the process."""
    return f"{city_url('meetings:list', process.city)}?process={process.slug}"


def _most_urgent(meetings: MeetingQuerySet) -> list[Meeting]:
    shown = [meeting for meeting in meetings.with_people().order_by("-starts_at")[:20] if meeting.state in _ORDER]
    return sorted(shown, key=lambda meeting: _ORDER[meeting.state])[:MOST_SHOWN]
