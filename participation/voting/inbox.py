"""What waits in the office's inbox: votes to announce, to certify, and those that the clock could not close."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.accounts.office import MOST_SHOWN, Item, Tray
from participation.voting.access import CERTIFIERS
from participation.voting.clock import last_fault
from participation.voting.models import Poll
from participation.voting.states import State

_WAITING = (State.TALLIED, State.SUSPENDED, State.DRAFT)


def votes_tray(official: User, now: datetime) -> Tray:
    """The most urgent first: results to certify, suspended votes, drafts."""
    polls = [poll for poll in Poll.objects.filter(state__in=_WAITING).order_by("opens_at") if _is_for(poll, official)]
    polls += Poll.objects.due_to_close(now).order_by("closes_at")
    polls.sort(key=lambda poll: _order(poll))
    items = [_item(poll, now) for poll in polls[:MOST_SHOWN]]
    return Tray("votes", _("Votes"), len(polls), items, reverse("voting_office:list"))


def _is_for(poll: Poll, official: User) -> bool:
    """Results wait for those who may certify them."""
    return poll.state != State.TALLIED or (
        bool(official.roles & set(CERTIFIERS)) and poll.announced_by_id != official.pk
    )


def _order(poll: Poll) -> int:
    return _WAITING.index(State(poll.state)) + 1 if poll.state in _WAITING else 0


def _item(poll: Poll, now: datetime) -> Item:
    url = reverse("voting_office:manage", args=[poll.pk])
    if poll.state == State.TALLIED:
        return Item(poll.question, url, poll.closes_at, _("Counted. The result waits to be certified."))
    if poll.state == State.SUSPENDED:
        return Item(poll.question, url, poll.suspended_at or now, _("Suspended. People are waiting."))
    if poll.state == State.OPEN:
        note = _("It could not be closed. Please look into it.") if last_fault(poll) else _("It is being closed.")
        return Item(poll.question, url, poll.closes_at, note)
    note = _("Checked: it can be announced.") if poll.checked_at else _("A draft that has not been checked yet.")
    return Item(poll.question, url, poll.created_at, note, due=poll.opens_at, is_late=poll.opens_at <= now)
