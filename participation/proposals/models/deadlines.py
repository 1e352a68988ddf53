"""The clock that enough supports start: until when the office answers."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.commons import workdays
from participation.proposals.models.proposals import Proposal


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> DeadlineQuerySet:
        return self.filter(ended_on=None, paused_on=None)

    def due_by(self, day: dt.date) -> DeadlineQuerySet:
        """Running ones that end on `day` or before, the earliest first."""
        return self.running().filter(due_on__lte=day).order_by("due_on", "pk")


class Deadline(models.Model):
    """A proposal's deadline (처리기한). One a proposal, for good: supports taken back neither stop nor renew it.

    Days are those of the city's time zone; a period ends with its last day.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, primary_key=True, related_name="deadline")
    # The rule as it was when the clock started: so many supports, so many working days.
    goal = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    due_on = models.DateField()
    extensions = models.PositiveSmallIntegerField(default=0)
    # While the office waits for somebody else the days are kept, not counted.
    paused_on = models.DateField(null=True, blank=True)
    days_left = models.PositiveSmallIntegerField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=models.F("started_on")), name="deadline_is_after_its_start"),
            models.CheckConstraint(
                condition=Q(paused_on=None, days_left=None) | Q(paused_on__isnull=False, days_left__gt=0),
                name="deadline_keeps_its_days_while_paused",
            ),
        ]
        indexes = [
            # What is due or late, for reminders and the office's lists.
            models.Index(
                fields=("due_on",), condition=Q(ended_on=None, paused_on=None), name="deadline_running_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.due_on}"

    @classmethod
    def start(cls, *, proposal: Proposal, goal: int, days: int, today: dt.date) -> Deadline:
        due_on = workdays.due(today, days)
        return cls.objects.create(proposal=proposal, goal=goal, days=days, started_on=today, due_on=due_on)

    @property
    def has_ended(self) -> bool:
        return self.ended_on is not None

    @property
    def is_paused(self) -> bool:
        return self.paused_on is not None

    @property
    def is_running(self) -> bool:
        return not (self.has_ended or self.is_paused)

    def is_late(self, today: dt.date) -> bool:
        return self.is_running and today > self.due_on

    def left_on(self, today: dt.date) -> int:
        """Working days that are left after `today`."""
        return self.days_left or workdays.between(today, self.due_on)

    def days_late(self, today: dt.date) -> int:
        """Working days since it passed; at least one where it has."""
        return max(1, workdays.between(self.due_on, today)) if self.is_late(today) else 0

    def may_be_extended(self, today: dt.date) -> bool:
        """In time and not too often: an extension is no way out of being late."""
        return self.is_running and not self.is_late(today) and self.extensions < settings.MOST_EXTENSIONS

    def pause(self, today: dt.date) -> None:
        """Keep the days that are left. What is late already stays late."""
        if self.is_running and not self.is_late(today):
            self.paused_on, self.days_left = today, max(1, self.left_on(today))
            self.save(update_fields=["paused_on", "days_left"])

    def resume(self, today: dt.date) -> None:
        """Count on where it was paused."""
        if self.is_paused and not self.has_ended:
            self.due_on = workdays.due(today, self.days_left or 1)
            self.paused_on = self.days_left = None
            self.save(update_fields=["due_on", "paused_on", "days_left"])

    def extend(self, days: int) -> None:
        self.due_on, self.extensions = workdays.due(self.due_on, days), self.extensions + 1
        self.save(update_fields=["due_on", "extensions"])

    def postpone(self, day: dt.date) -> None:
        """To the day that an interim answer promises."""
        self.due_on = day
        self.save(update_fields=["due_on"])

    def end(self, today: dt.date) -> None:
        """For good: answered, or there is nothing left to answer."""
        if not self.has_ended:
            self.ended_on, self.paused_on, self.days_left = today, None, None
            self.save(update_fields=["ended_on", "paused_on", "days_left"])
