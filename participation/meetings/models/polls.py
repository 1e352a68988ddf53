"""Votes within a meeting: one a person, counted when the chair stops, published as sums."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.commons import clocks
from participation.meetings.kinds import Choice
from participation.meetings.models.meetings import AgendaItem, Meeting
from participation.meetings.models.seats import Seat

QUESTION_LENGTH = 200


class LivePollQuerySet(models.QuerySet["LivePoll"]):
    def open(self) -> LivePollQuerySet:
        return self.filter(stopped_at=None)


class LivePoll(models.Model):
    """A question with yes, no and abstain. Open until the chair stops it; then the roll is frozen and the sums stand.

    Votes can be counted again by the office, so they are not secret from it; nobody else sees more than the sums.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="polls")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, related_name="polls")
    number = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=QUESTION_LENGTH)
    opened_at = models.DateTimeField(default=clocks.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    # All four are null while it is open. `entitled` counts the roll, which is the base of shares.
    yes = models.PositiveIntegerField(null=True, blank=True)
    no = models.PositiveIntegerField(null=True, blank=True)
    abstain = models.PositiveIntegerField(null=True, blank=True)
    entitled = models.PositiveIntegerField(null=True, blank=True)

    objects = LivePollQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote in a meeting")
        verbose_name_plural = _("votes in meetings")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("meeting", "number"), name="live_poll_number_is_unique_in_its_meeting"),
            models.UniqueConstraint(
                fields=("meeting",), condition=Q(stopped_at=None), name="one_live_poll_is_open_in_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, yes=None, no=None, abstain=None, entitled=None)
                | Q(stopped_at__isnull=False, yes__isnull=False, no__isnull=False, abstain__isnull=False)
                & Q(entitled__gte=models.F("yes") + models.F("no") + models.F("abstain")),
                name="live_poll_has_sums_once_it_is_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.stopped_at is None

    @property
    def cast(self) -> int:
        return (self.yes or 0) + (self.no or 0) + (self.abstain or 0)

    def stop(self, *, entitled: int, at: datetime) -> None:
        """Count what was cast. Under the lock of the row, so that no vote comes in between."""
        sums = Counter(self.votes.values_list("choice", flat=True))
        self.yes, self.no, self.abstain = sums[Choice.YES], sums[Choice.NO], sums[Choice.ABSTAIN]
        self.entitled, self.stopped_at = entitled, max(at, self.opened_at)
        self.save(update_fields=["yes", "no", "abstain", "entitled", "stopped_at"])


class VoteQuerySet(models.QuerySet["Vote"]):
    def cast(self, poll: LivePoll, seat: Seat, choice: Choice) -> bool:
        """Write the vote; False where the seat had voted, however many try at once."""
        mine = Vote(poll=poll, seat=seat, choice=choice)
        self.bulk_create([mine], ignore_conflicts=True)
        return self.filter(pk=mine.pk).exists()


class Vote(models.Model):
    """One seat's choice. It carries no time: that would tell who voted when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(LivePoll, on_delete=models.CASCADE, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="votes")
    choice = models.CharField(max_length=8, choices=Choice.choices)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote in a meeting")
        verbose_name_plural = _("votes in a meeting")
        constraints = [
            models.UniqueConstraint(fields=("poll", "seat"), name="a_seat_votes_once_in_a_live_poll"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="vote_is_one_of_the_choices"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RollEntry(models.Model):
    """Who was entitled when a poll was stopped: those who were there and may vote, and those who had voted."""

    poll = models.ForeignKey(LivePoll, on_delete=models.CASCADE, related_name="roll")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("entry of the roll")
        verbose_name_plural = _("entries of the roll")
        constraints = [
            models.UniqueConstraint(fields=("poll", "seat"), name="a_seat_is_on_the_roll_once"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.seat_id}"
