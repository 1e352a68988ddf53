"""What is told of a vote to everybody who watches it. Nothing is told when a ballot is cast: see `tell_turnout`."""

from typing import Any

from django.utils import timezone

from metacity.commons import events
from participation.voting.models import Poll
from participation.voting.outcome import outcome_of


def told_of(poll: Poll) -> dict[str, Any]:
    """What changes while people look on: the API says it, and every event of the poll repeats it as it is by then."""
    return {
        "state": poll.state,
        "closes_at": timezone.localtime(poll.closes_at).isoformat(),
        "turnout": poll.turnout,
        "ballots": poll.ballots,
        "result": result_of(poll),
    }


def result_of(poll: Poll) -> dict[str, Any] | None:
    """The published figures and what they mean by the rule; nothing before they are published."""
    if not poll.is_published:
        return None
    return {"yes": poll.yes, "no": poll.no, "abstain": poll.abstain, "outcome": outcome_of(poll).value}


def announce(poll: Poll, kind: str) -> None:
    """Tells the poll's room; the last thing in a transaction."""
    events.announce(room=poll.room, kind=f"poll.{kind}", payload=told_of(poll))
