"""Tables that are broken, wrong or hostile are refused by their cause, and nothing in them is executed."""

import shutil
import sqlite3
from pathlib import Path

import pytest
import shapely

from tests.factories.mirror import by_id
from tests.factories.tables import geopackage, says, shapefile, squares
from tests.mirror.test_refused_files import refusal, zipped
from twin.mirror.quality import report_on
from twin.mirror.readers import read

COLUMNS = {"높이": [3.0, 4.0]}


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_shape_file_without_a_sibling_is_refused_by_its_name(suffix: str, tmp_path: Path) -> None:
    path = shapefile(tmp_path / "c.shp", squares(2), COLUMNS)
    path.with_suffix(suffix).unlink()
    assert f"c.shp lacks its {suffix} file" in refusal(path)


def test_a_shape_file_without_a_coordinate_system_is_refused_until_one_is_stated(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "c.shp", squares(2), COLUMNS)
    path.with_suffix(".prj").unlink()
    assert "--crs EPSG:N" in refusal(path)
    assert len(read(path, epsg=5186).features) == 2


def test_a_coordinate_system_that_does_not_fit_is_refused_by_the_first_row(tmp_path: Path) -> None:
    for crs in ("EPSG:2056", "EPSG:4326"):
        path = shapefile(tmp_path / "c.shp", squares(2), {**COLUMNS, "UFID": ["B1", "B2"]}, crs=crs)
        assert "B1 lies at 200010, 545000" in refusal(path)


@pytest.mark.parametrize("text", ["", "PROJCS[", "EPSG:5186", "http://127.0.0.1/crs", 'LOCAL_CS["here"]'])
def test_a_coordinate_system_that_nobody_knows_is_refused(text: str, tmp_path: Path) -> None:
    path = shapefile(tmp_path / "c.shp", squares(2), COLUMNS)
    path.with_suffix(".prj").write_text(text, encoding="utf-8")
    assert "c.prj" in refusal(path)


def test_rings_that_cross_themselves_are_named_in_the_report(tmp_path: Path) -> None:
    bow = shapely.Polygon([(200_000, 545_000), (200_020, 545_020), (200_020, 545_000), (200_000, 545_008)])
    path = geopackage(tmp_path / "c.gpkg", "b", [bow], {"높이": [3.0]})
    codes = [fault["code"] for fault in report_on(read(path))["faults"]]
    assert "self_intersection" in codes


@pytest.mark.parametrize("height", [-4.0, 1e9, float("inf"), 0.0])
def test_heights_that_cannot_be_are_none(height: float, tmp_path: Path) -> None:
    path = geopackage(tmp_path / "c.gpkg", "b", squares(1), {"높이": [height], "층수": [3]})
    assert read(path).features[0].attributes["height_from"] == "storeys"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_table_is_refused_or_read_as_far_as_it_goes(share: float, tmp_path: Path) -> None:
    whole = geopackage(tmp_path / "c.gpkg", "b", squares(400), {"높이": [3.0] * 400}).read_bytes()
    cut = tmp_path / "cut.gpkg"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert "cut.gpkg" in refusal(cut)
    path = shapefile(tmp_path / "s.shp", squares(400), {"높이": [3.0] * 400})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "s.shp" in refusal(path)


@pytest.mark.parametrize("name", ["c.gpkg", "c.shp"])
def test_a_file_of_another_kind_under_the_name_is_refused(name: str, tmp_path: Path) -> None:
    other = tmp_path / name
    shapefile(tmp_path / "c.shp", squares(2), COLUMNS)
    for content in (b"<OGRVRTDataSource/>", b"GDALG", b"x" * 200, b'{"type": "FeatureCollection", "features": []}'):
        other.write_bytes(content)
        assert name in refusal(other)


def test_another_database_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE secrets (word TEXT)")
    assert "is a database of SQLite, but no GeoPackage" in refusal(path)


def altered(path: Path, *statements: str) -> Path:
    geopackage(path, "b", squares(2), COLUMNS)
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


def test_a_layer_that_is_a_view_is_left_out_unasked(tmp_path: Path) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS fid, NULL AS geom FROM n"
    )
    path = altered(
        tmp_path / "c.gpkg",
        f"CREATE VIEW endless AS {endless}",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('endless','features','e',5186)",
        "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 5186, 0, 0)",
    )
    reading = read(path)
    assert list(by_id(reading)) == ["1", "2"]
    assert [(fault.code, fault.source_id) for fault in reading.faults] == [("left_out_layer", "endless")]


def test_a_layer_with_computed_columns_is_left_out(tmp_path: Path) -> None:
    path = altered(tmp_path / "c.gpkg", "ALTER TABLE b ADD COLUMN computed AS (zeroblob(100000000))")
    assert "has no layer of shapes" in refusal(path)


@pytest.mark.parametrize("table", ["gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions"])
def test_a_table_of_the_format_that_is_a_view_is_refused(table: str, tmp_path: Path) -> None:
    view = f"CREATE VIEW {table} AS SELECT * FROM hidden"  # noqa: S608
    assert "GeoPackage" in refusal(altered(tmp_path / "c.gpkg", f"ALTER TABLE {table} RENAME TO hidden", view))


def test_triggers_do_not_run_and_the_file_is_as_it_was(tmp_path: Path) -> None:
    path = altered(tmp_path / "c.gpkg", "CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN DELETE FROM b; END")
    before = path.read_bytes()
    assert len(read(path).features) == 2
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["c.gpkg"]


@pytest.mark.parametrize("count", [0, 1, 10**12])
def test_a_table_that_lies_about_its_size_and_place_is_read_as_it_is(count: int, tmp_path: Path) -> None:
    path = altered(
        tmp_path / "c.gpkg",
        f"UPDATE gpkg_ogr_contents SET feature_count = {count}",  # noqa: S608
        "UPDATE gpkg_contents SET min_x = 300000, min_y = 100000, max_x = 300010, max_y = 100010",
    )
    reading = read(path)
    assert list(by_id(reading)) == ["1", "2"]
    assert reading.frame == read(geopackage(tmp_path / "true.gpkg", "b", squares(2), COLUMNS)).frame
    assert reading.faults == []


def test_names_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = geopackage(tmp_path / "source.gpkg", "b", squares(2), COLUMNS)
    folder = tmp_path / "vsicurl" / "http:" / "127.0.0.1:9"
    folder.mkdir(parents=True)
    path = Path(shutil.copy(source, folder / "c.gpkg"))
    monkeypatch.chdir(tmp_path)
    assert len(read(path).features) == 2
    assert "is not a file" in refusal(Path("/vsicurl/http://127.0.0.1:9/c.gpkg"))


def test_a_table_that_lies_about_its_rows_is_refused(tmp_path: Path) -> None:
    path = says(shapefile(tmp_path / "c.shp", squares(2), COLUMNS))
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[:20])
    assert "c.dbf" in refusal(path)


def test_a_sibling_that_is_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "c.shp", squares(2), COLUMNS)
    members = [(sibling.name, sibling.read_bytes()) for sibling in tmp_path.glob("c.*") if sibling.suffix != ".dbf"]
    bomb = ("c.dbf", path.with_suffix(".dbf").read_bytes() + b" " * 30_000_000)
    assert "times its size" in refusal(zipped(tmp_path / "c.zip", *members, bomb))
