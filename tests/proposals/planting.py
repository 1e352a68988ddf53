"""Ideas and drafts that not everybody may see: hidden, withdrawn, not yet submitted. See `tests/visibility.py`."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from participation.proposals.designs import checked_design
from participation.proposals.models import Proposal
from participation.proposals.services import begin_draft, give_support, withdraw_proposal
from participation.proposals.services.drafts import Holder
from tests.factories.designs import SQUARE, tower
from tests.factories.moderation import hidden
from tests.factories.proposals import a_place, a_proposal
from tests.visibility import COMMON, Address, Planted, Stage, plant, secret
from twin.simulation.models import Run

PAGES = ("detail", "versions", "picture", "small_map", "qr")
ACTIONS = ("support", "revise", "compute", "withdraw")
DRAFT_PAGES = ("draft_what", "draft_where", "draft_design", "draft_picture", "draft_check")


def placed(stage: Stage, name: str) -> Proposal:
    """An idea of the author's on the square, with a design, which the citizen supports."""
    design = checked_design(process=stage.process, raw=tower(use=secret(name)))
    proposal = a_proposal(
        stage.process,
        stage.people["author"],
        title=f"{COMMON} {secret(name)}",
        text=f"{COMMON} {secret(name)} 때문에 쓰는 글입니다.",
        place=a_place(stage.process, *SQUARE),
        design=design,
    )
    give_support(proposal=proposal, person=stage.people["citizen"], at=timezone.now())
    return proposal


def visits(stage: Stage, proposal: Proposal) -> list[Address]:
    """Everything that is about the idea; what is answered by reading alone is returned."""
    about: dict[str, Any] = {"pk": proposal.pk}
    for action in ACTIONS:
        stage.visit(f"proposals:{action}", **about)
    stage.visit("api-proposal-support", **about)
    stage.visit("events", room=proposal.room)
    run = Run.objects.filter(scenarios__design_version=proposal.content.design_version).first()
    if run is not None:
        stage.visit("simulation:picture", pk=run.pk, name="baseline")
        stage.visit("simulation:cancel", pk=run.pk)
        stage.visit("run", pk=run.pk)
        stage.visit("run-cancel", pk=run.pk)
    return [(f"proposals:{page}", about) for page in PAGES] + [("api-proposal", about)]


@plant
def a_hidden_idea(stage: Stage) -> Iterator[Planted]:
    proposal = placed(stage, "hiddenidea")
    hidden(proposal)
    yield Planted("hiddenidea", {"author", "moderator"}, at=visits(stage, proposal))


@plant
def a_withdrawn_idea(stage: Stage) -> Iterator[Planted]:
    proposal = placed(stage, "withdrawnidea")
    withdraw_proposal(proposal=proposal, author=stage.people["author"], at=timezone.now())
    yield Planted("withdrawnidea", {"author"}, at=visits(stage, proposal))


@plant
def a_draft(stage: Stage) -> Iterator[Planted]:
    fields = {
        "wish": "proposal",
        "process": stage.process.slug,
        "title": f"{COMMON} {secret('draft')}",
        "text": f"{COMMON} {secret('draft')} 때문에 쓰는 글입니다.",
        "place": "point",
        "e": str(SQUARE[0]),
        "n": str(SQUARE[1]),
    }
    holder = Holder(stage.people["author"])
    draft = begin_draft(holder=holder, city=stage.city, fields=fields, changes=tower()["changes"])
    about: dict[str, Any] = {"pk": draft.pk}
    stage.visit("proposals:draft_delete", **about)
    yield Planted("draft", {"author"}, at=[(f"proposals:{page}", about) for page in DRAFT_PAGES])


@plant
def what_everybody_reads(stage: Stage) -> Iterator[Planted]:
    visits(stage, stage.proposal)
    stage.visit("api-pins", slug=stage.city.slug)
    yield from ()
