"""Rules that the database itself keeps, whoever writes: triggers with one form on SQLite and PostgreSQL.

A room states its rules as data and has them installed by its migration and again after every `migrate`:

    GUARD = Guard(refusal="…", rules={"ledger_entry_stays": Rule(ENTRY, "UPDATE")})

SQLite drops triggers whenever Django remakes a table, so installing is idempotent. Statements are put together from the
constants of the rooms alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Rule:
    """On `event` (INSERT, UPDATE or DELETE) of a row of `table`, `allowed` must hold; empty: it is never allowed.

    The condition reads `OLD` and `NEW` and asks its own table alone: SQLite cannot remake a table that another table's
    trigger names.
    """

    table: str
    event: str
    allowed: str = ""


@dataclass(frozen=True)
class Guard:
    """A room's rules by the names of their triggers. What breaks one is an `IntegrityError` that says `refusal`."""

    refusal: str
    rules: Mapping[str, Rule]
    # Tables that PostgreSQL must not empty by TRUNCATE, by the names of their triggers.
    whole: Mapping[str, str] = field(default_factory=dict)

    def install(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Puts the triggers in place where they are missing. Safe to repeat."""
        connection = connections[using]
        absent = self.missing(using)
        with connection.cursor() as cursor:
            for name in absent:
                cursor.execute(self._statement(connection, name))

    def remove(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Lifts the triggers. For going back before the first migration, and for emptying a test's database."""
        connection = connections[using]
        if not self.has_tables(using):
            return
        with connection.cursor() as cursor:
            for name, table in self._tables(connection).items():
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")

    def missing(self, using: str = DEFAULT_DB_ALIAS) -> list[str]:
        """The names of triggers that should stand and do not; empty before the tables exist."""
        connection = connections[using]
        if not self.has_tables(using):
            return []
        tables = self._tables(connection)
        names = ", ".join(f"'{table}'::regclass" for table in sorted(set(tables.values())))
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else f"SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid IN ({names})"
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            standing = {row[0] for row in cursor.fetchall()}
        return sorted(set(tables) - standing)

    def has_tables(self, using: str = DEFAULT_DB_ALIAS) -> bool:
        names = set(connections[using].introspection.table_names())
        return {rule.table for rule in self.rules.values()} <= names

    def install_after_migrate(self, *, using: str, **kwargs: Any) -> None:
        """Receiver of `post_migrate`."""
        self.install(using)

    def _tables(self, connection: BaseDatabaseWrapper) -> dict[str, str]:
        tables = {name: rule.table for name, rule in self.rules.items()}
        return tables | dict(self.whole) if connection.vendor == "postgresql" else tables

    def _statement(self, connection: BaseDatabaseWrapper, name: str) -> str:
        if name not in self.rules:
            return self._postgresql_truncate(name, self.whole[name])
        rule = self.rules[name]
        return self._sqlite(name, rule) if connection.vendor == "sqlite" else self._postgresql(name, rule)

    def _sqlite(self, name: str, rule: Rule) -> str:
        when = f"WHEN NOT ({rule.allowed})" if rule.allowed else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END"
        return f"CREATE TRIGGER {name} BEFORE {rule.event} ON {rule.table} {when} {refuse}"

    def _postgresql(self, name: str, rule: Rule) -> str:
        given_back = "OLD" if rule.event == "DELETE" else "NEW"
        check = f"IF {rule.allowed} THEN RETURN {given_back}; END IF;" if rule.allowed else ""
        return self._postgresql_function(name, check) + (
            f"CREATE TRIGGER {name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )

    def _postgresql_truncate(self, name: str, table: str) -> str:
        return self._postgresql_function(name, "") + (
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )

    def _postgresql_function(self, name: str, check: str) -> str:
        return (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {check} "
            f"RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$; "
        )
