"""The ledger: what was done, in one chain that shows every later change.

It holds random ids, hashes, codes and whole numbers only. What links an id to a person stands in `accounts` and can be
erased; the chain stays whole. Inside a service: lock, check, write, then the ledger, then announce.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from metacity.commons import clocks

if TYPE_CHECKING:
    from metacity.commons.models import LedgerEntry

Fact = str | int | uuid.UUID

_CODE = re.compile(r"[a-z][a-z0-9_.:-]{0,63}")
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}")
_ID = re.compile(_UUID)
# `proposal:<uuid>`, `city:gaon`, or a bare uuid.
_SUBJECT = re.compile(rf"{_UUID}|[a-z][a-z0-9_.]*(?::[A-Za-z0-9][A-Za-z0-9_.-]*)*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LARGEST = 2**53  # whole numbers beyond lose digits in JSON readers


@dataclass(frozen=True)
class Break:
    """Where the chain stops being whole, and what is wrong there."""

    number: int
    reason: str


def record(
    *, action: str, actor: uuid.UUID | None, subject: str, facts: Mapping[str, Fact] | None = None
) -> "LedgerEntry":
    """Appends one entry, inside the caller's transaction: what is rolled back was never recorded.

    `action` is a code (`"proposal.submitted"`), `actor` the person's random `actor_id` or `None` for the system
    itself, `subject` a name and an id (`"proposal:<uuid>"`), `facts` ids, hashes, codes and whole numbers by name.
    Raises `ValueError` for anything else. From here to the commit, other writers of the ledger wait: record late.
    """
    from metacity.commons.models import LedgerEntry, LedgerHead

    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The ledger is written in the transaction of what it records.")
    _require(_CODE, action, "action")
    _require(_SUBJECT, subject, "subject")
    head = LedgerHead.objects.select_for_update().get(pk=1)
    entry = LedgerEntry(
        number=head.number + 1,
        at=clocks.now(),
        action=action,
        actor=actor,
        subject=subject,
        facts={_name(name): _fact(name, value) for name, value in (facts or {}).items()},
        previous=head.hash,
    )
    entry.hash = entry.computed_hash()
    entry.save(force_insert=True)
    LedgerHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry


def first_break() -> Break | None:
    """The first place where the chain is not what was recorded; `None` when it is whole."""
    from metacity.commons.models import LedgerEntry, LedgerHead
    from metacity.commons.models.ledger import FIRST_PREVIOUS

    number, previous = 0, FIRST_PREVIOUS
    for entry in LedgerEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            return Break(number + 1, "the entry is missing")
        if entry.previous != previous:
            return Break(entry.number, "it does not continue the entry before")
        if entry.computed_hash() != entry.hash:
            return Break(entry.number, "its content has been changed")
        number, previous = entry.number, entry.hash
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None:
        return Break(number + 1, "the end of the chain is not marked")
    if head.number > number:
        return Break(number + 1, "the entry is missing")
    if (head.number, head.hash) != (number, previous):
        return Break(number, "it is not the end that was marked")
    return None


def _require(pattern: re.Pattern[str], value: str, what: str) -> str:
    if len(value) > 150 or not pattern.fullmatch(value):
        raise ValueError(f"{value!r} cannot be the {what} of a ledger entry.")
    return value


def _name(name: str) -> str:
    return _require(_NAME, name, "name of a fact")


def _fact(name: str, value: Fact) -> str | int:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return value
    if isinstance(value, str) and any(pattern.fullmatch(value) for pattern in (_ID, _HASH, _CODE)):
        return str(value)
    raise ValueError(f"The fact {name!r} is neither an id, a hash, a code nor a whole number.")
