"""Processes and their phases. A phase is data: it says who may do what, and until when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.commons import clocks
from metacity.commons.i18n import localised
from participation.processes.kinds import DEMOLITION, Act, DesignKind, Land, Level, PhaseKind, ProcessKind
from participation.processes.predicates import Verdict, judge
from twin.mirror.models import City


class ProcessQuerySet(models.QuerySet["Process"]):
    def published(self) -> ProcessQuerySet:
        return self.filter(state__in=[Process.State.PUBLISHED, Process.State.ARCHIVED])

    def in_city(self, city: City) -> ProcessQuerySet:
        return self.filter(city=city)

    def with_phases(self) -> ProcessQuerySet:
        """Phases and city fetched along, so that asking what is open and where it leads costs no query."""
        return self.select_related("city").prefetch_related("phases")

    def running(self, now: datetime) -> ProcessQuerySet:
        """Processes with a phase that is open now."""
        open_now = Phase.objects.filter(process=models.OuterRef("pk"), opens_at__lte=now, closes_at__gt=now)
        return self.filter(models.Exists(open_now), state=Process.State.PUBLISHED)

    def open_for(self, act: Act, now: datetime) -> list[Process]:
        """Running processes whose phase of now lets people do `act`: first the one that stays open longest."""
        running = [process for process in self.running(now).with_phases() if process.is_open_for(act, now)]
        return sorted(running, key=lambda process: process.closes_at(now) or now, reverse=True)


class Process(models.Model):
    """A participation space: what it is about, which designs it takes, and its dated phases."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="processes")
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=ProcessKind.choices, default=ProcessKind.IDEAS)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=300)
    summary_en = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    office = models.CharField(max_length=80, blank=True)
    office_en = models.CharField(max_length=80, blank=True)
    open_kinds = models.JSONField(default=list, blank=True)
    open_land = models.CharField(max_length=8, choices=Land.choices, default=Land.PUBLIC)
    allows_demolition = models.BooleanField(default=False)
    support_goal = models.PositiveIntegerField(null=True, blank=True)
    # Working days in which the office answers once the goal is reached; `ANSWER_DAYS` where none are told.
    answer_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(default=clocks.now, editable=False)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation process")
        verbose_name_plural = _("participation processes")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(fields=("city", "slug"), name="process_slug_is_unique_in_its_city"),
            models.CheckConstraint(
                condition=Q(support_goal__isnull=True) | Q(support_goal__gt=0), name="process_support_goal_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(answer_days__isnull=True) | Q(answer_days__gt=0), name="process_answer_days_are_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days_to_answer(self) -> int:
        """Working days in which the office answers a proposal that has enough supports."""
        return self.answer_days or settings.ANSWER_DAYS

    # When

    def timeline(self) -> Sequence[Phase]:
        """All phases in the order in which they open."""
        return sorted(self.phases.all(), key=lambda phase: phase.opens_at)

    def current_phase(self, now: datetime) -> Phase | None:
        return next((phase for phase in self.timeline() if phase.is_open(now)), None)

    def next_phase(self, now: datetime, *, letting: Act | None = None) -> Phase | None:
        """The first phase still to open; with `letting`, the first that lets people do that."""
        coming = (phase for phase in self.timeline() if phase.opens_at > now)
        return next((phase for phase in coming if letting is None or phase.lets(letting)), None)

    def is_open_for(self, act: Act, now: datetime) -> bool:
        phase = self.current_phase(now)
        return phase is not None and phase.lets(act)

    def closes_at(self, now: datetime) -> datetime | None:
        """When the phase of now ends; None between phases."""
        phase = self.current_phase(now)
        return phase.closes_at if phase else None

    # Who may do what

    def allows(self, act: Act | str, user: Visitor, now: datetime) -> Verdict:
        """Whether `user` may do `act` now: true or false, and in words why not."""
        return judge(self, Act(act), user, now)

    def design_kinds(self) -> list[DesignKind]:
        """The kinds of designs that citizens may add here; none means ideas in words only."""
        kinds = [DesignKind(kind) for kind in self.open_kinds if kind in DesignKind.values]
        return [kind for kind in kinds if self.allows_demolition or kind not in DEMOLITION]


class Phase(models.Model):
    """A dated stage of a process and what it lets people do."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=12, choices=PhaseKind.choices)
    title = models.CharField(max_length=60, blank=True)
    title_en = models.CharField(max_length=80, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    allows = models.JSONField(default=list, blank=True)
    min_level = models.CharField(max_length=12, choices=Level.choices, default=Level.IDENTIFIED)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ("opens_at",)
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="phase_closes_after_it_opens"),
        ]
        # Which processes are running now.
        indexes = [models.Index(fields=("opens_at", "closes_at"), name="phase_by_time")]

    def __str__(self) -> str:
        return f"{self.process_id} {self.kind}"

    @property
    def shown_title(self) -> str:
        """Its own title, else that of its kind."""
        return localised(self, "title") or str(self.get_kind_display())

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at

    def is_over(self, now: datetime) -> bool:
        return self.closes_at <= now

    def lets(self, act: Act) -> bool:
        return act in self.allows

    def acts(self) -> list[Act]:
        """What people may do in this phase, in the order of the table of acts."""
        return [act for act in Act if act in self.allows]

    def overlaps(self, other: Phase) -> bool:
        return self.opens_at < other.closes_at and other.opens_at < self.closes_at

    def clean(self) -> None:
        """Refuse acts that do not exist; the admin shows the message beside the field."""
        from django.core.exceptions import ValidationError

        unknown: list[Any] = [act for act in self.allows if act not in Act.values]
        if unknown:
            raise ValidationError({"allows": _("Unknown act: %(act)s") % {"act": unknown[0]}})
