"""The one place that may lift the ledger's triggers: around the flush that ends a transactional test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.test import TransactionTestCase

from metacity.commons import ledger_triggers


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Within, ledger rows can be changed and removed; after, the triggers stand again."""
    ledger_triggers.remove(using)
    try:
        yield
    finally:
        ledger_triggers.install(using)


@pytest.fixture(scope="session", autouse=True)
def ledger_triggers_lifted_for_flushes() -> Iterator[None]:
    """Transactional tests (pytest-django's `transaction=True`) end with a flush, which the triggers would refuse."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with lifted():
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
