"""`manage.py import_city`, as an operator meets it."""

import io
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.factories import citygml as gml
from tests.factories.mirror import FIXTURES, footprint, geojson, the_city, write_json
from tests.mirror.conftest import QuickTiles
from twin.mirror.models import City, CityImport, Security

pytestmark = pytest.mark.django_db


def run(path: Path, *arguments: str, **options: Any) -> str:
    """What the command prints."""
    out = io.StringIO()
    with translation.override("en"):
        call_command("import_city", str(path), *arguments, stdout=out, **options)
    return out.getvalue()


def test_it_prints_progress_a_report_and_what_was_published(quick_tiles: QuickTiles) -> None:
    printed = run(FIXTURES / "cityjson-2.0.city.json", "--name", "가온구", "--slug", "gaon")
    assert "Reading the file" in printed
    assert "[100 %] Published" in printed
    assert "Objects: 14, of them 4 buildings and 2 parts of buildings" in printed
    assert "Published as number 1 of 가온구 (gaon): 14 new, 0 changed, 0 unchanged, 0 gone." in printed


def test_everything_that_can_be_said_about_the_data_is_kept(quick_tiles: QuickTiles) -> None:
    run(
        FIXTURES / "footprints.geojson", "--slug", "gaon", "--name", "가온구", "--name-en", "Gaon-gu", "--source",
        "OSM", "--licence", "ODbL 1.0", "--attribution", "© OpenStreetMap contributors", "--attribution-url",
        "https://www.openstreetmap.org/copyright", "--survey-date", "2026-05-01", "--security", "open",
        "--time-zone", "Asia/Tokyo",
    )  # fmt: skip
    city_import = CityImport.objects.get()
    assert (city_import.source, city_import.licence, city_import.security) == ("OSM", "ODbL 1.0", Security.OPEN)
    assert str(city_import.survey_date) == "2026-05-01"
    assert the_city().time_zone == "Asia/Tokyo"


def test_a_dry_run_reports_and_changes_nothing(quick_tiles: QuickTiles) -> None:
    printed = run(FIXTURES / "footprints.geojson", "--dry-run")
    assert "Objects: 10" in printed
    assert "Nothing was changed" in printed
    assert not City.objects.exists()


def test_citygml_is_imported_and_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    """With real tiles, to the end."""
    members = gml.building("hall", gml.lod2("hall")), gml.building("house", gml.lod1(east=30))
    path = gml.write(tmp_path / "Altstadt.gml", gml.model(*members))
    printed = run(path)
    assert "Format: CityGML 2.0" in printed
    assert "Nothing wrong was found." in printed
    assert "Published as number 1 of Altstadt (altstadt): 2 new, 0 changed, 0 unchanged, 0 gone." in printed
    assert "Published as number 2 of Altstadt (altstadt): 0 new, 0 changed, 2 unchanged, 0 gone." in run(path)


def test_what_is_wrong_with_citygml_is_told_in_words(quick_tiles: QuickTiles, tmp_path: Path) -> None:
    borrowed = gml.nested("bldg:lod2MultiSurface", gml.multi_surface("#nowhere"))
    path = gml.write(tmp_path / "a.gml", gml.model(gml.building("hall", borrowed + gml.lod1())))
    printed = run(path, "--dry-run")
    assert "The object refers to geometry that is not in the file: 1 object" in printed
    assert "  hall (nowhere)" in printed


def test_a_refused_file_ends_with_code_2_and_one_clear_sentence(quick_tiles: QuickTiles, tmp_path: Path) -> None:
    path = write_json(tmp_path / "swapped.geojson", geojson(footprint("lot-7", lon=37.5, lat=127.0, height=3)))
    with pytest.raises(CommandError, match="lot-7 lies at") as caught:
        run(path)
    assert caught.value.returncode == 2
    assert not City.objects.exists()


def test_the_coordinate_system_can_be_stated(quick_tiles: QuickTiles) -> None:
    with pytest.raises(CommandError, match="EPSG:2056"):
        run(FIXTURES / "cityjson-1.1.city.json", "--crs", "EPSG:2056")
    assert "EPSG:5187" in run(FIXTURES / "cityjson-1.1.city.json", "--crs", "5187", "--dry-run")


def test_a_process_that_is_told_to_end_leaves_the_city_as_it_was(
    monkeypatch: pytest.MonkeyPatch, publications: Path
) -> None:
    def told_to_end(*_arguments: object, **_options: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("twin.mirror.carrying.tiles.build_city", told_to_end)
    with pytest.raises(SystemExit):
        run(FIXTURES / "footprints.geojson")
    assert not City.objects.exists()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_an_address_that_would_run_a_script_is_refused(quick_tiles: QuickTiles) -> None:
    with pytest.raises(CommandError, match="no web address"):
        run(FIXTURES / "footprints.geojson", "--attribution-url", "javascript:alert(1)")
    assert not City.objects.exists()


@pytest.mark.parametrize(
    "wrong", [["--crs", "moon"], ["--survey-date", "May"], ["--security", "secret"], ["--time-zone", "Mars/Base"]]
)
def test_a_wrong_option_is_refused_before_anything_is_read(wrong: list[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(tmp_path / "missing.json", *wrong)
