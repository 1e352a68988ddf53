"""In which letters the attributes of a shape file are written: as it says, as long as that can be."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.reading import Encoding

_HEADER_BYTES, _FIELD_BYTES, _FIELDS_END = 32, 32, 0x0D
_SAMPLE_BYTES = 16 << 20
# The language byte of dBASE where it means something; 0x03 and 0x57 are written by whoever does not know better.
_LANGUAGES = {0x4E: "cp949", 0x79: "cp949", 0x13: "cp932", 0x7B: "cp932", 0x4D: "cp936", 0x7A: "cp936", 0x4F: "cp950"}
_TRIED = ("utf-8", "cp949")
_LAST_RESORT = "latin-1"


def encoding_of(dbf: CityFile, cpg: CityFile | None) -> Encoding:
    """By the `.cpg` file, else by the language byte, else UTF-8 where all of it is, else CP949.

    What is stated and cannot be, because the letters are none in it, is passed over.
    """
    with dbf.open() as opened:
        head = opened.read(_HEADER_BYTES)
    if len(head) < _HEADER_BYTES:
        raise FileRefused(_("%(file)s is no dBASE table.") % {"file": dbf.name})
    stated = _codec(cpg.head(60)) if cpg is not None else None
    language = _LANGUAGES.get(head[29])
    candidates = [(stated, "stated"), (language, "language"), *((name, "tried") for name in _TRIED)]
    words = list(_words(dbf))
    for codec, how in candidates:
        if codec is not None and all(_is_text(word, codec) for word in words):
            return Encoding(codec, "corrected" if how == "tried" and (stated or language) else how)
    return Encoding(_LAST_RESORT, "tried")


def _codec(cpg: bytes) -> str | None:
    """Python's name of an encoding as `.cpg` files spell it: UTF-8, 65001, 949, ANSI 949, EUC-KR."""
    text = cpg.decode("ascii", "ignore").strip().lower().removeprefix("ansi").strip()
    number = re.fullmatch(r"(?:cp|ms|windows-)?(\d{3,5})", text)
    name = {"65001": "utf-8", "51949": "euc-kr"}.get(number[1], f"cp{number[1]}") if number else text
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _words(dbf: CityFile) -> Iterator[bytes]:
    """Names of columns and texts of the first rows, as far as they are more than ASCII."""
    with dbf.open() as opened:
        head = opened.read(_HEADER_BYTES)
        size, length = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
        fields = opened.read(max(size - _HEADER_BYTES, 0))
        spans, offset = [], 1
        for first in range(0, len(fields) - _FIELD_BYTES + 1, _FIELD_BYTES):
            described = fields[first : first + _FIELD_BYTES]
            if described[0] == _FIELDS_END:
                break
            yield from _more_than_ascii(described[:11].split(b"\0")[0])
            width = described[16] + (described[17] << 8 if described[11:12] == b"C" else 0)
            if described[11:12] == b"C":
                spans.append(slice(offset, offset + width))
            offset += width
        rows = iter(lambda: opened.read(length), b"") if length else iter(())
        for row in islice(rows, _SAMPLE_BYTES // max(length, 1) + 1):
            if not row.isascii():
                for span in spans:
                    yield from _more_than_ascii(row[span])


def _more_than_ascii(word: bytes) -> Iterator[bytes]:
    if not word.isascii():
        yield word.rstrip(b" \0")


def _is_text(word: bytes, codec: str) -> bool:
    """Whether bytes are letters; the last may be cut off, where a text was longer than its column."""
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(word)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
