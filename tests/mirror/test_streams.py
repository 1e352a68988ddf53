"""Files of plans are read part by part, so that their length does not matter."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.mirror import feature, footprint, geojson, write_json
from tests.mirror.test_refused_files import zipped
from twin.mirror.errors import FileRefused
from twin.mirror.features import Kind
from twin.mirror.readers import Reading, footprints, no_progress, open_delivery, read
from twin.mirror.readers import geojson as readers_geojson
from twin.mirror.readers.formats import format_of


def parts_of(path: Path) -> Iterator[Reading]:
    file = open_delivery([path]).files[0]
    return format_of(file).read(file, frame=None, crs=None, progress=no_progress)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprints, "PART_OBJECTS", 10)


@pytest.mark.usefixtures("small_parts")
def test_all_parts_of_a_file_are_in_the_frame_of_the_first(tmp_path: Path) -> None:
    houses = [footprint(f"h{number}", lon=127 + number / 1000, height=5) for number in range(25)]
    parts = list(parts_of(write_json(tmp_path / "c.geojson", geojson(*houses))))
    assert [len(part.features) for part in parts] == [10, 10, 5]
    assert {part.frame for part in parts} == {parts[0].frame}
    assert [found.source_id for part in parts for found in part.features] == [f"h{number}" for number in range(25)]
    eastings = [found.lods["1"].bounds[0][0] for part in parts for found in part.features]
    assert eastings == sorted(eastings)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("name", ["c.geojson", "c.zip"])
def test_the_frame_of_a_long_file_lies_in_its_middle(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers_geojson, "_SAMPLED_FROM", 1)
    houses = [footprint(f"h{number}", lon=127 + number / 1000, height=5) for number in range(101)]
    path = write_json(tmp_path / "c.geojson", geojson(*houses))
    if name == "c.zip":
        path = zipped(tmp_path / name, ("c.geojson", path.read_bytes()))
    assert next(parts_of(path)).frame.lon == pytest.approx(127.05, abs=0.01)


@pytest.mark.usefixtures("small_parts")
def test_what_lies_far_from_the_rest_is_left_out_even_if_a_whole_part_does(tmp_path: Path) -> None:
    near = [footprint(f"h{number}", height=5) for number in range(10)]
    far = [footprint(f"f{number}", lon=129.0, lat=35.2, height=5) for number in range(10)]
    first, second = parts_of(write_json(tmp_path / "c.geojson", geojson(*near, *far)))
    assert (len(first.features), len(second.features)) == (10, 0)
    assert {fault.code for fault in second.faults} == {"outside_area"}
    with pytest.raises(FileRefused, match="km"):
        read(write_json(tmp_path / "d.geojson", geojson(*far)), frame=first.frame)


@pytest.mark.usefixtures("small_parts")
def test_an_id_is_noticed_when_another_part_had_it(tmp_path: Path) -> None:
    houses = [footprint("same" if number in {3, 17, 19} else f"h{number}", height=5) for number in range(20)]
    first, second = parts_of(write_json(tmp_path / "c.geojson", geojson(*houses)))
    assert "same" in {found.source_id for found in first.features}
    assert {"same#2", "same#3"} <= {found.source_id for found in second.features}
    assert [fault.code for fault in second.faults] == ["duplicate_id", "duplicate_id"]


@pytest.mark.usefixtures("small_parts")
def test_areas_that_say_nothing_are_what_the_areas_of_earlier_parts_are(tmp_path: Path) -> None:
    known = [footprint(f"h{number}", height=5) for number in range(10)]
    silent = [footprint(f"s{number}") for number in range(3)]
    _first, second = parts_of(write_json(tmp_path / "c.geojson", geojson(*known, *silent)))
    assert {found.kind for found in second.features} == {Kind.BUILDING}


def test_a_coordinate_system_that_is_stated_behind_the_features_is_honoured(tmp_path: Path) -> None:
    ring = [[200_000, 545_000], [200_010, 545_000], [200_010, 545_010], [200_000, 545_010], [200_000, 545_000]]
    square = feature({"type": "Polygon", "coordinates": [ring]}, "a", height=10, note='says "crs" itself')
    document = geojson(square) | {"crs": {"type": "name", "properties": {"name": "EPSG:5186"}}}
    assert list(document)[-1] == "crs"
    [part] = parts_of(write_json(tmp_path / "c.geojson", document))
    assert part.crs.epsg == 5186


def test_a_file_that_breaks_off_is_refused_when_its_end_is_reached(tmp_path: Path) -> None:
    text = json.dumps(geojson(footprint("a", height=5), footprint("b", height=5)))
    path = tmp_path / "c.geojson"
    path.write_text(text[:-40], encoding="utf-8")
    with pytest.raises(FileRefused, match=r"c\.geojson"):
        list(parts_of(path))


def test_brackets_and_quotes_within_texts_are_no_nesting(tmp_path: Path) -> None:
    text = ("[{" * 300 + '"\\' + "[" * 300) * 400
    path = write_json(tmp_path / "c.geojson", geojson(footprint("a", height=5, note=text), footprint("b", height=5)))
    assert path.stat().st_size > 1 << 18  # more than one piece of reading
    assert [found.source_id for part in parts_of(path) for found in part.features] == ["a", "b"]


@pytest.mark.parametrize("depth", [500, 100_000])
def test_coordinates_without_end_are_refused(depth: int, tmp_path: Path) -> None:
    nest = "[" * depth + "]" * depth
    text = json.dumps(geojson(footprint("deep", height=5), footprint(height=5)))
    for old in ('"coordinates": [[', '"height": 5'):
        path = tmp_path / "c.geojson"
        path.write_text(text.replace(old, old.split(":")[0] + f": {nest}" + (', "x": [[' if "[[" in old else "")))
        with pytest.raises(FileRefused):
            list(parts_of(path))


@pytest.mark.usefixtures("small_parts")
def test_the_first_part_comes_before_the_rest_is_read(tmp_path: Path) -> None:
    houses = [footprint(f"h{number}", height=5, note="x" * 4_000) for number in range(100)]
    path = tmp_path / "c.geojson"
    path.write_text(json.dumps(geojson(*houses))[:-9], encoding="utf-8")
    parts = parts_of(path)
    assert len(next(parts).features) == 10
    with pytest.raises(FileRefused):
        list(parts)
