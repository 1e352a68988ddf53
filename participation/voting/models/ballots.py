"""Who has voted, and what was voted: two tables that share nothing but the poll."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.voting.models.polls import Poll
from participation.voting.models.roll import RollEntry


class Choice(models.TextChoices):
    YES = "yes", pgettext_lazy("ballot", "Yes")
    NO = "no", pgettext_lazy("ballot", "No")
    ABSTAIN = "abstain", pgettext_lazy("ballot", "Abstain")


class HasVotedQuerySet(models.QuerySet["HasVoted"]):
    def add(self, entry: RollEntry) -> bool:
        """Write that this person has voted; False where that was so before, however many try at once."""
        mine = HasVoted(poll_id=entry.poll_id, entry=entry)
        self.bulk_create([mine], ignore_conflicts=True)
        return self.filter(pk=mine.pk).exists()


class HasVoted(models.Model):
    """Somebody on the roll has cast a ballot. No time, no choice, and a random key that is renewed at the close."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="voted")
    # Without the database's own check of the relation: on PostgreSQL it would leave the number of the transaction on
    # the roll's row (`xmax`), which is on the ballot too. The service writes for entries that it has just read.
    entry = models.OneToOneField(RollEntry, on_delete=models.PROTECT, related_name="voted", db_constraint=False)

    objects = HasVotedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who has voted")
        verbose_name_plural = _("people who have voted")

    def __str__(self) -> str:
        return str(self.pk)


class BallotQuerySet(models.QuerySet["Ballot"]):
    def of_poll(self, poll: Poll) -> BallotQuerySet:
        return self.filter(poll=poll)

    def on_board(self) -> BallotQuerySet:
        """In the order of the published board."""
        return self.order_by("commitment")


class Ballot(models.Model):
    """What somebody voted. No person, no time; `image` and `commitment` as in `receipts`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="cast")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    image = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="ballot_holds_an_answer"),
            # Serves the search for a receipt too: `filter(poll=…, image=…)`.
            models.UniqueConstraint(fields=("poll", "image"), name="one_ballot_a_receipt"),
            # Serves the board: `filter(poll=…).order_by("commitment")`.
            models.UniqueConstraint(fields=("poll", "commitment"), name="one_ballot_a_commitment"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
