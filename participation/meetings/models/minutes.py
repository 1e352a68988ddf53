"""Minutes: assembled from what happened, edited by the clerk in versions, approved by the chair."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.meetings.models.meetings import Meeting
from participation.meetings.models.seats import REASON_LENGTH

MINUTES_LENGTH = 60_000


class Minutes(models.Model):
    """The minutes of one meeting. Once approved, they stay as they are, and their hash stands in the ledger."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, primary_key=True, related_name="minutes")
    # Set while they wait for the chair's approval.
    handed_in_at = models.DateTimeField(null=True, blank=True)
    # What the chair asked to change, until they are handed in again.
    returned_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, sha256="") | Q(approved_at__isnull=False) & ~Q(sha256=""),
                name="approved_minutes_have_their_hash",
            ),
        ]

    def __str__(self) -> str:
        return str(self.meeting_id)

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def current(self) -> MinutesVersion:
        """What they say now."""
        return self.versions.latest("number")


class MinutesVersion(models.Model):
    """What the minutes said at one time. Versions are never changed, only followed."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    # Null for the version that was assembled, and once the person has left.
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=clocks.now)

    class Meta:
        verbose_name = _("version of minutes")
        verbose_name_plural = _("versions of minutes")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("minutes", "number"), name="minutes_version_number_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.number}"

    @property
    def digest(self) -> str:
        """The hash that is published: of the text alone, so that anybody can compute it."""
        return hashlib.sha256(self.text.encode()).hexdigest()
