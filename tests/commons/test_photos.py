"""Photos are believed in nothing: they are read elsewhere, within limits, and only the picture itself is kept."""

import datetime as dt
import hashlib
import io
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from metacity.commons import photos
from metacity.commons.errors import CityError, NotFound
from tests.factories.photos import a_file, a_photo, a_picture, claiming, from_a_phone, moving, of_many_passes

SECRETS = (b"Secret Phone", b"my house", b"Exif", b"GPS", b"xmpmeta")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "photos"


@pytest.fixture
def in_use(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The digests that the one room there is still shows."""
    shown: set[str] = set()
    monkeypatch.setattr(photos, "_uses", {"room": lambda digests: shown & set(digests)})
    return shown


def files_of(stored: photos.Stored, media: Path) -> dict[str, bytes]:
    folder = media / stored.digest[:2] / stored.digest
    return {file.stem: file.read_bytes() for file in folder.iterdir()}


def seen(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw)).convert("RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_in_three_sizes_named_by_their_content(kind: str, media: Path) -> None:
    stored = photos.keep(a_file(kind=kind, width=3000, height=2000))
    files = files_of(stored, media)
    assert {name: seen(raw).size for name, raw in files.items()} == {
        "small": (480, 320),
        "medium": (960, 640),
        "large": (1920, 1280),
    }
    assert {name: stored.measures(name) for name in files} == {name: seen(raw).size for name, raw in files.items()}
    assert stored.digest == hashlib.sha256(files["large"]).hexdigest()
    assert stored.size_bytes == sum(map(len, files.values()))
    assert all(raw.startswith(b"\xff\xd8\xff") for raw in files.values())
    assert list((media / "incoming").iterdir()) == []


def test_a_small_photo_is_not_made_larger(media: Path) -> None:
    stored = photos.keep(a_file(width=60, height=40))
    assert {seen(raw).size for raw in files_of(stored, media).values()} == {(60, 40)}
    assert stored.measures("small") == stored.measures("large") == (60, 40)


def test_nothing_but_the_picture_is_kept(media: Path) -> None:
    raw = from_a_phone()
    assert all(secret in raw for secret in SECRETS[:3])
    for kept in files_of(photos.keep(io.BytesIO(raw)), media).values():
        assert not [secret for secret in SECRETS if secret in kept]
        assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_photo_taken_on_its_side_stands_upright(media: Path) -> None:
    stored = photos.keep(io.BytesIO(from_a_phone(orientation=6)))
    picture = seen(files_of(stored, media)["large"])
    assert picture.size == (48, 64)
    red, _green, blue = picture.getpixel((40, 5))
    assert red > 150 > blue


def test_what_is_see_through_lies_on_white(media: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    stored = photos.keep(io.BytesIO(out.getvalue()))
    assert min(seen(files_of(stored, media)["small"]).getpixel((20, 20))) > 250


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "I;16", "CMYK", "RGBA"])
def test_every_mode_of_colour_is_shown(mode: str) -> None:
    out = io.BytesIO()
    image = Image.new("I;16", (30, 20)) if mode == "I;16" else a_picture(30, 20).convert(mode)
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert photos.keep(io.BytesIO(out.getvalue())).width == 30


def test_the_second_picture_of_a_phones_photo_is_left_out(media: Path) -> None:
    out = io.BytesIO()
    a_picture(80, 60).save(out, "MPO", save_all=True, append_images=[a_picture(20, 10)])
    assert photos.keep(io.BytesIO(out.getvalue())).width == 80


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_photo"),
        (b"\xff\xd8\xff", "not_a_photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_a_photo"),
        (a_photo("GIF"), "not_a_photo"),
        (a_photo("BMP"), "not_a_photo"),
        (a_photo("TIFF"), "not_a_photo"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_photo"),
        (a_photo(width=900, height=900)[:-400], "photo_damaged"),
        (a_photo("PNG", width=900, height=900)[:900], "photo_damaged"),
        (a_photo("WEBP", width=900, height=900)[:200], "photo_damaged"),
        (claiming(300, 300), "photo_damaged"),
        (moving("PNG"), "photo_moves"),
        (moving("WEBP"), "photo_moves"),
        (claiming(8_000, 8_000), "photo_too_many_pixels"),
        (claiming(60_000, 60_000), "photo_too_many_pixels"),
        (claiming(2**31 - 1, 2**31 - 1), "photo_too_many_pixels"),
        (bytes(15 * 2**20 + 1), "photo_too_large"),
    ],
)
def test_what_is_no_photo_for_us_is_refused_and_leaves_nothing(raw: bytes, code: str, media: Path) -> None:
    with pytest.raises(CityError) as refusal:
        photos.keep(io.BytesIO(raw))
    assert refusal.value.code == code
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_html_after_a_photo_does_not_come_along(media: Path) -> None:
    stored = photos.keep(io.BytesIO(a_photo() + b"<script>alert(1)</script>"))
    assert all(b"<script" not in raw for raw in files_of(stored, media).values())


def test_a_photo_that_takes_forever_to_decode_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "TIME_S", 1)
    raw = of_many_passes()
    assert len(raw) < photos.LARGEST_FILE_MB * 2**20
    started = time.monotonic()
    with pytest.raises(photos.PhotoDamaged):
        photos.keep(io.BytesIO(raw))
    assert time.monotonic() - started < 10


def test_a_photo_that_wants_more_memory_than_there_is_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MEMORY_MB", 90)
    with pytest.raises(photos.PhotoDamaged):
        photos.keep(a_file(kind="PNG", width=5000, height=5000))


def test_more_photos_than_can_be_read_at_once_wait_and_are_then_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photos, "PATIENCE_S", 0.05)
    monkeypatch.setattr(photos, "_turns", threading.BoundedSemaphore(1))
    with photos._turns, pytest.raises(photos.PhotosBusy) as refusal:
        photos.keep(a_file())
    assert refusal.value.status == 503
    assert photos.keep(a_file()).width == 64


def test_the_same_photo_from_many_at_once_is_kept_once(media: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(photos.keep(a_file()).digest)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == len(list(media.glob("??/*"))) == 1


def test_an_answer_is_private_and_of_one_kind(rf: RequestFactory) -> None:
    stored = photos.keep(a_file())
    response = photos.answer(rf.get("/"), stored.digest, "small")
    told = {name: response[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")}
    assert told == {
        "Content-Type": "image/jpeg",
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
    }
    again = photos.answer(rf.get("/", headers={"If-None-Match": response["ETag"]}), stored.digest, "small")
    assert (again.status_code, again["Cache-Control"]) == (304, "private, max-age=300")


@pytest.mark.parametrize(("digest", "size"), [("0" * 64, "small"), ("", "../../etc/passwd"), ("0" * 64, "huge")])
def test_what_is_not_there_is_not_found(rf: RequestFactory, digest: str, size: str) -> None:
    with pytest.raises(NotFound):
        photos.answer(rf.get("/"), digest, size)


def test_photos_that_no_room_shows_are_removed_after_a_while(media: Path, in_use: set[str]) -> None:
    shown, forgotten = (photos.keep(a_file(seed=seed)) for seed in (1, 2))
    in_use.add(shown.digest)
    (media / "incoming" / "broken-off").mkdir()
    now = timezone.now()
    assert photos.prune(now) == 0
    assert photos.prune(now + 2 * photos.GRACE) == 1
    assert files_of(shown, media)
    assert [folder.name for folder in media.glob("??/*")] == [shown.digest]
    assert forgotten.digest != shown.digest
    assert list((media / "incoming").iterdir()) == []


def test_a_photo_that_comes_again_is_young_again(media: Path, in_use: set[str]) -> None:
    stored = photos.keep(a_file())
    folder = media / stored.digest[:2] / stored.digest
    past = (timezone.now() - dt.timedelta(days=3)).timestamp()
    os.utime(folder, (past, past))
    photos.keep(a_file())
    assert photos.prune(timezone.now()) == 0
    assert files_of(stored, media)
