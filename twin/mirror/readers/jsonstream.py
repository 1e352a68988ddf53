"""JSON documents larger than memory: items of one list as they come, nesting bounded before it is followed."""

from collections.abc import Iterator
from typing import IO, Any

import ijson
import numpy as np
from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.limits import MAX_JSON_DEPTH

_CHUNK = 1 << 20
_QUOTE = ord('"')
_NO_MARKS = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[list(b"[{")], _STEPS[list(b"]}")] = 1, -1


def items(file: CityFile, prefix: str) -> Iterator[tuple[Any, int]]:
    """The values at a place of a document (`features.item`: all of a list), each with how far the file was read.

    Raises `FileRefused` where the document is no JSON or is nested without end.
    """
    with file.open() as opened:
        source = _Guarded(opened, file.name)
        try:
            for item in ijson.items(source, prefix, use_float=True):
                yield item, source.position
        except (ijson.JSONError, UnicodeDecodeError, OverflowError) as error:
            cause = str(error).strip().splitlines()
            raise FileRefused(
                _("%(file)s is not valid JSON: %(cause)s") % {"file": file.name, "cause": cause[0] if cause else ""}
            ) from None


def mentions(file: CityFile, word: bytes) -> bool:
    """Whether a word stands anywhere in a file: far sooner known than where it stands."""
    tail = b""
    with file.open() as opened:
        while chunk := opened.read(_CHUNK):
            if word in tail + chunk:
                return True
            tail = chunk[-len(word) :]
    return False


class _Guarded:
    """A document that is read to the parser, its nesting counted: the parser's memory grows with the depth squared."""

    def __init__(self, opened: IO[bytes], name: str) -> None:
        self._opened = opened
        self._name = name
        self._depth = 0
        self._in_text = False
        self._escape = b""  # a backslash that the last chunk ended with
        self.position = 0

    def read(self, size: int) -> bytes:
        chunk = self._opened.read(size)
        self.position += len(chunk)
        self._count(chunk)
        return chunk

    def _count(self, chunk: bytes) -> None:
        told = (self._escape + chunk).replace(rb"\\", b"")
        self._escape = b"\\" if told.endswith(b"\\") else b""
        marks = np.frombuffer(told.replace(rb"\"", b"").translate(None, _NO_MARKS), dtype=np.uint8)
        if not len(marks):
            return
        in_text = (np.cumsum(marks == _QUOTE, dtype=np.uint8) & 1).astype(bool) ^ self._in_text
        depths = np.cumsum(np.where(in_text, 0, _STEPS[marks]), dtype=np.int64)
        self._in_text = bool(in_text[-1])
        if self._depth + int(depths.max()) > MAX_JSON_DEPTH:
            raise FileRefused(
                _("%(file)s is nested more than %(limit)d deep.") % {"file": self._name, "limit": MAX_JSON_DEPTH}
            )
        self._depth += int(depths[-1])
