"""Votes for tests, in any state, made by the services that make real ones."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from participation.proposals.models import Proposal
from participation.voting.content import PollContent, checked
from participation.voting.models import Poll
from participation.voting.services import (
    announce_poll,
    cast_ballot,
    check_poll,
    close_poll,
    draft_poll,
    open_poll,
    publish_poll,
    tally_poll,
)
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def an_official(**fields: Any) -> User:
    return a_person(roles=["official"], second_factor=True, **fields)


def an_approver(**fields: Any) -> User:
    return a_person(roles=["official", "approver"], second_factor=True, **fields)


def poll_content(**fields: Any) -> PollContent:
    """A question that opens in an hour and closes a day later, unless told otherwise."""
    now = timezone.now().replace(second=0, microsecond=0)
    told: dict[str, Any] = {
        "question": "정류장에 그늘막을 놓을까요?",
        "meaning": "찬성이 많으면 내년 예산에 넣습니다.",
        "opens_at": now + HOUR,
        "closes_at": now + HOUR + DAY,
    }
    return checked(**(told | fields))


def a_draft_poll(proposal: Proposal | None = None, by: User | None = None, **fields: Any) -> Poll:
    return draft_poll(proposal=proposal or a_proposal(), content=poll_content(**fields), by=by or an_official())


def an_announced_poll(proposal: Proposal | None = None, by: User | None = None, **fields: Any) -> Poll:
    official = by or an_official()
    poll = a_draft_poll(proposal, official, **fields)
    now = poll.opens_at - 2 * HOUR
    check_poll(poll=poll, by=official, at=now)
    return announce_poll(poll=poll, by=official, at=now)


def an_open_poll(proposal: Proposal | None = None, by: User | None = None, **fields: Any) -> Poll:
    """Open since an hour; everybody who exists by now and whom its rule allows is on its roll."""
    now = timezone.now().replace(second=0, microsecond=0)
    times = {"opens_at": now - HOUR, "closes_at": now + DAY}
    poll = an_announced_poll(proposal, by, **(times | fields))
    return open_poll(poll=poll, at=poll.opens_at)


def vote(poll: Poll, person: User, choice: str = "yes", key: uuid.UUID | None = None) -> str:
    """Cast while it is open; the receipt."""
    return cast_ballot(poll=poll, person=person, choice=choice, key=key or uuid.uuid4(), at=poll.opens_at)


def a_closed_poll(poll: Poll) -> Poll:
    return close_poll(poll=poll, at=Poll.objects.get(pk=poll.pk).closes_at)


def a_tallied_poll(poll: Poll) -> Poll:
    return tally_poll(poll=a_closed_poll(poll))


def a_published_poll(poll: Poll, by: User | None = None) -> Poll:
    return publish_poll(poll=a_tallied_poll(poll), by=by or an_approver(), at=poll.closes_at + HOUR)


def voted_by(people: Sequence[User], choices: Sequence[str], **fields: Any) -> tuple[Poll, dict[str, User]]:
    """An open poll in which these people voted so, and whose receipt is whose."""
    poll = an_open_poll(**fields)
    return poll, {vote(poll, person, choice): person for person, choice in zip(people, choices, strict=True)}
