"""The sample district's votes: one open, one coming, one with its result. Running it again changes nothing.

Everything goes through the services that people's own acts go through, at the times when it would have happened.
"""

import datetime as dt
import random
import tomllib
import uuid
from pathlib import Path
from typing import Any

from django.utils import timezone

from metacity.accounts.models import User
from participation.proposals.models import Proposal
from participation.proposals.seeding import seed_people
from participation.voting.content import PollContent, checked
from participation.voting.models import Choice, Poll
from participation.voting.services import (
    announce_poll,
    cast_ballot,
    check_poll,
    close_poll,
    draft_poll,
    open_poll,
    publish_poll,
    tally_poll,
    tell_turnout,
)
from twin.mirror.models import City

SEEDS = Path(__file__).parent / "seeds" / "votes.toml"
# So that a turnout in steps of ten looks like that of a neighbourhood.
VOTERS = 360
OFFICIAL, APPROVER = "official@example.org", "approver@example.org"


def seed_votes(city: City, now: dt.datetime) -> str:
    """This room's seed: see `commons.seeding`."""
    seed_people(now, VOTERS)
    entries = tomllib.loads(SEEDS.read_text("utf-8"))["vote"]
    return f"{sum(_vote(city, entry, now) for entry in entries)} new votes"


def _vote(city: City, entry: dict[str, Any], now: dt.datetime) -> bool:
    """Whether the vote was new, and stands on an idea that is there."""
    proposal = Proposal.objects.in_city(city).filter(current__title=entry["idea"]).first()
    if proposal is None or Poll.objects.filter(question=entry["question"], city=city).exists():
        return False
    official, approver = (User.objects.get(email=email) for email in (OFFICIAL, APPROVER))
    content = _content(entry, now)
    made_at = content.opens_at - dt.timedelta(days=5)
    poll = draft_poll(proposal=proposal, content=content, by=official)
    check_poll(poll=poll, by=official, at=made_at)
    poll = announce_poll(poll=poll, by=official, at=made_at)
    if poll.opens_at <= now:
        poll = open_poll(poll=poll, at=poll.opens_at)
        _cast(poll, entry, random.Random(entry["question"]))  # noqa: S311 — nothing secret
        tell_turnout(poll=poll)
    if poll.closes_at <= now:
        closed = close_poll(poll=poll, at=poll.closes_at)
        publish_poll(poll=tally_poll(poll=closed), by=approver, at=poll.closes_at + dt.timedelta(hours=2))
    return True


def _content(entry: dict[str, Any], now: dt.datetime) -> PollContent:
    rule = {name: value for name, value in entry.items() if name not in {"idea", "answers", "from", "to"}}
    return checked(**rule, opens_at=_at(now, entry["from"], 9), closes_at=_at(now, entry["to"], 18))


def _at(now: dt.datetime, day: int, hour: int) -> dt.datetime:
    """That hour of the day counted from today, in the service's time zone."""
    local = timezone.localtime(now)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0) + dt.timedelta(days=day)


def _cast(poll: Poll, entry: dict[str, Any], chance: random.Random) -> None:
    """Ballots of seeded people alone: whoever looks around with an account of the demo still has theirs."""
    people = User.objects.filter(is_seeded=True, email=None, roll_entries__poll=poll).order_by("pk")
    answers = [choice for choice in Choice for _number in range(entry["answers"][choice.value])]
    chance.shuffle(answers)
    for person, choice in zip(chance.sample(list(people), len(answers)), answers, strict=True):
        cast_ballot(poll=poll, person=person, choice=choice, key=uuid.uuid4(), at=poll.opens_at)
