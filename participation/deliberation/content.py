"""What a comment says, once it has been checked."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from metacity.commons.text import TextTooLong, clean_text
from participation.deliberation.errors import InvalidComment
from participation.deliberation.models import TEXT_LENGTH
from participation.deliberation.scenes import Scene, scene_for
from participation.moderation.masking import masked
from participation.proposals.content import too_long
from participation.proposals.errors import OutsideTheCity, PlaceNotFound
from twin.mirror.models import City


@dataclass(frozen=True, slots=True)
class Remark:
    """Text and scene as they are stored: cleaned, masked, within their limits. Made by `checked`."""

    text: str
    scene: Scene | None = None
    # Whether the text held numbers that are not published.
    is_masked: bool = False


def checked(*, city: City, text: str, scene: str = "") -> Remark:
    """What to store, or `InvalidComment` with every field that needs another look."""
    faults: dict[str, list[str]] = {}
    cleaned = _text(text, faults)
    seen = _scene(city, scene, faults)
    if faults:
        raise InvalidComment(fields=faults)
    published = masked(cleaned)
    return Remark(published, seen, is_masked=published != cleaned)


def _text(typed: str, faults: dict[str, list[str]]) -> str:
    try:
        text = clean_text(typed, TEXT_LENGTH)
    except TextTooLong:
        faults["text"] = [too_long(len(typed), TEXT_LENGTH)]
        return ""
    if not text:
        faults["text"] = [_("Please write something first.")]
    return text


def _scene(city: City, typed: str, faults: dict[str, list[str]]) -> Scene | None:
    try:
        return scene_for(city, typed)
    except (PlaceNotFound, OutsideTheCity) as refusal:
        faults["scene"] = [str(refusal.message)]
        return None
