"""What people write to each other during a meeting."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.commons import clocks
from participation.meetings.models.meetings import Meeting
from participation.meetings.models.seats import Seat

MESSAGE_LENGTH = 500


class MessageQuerySet(models.QuerySet["Message"]):
    def with_author(self) -> MessageQuerySet:
        return self.select_related("seat__person")

    def before(self, number: int | None) -> MessageQuerySet:
        """Those with smaller numbers, or all."""
        return self.filter(number__lt=number) if number else self.all()


class Message(models.Model):
    """One message, numbered in its meeting. It is never changed; moderation may hide it and show it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="messages")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=MESSAGE_LENGTH)
    written_at = models.DateTimeField(default=clocks.now)
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("number",)
        constraints = [
            # Serves the latest messages of a meeting, too.
            models.UniqueConstraint(fields=("meeting", "number"), name="message_number_is_unique_in_its_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None
