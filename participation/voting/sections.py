"""This room's parts of other rooms' pages: the proposal's, the process's and the city's first page."""

from django.http import HttpRequest

from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.sections import Section
from participation.processes.models import Process
from participation.proposals.models import Proposal
from participation.voting.access import listed_in
from participation.voting.models import Poll
from participation.voting.showing import cards_of
from participation.voting.states import RUNNING, State
from twin.mirror.models import City

MOST_SHOWN = 3
# What comes first where a proposal or a process has several.
_URGENCY = {State.OPEN: 0, State.SUSPENDED: 1, State.ANNOUNCED: 2}


def votes_of_proposal(proposal: Proposal, request: HttpRequest) -> Section | None:
    """The proposal's votes, the open one first."""
    if not getattr(proposal, "has_polls", True):
        return None
    polls = sorted(listed_in(proposal.city).seen_by(request.user).filter(proposal=proposal), key=_urgency)
    if not polls:
        return None
    cards = cards_of(polls[:MOST_SHOWN], clocks.now())
    return Section("voting/proposal_part.html", {"cards": cards, "proposal": proposal})


def votes_of_process(process: Process, request: HttpRequest) -> Section | None:
    polls = sorted(listed_in(process.city).seen_by(request.user).filter(proposal__process=process), key=_urgency)
    if not polls:
        return None
    cards = cards_of(polls[:MOST_SHOWN], clocks.now())
    return Section("voting/process_section.html", {"cards": cards, "all_url": votes_in(process)})


def open_votes(city: City, request: HttpRequest) -> Section | None:
    """What can be voted on now, on the first page."""
    polls = list(listed_in(city).seen_by(request.user).filter(state__in=RUNNING).order_by("closes_at")[:MOST_SHOWN])
    if not polls:
        return None
    cards = cards_of(polls, clocks.now())
    return Section("voting/home_section.html", {"cards": cards, "all_url": city_url("voting:list", city)})


def votes_in(process: Process) -> str:
    """Where one votes in a process."""
    return f"{city_url('voting:list', process.city)}?process={process.slug}"


def _urgency(poll: Poll) -> tuple[int, float]:
    return _URGENCY.get(State(poll.state), 3), -poll.closes_at.timestamp()
