"""How fast one person may write."""

from metacity.accounts.limits import consume
from metacity.accounts.models import User

A_MINUTE = 6
AN_HOUR = 60


def keep_pace(person: User) -> None:
    """Count one comment; `TooManyAttempts` (429) where somebody writes faster than people read."""
    consume(scope="comment-minute", key=str(person.pk), limit=A_MINUTE, window_s=60)
    consume(scope="comment-hour", key=str(person.pk), limit=AN_HOUR, window_s=3600)
