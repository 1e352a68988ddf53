"""Extracts that are broken, wrong or hostile are refused by their cause."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories.osm import Town
from tests.mirror.test_refused_files import refusal, text_file, zipped
from twin.mirror.readers import read


def a_town() -> Town:
    town = Town()
    for number in range(200):
        town.block(number * 30, building="yes", name=f"집 {number}")
    return town


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_truncated_extract_is_refused(share: float, tmp_path: Path) -> None:
    for name in ("town.osm.pbf", "town.osm"):
        path = a_town().write(tmp_path / name)
        content = path.read_bytes()
        cut = tmp_path / f"cut-{name}"
        cut.write_bytes(content[: int(len(content) * share)])
        assert f"cut-{name} cannot be read as OpenStreetMap" in refusal(cut)
        path.unlink()


@pytest.mark.parametrize(
    "head", [b"", b"\0\0\0\x0d\x0a\x09OSMHeader", b"\x7f\xff\xff\xff\x0a\x09OSMHeader\x18\x01", b"<osm/>"]
)
def test_what_is_no_pbf_is_refused(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "wrong.osm.pbf"
    path.write_bytes(head + b"nothing of the kind" * 20)
    assert "wrong.osm.pbf cannot be read as OpenStreetMap" in refusal(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + ']><osm version="0.6"><node id="1" lat="37.5" lon="127"><tag k="name" v="&i;"/></node></osm>'
    )
    assert "entities are not supported" in refusal(text_file(tmp_path / "bomb.osm", bomb))


def test_files_outside_are_not_read_by_entities(tmp_path: Path) -> None:
    text = '<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/hostname">]><osm version="0.6">&x;</osm>'
    assert "entities are not supported" in refusal(text_file(tmp_path / "c.osm", text))


@pytest.mark.parametrize("text", ["", "<html></html>", "not at all", '<osm version="0.5"></osm>', "<osm><node/></osm>"])
def test_xml_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path / "c.osm", text))


def test_an_extract_of_nothing_that_we_know_is_refused(tmp_path: Path) -> None:
    town = Town()
    town.node((0, 0), shop="bakery")
    assert "no city objects" in refusal(town.write(tmp_path / "c.osm"))


def test_a_history_is_refused(tmp_path: Path) -> None:
    text = '<osmChange version="0.6"><modify><node id="1" version="2" lat="37.5" lon="127"/></modify></osmChange>'
    assert "history" in refusal(text_file(tmp_path / "c.osm", text))


def test_another_coordinate_system_is_refused(tmp_path: Path) -> None:
    assert "always in EPSG:4326" in refusal(a_town().write(tmp_path / "c.osm"), epsg=5186)


def test_an_encoding_is_understood_as_editors_misspell_it(tmp_path: Path) -> None:
    text = a_town().write(tmp_path / "c.osm").read_text(encoding="utf-8")
    assert "encoding='UTF-8'" in text
    path = text_file(tmp_path / "d.osm", text.replace("encoding='UTF-8'", "encoding='utf8'"))
    assert {found.attributes["name"] for found in read(path).features} >= {"집 0", "집 199"}


def test_an_extract_in_an_archive_is_read(tmp_path: Path) -> None:
    for name in ("c.osm", "c.osm.pbf"):
        path = a_town().write(tmp_path / name)
        assert len(read(zipped(tmp_path / f"{name}.zip", (name, path.read_bytes()))).features) == 200


@pytest.mark.parametrize(
    "element",
    [
        5,
        None,
        {},
        {"type": "cube", "id": 1},
        {"type": "node", "id": "one", "lat": 37, "lon": 127},
        {"type": "node", "id": 1, "lat": 137, "lon": 127},
        {"type": "node", "id": 2**80, "lat": 37, "lon": 127},
        {"type": "way", "id": 1, "nodes": ["a"]},
        {"type": "way", "id": 1, "nodes": 5},
        {"type": "way", "id": 1, "tags": {"building": 5}},
        {"type": "relation", "id": 1, "members": [{"type": "way"}]},
    ],
)
def test_an_element_that_is_none_is_refused_by_its_number(element: Any, tmp_path: Path) -> None:
    answer = {"elements": [{"type": "node", "id": 7, "lat": 37.5, "lon": 127}, element]}
    assert "Element 2 of c.json" in refusal(text_file(tmp_path / "c.json", json.dumps(answer)))


def test_an_answer_without_elements_is_refused(tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path / "c.json", '{"elements": 5}'))
    assert "no city objects" in refusal(text_file(tmp_path / "c.json", '{"elements": []}'))
