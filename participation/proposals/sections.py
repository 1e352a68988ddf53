"""This room's part of a process's page."""

from django.http import HttpRequest

from metacity.commons.addresses import city_url
from metacity.commons.sections import Section
from participation.processes.models import Process
from participation.proposals.access import listed_in

MOST_SHOWN = 6


def proposals_of(process: Process, request: HttpRequest) -> Section:
    """The newest proposals of the process, and how many there are."""
    proposals = listed_in(process.city).filter(process=process)
    context = {
        "proposals": proposals.with_photos().newest()[:MOST_SHOWN],
        "proposal_count": proposals.count(),
        "all_url": proposals_in(process),
        "new_url": new_proposal_in(process),
    }
    return Section("proposals/process_section.html", context)


def new_proposal_in(process: Process) -> str:
    return f"{city_url('proposals:new', process.city)}?process={process.slug}"


def proposals_in(process: Process) -> str:
    return f"{city_url('proposals:list', process.city)}?process={process.slug}"
