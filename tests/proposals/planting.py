"""Ideas and drafts that not everybody may see: hidden, withdrawn, not yet submitted. See `tests/visibility.py`."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from metacity.commons import photos
from participation.proposals.content import ShownPhoto
from participation.proposals.designs import checked_design
from participation.proposals.models import Proposal
from participation.proposals.office.acts import BY_NAME
from participation.proposals.services import (
    begin_draft,
    give_support,
    hand_in_answer,
    save_answer,
    send_back_answer,
    withdraw_proposal,
)
from participation.proposals.services.drafts import Holder
from participation.proposals.services.photos import add_photo, describe_photos
from tests.factories.designs import SQUARE, tower
from tests.factories.moderation import hidden
from tests.factories.photos import a_file
from tests.factories.proposals import (
    a_place,
    a_proposal,
    an_answer,
    an_approver,
    an_official,
    answered,
    in_review,
)
from tests.visibility import COMMON, EVERYBODY, Address, Planted, Stage, plant, secret
from twin.simulation.models import Run

PAGES = ("detail", "versions", "picture", "small_map", "qr")
ACTIONS = ("support", "revise", "compute", "withdraw")
DRAFT_PAGES = ("draft_what", "draft_where", "draft_design", "draft_picture", "draft_check")


def placed(stage: Stage, name: str) -> Proposal:
    """An idea of the author's on the square, with a design and a photo, which the citizen supports."""
    design = checked_design(process=stage.process, raw=tower(use=secret(name)))
    proposal = a_proposal(
        stage.process,
        stage.people["author"],
        title=f"{COMMON} {secret(name)}",
        text=f"{COMMON} {secret(name)} 때문에 쓰는 글입니다.",
        place=a_place(stage.process, *SQUARE),
        design=design,
        photos=(ShownPhoto(photos.keep(a_file()), f"{COMMON} {secret(name)} 사진"),),
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
    office(stage, proposal)
    pictures: list[Address] = [
        ("proposals:photo", {**about, "photo": photo.pk, "size": "small"}) for photo in proposal.content.photos.all()
    ]
    return [(f"proposals:{page}", about) for page in PAGES] + [("api-proposal", about), *pictures]


def office(stage: Stage, proposal: Proposal) -> list[Address]:
    """What the office does with the idea; what is answered by reading alone is returned."""
    about: dict[str, Any] = {"pk": proposal.pk}
    for act in BY_NAME:
        stage.visit("proposals:act", **about, name=act)
        stage.visit(f"api-office-{act}", **about)
    pages: list[Address] = [("proposals:handling", about), ("api-office-proposal", about)]
    for route, arguments in pages:
        stage.visit(route, **arguments)
    return pages


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
    add_photo(holder=holder, draft=draft, file=a_file())
    photo = draft.photos.get()
    describe_photos(draft=draft, alts={photo.pk: f"{COMMON} {secret('draftphoto')}"})
    picture: Address = ("proposals:draft_photo", {**about, "photo": photo.pk, "size": "small"})
    yield Planted("draft", {"author"}, at=[(f"proposals:{page}", about) for page in DRAFT_PAGES])
    yield Planted("draftphoto", {"author"}, at=[picture])


@plant
def answers_to_come(stage: Stage) -> Iterator[Planted]:
    """Drafts, one of them waiting for approval and one sent back: the office's alone."""
    now, official = timezone.now(), an_official()
    for name in ("draftanswer", "waitinganswer", "sentback"):
        proposal = in_review(a_proposal(stage.process))
        content = an_answer(text=f"{secret(name)} 라고 답하려는 글입니다. 아직 아무도 모릅니다.")
        if name == "draftanswer":
            save_answer(proposal=proposal, by=official, content=content, at=now)
        else:
            answer = hand_in_answer(proposal=proposal, by=official, content=content, at=now)
        if name == "sentback":
            remark = f"{secret('remark')} 라고 고쳐 주세요."
            send_back_answer(proposal=proposal, by=an_approver(), revision=answer.revision, remark=remark, at=now)
        visits(stage, proposal)
        yield Planted(name, {"official", "approver"}, at=office(stage, proposal))
    yield Planted("remark", {"official", "approver"})


@plant
def a_published_answer(stage: Stage) -> Iterator[Planted]:
    """And its correction, which is not published yet."""
    text = f"{secret('answered')} 라고 답합니다. 내년 봄에 놓겠습니다."
    proposal = answered(in_review(a_proposal(stage.process)), text=text)
    correction = an_answer(
        text=f"{secret('correction')} 라고 고칩니다. 내년 봄에 놓겠습니다.", correction="날을 고칩니다"
    )
    save_answer(proposal=proposal, by=an_official(), content=correction, at=timezone.now())
    yield Planted("answered", EVERYBODY, at=visits(stage, proposal))
    yield Planted("correction", {"official", "approver"}, at=office(stage, proposal))


@plant
def what_everybody_reads(stage: Stage) -> Iterator[Planted]:
    visits(stage, stage.proposal)
    stage.visit("api-pins", slug=stage.city.slug)
    yield from ()
