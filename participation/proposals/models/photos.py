"""Photos: each picture with the words for people who cannot see it. Its files are kept by `commons.photos`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.photos import Stored
from participation.proposals.models.drafts import Draft
from participation.proposals.models.proposals import ProposalVersion

MOST_PHOTOS = 5
ALT_LENGTH = 200
# A draft keeps more than fits, so that too long a description is there to be shortened.
MOST_ALT_CHARACTERS = 1000


class PhotoQuerySet(models.QuerySet["Photo"]):
    def waiting_of(self, sender: User) -> PhotoQuerySet:
        """Those that somebody sent through the API and has not used so far."""
        return self.filter(sender=sender)

    def left_since(self, moment: datetime) -> PhotoQuerySet:
        """Those that nobody used although they were sent before that moment."""
        return self.filter(sender__isnull=False, created_at__lt=moment)

    def bytes(self) -> int:
        return self.aggregate(total=Sum("size_bytes"))["total"] or 0


class Photo(models.Model):
    """A photo of a draft, or of a version, or one that its sender has yet to name in a submission.

    Each has rows of its own, so that a version's photos never change; the same files stand behind them all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    version = models.ForeignKey(ProposalVersion, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    sender = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    # The name of its files, and the measures of the largest of them.
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    # As typed in a draft; in a version checked, and never empty.
    alt = models.CharField(max_length=MOST_ALT_CHARACTERS, blank=True)
    created_at = models.DateTimeField(default=clocks.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("position", "created_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(draft__isnull=False, version__isnull=True, sender__isnull=True)
                | Q(draft__isnull=True, version__isnull=False, sender__isnull=True)
                | Q(draft__isnull=True, version__isnull=True, sender__isnull=False),
                name="photo_belongs_to_one",
            ),
            models.CheckConstraint(condition=Q(version__isnull=True) | ~Q(alt=""), name="photo_shown_is_described"),
            models.UniqueConstraint(fields=("draft", "digest"), name="photo_is_in_a_draft_once"),
            models.UniqueConstraint(fields=("version", "digest"), name="photo_is_in_a_version_once"),
        ]
        # Whether a photo's files are still shown by anybody.
        indexes = [models.Index(fields=("digest",), name="photo_by_digest")]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def of(cls, stored: Stored, **told: Any) -> Photo:
        """A row for what is kept; not yet written."""
        return cls(digest=stored.digest, width=stored.width, height=stored.height, size_bytes=stored.size_bytes, **told)

    @property
    def stored(self) -> Stored:
        return Stored(self.digest, self.width, self.height, self.size_bytes)
