"""What this room holds of a person: told on request, let go when the person leaves.

A ballot that was cast stays and counts, before the close and after: nobody can tell which one it is, and the number of
ballots has to be that of the people who voted. What goes is the name on the roll. The rows that stay, "somebody is on
this roll" and "somebody has voted", then lead to nobody; who comes back with a new account is not on rolls that were
closed before.
"""

from typing import Any

from metacity.accounts.models import User
from participation.voting.models import HasVoted, RollEntry


def export_votes(user: User) -> list[dict[str, Any]]:
    """On which rolls the person is, and whether they voted: never when, and never what."""
    entries = RollEntry.objects.filter(person=user).select_related("poll").order_by("poll__opens_at", "poll_id")
    voted = set(HasVoted.objects.filter(entry__person=user).values_list("entry_id", flat=True))
    return [
        {"vote": str(entry.poll_id), "question": entry.poll.question, "voted": entry.pk in voted} for entry in entries
    ]


def erase_votes(user: User) -> None:
    RollEntry.objects.filter(person=user).update(person=None)
