"""Work that is done later, remembered in the database: a broker that forgets loses nothing."""

import datetime as dt
import uuid

from django.db import models


class JobQuerySet(models.QuerySet["Job"]):
    def active(self) -> "JobQuerySet":
        return self.filter(state__in=Job.ACTIVE)

    def unheard_since(self, moment: dt.datetime) -> "JobQuerySet":
        """Running, yet without a sign of life since `moment`: the worker has gone."""
        return self.filter(state=Job.State.RUNNING, heard_at__lt=moment)

    def due(self, moment: dt.datetime) -> "JobQuerySet":
        """Waiting for longer than a message in the broker should take."""
        return self.filter(state=Job.State.QUEUED, due_at__lt=moment)


class Job(models.Model):
    """One piece of work. `lease` is known to the one worker that has it; who lost the lease can change nothing."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ACTIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    key = models.CharField(max_length=150)
    queue = models.CharField(max_length=32, default="default")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0.0)
    note = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=models.Q(state__in=("queued", "running")), name="one_active_job_a_key"
            ),
            models.CheckConstraint(
                condition=models.Q(progress__gte=0.0, progress__lte=1.0), name="progress_between_0_and_1"
            ),
        )
        indexes = (
            # The clock's look for lost work: `due(…)` and `unheard_since(…)`.
            models.Index(fields=("state", "due_at"), name="job_by_state_and_due"),
            # The history of one piece of work: `filter(key=…)`.
            models.Index(fields=("key", "-created_at"), name="job_by_key"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.key} {self.state}"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE
