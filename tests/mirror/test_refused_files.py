"""City files that are broken, wrong or hostile are refused by the object and the cause, and soon."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from metacity.commons.errors import CityError
from tests.factories.mirror import FIXTURES, CityJson, a_small_city, feature, footprint, geojson, write_json
from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.readers import files, read


def refusal(path: Path, **options: Any) -> str:
    """The words with which a file is refused."""
    with translation.override("en"), pytest.raises(CityError) as caught:
        read(path, **options)
    assert isinstance(caught.value, FileRefused | FileTooLarge)
    return str(caught.value.message)


def text_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def document(change: Callable[[CityJson, Any], None]) -> Any:
    city = a_small_city()
    built = city.document()
    change(city, built)
    return built


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_document_is_refused_with_the_place(share: float, tmp_path: Path) -> None:
    whole = (FIXTURES / "cityjson-1.1.city.json").read_bytes()
    path = tmp_path / "cut.json"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "cut.json is not valid JSON" in refusal(path)


def test_a_truncated_line_of_a_sequence_is_refused_with_its_number(tmp_path: Path) -> None:
    lines = (FIXTURES / "cityjsonseq-2.0.city.jsonl").read_text(encoding="utf-8").splitlines()
    path = text_file(tmp_path / "cut.jsonl", "\n".join([*lines[:3], lines[3][:100]]))
    assert "cut.jsonl, line 4 is not valid JSON" in refusal(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(number: str, tmp_path: Path) -> None:
    text = (FIXTURES / "cityjson-1.1.city.json").read_text(encoding="utf-8").replace("[[0,0,0]", f"[[{number},0,0]", 1)
    assert "not valid JSON" in refusal(text_file(tmp_path / "c.json", text))


@pytest.mark.parametrize("vertex", [[0, 0], [0, 0, None], [0, 0, "5"], "abc", [0, 0, [0]]])
def test_a_vertex_that_is_not_three_numbers_is_named(vertex: object, tmp_path: Path) -> None:
    def change(_city: CityJson, built: Any) -> None:
        built["vertices"][7] = vertex

    assert "vertex 7 is not three numbers" in refusal(write_json(tmp_path / "c.json", document(change)))


@pytest.mark.parametrize("index", [10**9, -1, 99_999, 2**63, 2**70])
def test_an_index_beyond_the_vertices_is_refused_with_the_object(index: int, tmp_path: Path) -> None:
    def change(_city: CityJson, built: Any) -> None:
        built["CityObjects"]["school"]["geometry"][0]["boundaries"][0][0][0][0] = index

    words = refusal(write_json(tmp_path / "c.json", document(change)))
    assert "the geometry of school cannot be read" in words


@pytest.mark.parametrize(
    "wrong", [[[[0, 1, 2]]], [0, 1, 2], "text", {"a": 1}, [[[[0, 1.5, 2]]]], [[[["a", "b", "c"]]]]]
)
def test_boundaries_of_another_shape_are_refused_with_the_object(wrong: object, tmp_path: Path) -> None:
    def change(_city: CityJson, built: Any) -> None:
        built["CityObjects"]["school"]["geometry"][0]["boundaries"] = wrong

    assert "the geometry of school cannot be read" in refusal(write_json(tmp_path / "c.json", document(change)))


@pytest.mark.parametrize("depth", [200, 100_000])
def test_deep_nesting_is_refused(depth: int, tmp_path: Path) -> None:
    nest = "[" * depth + "]" * depth
    text = json.dumps(a_small_city().document())
    in_geometry = text.replace('"boundaries": [', f'"boundaries": [{nest}, ', 1)
    assert in_geometry != text
    words = refusal(text_file(tmp_path / "geometry.json", in_geometry))
    assert "hall" in words or "not valid JSON" in words
    in_attributes = text.replace('"use": "school"', f'"use": {nest}', 1)
    words = refusal(text_file(tmp_path / "attributes.json", in_attributes))
    assert "school" in words or "not valid JSON" in words


def test_a_part_of_itself_is_refused(tmp_path: Path) -> None:
    city = a_small_city()
    city.objects["hall"]["parents"] = ["school"]
    city.objects["school"]["parents"] = ["hall"]
    assert "is a part of itself" in refusal(city.write(tmp_path / "c.json"))


@pytest.mark.parametrize("source_id", ["", "x" * 5000, "a\x00b", "a\nb", "\u202eabc"])
def test_an_id_that_nobody_could_read_is_refused(source_id: str, tmp_path: Path) -> None:
    city = CityJson()
    words = refusal(city.add(source_id, "Building").write(tmp_path / "c.json"))
    assert "an id that is empty, unprintable or longer than 200 characters" in words
    if source_id:
        path = write_json(tmp_path / "c.geojson", geojson(footprint(source_id, height=3)))
        assert "an id that is empty, unprintable" in refusal(path)


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("version", "0.9", "is not CityJSON 1.0, 1.1 or 2.0"),
        ("type", "CityModel", "is not CityJSON"),
        ("CityObjects", [], "CityObjects is missing"),
        ("CityObjects", {}, "holds no city objects"),
        ("CityObjects", {"a": 5}, "a is no city object"),
        ("vertices", None, "vertices is missing"),
        ("transform", {"scale": [1, 1]}, "The transform is not"),
        ("metadata", {}, "does not state its coordinate system"),
        ("metadata", {"referenceSystem": "mars:1"}, "mars:1 is no coordinate system that we know"),
        ("metadata", {"referenceSystem": "EPSG:999999"}, "EPSG:999999 is no coordinate system that we know"),
        ("metadata", {"referenceSystem": "EPSG:4978"}, "says nothing about places on a map"),
        ("metadata", {"referenceSystem": "EPSG:2056"}, "outside the area of EPSG:2056"),
        ("metadata", {"referenceSystem": "EPSG:4326"}, "which are not degrees of longitude and latitude"),
        ("geometry-templates", {"templates": 3}, "geometry-templates is not"),
    ],
)
def test_a_document_with_a_wrong_member_is_refused_by_it(
    member: str, value: object, words: str, tmp_path: Path
) -> None:
    built = a_small_city().document() | {member: value}
    assert words in refusal(write_json(tmp_path / "c.json", built))


def test_a_wrong_coordinate_system_is_refused_with_the_first_object_and_its_place(tmp_path: Path) -> None:
    words = refusal(a_small_city().write(tmp_path / "c.json"), epsg=2056)
    assert "hall lies at 200000, 545010" in words
    assert "EPSG:2056 (CH1903+ / LV95" in words


def test_objects_far_outside_are_left_out_one_by_one(tmp_path: Path) -> None:
    city = a_small_city()
    city.add("astray", "Building", city.box(e=9_000_000))
    reading = read(city.write(tmp_path / "c.json"))
    assert "astray" not in {found.source_id for found in reading.features}
    assert [fault.source_id for fault in reading.faults if fault.code == "outside_area"] == ["astray"]


def test_projected_numbers_are_no_degrees(tmp_path: Path) -> None:
    ring = [[200_000, 545_000], [200_010, 545_000], [200_010, 545_010], [200_000, 545_000]]
    path = write_json(tmp_path / "c.geojson", geojson(feature({"type": "Polygon", "coordinates": [ring]}, "lot-7")))
    words = refusal(path)
    assert "lot-7 lies at 200000, 545000" in words
    assert "--crs" in words


def test_latitude_before_longitude_is_refused(tmp_path: Path) -> None:
    swapped = footprint("a", lon=37.5, lat=127.0, height=3)
    assert "a lies at 37.5, 127" in refusal(write_json(tmp_path / "c.geojson", geojson(swapped)))


@pytest.mark.parametrize(
    "coordinates",
    [
        None,
        5,
        [],
        [[["a", "b"], [1, 2], [3, 4]]],
        [[[127, None], [127, 37], [128, 37]]],
        [[127, 37]],
        [[[[127, 37]]]],
        [[{"x": 1}]],
    ],
)
def test_coordinates_that_are_none_are_refused_with_the_object(coordinates: object, tmp_path: Path) -> None:
    broken = feature({"type": "Polygon", "coordinates": coordinates}, "broken", height=3)
    assert "broken" in refusal(write_json(tmp_path / "c.geojson", geojson(footprint("a", height=3), broken)))


@pytest.mark.parametrize("broken", [5, None, {"type": "Feature", "geometry": {"type": "Cube"}, "properties": {}}, []])
def test_what_is_no_feature_is_refused(broken: object, tmp_path: Path) -> None:
    assert refusal(write_json(tmp_path / "c.geojson", geojson(footprint("a", height=3), broken)))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["{}", "[]", "5", '{"type": "FeatureCollection"}', "null", "text", "\x00\x01"])
def test_files_of_something_else_are_refused(text: str, tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path / "c.json", text))
    assert refusal(text_file(tmp_path / "c.geojson", text))
    assert refusal(text_file(tmp_path / "c.jsonl", text))


def test_an_empty_file_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    assert "is empty" in refusal(text_file(tmp_path / "empty.json", ""))
    (tmp_path / "folder").mkdir()
    assert "There is no city file in folder" in refusal(tmp_path / "folder")
    assert "is not a file" in refusal(tmp_path / "missing.json")


def zipped(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_an_archive_with_one_city_file_is_read(tmp_path: Path) -> None:
    content = (FIXTURES / "cityjson-1.1.city.json").read_bytes()
    path = zipped(tmp_path / "c.zip", ("city/c.city.json", content), ("__MACOSX/city/._c.city.json", b"x"))
    assert len(read(path).features) == 7


def test_an_archive_without_a_city_file_is_refused(tmp_path: Path) -> None:
    assert "no city file in c.zip" in refusal(zipped(tmp_path / "c.zip", ("a.json", b"{}"), ("b.json", b"{}")))


def test_an_archive_within_an_archive_is_refused_by_its_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "c.zip", ("a.city.json", b"{}"), ("deep/more.zip", b"PK"))
    assert "c.zip holds another archive: deep/more.zip" in refusal(path)


def test_an_archive_of_many_small_bombs_is_refused(tmp_path: Path) -> None:
    assert "times its size" in refusal(zipped(tmp_path / "b.zip", *((f"{n}.json", b" " * 10**6) for n in range(30))))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert "times its size" in refusal(zipped(tmp_path / "bomb.zip", ("c.json", b" " * 30_000_000)))


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "liar.zip", ("c.json", json.dumps(a_small_city().document()).encode()))
    content = path.read_bytes()
    declared = zipfile.ZipFile(path).infolist()[0].file_size.to_bytes(4, "little")
    assert content.count(declared) == 2  # in the file's own header and in the directory
    path.write_bytes(content.replace(declared, (50).to_bytes(4, "little")))
    assert refusal(path)


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1 << 10)
    assert "larger than" in refusal(FIXTURES / "cityjson-2.0.city.json")


def test_templates_cannot_be_used_to_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.mirror.readers.cityjson.MAX_VERTICES", 100)
    assert "more than 100 vertices" in refusal(FIXTURES / "cityjson-2.0.city.json")
