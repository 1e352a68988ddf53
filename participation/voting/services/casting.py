"""Casting a sealed ballot, and asking for one by its receipt.

Nothing is announced, recorded or logged here, and no time is kept. A ballot and the mark that its voter has voted are
written in one transaction: both stand, or neither.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from metacity.accounts.access import require_member
from metacity.accounts.models import User
from participation.voting import receipts
from participation.voting.eligibility import when_refusal
from participation.voting.errors import AlreadyVoted, KeyTaken, NotOnTheRoll, UnknownChoice
from participation.voting.models import Ballot, Choice, HasVoted, Poll, RollEntry


@transaction.atomic
def cast_ballot(*, poll: Poll, person: User, choice: str, key: uuid.UUID, at: datetime) -> str:
    """Cast a person's one ballot; returns its receipt, which nobody keeps.

    `key` is chosen before the choice is known: the same key with the same choice, sent again because the answer was
    lost, returns the same receipt and casts nothing. Refuses with what `standing_of` says.
    """
    if choice not in Choice.values:
        raise UnknownChoice
    poll = Poll.objects.held_for_casting(poll.pk)
    if (refusal := when_refusal(poll, at)) is not None:
        raise refusal
    entry = RollEntry.objects.of_poll(poll).filter(person=require_member(person)).first()
    if entry is None:
        raise NotOnTheRoll
    receipt = receipts.receipt_of(poll.id, key)
    if not HasVoted.objects.add(entry):
        return _sent_again(poll, receipt, choice)
    put_in(poll, receipt, choice)
    return receipt


def put_in(poll: Poll, receipt: str, choice: str) -> None:
    """Write the ballot alone. Raises `KeyTaken` where another ballot has this receipt."""
    image = receipts.image_of(poll.id, receipt)
    commitment = receipts.commitment_of(poll.id, choice, image)
    try:
        with transaction.atomic():
            Ballot.objects.create(poll=poll, choice=choice, image=image, commitment=commitment)
    except IntegrityError:
        raise KeyTaken from None


def _sent_again(poll: Poll, receipt: str, choice: str) -> str:
    """The receipt once more, where it belongs to a ballot with that choice: who knows it may have it."""
    image = receipts.image_of(poll.id, receipt)
    if not Ballot.objects.of_poll(poll).filter(image=image, choice=choice).exists():
        raise AlreadyVoted
    return receipt


@dataclass(frozen=True, slots=True)
class Found:
    """What a receipt leads to. `number` and `choice` are told once they are public."""

    is_well_formed: bool
    is_recorded: bool = False
    number: int | None = None
    choice: str = ""

    @property
    def label(self) -> str:
        """The choice in the reader's language."""
        return str(Choice(self.choice).label) if self.choice else ""


def look_up(*, poll: Poll, typed: str) -> Found:
    """What became of the ballot with a receipt, as far as it may be told now. Asks for no name and keeps no trace."""
    receipt = receipts.typed(typed)
    if not receipts.is_well_formed(receipt):
        return Found(is_well_formed=False)
    cast = Ballot.objects.of_poll(poll)
    ballot = cast.filter(image=receipts.image_of(poll.id, receipt)).first()
    if ballot is None:
        return Found(is_well_formed=True)
    number = cast.filter(commitment__lte=ballot.commitment).count() if poll.is_counted else None
    return Found(True, True, number, ballot.choice if poll.is_published else "")
