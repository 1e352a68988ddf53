"""Several files handed in at once: side by side, in a folder, in an archive."""

import json
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from tests.factories.accounts import person
from tests.factories.mirror import (
    CityJson,
    a_small_city,
    by_id,
    footprint,
    geojson,
    imported,
    the_city,
    write_json,
)
from tests.mirror.conftest import QuickTiles
from twin.mirror.errors import FileRefused
from twin.mirror.models import City, CityImport, CityObject, CityObjectVersion
from twin.mirror.quality import lines
from twin.mirror.readers import open_delivery, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A delivery as offices send them: two city files, a folder deeper, code lists, pictures and notes."""
    root = tmp_path / "gaon"
    (root / "udx" / "bldg").mkdir(parents=True)
    (root / "codelists").mkdir()
    (root / ".cache").mkdir()
    a_small_city().write(root / "udx" / "bldg" / "a.city.json")
    write_json(root / "kiosks.geojson", geojson(footprint("kiosk", lon=127.0, lat=37.505, height=3)))
    (root / "codelists" / "Building_usage.xml").write_text("<x/>")
    (root / "udx" / "bldg" / "roof.jpg").write_bytes(b"\xff")
    (root / "readme.txt").write_text("Read me")
    (root / "index.json").write_text('{"files": 2}')
    (root / "later.geojson").write_text("")
    (root / ".cache" / "old.geojson").write_text("{")
    return root


def ids() -> set[str]:
    shown = CityObjectVersion.objects.shown_in_city(the_city())
    return set(shown.values_list("object__source_id", flat=True))


def test_a_folder_is_one_delivery_of_all_its_city_files(folder: Path, quick_tiles: QuickTiles) -> None:
    report = imported(folder).report
    assert {"hall", "kiosk"} <= ids()
    assert [(entry["name"], entry["format"], entry["epsg"], entry["objects"]) for entry in report["files"]] == [
        ("kiosks.geojson", "GeoJSON", 4326, 1),
        ("udx/bldg/a.city.json", "CityJSON 2.0", 5186, 7),
    ]
    assert report["systems"] == [4326, 5186]


def test_what_is_no_city_file_is_named_unless_it_only_accompanies(folder: Path) -> None:
    left_out = {(entry.name, entry.reason) for entry in open_delivery([folder]).left_out}
    assert left_out == {
        ("readme.txt", "unknown_format"),
        ("index.json", "unknown_format"),
        ("later.geojson", "empty"),
    }


def test_an_archive_of_a_folder_brings_the_same(folder: Path, quick_tiles: QuickTiles) -> None:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder))
    imported(archive)
    from_archive = ids()
    imported(folder)
    assert ids() == from_archive
    assert len(open_delivery([archive]).left_out) == len(open_delivery([folder]).left_out)


def test_files_handed_in_together_stand_in_the_frame_of_the_first(tmp_path: Path, quick_tiles: QuickTiles) -> None:
    first = a_small_city().write(tmp_path / "a.city.json")
    second = write_json(tmp_path / "b.geojson", geojson(footprint("far", lon=127.02, lat=37.6, height=3)))
    alone = imported(first, slug="alone").city
    together = imported(first, more_paths=(second,)).city
    assert (together.origin_lon, together.origin_lat) == (alone.origin_lon, alone.origin_lat)
    far = CityObjectVersion.objects.get(object__source_id="far")
    assert far.min_n > 1_000


def test_of_the_same_id_in_two_files_the_first_is_taken(tmp_path: Path, quick_tiles: QuickTiles) -> None:
    first = a_small_city().write(tmp_path / "a.city.json")
    second = CityJson()
    second.add("hall", "Building", second.box(300, 300), attributes={"name": "또 가온구청"})
    report = imported(first, more_paths=(second.write(tmp_path / "b.city.json"),)).report
    assert CityObject.objects.get(source_id="hall").name == "가온구청"
    [fault] = report["faults"]
    assert (fault["code"], [item[:2] for item in fault["items"]]) == ("duplicate_id", [["hall", ""]])


def test_a_file_that_is_refused_refuses_the_delivery_by_its_name(folder: Path, quick_tiles: QuickTiles) -> None:
    (folder / "broken.geojson").write_text('{"type": "FeatureCollection", "features": [')
    with pytest.raises(FileRefused, match=r"broken\.geojson"):
        imported(folder)
    assert not City.objects.exists()


def test_refused_files_are_left_out_and_listed_where_that_is_wanted(folder: Path, quick_tiles: QuickTiles) -> None:
    (folder / "broken.geojson").write_text('{"type": "FeatureCollection", "features": [')
    report = imported(folder, skip_refused=True).report
    assert {"hall", "kiosk"} <= ids()
    assert ["broken.geojson", "refused"] in [entry[:2] for entry in report["left_out"]]


def test_a_delivery_of_which_every_file_is_refused_is_refused(tmp_path: Path, quick_tiles: QuickTiles) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("a.geojson", "b.geojson"):
        (folder / name).write_text('{"type": "FeatureCollection"')
    with pytest.raises(FileRefused):
        imported(folder, skip_refused=True)
    assert not City.objects.exists()
    imported(a_small_city().write(tmp_path / "a.city.json"))
    with pytest.raises(FileRefused):
        imported(folder, skip_refused=True)
    assert len(ids()) == 7


def test_a_file_finds_what_it_names_within_the_folder_and_nothing_else(folder: Path) -> None:
    (folder.parent / "secret.xml").write_text("<x/>")
    delivery = open_delivery([folder])
    building = next(file for file in delivery.files if file.suffix == ".json")
    found = building.beside("../../codelists/Building_usage.xml")
    assert found is not None
    assert found.read() == b"<x/>"
    assert building.beside("../../../secret.xml") is None


def test_the_fingerprint_of_a_delivery_tells_its_contents_and_names(folder: Path) -> None:
    before = open_delivery([folder]).sha256()
    assert open_delivery([folder]).sha256() == before
    (folder / "kiosks.geojson").rename(folder / "stalls.geojson")
    assert open_delivery([folder]).sha256() != before


def test_parts_and_wholes_in_different_files_find_each_other(tmp_path: Path, quick_tiles: QuickTiles) -> None:
    sequences = {}
    for name, object_ids in {"a": ["part-1", "lost"], "b": ["house"], "c": ["part-2"]}.items():
        city = CityJson()
        for number, object_id in enumerate(object_ids):
            if object_id == "house":
                city.add("house", "Building", attributes={"address": "가온로 7"})
            else:
                whole = "nobody" if object_id == "lost" else "house"
                e = 10.0 * int(object_id[-1]) if object_id != "lost" else 90.0
                city.add(object_id, "BuildingPart", city.box(e, number), parents=[whole])
        sequences[name] = write_sequence(tmp_path / f"{name}.city.jsonl", city)
    report = imported(sequences["a"], more_paths=(sequences["b"], sequences["c"])).report
    house = CityObject.objects.get(source_id="house")
    assert set(house.parts.values_list("source_id", flat=True)) == {"part-1", "part-2"}
    assert {fault["code"]: fault["items"][0][0] for fault in report["faults"]} == {"missing_parent": "lost"}
    place = CityObjectVersion.objects.get(object=house)
    parts = CityObjectVersion.objects.filter(object__parent=house)
    assert place.min_e == min(part.min_e for part in parts)
    assert place.max_e == max(part.max_e for part in parts)
    again = imported(sequences["a"], more_paths=(sequences["b"], sequences["c"])).report
    assert again["written"] == {"added": 0, "changed": 0, "unchanged": 4, "removed": 0}


def write_sequence(path: Path, city: CityJson) -> Path:
    """The objects of a city, each in a line of its own."""
    document = city.document()
    header = document | {"CityObjects": {}, "vertices": []}
    features = [
        {"type": "CityJSONFeature", "id": key, "CityObjects": {key: value}, "vertices": document["vertices"]}
        for key, value in document["CityObjects"].items()
    ]
    path.write_text("\n".join(map(json.dumps, [header, *features])), encoding="utf-8")
    return path


def test_objects_that_are_parts_of_each_other_across_files_are_refused(tmp_path: Path, quick_tiles: QuickTiles) -> None:
    first, second = CityJson(), CityJson()
    first.add("egg", "BuildingPart", first.box(), parents=["hen"])
    second.add("hen", "BuildingPart", second.box(20), parents=["egg"])
    paths = [write_sequence(tmp_path / "a.city.jsonl", first), write_sequence(tmp_path / "b.city.jsonl", second)]
    with pytest.raises(FileRefused, match=r"hen|egg"):
        imported(paths[0], more_paths=(paths[1],))
    assert not City.objects.exists()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_report_tells_of_every_file(language: str, folder: Path, quick_tiles: QuickTiles, client: Client) -> None:
    city_import = imported(folder)
    with translation.override(language):
        told = "\n".join(lines(city_import.report))
    assert "udx/bldg/a.city.json: CityJSON 2.0, EPSG:5186, 7" in told
    client.force_login(person(roles=["official"], second_factor=True))
    client.cookies["django_language"] = language
    page = client.get(f"/office/cities/gaon/imports/{CityImport.objects.get().pk}/").content.decode()
    assert "udx/bldg/a.city.json" in page
    assert "readme.txt" in page


def test_a_sequence_of_geojson_is_read_with_or_without_separators(tmp_path: Path) -> None:
    houses = [footprint(f"h{number}", lon=127 + number / 1000, height=9) for number in range(3)]
    plain, framed = tmp_path / "a.geojsonl", tmp_path / "b.geojsonl"
    plain.write_text("\n".join(map(json.dumps, houses)))
    framed.write_text("".join(f"\x1e{json.dumps(house)}\n" for house in houses))
    as_collection = by_id(read(write_json(tmp_path / "c.geojson", geojson(*houses))))
    for path in (plain, framed):
        reading = read(path)
        assert reading.format == "GeoJSONSeq"
        found = by_id(reading)
        assert {key: feature.attributes for key, feature in found.items()} == {
            key: feature.attributes for key, feature in as_collection.items()
        }
        assert found["h1"].lods["1"].bounds[1].tolist() == as_collection["h1"].lods["1"].bounds[1].tolist()


def test_a_sequence_in_parts_is_the_same_as_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.geojsonl"
    houses = [footprint(f"h{n}", lon=127 + n / 10_000, height=9) for n in range(25)]
    path.write_text("\n".join(map(json.dumps, [*houses, footprint("h3", lon=127.5, height=1)])))
    monkeypatch.setattr("twin.mirror.readers.footprints.PART_OBJECTS", 10)
    reading = read(path)
    assert sorted(by_id(reading)) == sorted([*(f"h{n}" for n in range(25)), "h3#2"])
    assert [(fault.code, fault.source_id) for fault in reading.faults] == [("duplicate_id", "h3")]
    east = [by_id(reading)[f"h{n}"].lods["1"].bounds[0][0] for n in range(25)]
    assert east == sorted(east)


def test_a_broken_line_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.geojsonl"
    path.write_text(json.dumps(footprint("h", height=9)) + "\n{\n")
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert "2" in str(caught.value.message)
    assert "a.geojsonl" in str(caught.value.message)
