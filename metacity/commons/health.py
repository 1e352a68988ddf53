"""Whether the service could answer people right now: its database, its Redis, its tables."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

log = logging.getLogger(__name__)


def readiness() -> dict[str, bool]:
    """Each part by name, and whether it answers. A part that fails is in the log, not in the answer."""
    return {name: _answers(name, ask) for name, ask in _PARTS.items()}


def _answers(name: str, ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except Exception:  # whatever a driver raises: the part does not answer
        log.warning("%s does not answer.", name, exc_info=True)
        return False


def _database() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone()[0] == 1)


def _redis() -> bool:
    cache.set("readyz", 1, timeout=5)
    return bool(cache.get("readyz") == 1)


def _migrations() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


_PARTS: dict[str, Callable[[], bool]] = {"database": _database, "redis": _redis, "migrations": _migrations}
