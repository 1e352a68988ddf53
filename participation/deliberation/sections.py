"""This room's part of a proposal's page, and where a process's “Write a comment” leads."""

import uuid
from typing import Any

from django.http import HttpRequest

from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.sections import Section
from participation.deliberation.forms import CommentForm
from participation.deliberation.models import Comment, Discussion
from participation.deliberation.reading import Order, Shown, Thread, number_asked, order_asked, threads_of
from participation.deliberation.services import may_comment
from participation.processes.models import Process
from participation.proposals.models import Proposal

# Stands for a comment's id in the addresses of the blank that scripts fill in.
NO_ID = uuid.UUID(int=0)
FIELD_IDS = "comment-%s"


def discussion_of(proposal: Proposal, request: HttpRequest) -> Section | None:
    """What is said about the proposal, and a form to say something; nothing once it is withdrawn."""
    if proposal.is_withdrawn:
        return None
    return Section("deliberation/discussion.html", discussion_context(proposal, request))


def discussion_context(proposal: Proposal, request: HttpRequest, form: CommentForm | None = None) -> dict[str, Any]:
    now = clocks.now()
    order = order_asked(request.GET.get("order"))
    page = threads_of(proposal, request.user, now, order=order, start=number_asked(request.GET.get("start")))
    return {
        "city": proposal.city,
        "proposal": proposal,
        "discussion": page,
        "orders": Order.choices,
        "form": form or new_form(proposal, request),
        "verdict": may_comment(proposal, request.user, now),
        "comments_url": comments_of(proposal),
        "blank_thread": Thread(Shown(Comment(id=NO_ID, discussion=Discussion(proposal=proposal), number=0, thread=0))),
        "here": f"{proposal.get_absolute_url()}#comments",
    }


def new_form(proposal: Proposal, request: HttpRequest) -> CommentForm:
    """An empty form; a view that the city or the map hands over stands in it."""
    initial = {"key": uuid.uuid4(), "scene": request.GET.get("scene", "")}
    return CommentForm(city=proposal.city, initial=initial, auto_id=FIELD_IDS)


def comments_of(proposal: Proposal) -> str:
    return city_url("deliberation:comments", proposal.city, proposal.id)


def proposals_to_comment_on(process: Process) -> str:
    return f"{city_url('proposals:list', process.city)}?process={process.slug}"
