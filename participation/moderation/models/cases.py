"""What was reported, and by whom. One case a subject, however many report it and however often."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.moderation.errors import CaseChanged, CaseTaken
from participation.moderation.outcomes import FOLLOWING, UNCHANGING, Outcome, Standing
from participation.moderation.subjects import Subject

# How long a moderator has a case to themselves. Whoever goes home in the middle of one blocks nobody for long.
CLAIM = timedelta(minutes=30)
REPORT_LENGTH = 1000


class CaseQuerySet(models.QuerySet["Case"]):
    def of_subject(self, kind: str, pk: uuid.UUID) -> CaseQuerySet:
        return self.filter(kind=kind, subject_id=pk)

    def waiting(self) -> CaseQuerySet:
        return self.filter(state=Case.State.WAITING)

    def most_urgent_first(self) -> CaseQuerySet:
        """Danger to somebody, then what most people reported, then what has waited longest."""
        return self.order_by("-is_urgent", "-waiting_reports", "waiting_since")

    def hidden(self) -> CaseQuerySet:
        """Whose subject others do not see now, the latest first."""
        hidden = self.exclude(standing=Standing.SHOWN).filter(decisions__number=F("revision"))
        return hidden.order_by("-decisions__made_at")

    def whose_time_is_up(self, now: datetime) -> CaseQuerySet:
        return self.filter(standing=Standing.TEMPORARY, hidden_until__lte=now)

    def free_for(self, moderator: User, now: datetime) -> CaseQuerySet:
        """Those that nobody else has in their hands."""
        return self.filter(Q(claimed_by=None) | Q(claimed_by=moderator) | Q(claimed_at__lte=now - CLAIM))


class Case(models.Model):
    """A subject that was reported, what waits to be decided about it, and how it stands."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a decision")
        SETTLED = "settled", _("Settled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Whose room holds it: see `subjects`.
    kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    # Who wrote it; null once they have left.
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SETTLED)
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.SHOWN)
    hidden_until = models.DateTimeField(null=True, blank=True)
    # The load: reports since the last decision, when the first of them came, and whether one tells of danger.
    waiting_reports = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)
    is_urgent = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Counts the decisions: whoever decides says which one they have seen.
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=clocks.now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=("kind", "subject_id"), name="moderation_one_case_a_subject"),
            models.CheckConstraint(
                condition=Q(standing=Standing.TEMPORARY, hidden_until__isnull=False)
                | (~Q(standing=Standing.TEMPORARY) & Q(hidden_until__isnull=True)),
                name="moderation_a_time_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", waiting_reports=0, waiting_since__isnull=True)
                | Q(state="waiting", waiting_reports__gt=0, waiting_since__isnull=False),
                name="moderation_a_case_waits_for_its_reports",
            ),
        ]
        indexes = [
            # The queue: `waiting().most_urgent_first()`.
            models.Index(
                fields=("-is_urgent", "-waiting_reports", "waiting_since"),
                condition=Q(state="waiting"),
                name="moderation_queue",
            ),
            # What the clock shows again.
            models.Index(fields=("hidden_until",), condition=Q(standing="temporary"), name="moderation_time_is_up"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def subject(self) -> str:
        """Its name in the ledger: the case's own id, since that of an alias is a person's."""
        return f"case:{self.id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == Case.State.WAITING

    @property
    def is_hidden(self) -> bool:
        return self.standing != Standing.SHOWN

    def is_in_hand(self, now: datetime) -> bool:
        """Whether somebody has taken it and has not had it for too long."""
        return self.claimed_by_id is not None and self.claimed_at is not None and self.claimed_at > now - CLAIM

    def is_held_by_another(self, moderator: User, now: datetime) -> bool:
        return self.is_in_hand(now) and self.claimed_by_id != moderator.pk

    def agree_with(self, subject: Subject | None) -> None:
        """Stand as the subject's own room tells: a new alias is shown, whatever became of the one before."""
        if subject is None or not subject.is_hidden:
            self.standing, self.hidden_until = Standing.SHOWN, None

    def open_outcomes(self, *, is_there: bool = True) -> list[Outcome]:
        """What may be decided where it stands; once it has gone, only closing."""
        following = FOLLOWING[Standing(self.standing)]
        open_now = [outcome for outcome in following if self.is_waiting or outcome not in UNCHANGING]
        return [outcome for outcome in open_now if (outcome == Outcome.CLOSE) != is_there]

    def count_report(self, *, is_urgent: bool, at: datetime) -> None:
        """One more report waits: the first opens the case."""
        settled = Case.objects.filter(pk=self.pk, state=Case.State.SETTLED)
        if not settled.update(state=Case.State.WAITING, waiting_since=at, waiting_reports=1):
            Case.objects.filter(pk=self.pk).update(waiting_reports=F("waiting_reports") + 1)
        if is_urgent:
            Case.objects.filter(pk=self.pk).update(is_urgent=True)
        self.refresh_from_db()

    def claim(self, moderator: User, now: datetime) -> None:
        """Take it in hand, or `CaseTaken` where somebody else has it."""
        free = Case.objects.filter(pk=self.pk).free_for(moderator, now)
        if not free.update(claimed_by=moderator, claimed_at=now):
            raise CaseTaken
        self.claimed_by, self.claimed_at = moderator, now

    def release(self, moderator: User) -> None:
        Case.objects.filter(pk=self.pk, claimed_by=moderator).update(claimed_by=None, claimed_at=None)

    def settle(self, *, standing: Standing, hidden_until: datetime | None, revision: int) -> None:
        """Nothing waits any more. `CaseChanged` where another decision came after `revision`."""
        settled = Case.objects.filter(pk=self.pk, revision=revision).update(
            state=Case.State.SETTLED,
            standing=standing,
            hidden_until=hidden_until,
            waiting_reports=0,
            waiting_since=None,
            is_urgent=False,
            claimed_by=None,
            claimed_at=None,
            revision=F("revision") + 1,
        )
        if not settled:
            raise CaseChanged
        self.refresh_from_db()


class ReportQuerySet(models.QuerySet["Report"]):
    def of_person(self, person: User) -> ReportQuerySet:
        return self.filter(reporter=person).order_by("-made_at")

    def waiting(self) -> ReportQuerySet:
        return self.filter(decision=None)


class Report(models.Model):
    """That one person finds a subject to be against the rules, and why. Who it was, moderators alone can ask."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    # Null once they have left.
    reporter = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    # A reason of the published list: see `policy`.
    reason = models.CharField(max_length=20)
    words = models.TextField(max_length=REPORT_LENGTH, blank=True)
    made_at = models.DateTimeField(default=clocks.now)
    # What answered it.
    decision = models.ForeignKey("Decision", on_delete=models.SET_NULL, null=True, blank=True, related_name="answered")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("made_at",)
        constraints = [
            models.UniqueConstraint(fields=("case", "reporter"), name="moderation_a_person_reports_a_subject_once"),
        ]
        # One's own reports, newest first.
        indexes = [models.Index(fields=("reporter", "-made_at"), name="moderation_reports_of_a_person")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"
