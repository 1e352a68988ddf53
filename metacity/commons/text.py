"""What people type, made safe to keep: one normal form, no hidden characters, no surprise in length."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Invalid

# Embeddings, overrides, isolates and marks turn the reading direction for text that follows (Unicode UAX #9): nobody
# needs them in a form, and they let a text read otherwise than it is written.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Without width: two texts that look the same would not be the same, and a forbidden word would not be found.
_NO_WIDTH = "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f"
# C0 and C1 controls but tab and line feed, lone surrogates, the byte order mark, and the Hangul fillers, which look
# like an empty text that is not empty.
_HIDDEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u3164\uffa0"
_DROPPED = re.compile(f"[{_BIDI}{_NO_WIDTH}{_HIDDEN}]")
# Joiners and non-joiners shape letters of scripts that have them (Arabic, Indic), and join emoji; they are dropped
# where they do neither: between letters of Korean or Latin, at an end, twice in a row.
_EMOJI = "\u200d\ufe0f\u20e3\u2190-\u2bff\U0001f000-\U0001faff\U000e0020-\U000e007f"
_SHAPED = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_JOINERS = re.compile(
    f"(?<![{_EMOJI}{_SHAPED}])\u200d|\u200d(?![{_EMOJI}{_SHAPED}])|\u200d(?=\u200d)"
    f"|(?<![{_SHAPED}])\u200c|\u200c(?![{_SHAPED}])"
)
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


class TextTooLong(Invalid):
    code = "text_too_long"

    def __init__(self, max_length: int, field: str = "") -> None:
        message = _("At most %(limit)d characters fit here.") % {"limit": max_length}
        super().__init__(message, fields={field: [message]} if field else None)


def clean_text(value: str, max_length: int, *, multiline: bool = True, field: str = "") -> str:
    """`value` in NFC, without control, direction-changing and invisible characters, trimmed.

    With `multiline`, lines stay, and at most one empty line between two; else the text becomes one line.
    Raises `TextTooLong` when more than `max_length` characters remain; `field` names the form field in it.
    """
    if len(value) > 4 * max_length + 1000:  # not worth normalising: no honest text shrinks that much
        raise TextTooLong(max_length, field)
    text = _LINE_ENDS.sub("\n", value)
    text = unicodedata.normalize("NFC", _without_stray_joiners(_DROPPED.sub("", text)))
    if multiline:
        text = _EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n")))
    else:
        text = _BLANKS.sub(" ", text.replace("\n", " "))
    text = text.strip()
    if len(text) > max_length:
        raise TextTooLong(max_length, field)
    return text


def _without_stray_joiners(text: str) -> str:
    """Dropping one can leave another without its neighbour, hence the loop."""
    while (kept := _JOINERS.sub("", text)) != text:
        text = kept
    return text
