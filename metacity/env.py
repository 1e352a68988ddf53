"""Typed readers of environment variables, so that a wrong value is named at start."""

import datetime as dt
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither true nor false.")


def integer(name: str, default: int) -> int:
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name}={value!r} is not one of {', '.join(options)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks around and between are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def dates(name: str, default: str = "") -> frozenset[dt.date]:
    """Days as `2026-12-31`, with commas between."""
    try:
        return frozenset(dt.date.fromisoformat(word) for word in words(name, default))
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text(name, default)!r} is no list of days such as 2026-12-31.") from None


def pairs(name: str, default: str = "") -> dict[str, str]:
    """`a=b, c=d` as a mapping, in its order."""
    split = (word.partition("=") for word in words(name, default))
    return {key.strip(): value.strip() for key, _sign, value in split}


def path(name: str, default: Path) -> Path:
    raw = text(name)
    return Path(raw).expanduser().resolve() if raw else default
