"""`make_sample_city` writes what the import reads."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from twin.mirror.features import Kind
from twin.mirror.readers import read


def test_the_written_city_is_read_without_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "gaon.city.json"
    call_command("make_sample_city", path, seed=7)
    assert f"{path}: " in capsys.readouterr().out
    reading = read(path)
    assert reading.faults == []
    kinds = Counter(feature.kind for feature in reading.features)
    assert kinds[Kind.BUILDING] > 2800
    assert set(kinds) == set(Kind) - {Kind.TUNNEL, Kind.GENERIC}
    trees = [feature for feature in reading.features if feature.kind == Kind.TREE]
    assert all(tree.points is not None and tree.attributes["height_m"] > 2 for tree in trees)
    roads = [feature for feature in reading.features if feature.kind == Kind.ROAD]
    assert all(road.lines and road.attributes["road_class"] for road in roads)


def test_a_place_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("make_sample_city", tmp_path / "file" / "gaon.city.json")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="seed"):
        call_command("make_sample_city", tmp_path / "gaon.city.json", seed=-1)
    assert list(tmp_path.iterdir()) == []
