"""Drafts: what somebody has typed so far, kept on the server exactly as typed, before and after signing in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.proposals.models.proposals import Proposal
from twin.mirror.models import City


class DraftQuerySet(models.QuerySet["Draft"]):
    def of_person(self, user: User) -> DraftQuerySet:
        return self.filter(owner=user)

    def of_session(self, session_key: str) -> DraftQuerySet:
        """Drafts of somebody who has not signed in."""
        return self.filter(owner=None, session_key=session_key) if session_key else self.none()

    def out_of_reach(self, now: datetime) -> DraftQuerySet:
        """Those of sessions that have ended: nobody can come back to them."""
        living = Session.objects.filter(session_key=models.OuterRef("session_key"), expire_date__gt=now)
        return self.filter(~models.Exists(living), owner=None)


class Draft(models.Model):
    """The fields of one proposal, or of one new version of it, as typed; nothing in it has been checked.

    Only its drawing, `changes`, was held against the city and the project when drawn, and is again at submission.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    session_key = models.CharField(max_length=40, blank=True)
    # Set when this becomes a new version instead of a new proposal.
    revises = models.ForeignKey(Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clocks.now)
    updated_at = models.DateTimeField(default=clocks.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-updated_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(session_key=""), name="draft_belongs_to_somebody"
            ),
        ]
        # My drafts, and those to claim at sign-in.
        indexes = [models.Index(fields=("session_key",), name="draft_by_session")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def title(self) -> str:
        return str(self.data.get("title", "")).strip()

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What has been drawn so far."""
        return list(self.data.get("changes") or [])

    @property
    def design(self) -> dict[str, Any]:
        """What has been drawn so far, as a change set."""
        return {"changes": self.changes}

    def keep(self, fields: Mapping[str, object]) -> None:
        """Add or replace what was typed or drawn."""
        self.data = {**self.data, **fields}
        self.updated_at = clocks.now()
        self.save(update_fields=["data", "updated_at"])
