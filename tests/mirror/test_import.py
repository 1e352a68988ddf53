"""Bringing files into a city: all or nothing, again and again, one at a time."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from metacity.commons.errors import Conflict
from metacity.commons.models import Event, LedgerEntry
from tests.factories.mirror import (
    FIXTURES,
    a_small_city,
    an_official,
    footprint,
    geojson,
    imported,
    the_city,
    write_json,
)
from tests.mirror.conftest import QuickTiles
from twin.mirror.carrying import inspect
from twin.mirror.errors import FileRefused, ImportRunning
from twin.mirror.features import Kind
from twin.mirror.geometry import lines_of, points_of, surfaces_of
from twin.mirror.models import City, CityImport, CityObject, CityObjectVersion, Publication, Security
from twin.mirror.publishing import withdraw
from twin.mirror.services import Order, import_city

pytestmark = pytest.mark.django_db

CITY = FIXTURES / "cityjson-2.0.city.json"


def shown() -> dict[str, CityObjectVersion]:
    versions = CityObjectVersion.objects.shown_in_city(the_city()).select_related("object")
    return {version.object.source_id: version for version in versions}


def state() -> tuple[object, ...]:
    """All that must not change when an import fails."""
    city = the_city()
    return (
        city.publication_id,
        sorted(CityObject.objects.values_list("id", "name", "kind", "parent")),
        sorted(CityObjectVersion.objects.values_list("id", "digest", "published_from", "published_to")),
        sorted(Publication.objects.values_list("id", "number", "state")),
    )


def test_a_first_import_makes_the_city_and_shows_it(quick_tiles: QuickTiles, publications: Path) -> None:
    city_import = imported(CITY, name="가온구", name_en="Gaon-gu", attribution="가온구청", licence="CC BY 4.0")
    city = the_city()
    assert (city.name, city.name_en, city.epsg, city.time_zone, city.is_default) == (
        "가온구",
        "Gaon-gu",
        5186,
        "Asia/Seoul",
        True,
    )
    assert city.publication is not None
    assert (city.publication.number, city.publication.state) == (1, Publication.State.CURRENT)
    assert city_import.state == CityImport.State.DONE
    assert city_import.security == Security.RESTRICTED
    assert city_import.report["buildings"] == 4
    assert city_import.report["tiles"] == {"made": 1}
    assert (publications / str(city.publication.pk) / "labels.json").is_file()
    assert "report" not in city.publication.manifest
    assert city.publication.manifest["start"]["distance_m"] > 0


def test_rows_hold_what_the_file_says(quick_tiles: QuickTiles) -> None:
    imported(CITY)
    rows = shown()
    hall, house, part = rows["hall"], rows["house"], rows["part-1"]
    assert (hall.object.name, hall.kind, hall.lod, hall.attributes["use"]) == (
        "가온구청",
        Kind.BUILDING,
        "2.2",
        "public",
    )
    assert part.object.parent_id == house.object_id
    assert (house.lod, bytes(house.geometry)) == ("", b"")
    assert (house.min_e, house.max_z) == (part.min_e, rows["part-2"].max_z)  # stands where its parts do
    surfaces = surfaces_of(bytes(hall.geometry), bytes(hall.semantics))
    assert surfaces is not None
    assert len(surfaces) == 6
    assert sorted(surfaces.semantics.tolist()) == [1, 2, 2, 2, 2, 3]
    assert len(lines_of(bytes(rows["path"].geometry))) == 1
    assert points_of(bytes(rows["tree"].geometry)) is not None


def test_tiles_are_made_of_all_features_with_the_ids_of_the_rows(quick_tiles: QuickTiles) -> None:
    imported(CITY)
    ids = set(CityObject.objects.values_list("id", flat=True))
    assert set(quick_tiles.ids.values()) == ids
    assert {quick_tiles.ids[feature.source_id] for feature in quick_tiles.features} == ids


def test_the_ledger_and_the_citys_room_hear_of_it(quick_tiles: QuickTiles) -> None:
    official = an_official("operator")
    city_import = import_city(order=Order(path=CITY, slug="gaon"), started_by=official)
    entry = LedgerEntry.objects.get(action="city.published")
    assert entry.actor == official.actor_id
    assert entry.facts["import"] == str(city_import.pk)
    assert entry.facts["file"] == city_import.file_sha256
    event = Event.objects.get(room="city.gaon")
    assert (event.kind, event.payload["number"]) == ("city.published", 1)


def test_the_same_file_again_changes_no_row_and_no_id(quick_tiles: QuickTiles) -> None:
    imported(CITY)
    before = sorted(CityObjectVersion.objects.values_list("id", "object_id", "published_from", "published_to"))
    second = imported(CITY)
    assert second.report["written"] == {"added": 0, "changed": 0, "unchanged": 14, "removed": 0}
    assert sorted(CityObjectVersion.objects.values_list("id", "object_id", "published_from", "published_to")) == before
    assert the_city().publication.number == 2  # type: ignore[union-attr]
    assert list(Publication.objects.order_by("number").values_list("state", flat=True)) == ["past", "current"]


def test_a_new_survey_keeps_ids_and_every_version(quick_tiles: QuickTiles, tmp_path: Path) -> None:
    imported(a_small_city().write(tmp_path / "a.json"), source="survey")
    first, ids = the_city().publication, dict(CityObject.objects.values_list("source_id", "id"))
    later = a_small_city(moved=25.0, without=["tree"], hall={"name": "가온구 새 청사"})
    later.add("library", "Building", later.box(-80, -80), attributes={"name": "가온도서관"})
    second = imported(later.write(tmp_path / "b.json"), source="survey")
    assert second.report["written"] == {"added": 1, "changed": 2, "unchanged": 4, "removed": 1}
    now = shown()
    assert set(now) == {"hall", "school", "house", "part-1", "part-2", "road", "library"}
    assert {key: row.object_id for key, row in now.items() if key != "library"} == {
        key: value for key, value in ids.items() if key != "tree"
    }
    assert now["hall"].object.name == "가온구 새 청사"
    assert first is not None
    was = CityObjectVersion.objects.shown_in(first)
    assert {row.object_id for row in was} == set(ids.values())
    assert CityObject.objects.filter(source_id="tree").exists()  # a proposal may still stand there


def test_another_source_stands_beside_the_first_and_in_its_frame(quick_tiles: QuickTiles, tmp_path: Path) -> None:
    imported(CITY)
    origin = (the_city().origin_lon, the_city().origin_lat)
    roads = write_json(tmp_path / "kiosks.geojson", geojson(footprint("hall", lon=127.001, lat=37.505, height=4)))
    city_import = imported(roads)
    assert city_import.source == "kiosks"
    assert (the_city().origin_lon, the_city().origin_lat) == origin
    assert len(quick_tiles.features) == 15
    assert CityObject.objects.filter(source_id="hall").count() == 2  # each source names things in its own way
    hall = next(feature for feature in quick_tiles.features if feature.attributes.get("name") == "가온구청")
    assert hall.lods["2.2"].semantics.tolist().count(3) == 1  # as it was read, semantics and all
    assert len(shown_ids()) == 15


def shown_ids() -> set[uuid.UUID]:
    return {row.object_id for row in CityObjectVersion.objects.shown_in_city(the_city())}


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyboardInterrupt(), FileRefused("no")])
def test_a_failure_leaves_the_city_as_it_was(
    error: BaseException, quick_tiles: QuickTiles, publications: Path, tmp_path: Path
) -> None:
    imported(a_small_city().write(tmp_path / "a.json"), source="survey")
    before, files = state(), sorted(publications.rglob("*"))
    quick_tiles.error = error
    later = a_small_city(moved=25.0, without=["tree"], hall={"name": "가온구 새 청사"})
    later.add("library", "Building", later.box(-80, -80))
    with pytest.raises(type(error)):
        imported(later.write(tmp_path / "b.json"), source="survey")
    assert state() == before
    assert sorted(publications.rglob("*")) == files
    failed = CityImport.objects.get(state=CityImport.State.FAILED)
    assert failed.note in {"RuntimeError", "KeyboardInterrupt", "no"}
    quick_tiles.error = None
    assert imported(tmp_path / "b.json", source="survey").report["written"]["added"] == 1


def test_a_failed_first_import_leaves_no_city(quick_tiles: QuickTiles, publications: Path) -> None:
    quick_tiles.error = RuntimeError("boom")
    with pytest.raises(RuntimeError):
        imported(CITY)
    assert not City.objects.exists()
    assert not CityImport.objects.exists()
    assert not CityObject.objects.exists()
    assert list(publications.iterdir()) == []


def test_a_refused_file_leaves_no_trace(quick_tiles: QuickTiles, tmp_path: Path) -> None:
    imported(CITY)
    before = state()
    path = tmp_path / "cut.json"
    path.write_bytes(CITY.read_bytes()[:1000])
    with pytest.raises(FileRefused):
        imported(path)
    assert state() == before
    assert CityImport.objects.count() == 1


def test_a_file_from_another_part_of_the_world_is_refused(quick_tiles: QuickTiles, tmp_path: Path) -> None:
    imported(CITY)
    path = write_json(tmp_path / "auckland.geojson", geojson(footprint("a", lon=174.7, lat=-36.8, height=3)))
    with pytest.raises(FileRefused, match="km"):
        imported(path)


def test_a_second_import_at_the_same_time_is_refused(quick_tiles: QuickTiles, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = []

    def meanwhile(*args: object, **options: object) -> dict[str, object]:
        with pytest.raises(ImportRunning) as caught:
            imported(CITY)
        refused.append(caught.value)
        return quick_tiles(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("twin.mirror.carrying.tiles.build_city", meanwhile)
    assert imported(CITY).state == CityImport.State.DONE
    assert len(refused) == 1


def test_the_database_itself_keeps_imports_apart(quick_tiles: QuickTiles) -> None:
    imported(CITY)
    fields = {"city": the_city(), "source": "x", "file_name": "x", "file_sha256": "0", "format": "x", "epsg": 5186}
    CityImport.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        CityImport.objects.create(**fields)


def test_an_import_that_died_is_cleaned_up_by_the_next(quick_tiles: QuickTiles, publications: Path) -> None:
    imported(CITY)
    city = the_city()
    lost = Publication.objects.create(city=city, number=2)
    died = CityImport.objects.create(
        city=city, source="x", file_name="x", file_sha256="0", format="x", epsg=5186, publication=lost,
        seen_at=timezone.now() - dt.timedelta(minutes=11),
    )  # fmt: skip
    hall = shown()["hall"]
    CityObjectVersion.objects.filter(pk=hall.pk).update(published_to=2)
    half = CityObjectVersion.objects.get(pk=hall.pk)
    half.pk, half.published_from, half.published_to, half.city_import = None, 2, None, died
    half.save()
    (publications / str(lost.pk)).mkdir()
    imported(CITY)
    died.refresh_from_db()
    assert died.state == CityImport.State.FAILED
    assert shown()["hall"].pk == hall.pk
    assert CityObjectVersion.objects.filter(object=hall.object).count() == 1
    assert not (publications / str(lost.pk)).exists()


def test_an_import_that_still_works_is_not_cleaned_up(quick_tiles: QuickTiles) -> None:
    imported(CITY)
    CityImport.objects.create(
        city=the_city(), source="x", file_name="x", file_sha256="0", format="x", epsg=5186,
        seen_at=timezone.now() - dt.timedelta(minutes=9),
    )  # fmt: skip
    with pytest.raises(ImportRunning):
        imported(CITY)


def test_a_dry_run_reads_checks_and_changes_nothing(quick_tiles: QuickTiles) -> None:
    report = inspect(Order(path=CITY, slug="gaon").stream(None))
    assert report["objects"] == 14
    assert not City.objects.exists()


def test_old_publications_are_withdrawn_with_their_files(quick_tiles: QuickTiles, publications: Path) -> None:
    for _time in range(5):
        imported(CITY)
    states = list(Publication.objects.order_by("number").values_list("state", flat=True))
    assert states == ["withdrawn", "withdrawn", "past", "past", "current"]


def test_only_a_superseded_publication_can_be_withdrawn(
    quick_tiles: QuickTiles, publications: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    imported(CITY)
    first = the_city().publication
    assert first is not None
    with pytest.raises(Conflict):
        withdraw(publication=first, actor=None)
    imported(CITY)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(publication=first, actor=None)
    first.refresh_from_db()
    assert first.state == Publication.State.WITHDRAWN
    assert not (publications / str(first.pk)).exists()


def test_closed_data_closes_the_city_to_outsiders(quick_tiles: QuickTiles) -> None:
    imported(CITY, security=Security.CLOSED)
    assert the_city().is_closed
    imported(CITY, security=Security.OPEN)
    assert not the_city().is_closed


@pytest.mark.parametrize(
    ("order", "slug"),
    [
        ({"slug": "Gaon Gu"}, "gaon-gu"),
        ({"name": "Den Haag"}, "den-haag"),
        ({"name": "강남", "name_en": "Gangnam"}, "gangnam"),
        ({"name": "강남"}, "buildings"),
        ({}, "buildings"),
    ],
)
def test_a_city_gets_an_address_of_latin_letters(order: dict[str, str], slug: str) -> None:
    assert Order(path=Path("/data/buildings.city.json"), **order).city_slug == slug  # type: ignore[arg-type]


def test_the_real_tiles_of_a_small_city_are_written(publications: Path) -> None:
    city_import = imported(CITY)
    publication = the_city().publication
    assert publication is not None
    assert city_import.report["tiles"]
    folder = publications / str(publication.pk)
    assert (folder / publication.manifest["buildings"]).is_file()
    low, high = publication.manifest["bounds"]["min"], publication.manifest["bounds"]["max"]
    hall = shown()["hall"]
    assert low[0] <= hall.min_e <= hall.max_e <= high[0]
