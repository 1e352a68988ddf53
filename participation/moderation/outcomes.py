"""What a moderator can decide, what then stands, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What a decision says."""

    KEEP = "keep", _("Kept as it is")
    HIDE = "hide", _("Hidden")
    TEMPORARY = "temporary", _("Hidden for a time")
    RESTORE = "restore", _("Shown again")
    CLOSE = "close", _("Closed: no longer there")


class Standing(models.TextChoices):
    """How others see a subject now."""

    SHOWN = "shown", _("Shown")
    TEMPORARY = "temporary", _("Hidden for a time")
    HIDDEN = "hidden", _("Hidden")


# What may be decided where a subject stands, and where it stands then.
FOLLOWING: dict[Standing, dict[Outcome, Standing]] = {
    Standing.SHOWN: {
        Outcome.KEEP: Standing.SHOWN,
        Outcome.HIDE: Standing.HIDDEN,
        Outcome.TEMPORARY: Standing.TEMPORARY,
        Outcome.CLOSE: Standing.SHOWN,
    },
    Standing.TEMPORARY: {Outcome.HIDE: Standing.HIDDEN, Outcome.RESTORE: Standing.SHOWN},
    Standing.HIDDEN: {Outcome.RESTORE: Standing.SHOWN},
}
# Answers to reports that change nothing: where none waits, there is nothing to answer.
UNCHANGING = (Outcome.KEEP, Outcome.CLOSE)
# Decisions against an author, who may object to them.
MEASURES = (Outcome.HIDE, Outcome.TEMPORARY)
