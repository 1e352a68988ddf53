"""Pages that anybody reads: the list, one proposal, its versions."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metacity.accounts.models import User
from metacity.commons import clocks, events
from metacity.commons.addresses import city_url
from metacity.commons.pagination import paginate
from participation.processes.kinds import Act
from participation.proposals import differences, filters, parts
from participation.proposals.access import listed_in, proposal_for
from participation.proposals.clock import said_of
from participation.proposals.designs import described, run_of
from participation.proposals.designs import differences as design_differences
from participation.proposals.errors import ProposalNotFound
from participation.proposals.models import Proposal, ProposalVersion, StepKind
from participation.proposals.officework import today_of
from participation.proposals.similarity import similar_proposals
from participation.proposals.states import State
from participation.proposals.timeline import Entry, history_of, published_in
from twin.mirror.models import City
from twin.mirror.services import city_for
from twin.simulation.access import may_cancel
from twin.simulation.models import Run
from twin.simulation.sheet import sheet_of, state_label

# Which step says why a proposal in this state is not on its way to an answer.
STANDING: dict[State, tuple[StepKind, ...]] = {
    State.SUPPLEMENT_REQUESTED: (StepKind.SUPPLEMENT_REQUESTED,),
    State.TRANSFERRED: (StepKind.TRANSFERRED,),
    State.MERGED: (StepKind.MERGED,),
    State.RETURNED: (StepKind.RETURNED, StepKind.GUIDED),
}


@require_safe
def proposal_list(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """All proposals of a city, narrowed and ordered by the address."""
    shown_city = city_for(city, request.user)
    # First, as with one proposal: what happens from here on is told once more.
    seq = events.latest(shown_city.room)
    asked = filters.Filters.read(request.GET.dict(), shown_city)
    context = {
        "city": shown_city,
        "seq": seq,
        "filters": asked,
        "page": paginate(asked.applied_to(listed_in(shown_city)), request),
        "states": filters.state_choices(),
        "processes": filters.process_choices(shown_city),
        "scopes": filters.Scope.choices,
        "orders": filters.Order.choices,
    }
    return render(request, "proposals/list.html", context)


@require_safe
def proposal_detail(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    # The number of the last event first: what happens from here on is told once more, and nothing is missed.
    seq = events.latest(f"proposal.{pk}")
    proposal = proposal_for(request.user, pk)
    return render(request, "proposals/detail.html", {"seq": seq} | detail_context(request, proposal))


def detail_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    now = clocks.now()
    address = proposal.get_absolute_url()
    return {
        "city": proposal.city,
        "proposal": proposal,
        "content": proposal.content,
        "photos": proposal.content.photos.all() if getattr(proposal, "has_photos", True) else [],
        "versions": versions_of(proposal),
        "phase": proposal.process.current_phase(now),
        "may_support": proposal.process.allows(Act.SUPPORT, request.user, now),
        "is_mine": proposal.is_written_by(request.user),
        "neighbours": neighbours(proposal),
        "address": request.build_absolute_uri(address),
        "picture_address": request.build_absolute_uri(city_url("proposals:picture", proposal.city, proposal.id)),
        "stand_here": stand_here(proposal),
        "here_support": f"{address}#support",
        "missing_supports": missing_supports(proposal),
        "trail": trail(proposal.city),
        "main_parts": parts.main.rendered(proposal, request),
        "aside_parts": parts.aside.rendered(proposal, request),
        **effects_context(request, proposal),
        **outcome_context(proposal, now),
    }


def versions_of(proposal: Proposal) -> list[ProposalVersion]:
    """The latest first. Most proposals have but one, which is there already."""
    if proposal.content.number == 1:
        return [proposal.content]
    return list(proposal.versions.order_by("-number").defer("text", "search_text"))


def outcome_context(proposal: Proposal, now: dt.datetime) -> dict[str, Any]:
    """What became of it: the clock, the office's answers, how it is being built, and every step on the way."""
    steps = list(proposal.steps.told())
    history = history_of(proposal, steps)
    answers = published_in(steps)
    progress = [entry for entry in history if entry.kind in {StepKind.PROGRESS, StepKind.COMPLETED}]
    return {
        "history": history,
        "clock": said_of(proposal, today_of(proposal, now)),
        "answer": answers[0] if answers else None,
        "earlier_answers": answers[1:],
        "progress": progress[::-1],
        "is_completed": any(entry.kind == StepKind.COMPLETED for entry in progress),
        "percent_done": next((entry.percent for entry in progress[::-1] if entry.percent is not None), None),
        "standing": standing_of(proposal, history),
    }


def standing_of(proposal: Proposal, history: list[Entry]) -> Entry | None:
    """The step that everybody has to know first, where the proposal is not on its way to an answer."""
    kinds = STANDING.get(State(proposal.state), ())
    return next((entry for entry in reversed(history) if entry.kind in kinds), None)


def effects_context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """What the design of the present version changes, and what that does to the sun."""
    user, run = request.user, run_of(proposal.content)
    may_ask = proposal.is_written_by(user) or (isinstance(user, User) and user.has_role("official"))
    return {
        "drawn": described(proposal),
        "run": run,
        "sheet": sheet_of(run) if run and run.state == Run.State.DONE else None,
        "state_label": state_label(run) if run else "",
        "can_cancel": run is not None and may_cancel(user, run),
        "can_ask_again": may_ask and run is not None and run.state in {Run.State.FAILED, Run.State.CANCELLED},
        "here": f"{proposal.get_absolute_url()}#effects",
    }


def trail(city: City, proposal: Proposal | None = None) -> list[tuple[str, str]]:
    """The pages above: the list, and the proposal for pages under it."""
    above = [(city_url("proposals:list", city), _("Ideas"))]
    if proposal is not None:
        above.append((proposal.get_absolute_url(), Truncator(proposal.content.title).chars(30)))
    return above


def missing_supports(proposal: Proposal) -> int:
    """How many supports are missing until the department has to look into it; 0 once they are there."""
    return max(0, (proposal.process.support_goal or 0) - proposal.supports_count)


def neighbours(proposal: Proposal) -> list[Proposal]:
    """What others read after this; nothing where there are no others."""
    if not proposal.is_public:
        return []
    content = proposal.content
    return similar_proposals(
        city=proposal.city, title=content.title, e=content.e, n=content.n, without=proposal, most=3
    )


def stand_here(proposal: Proposal) -> str:
    """Parameters with which the city shows the idea from the eye level of somebody who stands there."""
    content = proposal.content
    if not content.has_place:
        return ""
    return f"idea={proposal.id}&e={content.e:.1f}&n={content.n:.1f}&m=walk"


@require_safe
def proposal_versions(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """How two versions differ; by default the current one from the one before."""
    proposal = proposal_for(request.user, pk)
    versions = {
        version.number: version
        for version in proposal.versions.select_related("design_version").prefetch_related("photos")
    }
    later = _version(versions, request.GET.get("to"), proposal.content.number)
    earlier = _version(versions, request.GET.get("from"), max(1, later.number - 1))
    context = {
        "city": proposal.city,
        "proposal": proposal,
        "versions": list(versions.values()),
        "earlier": earlier,
        "later": later,
        "difference": differences.between(earlier, later),
        "design_difference": design_differences(proposal, earlier, later),
        "photo_difference": differences.photos_between(earlier, later),
        "photos_reordered": differences.photos_are_reordered(earlier, later),
        "trail": trail(proposal.city, proposal),
    }
    return render(request, "proposals/versions.html", context)


def _version(versions: dict[int, ProposalVersion], asked: str | None, default: int) -> ProposalVersion:
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else default
    if number not in versions:
        raise ProposalNotFound
    return versions[number]
