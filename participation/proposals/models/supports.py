"""Supports: open endorsements, one a person."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.proposals.models.proposals import Proposal


class SupportQuerySet(models.QuerySet["Support"]):
    def add(self, person: User, proposal: Proposal) -> bool:
        """Write the support; False where it was there before, however many try at once."""
        mine = Support(person=person, proposal=proposal)
        self.bulk_create([mine], ignore_conflicts=True)
        return self.filter(pk=mine.pk).exists()

    def remove(self, person: User, proposal: Proposal) -> bool:
        """Take the support back; False where there was none."""
        deleted, _rows = self.filter(person=person, proposal=proposal).delete()
        return deleted > 0


class Support(models.Model):
    """One person endorses one proposal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supports")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="supports")
    created_at = models.DateTimeField(default=clocks.now)

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        constraints = [
            models.UniqueConstraint(fields=("person", "proposal"), name="a_person_supports_a_proposal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.proposal_id}"
