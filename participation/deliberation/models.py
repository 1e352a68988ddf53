"""Discussions and their comments. A comment begins a thread or answers in one; threads are one level deep."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from participation.proposals.models import Proposal

TEXT_LENGTH = 2000
EDITABLE_FOR = dt.timedelta(minutes=10)


class Discussion(models.Model):
    """What is said about one proposal, counted. Its row is the lock under which comments queue."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, primary_key=True, related_name="discussion")
    # Comments that everybody can read.
    comments_count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = gettext_lazy("discussion")
        verbose_name_plural = gettext_lazy("discussions")

    def __str__(self) -> str:
        return str(self.proposal_id)

    @classmethod
    def locked(cls, proposal: Proposal) -> Discussion:
        """The proposal's discussion, once nobody else writes in it; held until the transaction ends."""
        discussion, _created = cls.objects.select_for_update().get_or_create(proposal=proposal)
        discussion.proposal = proposal
        return discussion

    def take_number(self) -> int:
        """The next number. Only under `locked`; a rollback gives it back."""
        self.last_number += 1
        self.save(update_fields=["last_number"])
        return self.last_number

    def count(self, change: int) -> None:
        """Only under `locked`."""
        self.comments_count += change
        self.save(update_fields=["comments_count"])


class CommentQuerySet(models.QuerySet["Comment"]):
    def of_proposal(self, pk: uuid.UUID) -> CommentQuerySet:
        return self.filter(discussion=pk)

    def standing(self) -> CommentQuerySet:
        """Without those that left no trace: withdrawn before anybody had answered."""
        return self.filter(Q(withdrawn_at=None) | Q(is_answered=True))

    def with_people(self) -> CommentQuerySet:
        """With everything that is shown of a comment but the page it stands on."""
        return self.select_related("author", "answers__author")

    def with_proposal(self) -> CommentQuerySet:
        return self.with_people().select_related("discussion__proposal__city", "discussion__proposal__current")

    def by_author(self, user: User) -> CommentQuerySet:
        return self.filter(author=user)

    def newest(self) -> CommentQuerySet:
        return self.order_by("-written_at", "-number")


class Comment(models.Model):
    """What one person said once, numbered within its discussion."""

    class State(models.TextChoices):
        SHOWN = "shown", gettext_lazy("Shown")
        HIDDEN = "hidden", gettext_lazy("Hidden")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()
    # The number of the comment that began the thread, and how far down in the thread this one stands, from 0.
    thread = models.PositiveIntegerField()
    place = models.PositiveIntegerField(default=0)
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answered_by")
    # Null once the author has left: the text stays, the person does not.
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="comments")
    # The office role in which it was written; empty for citizens.
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    # Names the act of sending: a second click carries the same key and makes nothing new.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    text = models.TextField()
    # The view of the city that goes with it, see `scenes.Scene`.
    scene = models.JSONField(null=True, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    written_at = models.DateTimeField(default=clocks.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_answered = models.BooleanField(default=False)
    # How many replies stand in the thread that this one began.
    replies_count = models.PositiveIntegerField(default=0)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("comment")
        verbose_name_plural = gettext_lazy("comments")
        ordering = ("number",)
        constraints = [
            # Serves the API's list, too.
            models.UniqueConstraint(fields=("discussion", "number"), name="comment_number_is_unique_in_its_discussion"),
            # Serves threads, oldest first.
            models.UniqueConstraint(fields=("discussion", "thread", "place"), name="comment_place_is_unique_in_thread"),
            models.CheckConstraint(
                condition=Q(place=0, thread=F("number"), answers=None) | Q(place__gt=0, thread__lt=F("number")),
                name="comment_begins_a_thread_or_answers_in_one",
            ),
        ]
        indexes = [
            # Threads with their first replies, newest first.
            models.Index(fields=("discussion", "-thread", "place"), name="comment_newest_threads"),
            # One's own comments.
            models.Index(fields=("author", "-written_at", "-number"), name="comment_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.discussion_id} {self.number}"

    def get_absolute_url(self) -> str:
        """The page of its thread, from this comment on."""
        return f"{self.page_url}#comment-{self.number}"

    @cached_property
    def page_url(self) -> str:
        return self.url_of("deliberation:thread")

    def url_of(self, route: str) -> str:
        proposal = self.discussion.proposal
        return city_url(route, proposal.city, proposal.id, self.id)

    @property
    def state(self) -> str:
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.HIDDEN if self.hidden_at else self.State.SHOWN

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.SHOWN

    @property
    def is_gone(self) -> bool:
        """Withdrawn before anybody had answered: nothing of it is shown."""
        return self.withdrawn_at is not None and not self.is_answered

    @property
    def begins_thread(self) -> bool:
        return self.place == 0

    @property
    def author_name(self) -> str:
        return self.author.display_name if self.author else _("A citizen who has left")

    def is_written_by(self, user: Visitor) -> bool:
        return self.author_id is not None and self.author_id == user.pk

    def is_editable(self, now: dt.datetime) -> bool:
        return self.is_shown and not self.is_answered and now < self.written_at + EDITABLE_FOR

    def say(self, *, text: str, scene: dict[str, Any] | None, at: dt.datetime) -> None:
        """Other words in the same place. Only under the discussion's lock."""
        self.text, self.scene, self.edited_at = text, scene, at
        self.revision += 1
        self.save(update_fields=["text", "scene", "edited_at", "revision"])

    def mark(self, **times: dt.datetime | None) -> None:
        """Set `hidden_at` or `withdrawn_at`. Only under the discussion's lock."""
        for name, at in times.items():
            setattr(self, name, at)
        self.save(update_fields=list(times))
