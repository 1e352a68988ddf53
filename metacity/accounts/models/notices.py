"""What a person is told in their own pages, and whether they have seen it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What notices are about that nobody has to be told: each can be switched off.

    Measures of moderation, answers to one's own proposals and the office's work have no topic, and are always told.
    """

    COMMENTS = "comments", _("Comments on my ideas, and replies to my comments")
    SUPPORTED = "supported", _("What becomes of ideas that I support")
    MEETINGS = "meetings", _("Meetings about my ideas")
    VOTES = "votes", _("Votes on my ideas")


class QuietTopic(models.Model):
    """A person wants to be told nothing more about a topic."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_topics")
    topic = models.CharField(max_length=12, choices=Topic)

    class Meta:
        verbose_name = _("switched-off topic")
        verbose_name_plural = _("switched-off topics")
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="accounts_a_topic_is_off_once"),
            models.CheckConstraint(condition=models.Q(topic__in=Topic.values), name="accounts_quiet_topic_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unseen(self) -> Self:
        return self.filter(seen_at=None)

    def newest(self) -> Self:
        return self.order_by("-made_at", "-pk")


class Notice(models.Model):
    """Something that concerns one person. Its words are said in the reader's language: see `accounts.notices`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    # What the words name: titles, dates, codes. Never what somebody else keeps to themselves.
    facts = models.JSONField(default=dict)
    # The page that it is about: a path of this site.
    url = models.CharField(max_length=300)
    # The same thing is told once: see `notify`.
    key = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="accounts_a_notice_is_given_once"),
        ]
        indexes = [
            # One's notices, newest first.
            models.Index(fields=["person", "-made_at"], name="accounts_notices_of_a_person"),
            # How many one has not seen yet, on every page.
            models.Index(fields=["person"], condition=models.Q(seen_at=None), name="accounts_unseen_notices"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
