"""A publication's files over HTTP: never changing, compressed beforehand, and gone when the publication is withdrawn.

In production a web server in front may send the files itself; it then has to keep the rules of `_require_open`.
"""

import gzip
import re
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils._os import safe_join
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from metacity.commons.errors import Gone, NotFound
from twin.mirror.standing import Standing, may_have, standing_of
from twin.mirror.tiles.build import MAP_FILE

CONTENT_TYPES = {
    ".glb": "model/gltf-binary",
    ".json": "application/json",
    ".bin": "application/octet-stream",
}
MAP_TYPE = "application/vnd.mapbox-vector-tile"
# By preference; the suffix of the stored variant.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
YEAR_S = 31_536_000
DEEPEST_ZOOM = 24


class PublicationGone(Gone):
    """The publication was withdrawn: its files must not be shown any more."""

    code = "publication_gone"
    message = _("This state of the city is no longer shown.")


@require_safe
def publication_file(request: HttpRequest, publication: uuid.UUID, path: str) -> HttpResponseBase:
    """One file of a publication, in the smallest form that the client understands."""
    standing = _require_open(request, publication)
    file = _file(publication, path)
    content_type = CONTENT_TYPES.get(file.suffix)
    if content_type is None:
        raise NotFound
    chosen, encoding = file, ""
    for name in _accepted(request):
        variant = file.with_name(file.name + ENCODINGS[name])
        if variant.is_file():
            chosen, encoding = variant, name
            break
    response = HttpResponse(chosen.read_bytes(), content_type=content_type)
    return _finished(request, response, standing, encoding, _etag(chosen))


@require_safe
def map_tile(request: HttpRequest, publication: uuid.UUID, z: int, x: int, y: int) -> HttpResponseBase:
    """One vector tile of a publication's map; 204 where nothing is drawn."""
    standing = _require_open(request, publication)
    if z > DEEPEST_ZOOM or max(x, y) >= 2**z:
        raise NotFound
    archive = _file(publication, MAP_FILE)
    data = _stored_tile(archive, z, x, 2**z - 1 - y)
    if data is None:
        return _finished(request, HttpResponse(status=204), standing, "", None)
    encoding = "gzip" if "gzip" in _accepted(request) else ""
    response = HttpResponse(data if encoding else gzip.decompress(data), content_type=MAP_TYPE)
    return _finished(request, response, standing, encoding, f'"{_etag(archive)[1:-1]}-{z}-{x}-{y}{encoding}"')


def _require_open(request: HttpRequest, publication: uuid.UUID) -> Standing:
    """Refuse what is withdrawn; and what is not for this visitor, as if it were not there."""
    standing = standing_of(publication)
    if standing is None:
        raise NotFound
    if standing.is_withdrawn:
        raise PublicationGone
    # The visitor is looked up only where it matters.
    if not standing.is_public and not may_have(request.user, publication):
        raise NotFound
    return standing


def _file(publication: uuid.UUID, path: str) -> Path:
    folder = Path(settings.PUBLICATIONS_ROOT) / str(publication)
    try:
        file = Path(safe_join(folder, path))
    except (SuspiciousFileOperation, ValueError):
        raise NotFound from None
    if not file.is_file():
        raise NotFound
    return file


def _stored_tile(archive: Path, zoom: int, column: int, row: int) -> bytes | None:
    # A connection for each request needs no care about threads, and opening a file that never changes is quick.
    with closing(sqlite3.connect(f"{archive.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        found = connection.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (zoom, column, row),
        ).fetchone()
    return found[0] if found else None


def _accepted(request: HttpRequest) -> list[str]:
    """The encodings we store which the client takes, best first."""
    header = request.headers.get("Accept-Encoding", "")
    refused = set(re.findall(r"([\w*]+)\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", header))
    named = set(re.findall(r"[\w*]+", re.sub(r";[^,]*", "", header))) - refused
    return [name for name in ENCODINGS if name in named or ("*" in named and name not in refused)]


def _etag(file: Path) -> str:
    stat = file.stat()
    return f'"{stat.st_size:x}-{stat.st_mtime_ns:x}{file.suffix}"'


def _finished(
    request: HttpRequest, response: HttpResponse, standing: Standing, encoding: str, etag: str | None
) -> HttpResponseBase:
    """With the headers by which caches keep it for good, or only its own reader's cache where it is not for all."""
    scope = "public" if standing.is_public else "private"
    response["Cache-Control"] = f"{scope}, max-age={YEAR_S}, immutable"
    patch_vary_headers(response, ["Accept-Encoding"])
    if response.status_code != 204:
        response["Content-Length"] = str(len(response.content))
    if encoding:
        response["Content-Encoding"] = encoding
    if request.method == "HEAD":
        response.content = b""
    if etag is None:
        return response
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
