"""What every test can ask for, and the closing line about real data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from tests.ledger_triggers import ledger_triggers_lifted_for_flushes as ledger_triggers_lifted_for_flushes

DATA = os.environ.get("METACITY_DATA", "")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the translations once, in the process that the workers belong to."""
    if not hasattr(session.config, "workerinput"):
        call_command("compilecatalogues", verbosity=0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("data") and not DATA:
            item.add_marker(pytest.mark.skip(reason="METACITY_DATA is not set"))
    if os.environ.get("TEST_DATABASE_URL"):
        # The second run, on another database: what asks none has been tested by the first.
        alike = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=alike)
        items[:] = [item for item in items if _asks_a_database(item)]


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & {"db", "transactional_db"})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    waiting = [r for r in terminalreporter.stats.get("skipped", []) if "METACITY_DATA" in str(r.longrepr)]
    if waiting:
        terminalreporter.write_line(f"{len(waiting)} tests on real data were skipped: METACITY_DATA names no folder.")


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    """Each test begins in Korean, whatever language the pages of the one before were asked for in."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real open data; tests that use it carry the mark `data`."""
    return Path(DATA)
