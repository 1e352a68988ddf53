from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> Iterator[None]:
    """Attempts are counted in the shared cache: each test starts with none."""
    cache.clear()
    yield
    cache.clear()
