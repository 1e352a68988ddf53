"""What is decided and by which rule, as it is stored: cleaned, within its limits, and possible to apply."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from metacity.commons.text import TextTooLong, clean_text
from participation.processes.kinds import Level
from participation.voting.errors import InvalidPoll
from participation.voting.models.polls import MEANING_LENGTH, QUESTION_LENGTH, TEXT_LENGTH, YOUNGEST, Majority

SHORTEST = timedelta(hours=1)
LONGEST = timedelta(days=90)
OLDEST_ASKED = 99
_LENGTHS = {"question": QUESTION_LENGTH, "text": TEXT_LENGTH, "meaning": MEANING_LENGTH}


@dataclass(frozen=True, slots=True)
class PollContent:
    """The fields of a poll that its rules are made of. Made by `checked`."""

    question: str
    meaning: str
    opens_at: datetime
    closes_at: datetime
    question_en: str = ""
    text: str = ""
    text_en: str = ""
    meaning_en: str = ""
    min_level: str = Level.IDENTIFIED
    districts: Sequence[str] = ()
    min_age: int | None = None
    quorum_percent: int | None = None
    majority: str = Majority.SIMPLE

    def as_fields(self) -> dict[str, Any]:
        """The fields of a `Poll`."""
        return asdict(self) | {"districts": list(self.districts)}


def checked(**told: Any) -> PollContent:
    """The content to store, or `InvalidPoll` with every field that needs another look."""
    faults: dict[str, list[str]] = {}
    for name, most in _LENGTHS.items():
        for field in (name, f"{name}_en"):
            told[field] = _cleaned(field, told.get(field, ""), most, faults)
    for field in ("question", "meaning"):
        if not told[field] and field not in faults:
            faults[field] = [_("Please fill this in.")]
    content = PollContent(**told)
    faults |= _rule_faults(content) | _time_faults(content)
    if faults:
        raise InvalidPoll(fields=faults)
    return content


def _cleaned(field: str, typed: str, most: int, faults: dict[str, list[str]]) -> str:
    try:
        return clean_text(typed, most, multiline=field.startswith("text"))
    except TextTooLong as refusal:
        faults[field] = [str(refusal.message)]
        return typed


def _rule_faults(content: PollContent) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if set(content.districts) - set(settings.DISTRICTS):
        faults["districts"] = [_("There is no such neighbourhood.")]
    if content.min_age is not None and not YOUNGEST <= content.min_age <= OLDEST_ASKED:
        faults["min_age"] = [_("Please enter an age from %(least)d on.") % {"least": YOUNGEST}]
    if content.quorum_percent is not None and not 1 <= content.quorum_percent <= 100:
        faults["quorum_percent"] = [_("Please enter whole percent from 1 to 100.")]
    if content.min_level not in Level.values or content.majority not in Majority.values:
        faults["min_level"] = [_("Please choose one of the rules.")]
    elif content.min_level == Level.MEMBER and (content.districts or content.min_age):
        faults["min_level"] = [_("Neighbourhood and age are known only of people who passed the identity check.")]
    return faults


def _time_faults(content: PollContent) -> dict[str, list[str]]:
    length = content.closes_at - content.opens_at
    if length < SHORTEST:
        return {"closes_at": [_("A vote is open for at least one hour.")]}
    if length > LONGEST:
        return {"closes_at": [_("A vote is open for at most 90 days.")]}
    return {}
