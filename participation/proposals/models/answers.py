"""What the office answers: written by one, approved by another, published at once, and kept in versions."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.commons import clocks
from participation.proposals.models.departments import Department
from participation.proposals.models.proposals import Proposal
from participation.proposals.states import ANSWERS, State

ANSWER_LENGTH = 10_000
NEXT_LENGTH = 2_000
REMARK_LENGTH = 1_000
CORRECTION_LENGTH = 300


class Decision(models.TextChoices):
    """What an answer says in one word. The values are the states that a proposal is in afterwards."""

    ACCEPTED = State.ACCEPTED.value, _("Accepted")
    PARTLY_ACCEPTED = State.PARTLY_ACCEPTED.value, _("Partly accepted")
    NOT_ACCEPTED = State.NOT_ACCEPTED.value, _("Not accepted")
    INTERIM = State.INTERIM_ANSWER.value, _("Interim answer")

    @property
    def is_final(self) -> bool:
        return State(self.value) in ANSWERS

    @property
    def state(self) -> State:
        return State(self.value)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def open(self) -> AnswerQuerySet:
        """Still being worked on within the office."""
        return self.filter(state__in=Answer.OPEN)

    def published(self) -> AnswerQuerySet:
        return self.filter(state=Answer.State.PUBLISHED).order_by("number")

    def drop(self) -> None:
        """Nobody is going to publish what is being written: there is nothing left to answer."""
        self.open().update(state=Answer.State.DROPPED, updated_at=clocks.now())

    def recall(self) -> None:
        """What waits for approval is a draft again: the proposal has to be looked at anew first."""
        self.filter(state=Answer.State.WAITING).update(state=Answer.State.DRAFT, revision=F("revision") + 1)

    def awaiting(self, approver: Visitor) -> AnswerQuerySet:
        """What this approver may decide on: not what they wrote themselves."""
        return self.filter(state=Answer.State.WAITING, proposal__hidden_at=None).exclude(writers=approver.pk)


class Answer(models.Model):
    """One answer, from draft to publication. A published one is never changed: a correction is the next answer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        SENT_BACK = "sent_back", _("Sent back to be revised")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Dropped")

    WRITABLE = (State.DRAFT, State.SENT_BACK)
    OPEN = (*WRITABLE, State.WAITING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Counted at publication, from 1.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    # Raised with every change, so that nobody approves another text than the one they read.
    revision = models.PositiveIntegerField(default=1)
    decision = models.CharField(max_length=12, choices=Decision.choices)
    text = models.TextField()
    next_steps = models.TextField(blank=True)
    planned_on = models.DateField(null=True, blank=True)
    # What a correction corrects; empty for answers that are none.
    correction = models.CharField(max_length=CORRECTION_LENGTH, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Everybody who changed the text: none of them approves it.
    writers = models.ManyToManyField(User, related_name="+")
    handed_in_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    remark = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clocks.now)
    updated_at = models.DateTimeField(default=clocks.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(state__in=("draft", "sent_back", "waiting")),
                name="one_answer_is_written_at_a_time",
            ),
            models.UniqueConstraint(fields=("proposal", "number"), name="answer_number_is_unique_in_its_proposal"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(handed_in_by=None) | ~Q(decided_by=F("handed_in_by")),
                name="an_answer_is_approved_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(state="published", number__isnull=False, published_at__isnull=False)
                | (~Q(state="published") & Q(number=None, published_at=None)),
                name="a_published_answer_has_a_number_and_a_day",
            ),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="answer_decision_is_known"),
        ]
        # What waits for approval, the longest first.
        indexes = [
            models.Index(fields=("handed_in_at",), condition=Q(state="waiting"), name="answer_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number or self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_writable(self) -> bool:
        return self.state in self.WRITABLE

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_correction(self) -> bool:
        return bool(self.correction)

    def is_written_by(self, person: Visitor) -> bool:
        return self.writers.filter(pk=person.pk).exists()
