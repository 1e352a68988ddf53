"""What was decided about a subject, by which rule and why. Decisions are never changed, only followed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.moderation.models.cases import Case
from participation.moderation.outcomes import MEASURES, Outcome

WORDS_LENGTH = 1000


class DecisionQuerySet(models.QuerySet["Decision"]):
    def against(self, author: User) -> DecisionQuerySet:
        """Measures against what a person wrote, the newest first."""
        return self.filter(author=author, outcome__in=MEASURES).order_by("-made_at")

    def since(self, start: datetime) -> DecisionQuerySet:
        return self.filter(made_at__gte=start)


class Decision(models.Model):
    """An outcome with its rule and its reason in words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    # The case's revision that it made: whoever is slower with the same number has lost.
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    # The rule that it rests on, and the reason as its author and nobody else reads it.
    rule = models.CharField(max_length=20)
    words = models.TextField(max_length=WORDS_LENGTH, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    # Whom it concerns, and who decided. Null once they have left; nobody decided what the clock did.
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_by_clock = models.BooleanField(default=False)
    # The text that it was about.
    sha256 = models.CharField(max_length=64, blank=True)
    # Since when a report had waited for it.
    waited_since = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clocks.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("case", "number"), name="moderation_decisions_follow_one_another"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(author__isnull=True) | ~Q(decided_by=F("author")),
                name="moderation_nobody_decides_their_own_case",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.TEMPORARY, until__isnull=False)
                | (~Q(outcome=Outcome.TEMPORARY) & Q(until__isnull=True)),
                name="moderation_a_temporary_measure_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(is_by_clock=False) | Q(decided_by__isnull=True), name="moderation_the_clock_is_nobody"
            ),
        ]
        indexes = [
            # Earlier measures against the same author.
            models.Index(fields=("author", "-made_at"), name="moderation_decisions_on_author"),
            # The public statistics.
            models.Index(fields=("made_at",), name="moderation_decision_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"

    @property
    def is_measure(self) -> bool:
        return self.outcome in MEASURES

    @property
    def stands(self) -> bool:
        """Whether it is a measure, and nothing has been decided since."""
        return self.is_measure and self.number == self.case.revision
