"""Publications that cost nothing: for tests of what stands around the tiles."""

from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from pytest_django import Settings

from twin.mirror.features import Feature
from twin.mirror.frame import LocalFrame
from twin.mirror.readers import Progress
from twin.mirror.tiles.stock import Stock


class QuickTiles:
    """Stands in for `tiles.build_city`: remembers what it was given, writes one file, fails when told to."""

    def __init__(self) -> None:
        self.features: list[Feature] = []
        self.ids: dict[str, UUID] = {}
        self.error: BaseException | None = None

    def __call__(
        self, stock: Stock, frame: LocalFrame, out_dir: Path, progress: Progress, **options: Any
    ) -> dict[str, Any]:
        built = stock.families(np.arange(len(stock.walls.places)))
        others = [feature for feature in stock.rest.features if feature.source_id not in built.ids]
        self.features, self.ids = [*built.features, *others], {**stock.rest.ids, **built.ids}
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
    monkeypatch.setattr("twin.mirror.carrying.tiles.build_city", stand_in)
    return stand_in
