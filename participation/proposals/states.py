"""The states a proposal goes through, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a proposal stands. A proposal not yet submitted is a `Draft`."""

    SUBMITTED = "submitted", _("Received")
    SUPPLEMENT_REQUESTED = "supplement", _("More information requested")
    TRANSFERRED = "transferred", _("Transferred")
    MERGED = "merged", _("Merged")
    RETURNED = "returned", _("Returned")
    IN_REVIEW = "in_review", _("In review")
    INTERIM_ANSWER = "interim", _("Interim answer")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY_ACCEPTED = "partly", _("Partly accepted")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    UNDER_WAY = "under_way", _("Under way")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ANSWERS = frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED, State.NOT_ACCEPTED})

# What may follow each state. States without an entry are final.
FOLLOWING: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset(
        {
            State.SUPPLEMENT_REQUESTED,
            State.TRANSFERRED,
            State.MERGED,
            State.RETURNED,
            State.IN_REVIEW,
            State.WITHDRAWN,
        }
    ),
    State.SUPPLEMENT_REQUESTED: frozenset({State.SUBMITTED, State.RETURNED, State.WITHDRAWN}),
    State.TRANSFERRED: frozenset({State.IN_REVIEW, State.RETURNED, State.WITHDRAWN}),
    State.IN_REVIEW: ANSWERS
    | {State.INTERIM_ANSWER, State.SUPPLEMENT_REQUESTED, State.TRANSFERRED, State.MERGED, State.WITHDRAWN},
    State.INTERIM_ANSWER: ANSWERS | {State.WITHDRAWN},
    State.ACCEPTED: frozenset({State.UNDER_WAY}),
    State.PARTLY_ACCEPTED: frozenset({State.UNDER_WAY}),
}

# Answered for good: what follows is building it, or putting the answer right.
DECIDED = ANSWERS | {State.UNDER_WAY}
# The author may still change the text: nobody has begun to decide on it.
REVISABLE = frozenset({State.SUBMITTED, State.SUPPLEMENT_REQUESTED})
# A support still says something to somebody who decides.
SUPPORTABLE = frozenset(
    {State.SUBMITTED, State.SUPPLEMENT_REQUESTED, State.TRANSFERRED, State.IN_REVIEW, State.INTERIM_ANSWER}
)
# The office has looked at it and owes an answer.
TO_ANSWER = (State.IN_REVIEW, State.INTERIM_ANSWER)
# Shown in lists, on maps and in the city.
LISTED = tuple(state for state in State if state not in {State.WITHDRAWN, State.MERGED})


def may_follow(earlier: str, later: str) -> bool:
    """Whether a proposal in the state `earlier` may next be in `later`."""
    return State(later) in FOLLOWING.get(State(earlier), frozenset())
