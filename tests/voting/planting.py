"""Votes that people have not been told of, and what of a ballot is told to whom. See `tests/visibility.py`."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from participation.voting import receipts
from participation.voting.models import Poll
from tests.factories.proposals import a_proposal
from tests.factories.voting import (
    a_draft_poll,
    a_published_poll,
    a_tallied_poll,
    an_announced_poll,
    an_open_poll,
    vote,
)
from tests.visibility import COMMON, EVERYBODY, Address, Planted, Stage, plant, secret

PAGES = ("voting:detail", "api-vote", "api-vote-standing")
BOARDS = ("voting:board_json", "voting:board_csv", "api-vote-board")
OTHERS = ("voting:ballot", "voting:receipt", "api-vote-ballot", "api-vote-receipt", "voting_office:manage")
OFFICE = ("voting_office:edit", "api-office-vote", "api-office-vote-check")
ACTS = ("announce", "take-back", "discard", "extend", "suspend", "resume", "call-off", "publish")


def words(name: str) -> dict[str, str]:
    told = f"{COMMON} {secret(name)}"
    return {"question": told, "meaning": told, "text": told}


def visits(stage: Stage, poll: Poll) -> list[Address]:
    """Everything that is about the vote; the pages that whoever may know of it reads are returned."""
    about: dict[str, Any] = {"pk": poll.pk}
    for route in (*BOARDS, *OTHERS, *OFFICE):
        stage.visit(route, **about)
    stage.visit("voting_office:act", pk=poll.pk, name="check")
    for act in ACTS:
        stage.visit("voting_office:act", pk=poll.pk, name=act)
        stage.visit("api-office-vote-act", pk=poll.pk, act=act)
    stage.visit("proposals:detail", pk=poll.proposal_id)
    stage.visit("events", room=poll.room)
    return [(page, about) for page in PAGES]


@plant
def a_draft(stage: Stage) -> Iterator[Planted]:
    """For officials and team leaders, who make votes."""
    poll = a_draft_poll(a_proposal(stage.process), **words("draftpoll"))
    pages = [*visits(stage, poll), ("voting_office:manage", {"pk": poll.pk}), ("voting_office:edit", {"pk": poll.pk})]
    yield Planted("draftpoll", {"official", "approver"}, at=pages)


@plant
def an_announced_one(stage: Stage) -> Iterator[Planted]:
    poll = an_announced_poll(a_proposal(stage.process), **words("announcedpoll"))
    yield Planted("announcedpoll", EVERYBODY, at=visits(stage, poll))


@plant
def an_open_one(stage: Stage) -> Iterator[Planted]:
    """The citizen has voted, whose name is another planting's secret. Nothing of the ballot is told."""
    poll = an_open_poll(a_proposal(stage.process), **words("openpoll"))
    cast(stage, poll, "open")
    yield Planted("openpoll", EVERYBODY, at=visits(stage, poll))
    yield Planted("openreceipt", (), is_sealed=True)
    yield Planted("openimage", (), is_sealed=True)


@plant
def a_tallied_one(stage: Stage) -> Iterator[Planted]:
    """Its board is there, but closed: commitments, which nobody can open."""
    poll = an_open_poll(a_proposal(stage.process), **words("talliedpoll"))
    cast(stage, poll, "tallied")
    a_tallied_poll(poll)
    about = {"pk": poll.pk}
    yield Planted("talliedpoll", EVERYBODY, at=[*visits(stage, poll), *((board, about) for board in BOARDS)])
    yield Planted("talliedreceipt", (), is_sealed=True)
    yield Planted("talliedimage", (), is_sealed=True)


@plant
def a_published_one(stage: Stage) -> Iterator[Planted]:
    """The board is opened: the receipt's image stands there, the receipt nowhere."""
    poll = an_open_poll(a_proposal(stage.process), **words("publishedpoll"))
    cast(stage, poll, "published")
    a_published_poll(poll)
    yield Planted("publishedpoll", EVERYBODY, at=visits(stage, poll))
    yield Planted("publishedreceipt", (), is_sealed=True)
    yield Planted("publishedimage", EVERYBODY, at=[(board, {"pk": poll.pk}) for board in BOARDS])


def cast(stage: Stage, poll: Poll, name: str) -> None:
    """The citizen's ballot, whose receipt and its image are words instead of letters and a hash."""
    with (
        patch.object(receipts, "receipt_of", return_value=secret(f"{name}receipt")),
        patch.object(receipts, "image_of", return_value=secret(f"{name}image")),
    ):
        vote(poll, stage.people["citizen"])
