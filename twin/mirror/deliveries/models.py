"""What was handed in, by whom, and how far it is."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> Self:
        """Those about which something is still to be done: by the office, by a worker, or again."""
        return self.filter(state__in=Delivery.OPEN)

    def under_way(self) -> Self:
        return self.filter(state__in=[Delivery.State.QUEUED, Delivery.State.RUNNING])


class Delivery(models.Model):
    """Files for one city, and what was said of them. The words are as typed and checked; the city may not exist yet."""

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("delivery", "Columns to be checked")
        QUEUED = "queued", pgettext_lazy("delivery", "Waiting for its turn")
        RUNNING = "running", pgettext_lazy("delivery", "Being read")
        DONE = "done", pgettext_lazy("delivery", "Read")
        FAILED = "failed", pgettext_lazy("delivery", "Not accepted")
        CANCELLED = "cancelled", pgettext_lazy("delivery", "Cancelled")

    OPEN = (State.RECEIVED, State.QUEUED, State.RUNNING, State.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, help_text="The city's, which may be made for it.")
    name = models.CharField(max_length=100, blank=True)
    name_en = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=50, blank=True)
    source = models.CharField(max_length=100)
    epsg = models.PositiveIntegerField(null=True, blank=True)
    security = models.CharField(max_length=12)
    licence = models.CharField(max_length=100, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    attribution_url = models.URLField(blank=True)
    survey_date = models.DateField(null=True, blank=True)
    columns = models.JSONField(default=dict, help_text="As `CityImport.columns`.")
    file_name = models.CharField(max_length=255, help_text="What the office called the file, or the first of several.")
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.FloatField(default=0.0)
    note = models.CharField(max_length=300, blank=True, help_text="What is being done, or why it was not accepted.")
    city_import = models.OneToOneField(
        "mirror.CityImport", on_delete=models.SET_NULL, null=True, blank=True, related_name="delivery"
    )
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__range=(0, 1)), name="mirror_delivery_progress_is_a_share"),
        ]
        # What is open for a city: the lists of the office, and the look for files to forget.
        indexes = [models.Index(fields=["slug", "state"], name="mirror_delivery_of_city")]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.slug}"

    @property
    def room(self) -> str:
        """The room where its progress is announced."""
        return f"delivery.{self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def can_start(self) -> bool:
        """Whether the office may have it read, for the first time or again."""
        return self.state in {self.State.RECEIVED, self.State.FAILED}

    @property
    def can_cancel(self) -> bool:
        return self.state in self.OPEN
