"""Meetings and their agenda. A meeting is led by turns: each act of whoever chairs takes the next."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.i18n import localised
from participation.meetings.errors import StateChanged
from participation.meetings.kinds import COMING, OVER, RUNNING, MeetingState, may_follow
from participation.processes.kinds import Level
from participation.processes.models import Process
from participation.proposals.models import Proposal
from twin.mirror.models import City, CityObject

TITLE_LENGTH = 80
TEXT_LENGTH = 2000
PLACE_LENGTH = 120
DECISION_LENGTH = 500


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def in_city(self, city: City) -> MeetingQuerySet:
        return self.filter(city=city)

    def with_people(self) -> MeetingQuerySet:
        """With whoever leads it and what it is about, as every page shows them."""
        return self.select_related(
            "city__publication", "process", "proposal__current", "proposal__city", "chair", "deputy", "clerk"
        )

    def on_now(self) -> MeetingQuerySet:
        return self.filter(state__in=RUNNING).order_by("starts_at")

    def coming(self) -> MeetingQuerySet:
        """The next first."""
        return self.filter(state__in=COMING).order_by("starts_at")

    def within(self, now: datetime, *, days: int) -> MeetingQuerySet:
        """Those that begin in the next days."""
        return self.filter(starts_at__lt=now + timedelta(days=days))

    def at_hand(self, now: datetime, time_zone: str) -> MeetingQuerySet:
        """What one can go to: those on now, then those that begin today, which is a day of `time_zone`."""
        begins = now.astimezone(ZoneInfo(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        todays = Q(state__in=COMING, starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1))
        found = self.filter(Q(state__in=RUNNING) | todays)
        return found.order_by(Case(When(state__in=RUNNING, then=0), default=1), "starts_at")

    def over(self) -> MeetingQuerySet:
        """The latest first."""
        return self.filter(state__in=OVER).order_by("-starts_at")

    def led_by(self, user: User) -> MeetingQuerySet:
        return self.filter(Q(chair=user) | Q(deputy=user))


class Meeting(models.Model):
    """An assembly about a proposal, a process or the whole city. Everybody may watch; `speak_level` says who speaks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="meetings")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    title = models.CharField(max_length=TITLE_LENGTH)
    title_en = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place_words = models.CharField(max_length=PLACE_LENGTH)
    place_words_en = models.CharField(max_length=PLACE_LENGTH, blank=True)
    place_object = models.ForeignKey(CityObject, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Null once the person has left.
    chair = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    deputy = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    clerk = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    # How well the office must know whoever speaks and votes; chat is for everybody with an account.
    speak_level = models.CharField(max_length=12, choices=Level.choices, default=Level.IDENTIFIED)
    state = models.CharField(max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    current_item = models.ForeignKey("AgendaItem", on_delete=models.SET_NULL, null=True, related_name="+")
    list_is_open = models.BooleanField(default=False)
    # Raised by every act of whoever chairs: see `take_turn`.
    turn = models.PositiveIntegerField(default=0)
    # How many messages were written; the next gets the number after.
    message_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clocks.now, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("starts_at",)
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_is_known"),
            # Whoever writes the minutes does not approve them.
            models.CheckConstraint(
                condition=Q(chair=None) | Q(clerk=None) | ~Q(chair=F("clerk")), name="meeting_chair_is_not_its_clerk"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(list_is_open=False), name="meeting_list_is_open_only_while_it_is_on"
            ),
        ]
        # A city's meetings that are on, coming or over, in the order of their days.
        indexes = [models.Index(fields=("city", "state", "starts_at"), name="meeting_by_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return city_url("meetings:seat", self.city, self.id)

    @property
    def minutes_url(self) -> str:
        return city_url("meetings:minutes", self.city, self.id)

    @property
    def room(self) -> str:
        """The room in which its events are announced."""
        return f"meeting.{self.id}"

    @property
    def subject(self) -> str:
        """Its name in the ledger."""
        return f"meeting:{self.id}"

    @property
    def place_shown(self) -> str:
        return localised(self, "place_words")

    @property
    def is_open(self) -> bool:
        return self.state == MeetingState.OPEN

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_coming(self) -> bool:
        return self.state in COMING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    def is_chaired_by(self, user: Visitor) -> bool:
        """Whether `user` leads the meeting: the chair, or the deputy, who may step in at any moment."""
        return user.pk is not None and user.pk in {self.chair_id, self.deputy_id}

    def is_written_by(self, user: Visitor) -> bool:
        """Whether `user` writes the minutes."""
        return user.pk is not None and user.pk == self.clerk_id

    @property
    def leaders(self) -> str:
        """Chair, deputy and clerk as the audience of an event."""
        people = {pk for pk in (self.chair_id, self.deputy_id, self.clerk_id) if pk is not None}
        return ",".join(sorted(f"person:{pk}" for pk in people))

    def take_turn(self, turn: int) -> None:
        """Begin an act of whoever chairs, who saw the meeting at `turn`; `StateChanged` when another act came first.

        The row stays locked to the end of the transaction, and the meeting is read anew.
        """
        if not Meeting.objects.filter(pk=self.pk, turn=turn).update(turn=F("turn") + 1):
            raise StateChanged
        self.refresh_from_db()

    def move_to(self, state: MeetingState, **changes: Any) -> None:
        """Go on to `state`, unless the table of transitions forbids it (`StateChanged`)."""
        if not may_follow(self.state, state):
            raise StateChanged
        self.change(state=state, **changes)

    def change(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))

    def next_message_number(self) -> int:
        """Under the lock of the row, which lasts to the end of the transaction; the state is read anew with it."""
        Meeting.objects.filter(pk=self.pk).update(message_count=F("message_count") + 1)
        self.refresh_from_db(fields=["message_count", "state"])
        return self.message_count


class AgendaItem(models.Model):
    """What a meeting talks about, in order, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    title_en = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=DECISION_LENGTH, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("meeting", "position"), name="agenda_item_has_its_place"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="agenda_item_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position}"

    def take_up(self, at: datetime) -> None:
        """The item is what the meeting talks about from now on; taken up again, it keeps its first beginning."""
        self.taken_up_at, self.ended_at = self.taken_up_at or at, None
        self.save(update_fields=["taken_up_at", "ended_at"])

    def end(self, at: datetime) -> None:
        self.ended_at = max(at, self.taken_up_at or at)
        self.save(update_fields=["ended_at"])
