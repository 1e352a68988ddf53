"""The states a poll goes through, and which may follow which: read by services, and by the database's own rules."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a poll stands."""

    DRAFT = "draft", pgettext_lazy("vote", "Draft")
    ANNOUNCED = "announced", pgettext_lazy("vote", "Coming")
    OPEN = "open", _("Voting now")
    SUSPENDED = "suspended", pgettext_lazy("vote", "Suspended")
    CLOSED = "closed", _("Being counted")
    TALLIED = "tallied", _("To be certified")
    PUBLISHED = "published", _("Result published")
    CALLED_OFF = "called_off", pgettext_lazy("vote", "Called off")


# What may follow each state. States without an entry are final. From open to closed leads the clock alone: who could
# end a vote early could wait for the moment that suits. What went wrong is suspended, and called off uncounted.
FOLLOWING: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.ANNOUNCED}),
    State.ANNOUNCED: frozenset({State.DRAFT, State.OPEN, State.CALLED_OFF}),
    State.OPEN: frozenset({State.SUSPENDED, State.CLOSED}),
    State.SUSPENDED: frozenset({State.OPEN, State.CALLED_OFF}),
    State.CLOSED: frozenset({State.TALLIED}),
    State.TALLIED: frozenset({State.PUBLISHED}),
}

# Its rules may still be changed; nobody but the office sees it.
EDITABLE = frozenset({State.DRAFT})
# People may be told of it.
PUBLIC = tuple(state for state in State if state is not State.DRAFT)
# Ballots are in or may come: the roll stands, the board does not yet.
RUNNING = (State.OPEN, State.SUSPENDED)
# The roll is closed and the board of commitments stands.
COUNTED = (State.CLOSED, State.TALLIED, State.PUBLISHED)
# Over for those who want to vote.
PAST = (*COUNTED, State.CALLED_OFF)


def may_follow(earlier: str, later: str) -> bool:
    """Whether a poll in the state `earlier` may next be in `later`."""
    return State(later) in FOLLOWING.get(State(earlier), frozenset())
