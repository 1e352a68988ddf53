"""What people see of a city: prepared, published, discarded, rolled back."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from metacity.accounts.models import User
from metacity.commons.errors import Conflict
from metacity.commons.models import Event, LedgerEntry
from tests.factories.mirror import a_small_city, an_official, imported, the_city
from tests.mirror.conftest import QuickTiles
from twin.mirror.errors import ImportRunning, ImportWaiting
from twin.mirror.models import City, CityImport, CityObject, CityObjectVersion, Publication, Security
from twin.mirror.publishing import discard, publish, roll_back, shown_imports, withdraw
from twin.mirror.services import Order, prepare_import
from twin.mirror.standing import forget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_tiles")]


@pytest.fixture
def first(tmp_path: Path) -> CityImport:
    return imported(a_small_city().write(tmp_path / "a.json"), source="survey", attribution="처음")


@pytest.fixture
def second(first: CityImport, tmp_path: Path) -> CityImport:
    """A later survey that is ready: a school moved, a tree gone, a hall with another name, a library."""
    return prepare_import(order=_later(tmp_path))


def _later(tmp_path: Path) -> Order:
    later = a_small_city(moved=25.0, without=["tree"], hall={"name": "가온구 새 청사"})
    later.add("library", "Building", later.box(-80, -80), attributes={"name": "가온도서관"})
    return Order(path=later.write(tmp_path / "b.json"), slug="gaon", source="survey", attribution="나중")


def shown() -> dict[str, tuple[str, float]]:
    """What people see: of each object its name and place."""
    rows = CityObjectVersion.objects.shown_in_city(the_city()).select_related("object")
    return {row.object.source_id: (row.object.name, row.min_e) for row in rows}


def test_what_is_ready_is_seen_by_nobody_until_it_is_published(second: CityImport) -> None:
    before = shown()
    assert (second.state, the_city().publication.number) == ("ready", 1)  # type: ignore[union-attr]
    assert "library" not in before
    operator = an_official("operator")
    published = publish(city_import=second, by=operator)
    assert (second.state, published.number, the_city().publication) == ("done", 2, published)
    assert shown()["library"][0] == "가온도서관"
    assert shown()["hall"][0] == "가온구 새 청사"
    assert LedgerEntry.objects.filter(action="city.published").latest("number").actor == operator.actor_id


def test_of_two_who_decide_about_an_import_the_second_is_refused(second: CityImport) -> None:
    same = CityImport.objects.get(pk=second.pk)
    publish(city_import=second, by=None)
    for decide in (publish, discard):
        with pytest.raises(Conflict):
            decide(city_import=same, by=None)  # type: ignore[operator]


def test_a_discarded_import_leaves_the_city_as_it_was(
    second: CityImport, publications: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before, files = shown(), publications / str(second.publication_id)
    assert files.is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        discard(city_import=second, by=an_official("operator"))
    assert shown() == before
    assert not CityObject.objects.filter(source_id="library").exists()
    assert not files.exists()
    second.refresh_from_db()
    assert (second.state, second.publication) == ("discarded", None)
    assert second.report["objects"] == 7  # what was wrong with it can still be read


def test_a_city_made_for_a_discarded_import_goes_with_it(tmp_path: Path) -> None:
    ready = prepare_import(order=Order(path=a_small_city().write(tmp_path / "a.json"), slug="gaon"))
    assert City.objects.get().is_closed
    discard(city_import=ready, by=None)
    assert not City.objects.exists()


def test_nobody_outside_the_office_finds_a_city_that_was_never_published(tmp_path: Path, client: Client) -> None:
    order = Order(path=a_small_city().write(tmp_path / "a.json"), slug="gaon", security=Security.OPEN)
    ready = prepare_import(order=order)
    assert client.get("/api/v1/cities/gaon/").status_code == 404
    assert client.get("/api/v1/cities/").json() == []
    publish(city_import=ready, by=None)
    assert client.get("/api/v1/cities/gaon/").status_code == 200
    assert City.objects.get().is_default


def test_another_import_waits_until_somebody_has_decided(second: CityImport, tmp_path: Path) -> None:
    with pytest.raises(ImportWaiting):
        imported(a_small_city().write(tmp_path / "c.json"), source="another")
    publish(city_import=second, by=None)
    assert imported(tmp_path / "c.json", source="another").state == "done"


def test_rolling_back_shows_again_what_an_earlier_publication_showed(first: CityImport, second: CityImport) -> None:
    before, earlier = shown(), first.publication
    assert earlier is not None
    publish(city_import=second, by=None)
    earlier.refresh_from_db()
    again = roll_back(publication=earlier, by=an_official("operator"))
    assert shown() == before
    assert (again.number, again.restores, again.state) == (3, earlier, "current")
    assert [entry.attribution for entry in shown_imports(the_city())] == ["처음"]
    assert LedgerEntry.objects.latest("number").facts["restored_number"] == 1
    event = Event.objects.filter(room="city.gaon").latest("seq")
    assert (event.kind, event.payload["number"]) == ("city.published", 3)


def test_a_roll_back_can_itself_be_rolled_back(first: CityImport, second: CityImport) -> None:
    publish(city_import=second, by=None)
    after, newest = shown(), second.publication
    for publication in (first.publication, newest):
        assert publication is not None
        publication.refresh_from_db()
        roll_back(publication=publication, by=None)
    assert shown() == after
    assert the_city().publication.number == 4  # type: ignore[union-attr]


def test_the_next_import_is_compared_with_what_was_rolled_back_to(
    first: CityImport, second: CityImport, tmp_path: Path
) -> None:
    publish(city_import=second, by=None)
    assert first.publication is not None
    first.publication.refresh_from_db()
    roll_back(publication=first.publication, by=None)
    same = imported(tmp_path / "a.json", source="survey")
    assert same.report["written"] == {"added": 0, "changed": 0, "unchanged": 7, "removed": 0}
    later = prepare_import(order=_later(tmp_path))
    assert later.report["written"] == {"added": 1, "changed": 2, "unchanged": 4, "removed": 1}


def test_what_was_rolled_back_to_keeps_its_files_when_the_earlier_one_goes(
    first: CityImport,
    second: CityImport,
    publications: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    publish(city_import=second, by=None)
    earlier = first.publication
    assert earlier is not None
    earlier.refresh_from_db()
    again = roll_back(publication=earlier, by=None)
    earlier.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(publication=earlier, actor=None)
    assert not (publications / str(earlier.pk)).exists()
    assert (publications / str(again.pk) / "labels.json").read_text() == "{}"
    assert again.manifest["bounds"] == earlier.manifest["bounds"]


def test_rolling_back_waits_for_imports_and_needs_the_files(
    first: CityImport, second: CityImport, publications: Path
) -> None:
    earlier = first.publication
    assert earlier is not None
    with pytest.raises(Conflict):
        roll_back(publication=earlier, by=None)  # it is current
    publish(city_import=second, by=None)
    earlier.refresh_from_db()
    folders = len(list(publications.iterdir()))
    CityImport.objects.create(
        city=the_city(), source="x", file_name="x", file_sha256="0", format="x", epsg=5186, state="running"
    )
    with pytest.raises(ImportRunning):
        roll_back(publication=earlier, by=None)
    assert len(list(publications.iterdir())) == folders
    CityImport.objects.filter(state="running").delete()
    withdraw(publication=earlier, actor=None)
    earlier.refresh_from_db()
    with pytest.raises(Conflict):
        roll_back(publication=earlier, by=None)


def test_the_tiles_of_what_is_ready_are_served_to_the_office_only(second: CityImport, client: Client) -> None:
    url = f"/tiles/{second.publication_id}/labels.json"
    assert client.get(url).status_code == 404
    client.force_login(User.objects.create_user("citizen@example.org"))
    assert client.get(url).status_code == 404
    client.force_login(an_official("moderator"))
    assert client.get(url).status_code == 404
    client.force_login(an_official())
    answer = client.get(url)
    assert (answer.status_code, answer["Cache-Control"].split(",")[0]) == (200, "private")


def test_tiles_are_everybodys_at_once_when_published(
    second: CityImport, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert second.publication_id is not None
    forget(second.publication_id)
    url = f"/tiles/{second.publication_id}/labels.json"
    assert client.get(url).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        publish(city_import=second, by=None)
    assert client.get(url)["Cache-Control"].startswith("public")


def test_the_command_can_leave_the_decision_to_the_office(first: CityImport, tmp_path: Path) -> None:
    out = io.StringIO()
    later = _later(tmp_path)
    with translation.override("en"):
        call_command("import_city", str(later.path), "--slug", "gaon", "--source", "survey", "--no-publish", stdout=out)
    assert "Ready as number 2 of 가온구 (gaon), and not published" in out.getvalue()
    assert Publication.objects.get(number=2).state == "preparing"
    assert CityImport.objects.latest("started_at").state == "ready"


def test_a_publication_that_fails_at_the_last_moment_changes_nothing(
    first: CityImport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_tiles: QuickTiles
) -> None:
    before = shown()

    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("twin.mirror.publishing.store.update_objects", broken)
    with pytest.raises(RuntimeError):
        imported(_later(tmp_path).path, source="survey")
    assert shown() == before
    assert CityImport.objects.latest("started_at").state == "failed"
    assert not CityImport.objects.unfinished().exists()
