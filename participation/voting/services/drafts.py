"""Making a poll, up to its announcement. From then on the database keeps its rules."""

from datetime import datetime

from django.db import transaction

from metacity.accounts.models import Topic, User
from metacity.accounts.notices import notify
from metacity.commons import ledger
from participation.proposals.models import Proposal
from participation.voting.content import PollContent
from participation.voting.errors import InvalidPoll, NotChecked, PollFrozen, PollMoved, TooLateToAnnounce
from participation.voting.live import announce
from participation.voting.models import Poll
from participation.voting.states import EDITABLE, State


@transaction.atomic
def draft_poll(*, proposal: Proposal, content: PollContent, by: User) -> Poll:
    """A poll on what the proposal says now. Only the office sees it until it is announced."""
    proposal = Proposal.objects.select_related("current", "city").get(pk=proposal.pk)
    if not proposal.is_listed:
        raise InvalidPoll
    poll = Poll.objects.create(
        city=proposal.city, proposal=proposal, version=proposal.content, made_by=by, **content.as_fields()
    )
    ledger.record(action="poll.drafted", actor=by.actor_id, subject=poll.subject, facts={"proposal": proposal.id})
    return poll


@transaction.atomic
def edit_poll(*, poll: Poll, content: PollContent, by: User) -> Poll:
    """Change a draft, and take the proposal as it reads by now. It has to be checked again."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state not in EDITABLE:
        raise PollFrozen
    version = poll.proposal.content
    Poll.objects.filter(pk=poll.pk).update(version=version, checked_at=None, **content.as_fields())
    ledger.record(action="poll.edited", actor=by.actor_id, subject=poll.subject)
    return Poll.objects.get(pk=poll.pk)


@transaction.atomic
def announce_poll(*, poll: Poll, by: User, at: datetime) -> Poll:
    """Tell people that and when they can vote, and on what. What it is decided by stays as it is from here on."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state != State.DRAFT:
        raise PollMoved
    if poll.checked_at is None:
        raise NotChecked
    if poll.opens_at <= at:
        raise TooLateToAnnounce
    poll.move_to(State.ANNOUNCED, announced_by=by)
    _tell_author(poll)
    ledger.record(
        action="poll.announced", actor=by.actor_id, subject=poll.subject, facts={"version": poll.version.number}
    )
    announce(poll, "announced")
    return poll


@transaction.atomic
def take_back_poll(*, poll: Poll, by: User) -> Poll:
    """Make an announced poll a draft again, to change it. Not once it is open."""
    poll = Poll.objects.locked(poll.pk)
    poll.move_to(State.DRAFT, checked_at=None, announced_by=None)
    ledger.record(action="poll.taken_back", actor=by.actor_id, subject=poll.subject)
    announce(poll, "taken_back")
    return poll


@transaction.atomic
def discard_poll(*, poll: Poll, by: User) -> None:
    """Throw a draft away."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state not in EDITABLE:
        raise PollFrozen
    ledger.record(action="poll.discarded", actor=by.actor_id, subject=poll.subject)
    poll.delete()


def _tell_author(poll: Poll) -> None:
    author = poll.proposal.author
    if author is not None:
        facts = {"question": poll.question}
        notify(
            person=author,
            kind="voting.announced",
            facts=facts,
            url=poll.get_absolute_url(),
            key=f"announced:{poll.pk}",
            topic=Topic.VOTES,
        )
