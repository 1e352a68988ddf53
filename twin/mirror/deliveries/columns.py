"""The columns of a delivery that is a table at heart: what they are called, and what stands in them."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ijson

from twin.mirror.deliveries import files
from twin.mirror.deliveries.models import Delivery
from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.readers import open_delivery
from twin.mirror.readers.attributes import clean, clean_text, normalise
from twin.mirror.readers.formats import format_of

# What a reader of columns looks at: it runs while somebody waits for a page.
_LOOKED_AT_BYTES, _LOOKED_AT_ROWS = 4 << 20, 500
MOST_COLUMNS = 100
SAMPLES, SAMPLE_LENGTH = 3, 40
TABLE_FORMATS = ("GeoJSON",)


@dataclass(frozen=True, slots=True)
class Column:
    """`guess` is the attribute that it would be taken for if nobody said anything; empty: none."""

    name: str
    samples: list[str]
    guess: str


def columns_of(delivery: Delivery) -> list[Column]:
    """The columns of the delivery's first rows; empty for formats whose attributes have agreed names."""
    path = files.path_of(delivery.pk)
    if path is None:
        return []
    try:
        file = open_delivery([path]).files[0]
        if format_of(file).name not in TABLE_FORMATS:
            return []
        rows = list(islice(_rows(file.head(_LOOKED_AT_BYTES)), _LOOKED_AT_ROWS))
    except (FileRefused, FileTooLarge):
        return []  # the reader will say so, with the cause
    return _columns(rows)


def _rows(head: bytes) -> Iterator[Mapping[str, Any]]:
    """The properties of the first features; the file goes on where the head ends."""
    try:
        for properties in ijson.items(io.BytesIO(head), "features.item.properties", use_float=True):
            if isinstance(properties, dict):
                yield properties
    except (ijson.JSONError, ValueError):
        return


def _columns(rows: list[Mapping[str, Any]]) -> list[Column]:
    samples: dict[str, dict[str, None]] = {}
    for row in rows:
        for name, value in row.items():
            text = _text(value)
            seen = samples.setdefault(clean_text(name)[:100], {}) if len(samples) < MOST_COLUMNS else samples.get(name)
            if text and seen is not None and len(seen) < SAMPLES:
                seen[text] = None
    guesses = {name: _guess(name, rows) for name in samples}
    return [Column(name, list(seen), guesses[name]) for name, seen in samples.items()]


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(clean(value, "") or "")[:SAMPLE_LENGTH]


def _guess(name: str, rows: list[Mapping[str, Any]]) -> str:
    """What `normalise` makes of this column alone, in the first row where it makes anything of it."""
    for row in rows[:50]:
        if row.get(name) is None:
            continue
        alone = normalise({name: row[name]}, "")
        found = [key for key in alone if key != name and not key.endswith("_source")]
        if found or (name in _ATTRIBUTES and name in alone):
            return found[0] if found else name
    return ""


_ATTRIBUTES = frozenset(("name", "name_en", "use", "height_m", "storeys", "year", "address"))
