"""After the last ballot: close, tally, certify. Each step is one transaction and can be asked for again."""

import uuid
from collections import Counter
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from metacity.accounts.models import Topic, User
from metacity.accounts.notices import notify
from metacity.commons import ledger
from participation.voting import receipts, traces
from participation.voting.board import head_of_ballots
from participation.voting.errors import BallotsDiffer, PollMoved, RollChanged, SamePerson
from participation.voting.live import announce
from participation.voting.models import Ballot, Choice, HasVoted, Poll, RollEntry
from participation.voting.outcome import outcome_of
from participation.voting.services.running import ROWS_AT_ONCE
from participation.voting.states import State

Sealed = TypeVar("Sealed", Ballot, HasVoted)


@transaction.atomic
def close_poll(*, poll: Poll, at: datetime) -> Poll:
    """Take no more ballots, break the last ties between ballots and people, and fix the board of commitments.

    What a job calls; closing what is closed changes nothing. Refuses to close on a roll that was changed since the
    opening (`RollChanged`), or where marks and ballots differ in number (`BallotsDiffer`).
    """
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.OPEN or poll.closes_at > at:
        return poll
    if RollEntry.objects.of_poll(poll).digest() != poll.roll_digest:
        raise RollChanged
    ballots = seal(poll)
    poll.move_to(State.CLOSED, ballots=len(ballots), board_head=head_of_ballots(poll.id, ballots))
    facts: dict[str, str | int] = {"board": poll.board_head, "ballots": len(ballots)}
    ledger.record(action="poll.closed", actor=None, subject=poll.subject, facts=facts)
    announce(poll, "closed")
    return poll


def seal(poll: Poll) -> list[Ballot]:
    """Write ballots and marks anew, each in a random order of its own and under new random keys.

    In one transaction all of them get the same `xmin`, and places (`ctid`, `rowid`) in that order: where and when a row
    was first written is no longer seen. Returns the ballots.
    """
    ballots = [_renewed(ballot) for ballot in Ballot.objects.of_poll(poll)]
    voted = [HasVoted(poll=poll, entry_id=mark.entry_id) for mark in HasVoted.objects.filter(poll=poll)]
    if len(ballots) != len(voted):
        raise BallotsDiffer
    traces.overwrite_deleted()
    _replace(Ballot, poll, ballots)
    _replace(HasVoted, poll, voted)
    return ballots


def _replace(model: type[Sealed], poll: Poll, rows: list[Sealed]) -> None:
    table = model._default_manager
    table.filter(poll=poll).delete()
    table.bulk_create(sorted(rows, key=lambda row: str(row.pk)), batch_size=ROWS_AT_ONCE)


def _renewed(ballot: Ballot) -> Ballot:
    return Ballot(
        id=uuid.uuid4(),
        poll_id=ballot.poll_id,
        choice=ballot.choice,
        image=ballot.image,
        commitment=ballot.commitment,
    )


@transaction.atomic
def tally_poll(*, poll: Poll) -> Poll:
    """Count the ballots of the board, after making sure that they are the ones that the ledger knows of."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.CLOSED:
        return poll
    poll.move_to(State.TALLIED, **tally_ballots(poll))
    ledger.record(action="poll.tallied", actor=None, subject=poll.subject, facts={"board": poll.board_head})
    announce(poll, "tallied")
    return poll


def tally_ballots(poll: Poll) -> dict[str, int]:
    """The answers of a closed poll's ballots. Raises `BallotsDiffer` where they are not those of its board."""
    ballots = list(Ballot.objects.of_poll(poll))
    if head_of_ballots(poll.id, ballots) != poll.board_head or not all(_opens(ballot) for ballot in ballots):
        raise BallotsDiffer
    counted = Counter(ballot.choice for ballot in ballots)
    return {choice.value: counted[choice] for choice in Choice}


def _opens(ballot: Ballot) -> bool:
    return ballot.commitment == receipts.commitment_of(ballot.poll_id, ballot.choice, ballot.image)


@transaction.atomic
def publish_poll(*, poll: Poll, by: User, at: datetime) -> Poll:
    """Certify the result and publish it with what opens the board. Somebody else than who announced the poll."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.TALLIED:
        raise PollMoved
    if poll.announced_by_id == by.pk:
        raise SamePerson
    poll.move_to(State.PUBLISHED, certified_by=by, published_at=at)
    _tell_author(poll)
    facts: dict[str, str | int] = {
        "board": poll.board_head,
        "yes": poll.yes or 0,
        "no": poll.no or 0,
        "abstain": poll.abstain or 0,
        "outcome": outcome_of(poll).value,
    }
    ledger.record(action="poll.published", actor=by.actor_id, subject=poll.subject, facts=facts)
    announce(poll, "published")
    return poll


def _tell_author(poll: Poll) -> None:
    author = poll.proposal.author
    if author is not None:
        facts = {"question": poll.question}
        notify(
            person=author,
            kind="voting.published",
            facts=facts,
            url=poll.get_absolute_url(),
            key=f"published:{poll.pk}",
            topic=Topic.VOTES,
        )
