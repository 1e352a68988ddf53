"""The ledger's rows. Only `commons.ledger.record` writes them; triggers in the database refuse everything else."""

import hashlib
import json

from django.db import models

FIRST_PREVIOUS = "0" * 64


class LedgerEntry(models.Model):
    """One recorded action, bound by its hash to the one before. Its actor is a random id that names nobody here."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    actor = models.UUIDField(null=True)
    subject = models.CharField(max_length=150)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        indexes = (
            # The history of one thing: `filter(subject=…).order_by("number")`.
            models.Index(fields=("subject", "number"), name="ledger_by_subject"),
            # What one person did, for the export of one's data: `filter(actor=…)`.
            models.Index(fields=("actor", "number"), name="ledger_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"

    def computed_hash(self) -> str:
        """SHA-256, in hex, over every field in one canonical JSON text."""
        content = {
            "number": self.number,
            "at": self.at.isoformat(timespec="microseconds"),
            "action": self.action,
            "actor": str(self.actor) if self.actor else None,
            "subject": self.subject,
            "facts": self.facts,
            "previous": self.previous,
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


class LedgerHead(models.Model):
    """Where the chain ends: one row, locked by whoever writes the next entry. It shows when entries were cut off."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=FIRST_PREVIOUS)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_end_of_the_ledger"),)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
