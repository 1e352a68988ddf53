"""Who is in a meeting. A seat is the one link from what happened there to a person; without it, what happened stays."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.meetings.kinds import RestrictionKind
from participation.meetings.models.meetings import Meeting

REASON_LENGTH = 200
# How often a seat that is taken is written anew at most.
NOTED_EVERY = timedelta(seconds=30)


def name_of(person: User | None) -> str:
    """How a person is called in a meeting, the same in every language; empty once they have left."""
    if person is None or person.erased_at:
        return ""
    return person.alias or person.masked_name or f"#{person.pk.hex[:4].upper()}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def of_people(self) -> SeatQuerySet:
        return self.filter(guest_key="")

    def of_guests(self) -> SeatQuerySet:
        return self.exclude(guest_key="")

    def taken(self) -> SeatQuerySet:
        """Those whose people are there now."""
        return self.filter(is_here=True)

    def with_person(self) -> SeatQuerySet:
        return self.select_related("person")


class Seat(models.Model):
    """One person's or one guest's place in one meeting. `is_here` changes when they come and go, and is told then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    # Null for guests, and once the person has left MetaCity.
    person = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="seats")
    # A hash of a guest's session and the meeting; guests are a number, and their seats go when the meeting ends.
    guest_key = models.CharField(max_length=64, blank=True)
    is_here = models.BooleanField(default=False)
    came_at = models.DateTimeField(default=clocks.now)
    # When the page last said that somebody is there.
    seen_at = models.DateTimeField(default=clocks.now)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("came_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("meeting", "person"), name="a_person_has_one_seat_in_a_meeting"),
            models.UniqueConstraint(
                fields=("meeting", "guest_key"), condition=~Q(guest_key=""), name="a_guest_has_one_seat_in_a_meeting"
            ),
            models.CheckConstraint(condition=Q(guest_key="") | Q(person=None), name="a_guests_seat_has_no_person"),
        ]
        # Who is there now, and who has not been heard of for a while.
        indexes = [models.Index(fields=("meeting", "is_here", "seen_at"), name="seat_by_presence")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.id}"

    @property
    def name(self) -> str:
        return name_of(self.person)

    def is_to_be_noted(self, at: datetime) -> bool:
        """Whether it was last noted so long ago that it is time to say again that somebody is there."""
        return self.seen_at < at - NOTED_EVERY


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self, at: datetime) -> RestrictionQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=at), lifted_at=None)

    def standing(self) -> RestrictionQuerySet:
        """Not lifted; those with a time may have run out."""
        return self.filter(lifted_at=None).select_related("seat__person").order_by("made_at", "id")


class Restriction(models.Model):
    """What the chair took from somebody, why, and until when. Without a time it lasts as long as the meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="restrictions")
    kind = models.CharField(max_length=8, choices=RestrictionKind.choices)
    reason = models.CharField(max_length=REASON_LENGTH)
    made_at = models.DateTimeField(default=clocks.now)
    until = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        ordering = ("made_at",)
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_restriction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.kind}"
