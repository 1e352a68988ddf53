"""Publications that cost nothing: for tests of what stands around the tiles."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from twin.mirror.features import Feature
from twin.mirror.frame import LocalFrame
from twin.mirror.readers import Progress


class QuickTiles:
    """Stands in for `tiles.build`: remembers what it was given, writes one file, fails when told to."""

    def __init__(self) -> None:
        self.features: list[Feature] = []
        self.ids: dict[str, UUID] = {}
        self.error: BaseException | None = None

    def __call__(
        self,
        features: Sequence[Feature],
        ids: Mapping[str, UUID],
        frame: LocalFrame,
        out_dir: Path,
        progress: Progress,
        **options: Any,
    ) -> dict[str, Any]:
        self.features, self.ids = list(features), dict(ids)
        out_dir.mkdir(parents=True)
        (out_dir / "labels.json").write_text("{}", encoding="utf-8")
        progress(0.5, "buildings")
        if self.error is not None:
            raise self.error
        return {"bounds": {"min": [-99.0, -99.0, 0.0], "max": [99.0, 99.0, 20.0]}, "bytes": 2, "report": {"made": 1}}


@pytest.fixture(autouse=True)
def publications(tmp_path: Path, settings: Settings) -> Path:
    """A folder of its own for the publications of each test."""
    settings.PUBLICATIONS_ROOT = tmp_path / "publications"
    return tmp_path / "publications"


@pytest.fixture
def quick_tiles(monkeypatch: pytest.MonkeyPatch) -> QuickTiles:
    stand_in = QuickTiles()
    monkeypatch.setattr("twin.mirror.carrying.tiles.build", stand_in)
    return stand_in
