"""What is kept of presence: how a person wants to be seen, and who was sent away. Where people are is never kept."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from twin.mirror.models import City

REASON_LENGTH = 500


class Look(models.TextChoices):
    """How others see somebody in the city."""

    NAMED = "named", _("Show me with my name")
    UNNAMED = "unnamed", _("Show me without a name")
    HIDDEN = "hidden", _("Hide me")


class Visibility(models.Model):
    """A person's choice. Whoever has made none is seen without a name, and is asked."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="visibility")
    look = models.CharField(max_length=8, choices=Look)
    chosen_at = models.DateTimeField(default=clocks.now)

    class Meta:
        verbose_name = _("visibility")
        verbose_name_plural = _("visibilities")
        constraints = [
            models.CheckConstraint(condition=Q(look__in=Look.values), name="presence_look_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.look}"


class RemovalQuerySet(models.QuerySet["Removal"]):
    def in_force(self, at: dt.datetime) -> Self:
        return self.filter(until__gt=at, lifted_at=None)

    def of(self, person: User, city: City) -> Self:
        return self.filter(person=person, city=city)


class Removal(models.Model):
    """A person may not be among the people in a city's world until a moment, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="removals")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="removals")
    reason = models.CharField(max_length=REASON_LENGTH)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = RemovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("removal")
        verbose_name_plural = _("removals")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="presence_removal_ends_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="presence_removal_has_a_reason"),
        ]
        indexes = [
            # On joining and on every recheck of a socket: is this person sent away from here?
            models.Index(fields=["person", "city", "until"], name="presence_removal_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.until:%Y-%m-%d %H:%M}"
