"""The built front end: which files an entry of `static/src/entries/` has become."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static


class FrontEndNotBuilt(ImproperlyConfigured):
    """The pages have neither styles nor scripts yet."""


@dataclass(frozen=True)
class Entry:
    """The addresses of what a page links for one entry."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


def entry(name: str) -> Entry | None:
    """What `static/src/entries/<name>.ts` was built into; in tests `None` where nothing is built.

    Raises `FrontEndNotBuilt` elsewhere, with what to do about it.
    """
    manifest = _read_manifest() if settings.DEBUG else _manifest()
    if manifest is None:
        if settings.MODE == "test":
            return None
        raise FrontEndNotBuilt("The front end has not been built: run `make demo` or `make build` once.")
    return _entry(manifest, name)


def manifest_path() -> Path:
    return Path(settings.BASE_DIR) / "static" / "dist" / ".vite" / "manifest.json"


@cache
def _manifest() -> dict[str, Any] | None:
    return _read_manifest()


def _read_manifest() -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads(manifest_path().read_text())
    except FileNotFoundError:
        return None
    return manifest


def _entry(manifest: dict[str, Any], name: str) -> Entry:
    key = f"src/entries/{name}.ts"
    if key not in manifest:
        raise FrontEndNotBuilt(f"The front end that was built has no entry {name!r}: build it again.")
    chunks = list(_chunks(manifest, key, set()))
    styles = dict.fromkeys(style for chunk in chunks for style in chunk.get("css", []))
    return Entry(
        script=static(manifest[key]["file"]),
        styles=tuple(static(style) for style in styles),
        preloads=tuple(static(chunk["file"]) for chunk in chunks if chunk is not manifest[key]),
    )


def _chunks(manifest: dict[str, Any], key: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    """The chunks that an entry needs before it can start, those it builds on first."""
    if key in seen:
        return
    seen.add(key)
    for needed in manifest[key].get("imports", []):
        yield from _chunks(manifest, needed, seen)
    yield manifest[key]
