"""Rooms and what happened in them, numbered."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Room(models.Model):
    """Something that many people watch at once. `seq` is the number of its latest event."""

    name = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class Event(models.Model):
    """One change in a room, kept for a while so that whoever missed it can catch up."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    audience = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("room", "seq")
        # Serves the replay too: `filter(room=…, seq__gt=…).order_by("seq")`.
        constraints = (models.UniqueConstraint(fields=("room", "seq"), name="one_event_a_number"),)
        # Retention: `filter(at__lt=…)`.
        indexes = (models.Index(fields=("at",), name="event_by_time"),)

    def __str__(self) -> str:
        return f"{self.room_id} {self.seq} {self.kind}"
