"""What people type into the forms of this room, cleaned and held against its limits."""

from django.utils.translation import gettext as _

from metacity.commons.text import TextTooLong, clean_text

Faults = dict[str, list[str]]
LEAST = 10


def said(name: str, typed: str, most: int, faults: Faults, *, is_required: bool) -> str:
    """The text to keep; what is wrong with it is added to `faults` under `name`."""
    try:
        text = clean_text(typed, most)
    except TextTooLong as refusal:
        faults[name] = [str(refusal.message)]
        return ""
    if is_required and len(text) < LEAST:
        faults[name] = [_("Please write at least %(n)d characters, so that others understand.") % {"n": LEAST}]
    return text
