"""What the figures of a vote mean by its rule. Whole numbers decide, never shares that were rounded."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.voting.models import Majority, Poll


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("vote", "Accepted")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("vote", "Not accepted")
    TIE = "tie", _("A tie: not accepted")
    QUORUM_MISSED = "quorum_missed", _("Too few took part: no result")


def quorum_of(poll: Poll) -> int | None:
    """How many ballots the rule asks for, of the people on the roll, rounded up; nothing where it asks for none."""
    if poll.quorum_percent is None or poll.roll_size is None:
        return None
    return -(-poll.roll_size * poll.quorum_percent // 100)


def outcome_of(poll: Poll) -> Outcome:
    """Only for polls that have been tallied."""
    yes, no = poll.yes or 0, poll.no or 0
    quorum = quorum_of(poll)
    if quorum is not None and (poll.ballots or 0) < quorum:
        return Outcome.QUORUM_MISSED
    if poll.majority == Majority.TWO_THIRDS:
        return Outcome.ACCEPTED if yes > 0 and 3 * yes >= 2 * (yes + no) else Outcome.NOT_ACCEPTED
    if yes == no:
        return Outcome.TIE
    return Outcome.ACCEPTED if yes > no else Outcome.NOT_ACCEPTED
