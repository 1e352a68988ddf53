"""The history of a proposal: what the office did with it, step by step, in public."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.i18n import both
from participation.proposals.models.answers import Answer
from participation.proposals.models.departments import Department
from participation.proposals.models.proposals import Proposal


class StepKind(models.TextChoices):
    """What happened. Its sentence is said in `timeline`."""

    ASSIGNED = "assigned", _("Department named")
    REVIEW_BEGUN = "review_begun", _("Review begun")
    SUPPLEMENT_REQUESTED = "supplement_requested", _("More information requested")
    SUPPLEMENTED = "supplemented", _("Information added")
    TRANSFERRED = "transferred", _("Transferred")
    MERGED = "merged", _("Merged")
    JOINED = "joined", _("Another proposal merged into this one")
    RETURNED = "returned", _("Returned")
    GUIDED = "guided", _("Guided to the complaint service")
    GOAL_REACHED = "goal_reached", _("Answer due")
    EXTENDED = "extended", _("Deadline extended")
    ANSWERED = "answered", _("Answered")
    CORRECTED = "corrected", _("Answer corrected")
    PROGRESS = "progress", _("Progress")
    COMPLETED = "completed", _("Completed")


class StepQuerySet(models.QuerySet["Step"]):
    def told(self) -> StepQuerySet:
        """With all that a page says of them, in the order in which they were taken."""
        return self.select_related("department", "answer__department", "other__current", "other__city").order_by(
            "at", "pk"
        )


class Step(models.Model):
    """One step of a proposal's handling. Steps are never changed, only followed; everybody who reads it sees them."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    at = models.DateTimeField(default=clocks.now)
    # Who took it; nobody for what follows from a rule. Not shown in public.
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    # The other proposal where two were merged.
    other = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What the office wrote to it: a reason, what is missing, what was built.
    words = models.TextField(blank=True)
    # Days, numbers and codes that its sentence names.
    facts = models.JSONField(default=dict)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("proposal",), condition=Q(kind="goal_reached"), name="a_goal_is_reached_once"
            ),
            models.UniqueConstraint(
                fields=("proposal",), condition=Q(kind="completed"), name="a_proposal_is_completed_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="step_kind_is_known"),
        ]
        # A proposal's history.
        indexes = [models.Index(fields=("proposal", "at"), name="step_by_proposal")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.kind}"

    @property
    def told(self) -> dict[str, Any]:
        """All that its sentence names, as JSON can hold it: see `timeline.sentence`."""
        named = {"department": both(self.department, "name")} if self.department else {}
        return {"step": self.kind, **named, **self.facts}
