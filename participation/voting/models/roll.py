"""The roll (투표인명부): who may vote, one row a person, written when the poll opens."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from participation.voting.models.polls import Poll


class RollQuerySet(models.QuerySet["RollEntry"]):
    def of_poll(self, poll: Poll) -> RollQuerySet:
        return self.filter(poll=poll)

    def digest(self) -> str:
        """A hash over the random ids of the entries: rows that come or go later change it, people who leave do not."""
        return digest_of(self.values_list("pk", flat=True))


def digest_of(ids: Iterable[uuid.UUID]) -> str:
    return hashlib.sha256("\n".join(sorted(str(pk) for pk in ids)).encode()).hexdigest()


class RollEntry(models.Model):
    """One person may vote in one poll. Whoever erases the account leaves the row, which then names nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="roll")
    person = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="roll_entries")

    objects = RollQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the roll")
        verbose_name_plural = _("entries of the roll")
        # Serves a person's own entry too: `filter(poll=…, person=…)`.
        constraints = [models.UniqueConstraint(fields=("poll", "person"), name="a_person_is_on_a_roll_once")]

    def __str__(self) -> str:
        return str(self.pk)
