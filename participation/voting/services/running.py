"""What the clock and the office do to a poll that people have been told of. Everything is public, with its reason."""

import hashlib
from datetime import datetime

from django.db import transaction

from metacity.accounts.models import User
from metacity.commons import jobs, ledger
from metacity.commons.text import clean_text
from participation.moderation.masking import masked
from participation.voting import traces
from participation.voting.content import LONGEST
from participation.voting.eligibility import eligible
from participation.voting.errors import NotLater, PollClosed, PollMoved, ReasonRequired
from participation.voting.live import announce
from participation.voting.models import Ballot, HasVoted, Poll, PollNotice, RollEntry
from participation.voting.models.polls import REASON_LENGTH
from participation.voting.models.roll import digest_of
from participation.voting.states import State

ROWS_AT_ONCE = 2000


@transaction.atomic
def open_poll(*, poll: Poll, at: datetime) -> Poll:
    """Write the roll and take ballots from now on. What a job calls; opening what is open changes nothing."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.ANNOUNCED or poll.opens_at > at:
        return poll
    people = eligible(poll).values_list("pk", flat=True)
    roll = [RollEntry(poll=poll, person_id=person) for person in people.iterator(chunk_size=ROWS_AT_ONCE)]
    # By their random ids, so that the order of the rows says nothing of the order in which people joined.
    roll.sort(key=lambda entry: entry.pk)
    RollEntry.objects.bulk_create(roll, batch_size=ROWS_AT_ONCE)
    poll.move_to(State.OPEN, roll_size=len(roll), roll_digest=digest_of(entry.pk for entry in roll))
    facts: dict[str, str | int] = {"roll": poll.roll_digest, "people": len(roll)}
    ledger.record(action="poll.opened", actor=None, subject=poll.subject, facts=facts)
    announce(poll, "opened")
    return poll


@transaction.atomic
def extend_poll(*, poll: Poll, until: datetime, reason: str, by: User, at: datetime) -> Poll:
    """Let people vote for longer. Only while it is open, and never for less long."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.OPEN:
        raise PollMoved
    if not poll.takes_ballots(at):
        raise PollClosed
    if not poll.closes_at < until <= poll.opens_at + LONGEST:
        raise NotLater(fields={"until": [str(NotLater.message)]})
    before = poll.closes_at
    Poll.objects.filter(pk=poll.pk).update(closes_at=until)
    poll.closes_at = until
    _tell(poll, PollNotice.Kind.EXTENDED, reason, by, at, before)
    return poll


@transaction.atomic
def suspend_poll(*, poll: Poll, reason: str, by: User, at: datetime) -> Poll:
    """Take no ballots for now. Those that were cast stay; the clock stands still."""
    poll = Poll.objects.locked(poll.pk)
    if not poll.takes_ballots(at):
        raise PollMoved
    poll.move_to(State.SUSPENDED, suspended_at=at)
    _tell(poll, PollNotice.Kind.SUSPENDED, reason, by, at, poll.closes_at)
    return poll


@transaction.atomic
def resume_poll(*, poll: Poll, reason: str, by: User, at: datetime) -> Poll:
    """Take ballots again, and for as much longer as the poll stood still."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.SUSPENDED or poll.suspended_at is None:
        raise PollMoved
    before = poll.closes_at
    poll.move_to(State.OPEN, suspended_at=None, closes_at=before + (at - poll.suspended_at))
    _tell(poll, PollNotice.Kind.RESUMED, reason, by, at, before)
    return poll


@transaction.atomic
def call_off_poll(*, poll: Poll, reason: str, by: User, at: datetime) -> Poll:
    """Give a poll up, before it opens or while it is suspended. Its ballots are never counted: they are deleted."""
    poll = Poll.objects.locked(poll.pk)
    poll.move_to(State.CALLED_OFF, suspended_at=None)
    traces.overwrite_deleted()
    Ballot.objects.of_poll(poll).delete()
    HasVoted.objects.filter(poll=poll).delete()
    jobs.enqueue(task=traces.WIPE, args={}, key=traces.WIPE)
    _tell(poll, PollNotice.Kind.CALLED_OFF, reason, by, at, poll.closes_at)
    return poll


@transaction.atomic
def tell_turnout(*, poll: Poll) -> bool:
    """Tell how many have voted, rounded down to the poll's step; whether there was a further step to tell.

    The clock asks for it every ten minutes on the dot, whether or not anybody has voted: the moment of an event says
    nothing of the moment of a ballot, and a step says of no single person that they have voted.
    """
    voted = HasVoted.objects.filter(poll=poll).count()
    step = voted // poll.turnout_step * poll.turnout_step
    still_open = Poll.objects.filter(pk=poll.pk, state=State.OPEN, turnout__lt=step)
    if not still_open.update(turnout=step):
        return False
    announce(Poll.objects.get(pk=poll.pk), "turnout")
    return True


def _tell(poll: Poll, kind: PollNotice.Kind, reason: str, by: User, at: datetime, before: datetime) -> None:
    """In public with its words, in the ledger with their hash."""
    words = masked(clean_text(reason, REASON_LENGTH, multiline=False, field="reason"))
    if not words:
        raise ReasonRequired(fields={"reason": [str(ReasonRequired.message)]})
    PollNotice.objects.create(
        poll=poll, kind=kind, reason=words, closed_before=before, closes_at=poll.closes_at, made_at=at
    )
    facts: dict[str, str | int] = {
        "reason": hashlib.sha256(words.encode()).hexdigest(),
        "closes": int(poll.closes_at.timestamp()),
    }
    ledger.record(action=f"poll.{kind.value}", actor=by.actor_id, subject=poll.subject, facts=facts)
    announce(poll, kind.value)
