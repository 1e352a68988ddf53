"""Content in two languages: the Korean stands in the field itself, the English beside it with `_en`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def localised(source: object, name: str) -> str:
    """`name` of an object or mapping in the language of the page; Korean where no English has been written.

    Korean is read from `name` or `name_ko`, English from `name_en`.
    """
    korean = _read(source, name) or _read(source, f"{name}_ko")
    return (is_english() and _read(source, f"{name}_en")) or korean


def both(source: object, name: str) -> dict[str, str]:
    """The two languages of `name` as the API says them, `{"ko", "en"}`; English falls back to Korean."""
    korean = _read(source, name) or _read(source, f"{name}_ko")
    return {"ko": korean, "en": _read(source, f"{name}_en") or korean}


def _read(source: object, name: str) -> str:
    value: Any = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
    return str(value) if value else ""
