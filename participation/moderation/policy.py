"""The published rules, as data: the reasons for which something can be reported, the periods, and what happens."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from metacity.commons.i18n import is_english

_FILE = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True, slots=True)
class Wording:
    """A reason or a section in one language."""

    title: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return self.text.strip().split("\n\n")


@dataclass(frozen=True, slots=True)
class _Worded:
    code: str
    ko: Wording
    en: Wording

    @property
    def wording(self) -> Wording:
        """In the language of the page."""
        return self.en if is_english() else self.ko

    @property
    def title(self) -> str:
        return self.wording.title


@dataclass(frozen=True, slots=True)
class Reason(_Worded):
    """A rule, and therefore a reason for a report and for a measure."""

    # Looked at before all others; the report's page leads to help at once.
    is_urgent: bool = False
    # Whether a report has to say more than the reason.
    needs_words: bool = False
    # Whether something may be hidden for a time while it is being judged (임시조치).
    allows_temporary: bool = False


@dataclass(frozen=True, slots=True)
class Section(_Worded):
    """What happens, who decides, how to object."""


@dataclass(frozen=True, slots=True)
class Policy:
    version: int
    since: dt.date
    answer_days: int
    appeal_days: int
    appeal_answer_days: int
    temporary_days: int
    reasons: tuple[Reason, ...]
    sections: tuple[Section, ...]

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]

    def reason(self, code: str) -> Reason | None:
        return next((reason for reason in self.reasons if reason.code == code), None)

    def title_of(self, code: str) -> str:
        """In words; the code itself for a rule that is no longer in the list."""
        reason = self.reason(code)
        return reason.title if reason else code


@cache
def policy() -> Policy:
    told = tomllib.loads(_FILE.read_text("utf-8"))
    return Policy(
        reasons=tuple(Reason(**_worded(entry)) for entry in told.pop("reason")),
        sections=tuple(Section(**_worded(entry)) for entry in told.pop("section")),
        **told,
    )


def _worded(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {language: Wording(**entry[language]) for language in ("ko", "en")}
