"""Rooms and what happened in them, numbered."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Room(models.Model):
    """Something that many people watch at once. `seq` is the number of its latest event."""

    name = models.CharField(_("name"), max_length=80, primary_key=True)
    seq = models.BigIntegerField(_("latest number"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class Event(models.Model):
    """One change in a room, kept for a while so that whoever missed it can catch up."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events", verbose_name=_("room"))
    seq = models.BigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=64)
    payload = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    audience = models.CharField(_("audience"), max_length=200, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("room", "seq")
        # Serves the replay too: `filter(room=…, seq__gt=…).order_by("seq")`.
        constraints = (models.UniqueConstraint(fields=("room", "seq"), name="one_event_a_number"),)
        # Retention: `filter(at__lt=…)`.
        indexes = (models.Index(fields=("at",), name="event_by_time"),)

    def __str__(self) -> str:
        return f"{self.room_id} {self.seq} {self.kind}"
