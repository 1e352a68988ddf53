"""Photos that people send: read in a process of their own, kept without anything but the picture, named by content.

A room calls `keep(file)` outside of its transaction, writes the digest to a row of its own, serves the sizes through
its own access function by `answer`, and registers in its `ready()` which digests it still shows:

    register_use("proposals", photos_in_use)      # (digests) -> those of them that are in use

What no room shows any more is removed by the clock.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import CityError, Invalid, NotFound, TooLarge, Unavailable
from metacity.commons.photo_child import SIDES_PX

LARGEST_FILE_MB = 15
# What one photo may cost while it is read, and how many are read at once in one process of the service.
MEMORY_MB, TIME_S, AT_ONCE = 1024, 10, 2
PATIENCE_S = 20.0
# From a file's writing to the row that names it pass moments; whatever nobody names after this belongs to nobody.
GRACE = timedelta(hours=1)
FRESH_S = 300

_CHILD = Path(__file__).with_name("photo_child.py")
_DIGEST = re.compile(r"[0-9a-f]{64}")
log = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)
_uses: dict[str, Callable[[Collection[str]], set[str]]] = {}


class PhotoTooLarge(TooLarge):
    code = "photo_too_large"
    message = _("This photo is larger than 15 MB. Make it smaller and send it again.")


class PhotoTooManyPixels(TooLarge):
    code = "photo_too_many_pixels"
    message = _("This picture has too many pixels. Make it smaller and send it again.")


class NotAPhoto(Invalid):
    code = "not_a_photo"
    message = _("Only photos in the formats JPEG, PNG and WebP can be shown here.")


class PhotoMoves(Invalid):
    code = "photo_moves"
    message = _("Moving pictures cannot be shown here. Choose a still one.")


class PhotoDamaged(Invalid):
    code = "photo_damaged"
    message = _("This photo cannot be read. The file may be incomplete.")


class PhotosBusy(Unavailable):
    code = "photos_busy"
    message = _("Many photos are being sent right now. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A photo that is kept: the name of its files, the measures of the largest, and the bytes of all together."""

    digest: str
    width: int
    height: int
    size_bytes: int

    def measures(self, size: str) -> tuple[int, int]:
        """Width and height of one of its sizes."""
        share = min(1.0, SIDES_PX[size] / max(self.width, self.height))
        return max(1, round(self.width * share)), max(1, round(self.height * share))


_REFUSALS: dict[str, type[CityError]] = {"kind": NotAPhoto, "pixels": PhotoTooManyPixels, "animated": PhotoMoves}


def register_use(name: str, in_use: Callable[[Collection[str]], set[str]]) -> None:
    """`in_use` tells which of some digests a room still shows. Called in an app's `ready()`."""
    _uses[name] = in_use


def keep(file: IO[bytes]) -> Stored:
    """Read a photo and keep its sizes; the same photo again is kept once. Takes up to seconds: not in a transaction."""
    raw = file.read(LARGEST_FILE_MB * 2**20 + 1)
    if len(raw) > LARGEST_FILE_MB * 2**20:
        raise PhotoTooLarge
    incoming = _root() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=incoming) as folder:
        sizes = Path(folder, "sizes")
        sizes.mkdir()
        told = _read(raw, sizes)
        files = {size: (sizes / f"{size}.jpg").read_bytes() for size in SIDES_PX}
        digest = hashlib.sha256(files["large"]).hexdigest()
        _move(sizes, _folder(digest))
    return Stored(digest, told["width"], told["height"], sum(map(len, files.values())))


def answer(request: HttpRequest, digest: str, size: str) -> HttpResponseBase:
    """One size of a photo, for whoever was let through to it: kept by that browser alone, and not for long."""
    if size not in SIDES_PX:
        raise NotFound
    etag = quote_etag(f"{digest[:32]}-{size}")
    try:
        response = HttpResponse((_folder(digest) / f"{size}.jpg").read_bytes(), content_type="image/jpeg")
    except FileNotFoundError:
        raise NotFound from None
    response.headers["Cache-Control"] = f"private, max-age={FRESH_S}"
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def prune(now: datetime) -> int:
    """Remove the files that no room shows, and what broken-off uploads left. How many photos went."""
    since = (now - GRACE).timestamp()
    for left in (_root() / "incoming").glob("*"):
        if _is_older(left, since):
            shutil.rmtree(left, ignore_errors=True)
    removed = 0
    for shelf in _root().glob("[0-9a-f][0-9a-f]"):
        kept = {folder.name: folder for folder in shelf.iterdir() if _DIGEST.fullmatch(folder.name)}
        used = set().union(*(in_use(kept.keys()) for in_use in _uses.values()))
        # Asked once more just before: somebody may be sending the same photo again right now.
        for folder in (folder for digest, folder in kept.items() if digest not in used and _is_older(folder, since)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _read(raw: bytes, sizes: Path) -> dict[str, Any]:
    """What the process that reads the photo says of it; raises what stands in the way."""
    command = [sys.executable, "-I", str(_CHILD), str(sizes), str(MEMORY_MB), str(TIME_S), str(os.getpid())]
    if not _turns.acquire(timeout=PATIENCE_S):
        raise PhotosBusy
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=2 * TIME_S, check=False)
    except subprocess.TimeoutExpired:
        raise PhotoDamaged from None
    finally:
        _turns.release()
    if done.returncode:
        log.warning("The reader of a photo ended with %d: %s", done.returncode, done.stderr[-500:])
        raise PhotoDamaged
    told: dict[str, Any] = json.loads(done.stdout)
    if "refused" in told:
        raise _REFUSALS.get(told["refused"], PhotoDamaged)
    return told


def _move(sizes: Path, folder: Path) -> None:
    """The files appear at once and whole. Where they are already, they are as young as if they had just come."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.utime(folder)
    except FileNotFoundError:
        try:
            sizes.rename(folder)
        except OSError:  # somebody sent the same photo and was faster
            if not folder.is_dir():
                raise


def _is_older(path: Path, since: float) -> bool:
    try:
        return path.stat().st_mtime < since
    except FileNotFoundError:
        return False


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "photos"


def _folder(digest: str) -> Path:
    return _root() / digest[:2] / digest
