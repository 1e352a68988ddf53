"""Deliveries without a worker: what is handed in lies in a folder of each test."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def deliveries(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, also for the processes that a test starts."""
    settings.DELIVERIES_ROOT = tmp_path / "deliveries"
    monkeypatch.setenv("CITY_DELIVERIES", str(settings.DELIVERIES_ROOT))
    return tmp_path / "deliveries"
