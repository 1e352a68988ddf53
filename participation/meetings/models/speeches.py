"""Wishes to speak and what became of them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.commons import clocks
from participation.meetings.kinds import SpeechKind, SpeechState
from participation.meetings.models.meetings import AgendaItem, Meeting
from participation.meetings.models.seats import Seat

# A whole queue is told in one event, which may not grow without end.
CALL_REASON_LENGTH = 80


class SpeechQuerySet(models.QuerySet["Speech"]):
    def waiting(self) -> SpeechQuerySet:
        return self.filter(state=SpeechState.WAITING)

    def speaking(self) -> SpeechQuerySet:
        return self.filter(state=SpeechState.SPEAKING)

    def spoken(self) -> SpeechQuerySet:
        return self.filter(state=SpeechState.SPOKEN).order_by("started_at")

    def with_person(self) -> SpeechQuerySet:
        return self.select_related("seat__person")

    def still_counting(self) -> SpeechQuerySet:
        """All that the floor depends on: who speaks, who waits, and who has spoken how long."""
        return self.exclude(state=SpeechState.WITHDRAWN)

    def withdraw(self, at: datetime) -> int:
        """Takes those that wait off the list; how many there were."""
        return self.waiting().update(state=SpeechState.WITHDRAWN, ended_at=at)


class Speech(models.Model):
    """One wish to speak: waiting, then with the floor, then over; or withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="speeches")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="speeches")
    # What the meeting was talking about when the floor was given, and before that when it was asked for.
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, related_name="speeches")
    kind = models.CharField(max_length=16, choices=SpeechKind.choices, default=SpeechKind.ORDINARY)
    state = models.CharField(max_length=12, choices=SpeechState.choices, default=SpeechState.WAITING)
    asked_at = models.DateTimeField(default=clocks.now)
    # Set when the chair calls somebody before the rule would; everybody sees the reason.
    called_at = models.DateTimeField(null=True, blank=True)
    called_reason = models.CharField(max_length=CALL_REASON_LENGTH, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    spoken_s = models.PositiveIntegerField(default=0)

    objects = SpeechQuerySet.as_manager()

    class Meta:
        verbose_name = _("speech")
        verbose_name_plural = _("speeches")
        ordering = ("asked_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("seat", "kind"), condition=Q(state="waiting"), name="one_waits_once_for_each_kind_of_speech"
            ),
            models.UniqueConstraint(
                fields=("meeting",), condition=Q(state="speaking"), name="one_speaks_at_a_time_in_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(called_at=None) | ~Q(called_reason=""), name="a_speech_is_called_for_a_reason"
            ),
        ]
        # The list of a meeting; who has spoken how long.
        indexes = [models.Index(fields=("meeting", "state", "asked_at"), name="speech_by_state")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.id}"

    def start(self, item: AgendaItem | None, at: datetime) -> None:
        self.state, self.item, self.started_at = SpeechState.SPEAKING, item, at
        self.save(update_fields=["state", "item", "started_at"])

    def end(self, at: datetime) -> None:
        """Over; a clock that has gone backwards meanwhile makes a speech of no length, never of less."""
        started = self.started_at or at
        self.state, self.ended_at = SpeechState.SPOKEN, max(at, started)
        self.spoken_s = int((self.ended_at - started).total_seconds())
        self.save(update_fields=["state", "ended_at", "spoken_s"])
