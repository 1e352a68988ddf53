"""Scenarios, runs and what they found."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twin.mirror.designs.models import DesignVersion
from twin.mirror.models import Publication


class RunQuerySet(models.QuerySet["Run"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[Run.State.QUEUED, Run.State.RUNNING])

    def of_design_version(self, version: DesignVersion) -> Self:
        return self.filter(scenarios__design_version=version)


class Run(models.Model):
    """One engine on one scenario with one seed. Equal inputs have one run: nothing is computed twice."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Computing")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engine = models.CharField(max_length=40)
    engine_version = models.CharField(max_length=20)
    seed = models.PositiveBigIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.FloatField(default=0.0)
    # A code that the room puts into words: `memory`, `time`, `crashed`, `inputs`.
    failure = models.CharField(max_length=20, blank=True)
    outcome = models.JSONField(default=dict, help_text="Indicators, rows and facts; see `engines.outcome`.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__range=(0, 1)), name="simulation_progress_is_a_share"),
        ]
        # What waits or runs, found again after a restart.
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state__in=["queued", "running"]), name="simulation_unfinished_runs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state in {Run.State.DONE, Run.State.FAILED, Run.State.CANCELLED}


class Scenario(models.Model):
    """A publication of the city with a design applied to it: what runs compare with the publication as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="scenarios")
    design_version = models.ForeignKey(DesignVersion, on_delete=models.CASCADE, related_name="scenarios")
    runs = models.ManyToManyField(Run, related_name="scenarios")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "design_version"], name="simulation_scenario_once")
        ]

    def __str__(self) -> str:
        return f"{self.design_version_id} in {self.publication_id}"
