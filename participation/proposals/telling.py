"""What a proposal's room hears whenever something about it has changed: facts that a client can follow, not texts."""

from typing import Any

from metacity.commons import events
from metacity.commons.i18n import both
from participation.proposals.designs import run_of, told_of_run
from participation.proposals.models import Deadline, Proposal


def tell_change(proposal: Proposal) -> None:
    """To the proposal's room; the city's comes first, since several rooms are told in the order of their names."""
    payload = {
        "state": proposal.state,
        "is_hidden": proposal.is_hidden,
        "version": proposal.content.number,
        "run": told_of_run(run_of(proposal.content)),
        "department": told_of_department(proposal),
        "deadline": told_of_deadline(proposal.clock),
        "answers": proposal.answers.published().count(),
        "steps": proposal.steps.count(),
    }
    events.announce(room=proposal.room, kind="proposal.changed", payload=payload)


def told_of_department(proposal: Proposal) -> dict[str, str] | None:
    return both(proposal.department, "name") if proposal.department else None


def told_of_deadline(deadline: Deadline | None) -> dict[str, Any] | None:
    """Whether it has passed is left to who reads it: that changes with the day and without an event."""
    if deadline is None:
        return None
    return {
        "goal": deadline.goal,
        "days": deadline.days,
        "due_on": deadline.due_on.isoformat(),
        "extensions": deadline.extensions,
        "is_paused": deadline.is_paused,
        "has_ended": deadline.has_ended,
    }
