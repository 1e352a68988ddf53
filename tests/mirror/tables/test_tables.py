"""GeoPackages and shape files, in Korean and in whatever letters."""

import sqlite3
import warnings
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.utils import translation

from tests.factories.mirror import EAST, NORTH, by_id, volume
from tests.factories.tables import Columns, geopackage, says, shapefile, squares
from tests.mirror.test_refused_files import zipped
from tests.mirror.test_streams import parts_of
from twin.mirror.features import Kind
from twin.mirror.quality import lines, report_on
from twin.mirror.readers import Reading, footprints, read
from twin.mirror.readers.tables import layers

REGISTER: Columns = {
    "건물명": ["가온빌딩", "나래학교", ""],
    "용도": ["업무시설", "학교", "단독주택"],
    "높이": [24.0, float("nan"), float("nan")],
    "층수": [7, 4, 0],
}


def told(reading: Reading) -> dict[str, object]:
    """What is known of the buildings, by name."""
    keys = ("use", "height_m", "storeys", "height_from")
    return {
        str(found.attributes.get("name", "")): [found.attributes.get(key) for key in keys] for found in reading.features
    }


EXPECTED = {
    "가온빌딩": ["office", 24.0, 7, None],
    "나래학교": ["school", 13.2, 4, "storeys"],
    "": ["house", 6.6, None, "default"],
}


def test_a_register_in_a_geopackage_is_read(tmp_path: Path) -> None:
    reading = read(geopackage(tmp_path / "c.gpkg", "건물", squares(3), REGISTER))
    assert told(reading) == EXPECTED
    assert [found.source_id for found in reading.features] == ["1", "2", "3"]
    assert {found.kind for found in reading.features} == {Kind.BUILDING}
    assert volume(reading.features[0].lods["1"]) == pytest.approx(2_400, rel=1e-3)
    assert (reading.format, reading.crs.epsg, reading.faults) == ("GeoPackage", 5186, [])


@pytest.mark.parametrize(
    ("written", "cpg", "language", "name", "how"),
    [
        ("UTF-8", "UTF-8", 0, "utf-8", "stated"),
        ("CP949", "CP949", 0, "cp949", "stated"),
        ("CP949", "949", 0, "cp949", "stated"),
        ("CP949", "ANSI 949", 0, "cp949", "stated"),
        ("CP949", "EUC-KR", 0, "euc_kr", "stated"),
        ("CP949", None, 0x4E, "cp949", "language"),
        ("CP949", None, 0x79, "cp949", "language"),
        ("CP949", None, 0x57, "cp949", "tried"),
        ("CP949", None, 0, "cp949", "tried"),
        ("UTF-8", None, 0, "utf-8", "tried"),
        ("UTF-8", None, 0x03, "utf-8", "tried"),
        ("CP949", "UTF-8", 0, "cp949", "corrected"),
        ("CP949", "no such letters", 0, "cp949", "tried"),
    ],
)
def test_the_letters_of_a_shape_file_are_found_out(
    written: str, cpg: str | None, language: int, name: str, how: str, tmp_path: Path
) -> None:
    path = shapefile(tmp_path / "건물.shp", squares(3), REGISTER, encoding=written)
    reading = read(says(path, cpg=cpg, language=language))
    assert told(reading) == EXPECTED
    assert reading.encoding is not None
    assert (reading.encoding.name, reading.encoding.how) == (name, how)


def test_the_report_says_how_texts_were_read(tmp_path: Path) -> None:
    path = says(shapefile(tmp_path / "c.shp", squares(3), REGISTER, encoding="CP949"))
    with translation.override("en"):
        told_lines = list(lines(report_on(read(path))))
    assert "Texts are read as CP949 (found by trying, as the file does not say)." in told_lines


def test_a_text_that_was_cut_off_within_a_letter_is_read(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that the text is cut off
        path = says(shapefile(tmp_path / "c.shp", squares(1), {"건물명": ["가" * 100]}))
    [found] = read(path).features
    assert found.attributes["name"] == "가" * (254 // 3)


def test_an_archive_of_a_shape_file_and_its_siblings_is_read(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "건물.shp", squares(3), REGISTER)
    members = [(f"자료/{sibling.name}", sibling.read_bytes()) for sibling in sorted(path.parent.glob("건물.*"))]
    archive = zipped(tmp_path / "c.zip", *members)
    assert told(read(archive)) == EXPECTED


def test_two_shape_files_in_an_archive_are_both_read(tmp_path: Path) -> None:
    shapefile(tmp_path / "a.shp", squares(2), {"UFID": ["A1", "A2"], "높이": [3.0, 3.0]})
    shapefile(tmp_path / "b.shp", squares(2, size=7), {"UFID": ["B1", "B2"], "높이": [3.0, 3.0]}, encoding="CP949")
    members = [(sibling.name, sibling.read_bytes()) for sibling in sorted(tmp_path.iterdir())]
    assert list(by_id(read(zipped(tmp_path / "c.zip", *members)))) == ["A1", "A2", "B1", "B2"]


def test_siblings_in_capitals_are_found(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "c.shp", squares(3), REGISTER)
    for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        path.with_suffix(suffix).rename(path.with_suffix(suffix.upper()))
    assert told(read(path.with_suffix(".SHP"))) == EXPECTED


def test_a_geopackage_is_read_with_all_its_layers_in_one_frame(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "c.gpkg", "buildings", squares(2), {"note": ["a", "b"]})
    street = shapely.LineString([(EAST, NORTH - 10), (EAST + 50, NORTH - 10)])
    geopackage(path, "roads", [street], {"폭": [6.0]}, geometry_type="LineString")
    in_degrees = shapely.Point(127.0, 37.505)
    geopackage(path, "가로수", [in_degrees], {"note": ["c"]}, geometry_type="Point", crs="EPSG:4326")
    geopackage(path, "nothing", [], {"note": []})
    parts = list(parts_of(path))
    assert {part.frame for part in parts} == {parts[0].frame}
    found = {feature.source_id: feature for part in parts for feature in part.features}
    assert {key: feature.kind for key, feature in found.items()} == {
        "buildings/1": Kind.BUILDING,
        "buildings/2": Kind.BUILDING,
        "roads/1": Kind.ROAD,
        "가로수/1": Kind.TREE,
    }
    assert found["roads/1"].attributes["width_m"] == 6.0
    tree, house = found["가로수/1"].points, found["buildings/1"].lods["1"].bounds[0]
    assert tree is not None
    assert np.hypot(*(tree[0] - house)[:2]) < 1_000


def test_holes_and_several_polygons_of_one_building_are_kept(tmp_path: Path) -> None:
    yard = shapely.box(EAST, NORTH, EAST + 30, NORTH + 30) - shapely.box(EAST + 10, NORTH + 10, EAST + 20, NORTH + 20)
    wing = shapely.box(EAST + 40, NORTH, EAST + 50, NORTH + 10)
    shape = shapely.MultiPolygon([yard, wing])
    for path in (
        shapefile(tmp_path / "c.shp", [shape], {"높이": [10.0]}),
        geopackage(tmp_path / "c.gpkg", "b", [shape], {"높이": [10.0]}, geometry_type="MultiPolygon"),
    ):
        [found] = read(path).features
        assert volume(found.lods["1"]) == pytest.approx((900 - 100 + 100) * 10, rel=1e-3)


def test_heights_in_the_shapes_are_the_ground(tmp_path: Path) -> None:
    shape = shapely.force_3d(squares(1)[0], 37.0)
    path = shapefile(tmp_path / "c.shp", [shape], {"높이": [10.0]}, geometry_type="Polygon Z")
    low, high = read(path).features[0].lods["1"].bounds
    assert (low[2], high[2]) == (pytest.approx(37, abs=0.01), pytest.approx(47, abs=0.01))


def test_rows_are_named_by_their_register_and_otherwise_by_their_shape(tmp_path: Path) -> None:
    named = shapefile(tmp_path / "a.shp", squares(2), {"높이": [3.0, 3.0], "UFID": ["B001", "B002"]})
    assert list(by_id(read(named))) == ["B001", "B002"]
    zeros = read(shapefile(tmp_path / "b.shp", squares(2), {"높이": [3.0, 3.0], "id": [0, 0]}))
    moved = read(shapefile(tmp_path / "c.shp", squares(2)[::-1], {"높이": [3.0, 3.0], "id": [0, 0]}))
    assert list(by_id(zeros)) == list(by_id(moved))[::-1]
    assert {fault.code for fault in zeros.faults} == {"missing_id"}


def test_a_layer_comes_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "BATCH", 7)
    monkeypatch.setattr(footprints, "PART_OBJECTS", 10)
    columns = {"높이": [float(number + 3) for number in range(25)]}
    for path in (
        shapefile(tmp_path / "c.shp", squares(25), columns),
        geopackage(tmp_path / "c.gpkg", "b", squares(25), columns),
    ):
        parts = list(parts_of(path))
        assert [len(part.features) for part in parts] == [10, 10, 5]
        heights = [found.attributes["height_m"] for part in parts for found in part.features]
        assert heights == columns["높이"]


def test_rows_without_a_shape_are_left_out_and_named(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "c.gpkg", "b", squares(2), {"높이": [3.0, 3.0]})
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER rtree_b_geom_update6")
        for trigger in ("update7", "update2", "update4", "update5"):
            database.execute(f"DROP TRIGGER IF EXISTS rtree_b_geom_{trigger}")
        database.execute("UPDATE b SET geom = NULL WHERE fid = 2")
    reading = read(path)
    assert [found.source_id for found in reading.features] == ["1"]
    assert [(fault.code, fault.source_id) for fault in reading.faults] == [("unread_shape", "2")]
