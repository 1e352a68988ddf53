"""Rows of the ground: the ledger's entries, rooms and their events, jobs."""

from metacity.commons.models.events import Event, Room
from metacity.commons.models.jobs import Job
from metacity.commons.models.ledger import LedgerEntry, LedgerHead

__all__ = ["Event", "Job", "LedgerEntry", "LedgerHead", "Room"]
