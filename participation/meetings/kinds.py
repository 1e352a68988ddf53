"""The words that describe a meeting: where it stands, why somebody speaks, what is voted, what a person may not do."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    OPEN = "open", pgettext_lazy("meeting", "On now")
    PAUSED = "paused", pgettext_lazy("meeting", "Paused")
    CLOSED = "closed", pgettext_lazy("meeting", "Ended")
    PUBLISHED = "published", pgettext_lazy("meeting", "Minutes published")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


# What may follow each state. States without an entry are final.
FOLLOWING: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
    MeetingState.OPEN: frozenset({MeetingState.PAUSED, MeetingState.CLOSED}),
    MeetingState.PAUSED: frozenset({MeetingState.OPEN, MeetingState.CLOSED}),
    MeetingState.CLOSED: frozenset({MeetingState.PUBLISHED}),
}
RUNNING = frozenset({MeetingState.OPEN, MeetingState.PAUSED})
COMING = frozenset({MeetingState.PLANNED})
OVER = frozenset({MeetingState.CLOSED, MeetingState.PUBLISHED})


class SpeechKind(models.TextChoices):
    """Why somebody asks for the floor."""

    ORDINARY = "ordinary", _("A statement on the item")
    POINT_OF_ORDER = "point_of_order", _("A point of order")


class SpeechState(models.TextChoices):
    """What became of a wish to speak."""

    WAITING = "waiting", _("Waiting")
    SPEAKING = "speaking", _("Speaking")
    SPOKEN = "spoken", _("Has spoken")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Choice(models.TextChoices):
    """What one may vote."""

    YES = "yes", pgettext_lazy("vote", "In favour")
    NO = "no", pgettext_lazy("vote", "Against")
    ABSTAIN = "abstain", pgettext_lazy("vote", "Abstain")


class RestrictionKind(models.TextChoices):
    """What the chair may take from somebody, with a reason."""

    CHAT = "chat", _("No chat")
    SPEECH = "speech", _("No speaking")
    REMOVAL = "removal", _("Removed from the meeting")


def may_follow(earlier: str, later: str) -> bool:
    """Whether a meeting in the state `earlier` may next be in `later`."""
    return MeetingState(later) in FOLLOWING.get(MeetingState(earlier), frozenset())
