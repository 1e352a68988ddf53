"""Objections: the author's word against a measure, weighed by somebody who did not take it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.moderation.errors import AppealSettled
from participation.moderation.models.decisions import Decision

APPEAL_LENGTH = 2000


class AppealQuerySet(models.QuerySet["Appeal"]):
    def waiting(self) -> AppealQuerySet:
        return self.filter(state=Appeal.State.WAITING).order_by("made_at")

    def decidable_by(self, moderator: User) -> AppealQuerySet:
        """Those whose measure somebody else took, on what somebody else wrote."""
        mine = Q(first_decider=moderator) | Q(author=moderator)
        return self.exclude(pk__in=Appeal.objects.filter(mine).values("pk"))


class Appeal(models.Model):
    """An objection to one decision, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being looked at again")
        UPHELD = "upheld", _("The measure stays")
        GRANTED = "granted", _("The objection was right")
        LAPSED = "lapsed", _("Settled by a later decision")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    # Null once they have left.
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    words = models.TextField(max_length=APPEAL_LENGTH, blank=True)
    made_at = models.DateTimeField(default=clocks.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # Who took the measure, kept here so that the database itself refuses the same person a second time.
    first_decider = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.TextField(max_length=APPEAL_LENGTH, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(first_decider__isnull=True)
                | ~Q(decided_by=F("first_decider")),
                name="moderation_a_second_person_decides_an_appeal",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(author__isnull=True) | ~Q(decided_by=F("author")),
                name="moderation_nobody_decides_their_own_appeal",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="moderation_a_settled_appeal_has_its_day",
            ),
        ]
        # What waits, the oldest first.
        indexes = [models.Index(fields=("made_at",), condition=Q(state="waiting"), name="moderation_appeals_waiting")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == Appeal.State.WAITING

    def settle(self, state: Appeal.State, *, at: datetime, by: User | None = None, answer: str = "") -> None:
        """End it, once. `AppealSettled` where somebody was faster."""
        waiting = Appeal.objects.filter(pk=self.pk, state=Appeal.State.WAITING)
        if not waiting.update(state=state, decided_at=at, decided_by=by, answer=answer):
            raise AppealSettled
        self.refresh_from_db()
