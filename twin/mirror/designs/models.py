"""Designs in versions. What a version says never changes: a proposal's supporters must know what they supported."""

import uuid

from django.db import models
from django.utils import timezone

from twin.mirror.designs.changes import ChangeSet, parse


class Design(models.Model):
    """One idea's change set against the twin, through all its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("mirror.City", on_delete=models.PROTECT, related_name="designs")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.id)


class DesignVersion(models.Model):
    """What a design was from one moment until the next version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    changes = models.JSONField(help_text="The canonical form of `changes.ChangeSet`.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical form.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["design", "number"]
        constraints = [models.UniqueConstraint(fields=["design", "number"], name="mirror_design_number_once")]

    def __str__(self) -> str:
        return f"{self.design_id} {self.number}"

    @property
    def change_set(self) -> ChangeSet:
        return parse(self.changes)
