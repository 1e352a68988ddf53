"""CityJSON against its official schema."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories.mirror import FIXTURES, a_small_city, footprint, geojson, write_json
from twin.mirror.carrying import inspect
from twin.mirror.readers import open_delivery
from twin.mirror.schema import check_schema
from twin.mirror.services import Order

DOCUMENTS = {"1.0": "cityjson-1.0.json", "1.1": "cityjson-1.1.city.json", "2.0": "cityjson-2.0.city.json"}


def checked(path: Path, format_name: str = "CityJSON 2.0") -> dict[str, Any]:
    return check_schema(open_delivery([path]).files[0], format_name)


@pytest.mark.parametrize("version", sorted(DOCUMENTS))
def test_each_version_is_held_against_its_own_schema(version: str, tmp_path: Path) -> None:
    document = json.loads((FIXTURES / DOCUMENTS[version]).read_text())
    name = next(iter(document["CityObjects"]))
    document["CityObjects"][name]["geometry"] = 7
    found = checked(write_json(tmp_path / "c.city.json", document))
    assert found["edition"].startswith(version)
    assert name in [item[0] for item in found["items"]]


def test_a_sound_document_follows_it(tmp_path: Path) -> None:
    assert checked(a_small_city().write(tmp_path / "c.json")) == {"edition": "2.0.2", "count": 0, "items": []}


def test_the_fault_says_what_is_wrong_where(tmp_path: Path) -> None:
    city = a_small_city()
    city.objects["school"]["geometry"][0]["lod"] = 7
    city.objects["part-1"].pop("parents")
    found = dict(checked(city.write(tmp_path / "c.json"))["items"])
    assert found["school"].startswith("geometry/0")
    assert "parents" in found["part-1"]


def test_sequences_are_checked_line_by_line(tmp_path: Path) -> None:
    sequence = FIXTURES / "cityjsonseq-2.0.city.jsonl"
    assert checked(sequence, "CityJSONSeq")["count"] == 0
    lines = [json.loads(line) for line in sequence.read_text().splitlines()]
    lines[1]["CityObjects"]["hall"]["attributes"] = []
    broken = tmp_path / "b.city.jsonl"
    broken.write_text("\n".join(json.dumps(line) for line in lines))
    assert [item[0] for item in checked(broken, "CityJSONSeq")["items"]] == ["hall"]


def test_other_formats_have_no_schema_and_too_large_files_are_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checked(write_json(tmp_path / "f.geojson", geojson(footprint("a"))), "GeoJSON") == {}
    monkeypatch.setattr("twin.mirror.schema.MOST_BYTES", 10)
    assert checked(a_small_city().write(tmp_path / "c.json"))["edition"] == ""


@pytest.mark.django_db
def test_the_report_lists_what_does_not_follow_it(tmp_path: Path) -> None:
    city = a_small_city()
    city.objects["part-1"].pop("parents")
    city.objects["house"]["children"] = ["part-1", "part-2"]
    report = inspect(Order(path=city.write(tmp_path / "c.json")).stream(None))
    assert report["schema"]["count"] == 1
    [fault] = report["faults"]
    assert (fault["code"], fault["items"][0][0]) == ("schema", "part-1")
