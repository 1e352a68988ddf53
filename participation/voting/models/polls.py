"""Polls: a question about a proposal, the rule by which it is answered, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.i18n import localised
from participation.processes.kinds import Level
from participation.proposals.models import Proposal, ProposalVersion
from participation.voting.errors import PollMoved, PollNotFound
from participation.voting.states import COUNTED, PAST, PUBLIC, RUNNING, State, may_follow
from twin.mirror.models import City

QUESTION_LENGTH = 120
TEXT_LENGTH = 3000
MEANING_LENGTH = 500
REASON_LENGTH = 500
YOUNGEST = 14


class Majority(models.TextChoices):
    """By which rule the answers decide. Abstentions count towards the quorum alone."""

    SIMPLE = "simple", _("More yes than no")
    TWO_THIRDS = "two_thirds", _("At least two thirds yes among yes and no")


class PollQuerySet(models.QuerySet["Poll"]):
    def in_city(self, city: City) -> PollQuerySet:
        return self.filter(city=city)

    def public(self) -> PollQuerySet:
        return self.filter(state__in=PUBLIC)

    def open_now(self) -> PollQuerySet:
        """Those that take ballots, or will again: what closes first comes first."""
        return self.filter(state__in=RUNNING).order_by("closes_at", "pk")

    def coming(self) -> PollQuerySet:
        return self.filter(state=State.ANNOUNCED).order_by("opens_at", "pk")

    def past(self) -> PollQuerySet:
        return self.filter(state__in=PAST).order_by("-closes_at", "pk")

    def due_to_open(self, now: datetime) -> PollQuerySet:
        return self.filter(state=State.ANNOUNCED, opens_at__lte=now)

    def due_to_close(self, now: datetime) -> PollQuerySet:
        return self.filter(state=State.OPEN, closes_at__lte=now)

    def to_be_tallied(self) -> PollQuerySet:
        return self.filter(state=State.CLOSED)

    def with_subject(self) -> PollQuerySet:
        """What cards and pages show, without asking once more for each."""
        return self.select_related("city", "proposal__process", "proposal__city", "version")

    def seen_by(self, user: Visitor) -> PollQuerySet:
        """With `has_voted`: whether `user` has cast a ballot in each."""
        from participation.voting.models.ballots import HasVoted

        mine = HasVoted.objects.filter(poll=models.OuterRef("pk"), entry__person=user.pk)
        return self.annotate(has_voted=models.Exists(mine) if user.pk else models.Value(False))

    def locked(self, pk: uuid.UUID) -> Poll:
        """The poll, once nobody else changes it and no ballot is being cast; held until the transaction ends."""
        poll = self.select_for_update(of=("self",)).filter(pk=pk).first()
        if poll is None:
            raise PollNotFound
        return poll

    def held_for_casting(self, pk: uuid.UUID) -> Poll:
        """The poll, which cannot change its state until the transaction ends; others may cast at the same time."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM voting_poll WHERE id = %s FOR SHARE", [pk])
        return self.get(pk=pk)


class Poll(models.Model):
    """A question on a proposal. From its announcement on, the database refuses changes of all that it decides by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="polls")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="polls")
    # What is voted on: a version never changes, while the proposal may get another.
    version = models.ForeignKey(ProposalVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)

    # What is decided
    question = models.CharField(max_length=QUESTION_LENGTH)
    question_en = models.CharField(max_length=QUESTION_LENGTH, blank=True)
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    meaning = models.CharField(max_length=MEANING_LENGTH)
    meaning_en = models.CharField(max_length=MEANING_LENGTH, blank=True)

    # By which rule
    min_level = models.CharField(max_length=12, choices=Level.choices, default=Level.IDENTIFIED)
    # Neighbourhoods by their Korean names; empty: wherever people live.
    districts = models.JSONField(default=list, blank=True)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    majority = models.CharField(max_length=12, choices=Majority.choices, default=Majority.SIMPLE)

    # When
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True, blank=True)

    # Who in the office; null once they have left
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    announced_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    certified_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    # The roll, as it was when the poll opened
    roll_size = models.PositiveIntegerField(null=True, blank=True)
    roll_digest = models.CharField(max_length=64, blank=True)
    # The number of ballots that was told last while it runs: see `tell_turnout`.
    turnout = models.PositiveIntegerField(default=0)

    # What became of it
    ballots = models.PositiveIntegerField(null=True, blank=True)
    board_head = models.CharField(max_length=64, blank=True)
    yes = models.PositiveIntegerField(null=True, blank=True)
    no = models.PositiveIntegerField(null=True, blank=True)
    abstain = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clocks.now, editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ("-opens_at",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="poll_state_is_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="poll_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(quorum_percent__isnull=True) | Q(quorum_percent__range=(1, 100)),
                name="poll_quorum_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(min_age__range=(YOUNGEST, 99)), name="poll_age_is_plausible"
            ),
            # Area and age are known of people whose identity was checked, of nobody else.
            models.CheckConstraint(
                condition=Q(min_level=Level.IDENTIFIED) | Q(districts=[], min_age__isnull=True),
                name="poll_rule_can_be_applied",
            ),
            models.CheckConstraint(
                condition=Q(state__in=COUNTED, ballots__isnull=False) | ~Q(state__in=COUNTED),
                name="poll_closed_with_a_board",
            ),
            models.CheckConstraint(
                condition=Q(yes__isnull=True, no__isnull=True, abstain__isnull=True)
                | Q(ballots=F("yes") + F("no") + F("abstain")),
                name="poll_answers_add_up",
            ),
        ]
        indexes = [
            # The lists of a city, and what is due: `open_now()`, `coming()`, `past()`, `due_to_close(…)`.
            models.Index(fields=("city", "state", "closes_at"), name="poll_by_city_and_state"),
            # The polls of a proposal, on its page and in its card.
            models.Index(fields=("proposal", "state"), name="poll_by_proposal"),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return city_url("voting:detail", self.city, self.id)

    @property
    def ballot_url(self) -> str:
        return city_url("voting:ballot", self.city, self.id)

    @property
    def room(self) -> str:
        """The room in which its events are announced."""
        return f"poll.{self.id}"

    @property
    def subject(self) -> str:
        """Its name in the ledger."""
        return f"poll:{self.id}"

    @property
    def shown_question(self) -> str:
        return localised(self, "question")

    # What is known of it

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED

    @property
    def is_past(self) -> bool:
        return self.state in PAST

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    def takes_ballots(self, now: datetime) -> bool:
        return self.state == State.OPEN and now < self.closes_at

    @property
    def born_until(self) -> int | None:
        """The last year of birth on the roll. Only the year is kept of people, so years of age are counted by it."""
        return timezone.localtime(self.opens_at).year - self.min_age if self.min_age else None

    @property
    def turnout_step(self) -> int:
        """In which steps the turnout is told: ten, or a hundredth of a large roll, rounded up to tens."""
        return max(10, -(-(self.roll_size or 0) // 1000) * 10)

    @property
    def turnout_percent(self) -> int | None:
        """Of the roll, in whole percent; of the last told step while the poll runs, of all ballots after."""
        counted = self.ballots if self.ballots is not None else self.turnout
        return counted * 100 // self.roll_size if self.roll_size else None

    # Going on

    def move_to(self, state: State, **fields: object) -> None:
        """Go on to `state` with what changes along, unless the table or somebody faster forbids it (`PollMoved`)."""
        if not may_follow(self.state, state):
            raise PollMoved
        if not Poll.objects.filter(pk=self.pk, state=self.state).update(state=state, **fields):
            raise PollMoved
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)


class PollNotice(models.Model):
    """What the office did to a vote that people had been told of, and why. Public, never changed."""

    class Kind(models.TextChoices):
        EXTENDED = "extended", pgettext_lazy("vote", "Extended")
        SUSPENDED = "suspended", pgettext_lazy("vote", "Suspended")
        RESUMED = "resumed", pgettext_lazy("vote", "Resumed")
        CALLED_OFF = "called_off", pgettext_lazy("vote", "Called off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=REASON_LENGTH)
    # Until when people could vote before and after.
    closed_before = models.DateTimeField()
    closes_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice about a vote")
        verbose_name_plural = _("notices about votes")
        ordering = ("made_at", "pk")
        # The notices of a poll, on its page.
        indexes = [models.Index(fields=("poll", "made_at"), name="poll_notice_by_poll")]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.kind}"
