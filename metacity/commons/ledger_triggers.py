"""What makes the ledger append-only whoever writes: triggers in the database itself (see `commons.triggers`).

A flush empties the row of the head too: so installing puts it back, by the migration and again after every `migrate`
and `flush`.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from metacity.commons.triggers import Guard, Rule

ENTRY = "commons_ledgerentry"
HEAD = "commons_ledgerhead"
REFUSAL = "the ledger is append-only"
FIRST_PREVIOUS = "0" * 64

_CONTINUES = (
    f"NEW.number = COALESCE((SELECT MAX(number) FROM {ENTRY}), 0) + 1 AND "
    f"NEW.previous = COALESCE((SELECT hash FROM {ENTRY} ORDER BY number DESC LIMIT 1), '{FIRST_PREVIOUS}')"
)
_ADVANCES = "NEW.id = OLD.id AND NEW.number = OLD.number + 1"

_GUARD = Guard(
    refusal=REFUSAL,
    rules={
        "ledger_entry_continues": Rule(ENTRY, "INSERT", _CONTINUES),
        "ledger_entry_stays": Rule(ENTRY, "UPDATE"),
        "ledger_entry_remains": Rule(ENTRY, "DELETE"),
        "ledger_head_advances": Rule(HEAD, "UPDATE", _ADVANCES),
        "ledger_head_remains": Rule(HEAD, "DELETE"),
    },
    whole={"ledger_entry_whole": ENTRY, "ledger_head_whole": HEAD},
)
remove = _GUARD.remove
missing = _GUARD.missing


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Puts the triggers and the head's row in place where they are missing. Safe to repeat."""
    if not _GUARD.has_tables(using):
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {HEAD} (id, number, hash) SELECT 1, 0, %s "
            f"WHERE NOT EXISTS (SELECT 1 FROM {HEAD}) AND NOT EXISTS (SELECT 1 FROM {ENTRY})",
            [FIRST_PREVIOUS],
        )
    _GUARD.install(using)


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    install(using)
