"""What a proposal says and where it stands, once it has been checked."""

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metacity.commons.text import TextTooLong, clean_text
from participation.moderation.masking import masked
from participation.proposals.errors import InvalidContent
from participation.proposals.models.proposals import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH, PlaceKind
from twin.mirror.designs.changes import ChangeSet

TITLE_MIN_LENGTH = 4
TEXT_MIN_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where an idea stands; made by `places`. The default is the whole district."""

    kind: str = PlaceKind.NONE
    e: float | None = None
    n: float | None = None
    z: float | None = None
    lon: float | None = None
    lat: float | None = None
    object_id: uuid.UUID | None = None
    words: str = ""  # in Korean
    words_en: str = ""

    def as_fields(self) -> dict[str, Any]:
        """The fields of a version."""
        return {
            "place_kind": self.kind,
            "e": self.e,
            "n": self.n,
            "z": self.z,
            "lon": self.lon,
            "lat": self.lat,
            "object_id": self.object_id,
            "place_words": self.words,
            "place_words_en": self.words_en,
        }


@dataclass(frozen=True, slots=True)
class Content:
    """Title and text as they are stored: cleaned, personal numbers masked, within their limits. Made by `checked`."""

    title: str
    text: str
    place: Place = field(default_factory=Place)
    reason: str = ""
    design: ChangeSet | None = None  # made by `designs.checked_design`

    @property
    def sha256(self) -> str:
        """What the ledger keeps of title and text."""
        return hashlib.sha256(f"{self.title}\n\n{self.text}".encode()).hexdigest()


def checked(
    *, title: str, text: str, place: Place | None = None, reason: str = "", design: ChangeSet | None = None
) -> Content:
    """The content to store, or `InvalidContent` with every field that needs another look."""
    faults: dict[str, list[str]] = {}
    content = Content(
        title=_cleaned("title", title, TITLE_MIN_LENGTH, TITLE_LENGTH, faults),
        text=_cleaned("text", text, TEXT_MIN_LENGTH, TEXT_LENGTH, faults, multiline=True),
        place=place or Place(),
        reason=_cleaned("reason", reason, 0, REASON_LENGTH, faults),
        design=design,
    )
    if faults:
        raise InvalidContent(fields=faults)
    return content


def _cleaned(
    name: str, typed: str, least: int, most: int, faults: dict[str, list[str]], *, multiline: bool = False
) -> str:
    try:
        value = masked(clean_text(typed, most, multiline=multiline))
    except TextTooLong:
        faults[name] = [too_long(len(typed), most)]
        return typed
    if len(value) > most:  # by the hyphen that tells a masked number
        faults[name] = [too_long(len(value), most)]
    if len(value) < least:
        faults[name] = [too_short(least) if value else _("Please fill this in.")]
    return value


def too_short(least: int) -> str:
    return ngettext("Please write at least %(n)d character.", "Please write at least %(n)d characters.", least) % {
        "n": least
    }


def too_long(length: int, most: int) -> str:
    told = {"length": f"{length:,}", "most": f"{most:,}"}
    return _("This has %(length)s characters. At most %(most)s fit here.") % told
