"""How people's names are shown: never whole, always recognisable to those who know them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from metacity.commons.text import clean_text

ALIAS_MIN_LENGTH, ALIAS_MAX_LENGTH = 2, 20
MASK = "*"
# An alias made of these would pass for the office itself.
RESERVED_ALIASES = (
    "관리자", "운영자", "담당자", "공무원", "구청", "시청", "동주민센터", "주민센터", "진행자", "중재자", "탈퇴한",
    "admin", "operator", "moderator", "official", "administrator", "staff",
)  # fmt: skip


def mask_name(name: str) -> str:
    """A name with its inner letters hidden: 홍길동 → 홍*동, 남궁길동 → 남**동, 홍길 → 홍*, Anna Kim → A*** K**."""
    words = clean_text(name, 80).split()
    if not words:
        return ""
    if len(words) > 1 or words[0].isascii():
        return " ".join(word[0] + MASK * min(len(word) - 1, 3) for word in words[:3])
    word = words[0]
    if len(word) < 3:
        return word[0] + MASK
    return word[0] + MASK * min(len(word) - 2, 3) + word[-1]


def clean_alias(value: str) -> str:
    """The alias as it may be shown, or a ValidationError that says what to change. Empty: none is wanted."""
    alias = re.sub(r"\s+", " ", clean_text(value, 200)).strip()
    if not alias:
        return ""
    if not ALIAS_MIN_LENGTH <= len(alias) <= ALIAS_MAX_LENGTH:
        raise ValidationError(_("An alias has 2 to 20 letters."), code="length")
    if not re.fullmatch(r"[\w .·-]+", alias):
        raise ValidationError(_("An alias is made of letters, numbers, spaces and . · - _ only."), code="letters")
    folded = alias.casefold().replace(" ", "")
    if any(word in folded for word in RESERVED_ALIASES):
        raise ValidationError(_("This alias could be taken for the office. Please choose another."), code="reserved")
    return alias
