"""The texts people agree to, as data: items, purpose, period and the right to refuse, in each language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import get_language

Moment = Literal["join", "identity"]
_FILE = Path(__file__).with_name("consent_texts.toml")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one language."""

    title: str
    items: str
    purpose: str
    period: str
    refusal: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    item: str
    version: int
    is_required: bool
    asked_at: Moment
    wordings: dict[str, Wording]

    @property
    def wording(self) -> Wording:
        """The text in the language of the page; Korean where there is none."""
        return self.wordings.get((get_language() or "ko").split("-")[0], self.wordings["ko"])


def _parse(entry: dict[str, Any]) -> ConsentText:
    return ConsentText(
        item=entry["item"],
        version=entry["version"],
        is_required=entry["is_required"],
        asked_at=entry["asked_at"],
        wordings={language: Wording(**entry[language]) for language in ("ko", "en")},
    )


@cache
def texts() -> tuple[ConsentText, ...]:
    """All texts, required ones first."""
    parsed = [_parse(entry) for entry in tomllib.loads(_FILE.read_text("utf-8"))["text"]]
    return tuple(sorted(parsed, key=lambda text: not text.is_required))


def texts_asked_at(moment: Moment) -> tuple[ConsentText, ...]:
    return tuple(text for text in texts() if text.asked_at == moment)


def text_of(item: str) -> ConsentText | None:
    return next((text for text in texts() if text.item == item), None)
