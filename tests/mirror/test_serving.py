"""A publication's files over HTTP."""

import gzip
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from metacity.accounts.models import User
from metacity.accounts.services.roles import grant_role
from twin.mirror.models import City, Publication
from twin.mirror.publishing import withdraw
from twin.mirror.standing import forget

GLB = b"glTF" + bytes(400)
TILE = b"a vector tile"

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication(tmp_path: Path, settings: Settings) -> Publication:
    settings.PUBLICATIONS_ROOT = tmp_path / "publications"
    city = City.objects.create(slug="gaon", name="가온구", epsg=5186, origin_lon=127, origin_lat=37.5)
    made = Publication.objects.create(city=city, number=1, state=Publication.State.CURRENT)
    folder = settings.PUBLICATIONS_ROOT / str(made.pk)
    (folder / "buildings").mkdir(parents=True)
    (folder / "buildings" / "0123.glb").write_bytes(GLB)
    (folder / "buildings" / "0123.glb.br").write_bytes(brotli.compress(GLB))
    (folder / "buildings" / "0123.glb.gz").write_bytes(gzip.compress(GLB))
    (folder / "labels.json").write_text("{}")
    (folder / "heights.bin").write_bytes(b"\0\0")
    (tmp_path / "publications" / "secret.json").write_text("{}")
    with closing(sqlite3.connect(folder / "map.mbtiles")) as archive, archive:
        archive.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        # Row 5 from the north of 8 is row 2 from the south.
        archive.execute("INSERT INTO tiles VALUES (3, 6, 2, ?)", (gzip.compress(TILE),))
    return made


def url(publication: Publication, path: str) -> str:
    return f"/tiles/{publication.pk}/{path}"


def fetch(client: Client, publication: Publication, path: str = "buildings/0123.glb", **headers: str) -> Any:
    return client.get(url(publication, path), headers=headers or None)


def test_a_file_comes_whole_typed_and_to_be_kept_for_good(client: Client, publication: Publication) -> None:
    answer = fetch(client, publication)
    assert answer.status_code == 200
    assert answer.content == GLB
    assert answer["Content-Type"] == "model/gltf-binary"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Length"] == str(len(GLB))
    assert "Content-Encoding" not in answer
    assert "Accept-Encoding" in answer["Vary"]
    assert fetch(client, publication, "labels.json")["Content-Type"] == "application/json"
    assert fetch(client, publication, "heights.bin")["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0,gzip;q=0", None),
        ("*", "br"),
        ("deflate", None),
        ("nonsense;;;,=", None),
    ],
)
def test_the_smallest_form_that_the_client_takes_is_sent(
    client: Client, publication: Publication, accepted: str, encoding: str | None
) -> None:
    answer = fetch(client, publication, **{"accept-encoding": accepted})
    assert answer.get("Content-Encoding") == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(answer.content) == GLB


def test_a_file_without_variants_is_sent_plain(client: Client, publication: Publication) -> None:
    answer = fetch(client, publication, "labels.json", **{"accept-encoding": "br, gzip"})
    assert "Content-Encoding" not in answer
    assert answer.content == b"{}"


def test_what_the_client_has_is_not_sent_again(client: Client, publication: Publication) -> None:
    etag = fetch(client, publication)["ETag"]
    again = fetch(client, publication, **{"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" in again["Cache-Control"]
    # Another form of the same file is another entity.
    assert fetch(client, publication, **{"accept-encoding": "br"})["ETag"] != etag


def test_head_tells_the_size_and_sends_nothing(client: Client, publication: Publication) -> None:
    answer = client.head(url(publication, "buildings/0123.glb"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(len(GLB))


def test_nothing_can_be_written(client: Client, publication: Publication) -> None:
    assert client.post(url(publication, "labels.json")).status_code == 405
    assert client.delete(url(publication, "labels.json")).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "",
        "buildings",
        "buildings/",
        "buildings/none.glb",
        "buildings/0123.glb.br",  # a variant is no file of its own
        "map.mbtiles",  # the archive is not given away whole
        "../secret.json",
        "%2e%2e/secret.json",
        "..%2fsecret.json",
        "buildings/../../secret.json",
        "/etc/passwd",
        "labels.json%00.glb",
    ],
)
def test_only_files_within_the_publication_are_given(client: Client, publication: Publication, path: str) -> None:
    answer = client.get(url(publication, path))
    assert answer.status_code == 404
    assert b"{}" not in answer.content


def test_an_unknown_publication_is_not_found(client: Client, publication: Publication) -> None:
    assert client.get(f"/tiles/{uuid.uuid4()}/labels.json").status_code == 404
    assert client.get("/tiles/not-an-id/labels.json").status_code == 404


def test_public_files_cost_a_query_at_most_now_and_then(
    client: Client, publication: Publication, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    forget(publication.pk)
    with django_assert_num_queries(1):
        fetch(client, publication)
    with django_assert_num_queries(0):
        fetch(client, publication)


def test_a_map_tile_is_unpacked_for_whoever_does_not_take_gzip(client: Client, publication: Publication) -> None:
    plain = fetch(client, publication, "map/3/6/5.mvt")
    assert (plain.status_code, plain.content) == (200, TILE)
    assert plain["Content-Type"] == "application/vnd.mapbox-vector-tile"
    packed = fetch(client, publication, "map/3/6/5.mvt", **{"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == TILE
    assert packed["ETag"] != plain["ETag"]


def test_an_empty_map_tile_is_no_content_and_an_impossible_one_not_found(
    client: Client, publication: Publication
) -> None:
    empty = fetch(client, publication, "map/3/0/0.mvt")
    assert (empty.status_code, empty.content) == (204, b"")
    assert "immutable" in empty["Cache-Control"]
    assert fetch(client, publication, "map/3/8/0.mvt").status_code == 404
    assert fetch(client, publication, "map/99/0/0.mvt").status_code == 404
    assert fetch(client, publication, f"map/3/{10**30}/0.mvt").status_code == 404


def test_a_city_without_a_map_has_no_map_tiles(client: Client, publication: Publication, settings: Settings) -> None:
    (settings.PUBLICATIONS_ROOT / str(publication.pk) / "map.mbtiles").unlink()
    assert fetch(client, publication, "map/3/6/5.mvt").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_publication_is_gone_at_once(client: Client, publication: Publication, settings: Settings) -> None:
    Publication.objects.update(state=Publication.State.PAST)
    forget(publication.pk)
    assert fetch(client, publication).status_code == 200
    withdraw(publication=publication, actor=None)
    assert fetch(client, publication).status_code == 410
    assert fetch(client, publication, "map/3/6/5.mvt").status_code == 410
    assert not (settings.PUBLICATIONS_ROOT / str(publication.pk)).exists()


def test_what_is_being_prepared_is_nobodys(client: Client, publication: Publication) -> None:
    Publication.objects.update(state=Publication.State.PREPARING)
    forget(publication.pk)
    assert fetch(client, publication).status_code == 404


def test_a_closed_city_is_for_the_office_only_and_stays_out_of_shared_caches(
    client: Client, publication: Publication
) -> None:
    City.objects.update(is_closed=True)
    forget(publication.pk)
    assert fetch(client, publication).status_code == 404
    assert fetch(client, publication, "map/3/6/5.mvt").status_code == 404
    person = User.objects.create_user("person@example.org")
    client.force_login(person)
    assert fetch(client, publication).status_code == 404
    grant_role(user=person, role="official", by=None)
    answer = fetch(client, publication)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private")
