"""What makes the ledger append-only whoever writes: triggers in the database itself.

Every statement here is put together from the constants of this module alone.

SQLite drops triggers whenever Django remakes a table, and a flush empties the row of the head: so installing is
idempotent, and done by the migration and again after every `migrate` and `flush`.
"""

from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

ENTRY = "commons_ledgerentry"
HEAD = "commons_ledgerhead"
REFUSAL = "the ledger is append-only"
FIRST_PREVIOUS = "0" * 64

# Each condition asks its own table alone: SQLite cannot remake a table that another table's trigger names.
_CONTINUES = (
    f"NEW.number = COALESCE((SELECT MAX(number) FROM {ENTRY}), 0) + 1 AND "
    f"NEW.previous = COALESCE((SELECT hash FROM {ENTRY} ORDER BY number DESC LIMIT 1), '{FIRST_PREVIOUS}')"
)
_ADVANCES = "NEW.id = OLD.id AND NEW.number = OLD.number + 1"
# name: (table, event, condition that must hold; empty: never allowed)
_RULES: Mapping[str, tuple[str, str, str]] = {
    "ledger_entry_continues": (ENTRY, "INSERT", _CONTINUES),
    "ledger_entry_stays": (ENTRY, "UPDATE", ""),
    "ledger_entry_remains": (ENTRY, "DELETE", ""),
    "ledger_head_advances": (HEAD, "UPDATE", _ADVANCES),
    "ledger_head_remains": (HEAD, "DELETE", ""),
}
_TRUNCATE = {"ledger_entry_whole": ENTRY, "ledger_head_whole": HEAD}


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Puts the triggers and the head's row in place where they are missing. Safe to repeat."""
    connection = connections[using]
    if not _has_tables(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {HEAD} (id, number, hash) SELECT 1, 0, %s "
            f"WHERE NOT EXISTS (SELECT 1 FROM {HEAD}) AND NOT EXISTS (SELECT 1 FROM {ENTRY})",
            [FIRST_PREVIOUS],
        )
        absent = missing(using)
        for name, statement in _statements(connection).items():
            if name in absent:
                cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Lifts the triggers. For going back before the first migration, and for emptying a test's database."""
    connection = connections[using]
    if not _has_tables(connection):
        return
    with connection.cursor() as cursor:
        for name, table in _tables(connection).items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The names of triggers that should stand and do not; empty before the tables exist."""
    connection = connections[using]
    if not _has_tables(connection):
        return []
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        f" AND tgrelid IN ('{ENTRY}'::regclass, '{HEAD}'::regclass)"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {row[0] for row in cursor.fetchall()}
    return sorted(set(_tables(connection)) - standing)


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    install(using)


def _has_tables(connection: BaseDatabaseWrapper) -> bool:
    return {ENTRY, HEAD} <= set(connection.introspection.table_names())


def _tables(connection: BaseDatabaseWrapper) -> dict[str, str]:
    tables = {name: table for name, (table, _, _) in _RULES.items()}
    return tables | _TRUNCATE if connection.vendor == "postgresql" else tables


def _statements(connection: BaseDatabaseWrapper) -> dict[str, str]:
    if connection.vendor == "sqlite":
        return {name: _sqlite(name, *rule) for name, rule in _RULES.items()}
    rules = {name: _postgresql(name, *rule) for name, rule in _RULES.items()}
    return rules | {name: _postgresql_truncate(name, table) for name, table in _TRUNCATE.items()}


def _sqlite(name: str, table: str, event: str, allowed: str) -> str:
    when = f"WHEN NOT ({allowed})" if allowed else ""
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def _postgresql(name: str, table: str, event: str, allowed: str) -> str:
    given_back = "OLD" if event == "DELETE" else "NEW"
    check = f"IF {allowed} THEN RETURN {given_back}; END IF;" if allowed else ""
    return _postgresql_function(name, check) + (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _postgresql_truncate(name: str, table: str) -> str:
    return _postgresql_function(name, "") + (
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _postgresql_function(name: str, check: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {check} "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$; "
    )
