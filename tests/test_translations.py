"""Every text people see is written in English in the code and said in Korean by the catalogues."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted(ROOT.glob("metacity/locale/*/ko/LC_MESSAGES/django.po"))
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Names that are the same in every language, and the languages' own names for themselves.
NAMES = {"MetaCity", "English", "한국어", "CityJSON", "GeoJSON", "EPSG", "MB", "km", "TOTP", "html", "lang", "URL"}
# What English pages too show in Korean, so that people recognise it where they meet it.
SEEN_IN_KOREAN = re.compile(r"홍\*동|\((안전신문고|국민신문고)\)")
ADDRESS = re.compile(r"\b[\w-]+(\.[\w-]+)+\b")
SPOKEN_ATTRIBUTES = {"alt", "title", "aria-label", "aria-description", "placeholder"}

Key = tuple[str, str | tuple[str, str]]  # context, and the text or its singular and plural


@cache
def templates() -> tuple[Path, ...]:
    return tuple(file for kind in ("*.html", "*.txt") for file in sorted((ROOT / "templates").rglob(kind)))


@cache
def used() -> dict[Key, str]:
    """Every text that is translated somewhere, and the first place where."""
    found: dict[Key, str] = {}
    for package in ("metacity", "twin", "participation"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for key, line in _extracted(file.read_text()):
                found.setdefault(key, f"{file.relative_to(ROOT)}:{line}")
    for file in templates():
        # Blanks at the start of a line mean something in Python, which the result is read as.
        source = "\n".join(line.lstrip() for line in templatize(file.read_text()).splitlines())
        for key, line in _extracted(source):
            found.setdefault(key, f"{file.relative_to(ROOT)}:{line}")
    return found


def _extracted(source: str) -> Iterator[tuple[Key, int]]:
    for line, message, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        if message:
            yield (context or "", message if isinstance(message, str) else (message[0], message[1])), line


@cache
def catalogue(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale="ko", abort_invalid=True)


def messages(file: Path) -> list[Message]:
    return [message for message in catalogue(file) if message.id]


def _key(message: Message) -> Key:
    text = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
    return (message.context or "", text)


@cache
def translated() -> dict[Key, str]:
    return {_key(message): str(message.string) for file in CATALOGUES for message in messages(file) if _said(message)}


def _said(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def test_every_text_is_said_in_korean() -> None:
    missing = [f"{place}: {text!r}" for (context, text), place in used().items() if (context, text) not in translated()]
    assert not missing, "\n".join(["No Korean for:", *missing])


def test_texts_in_the_code_are_english() -> None:
    korean = [f"{place}: {key}" for key, place in used().items() if HANGUL.search(SEEN_IN_KOREAN.sub("", str(key[1])))]
    assert not korean, "\n".join(korean)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-4])
def test_a_catalogue_is_finished(file: Path) -> None:
    fuzzy = [str(message.id) for message in messages(file) if message.fuzzy]
    empty = [str(message.id) for message in messages(file) if not _said(message)]
    faults = [f"{message.id}: {fault}" for message, found in catalogue(file).check() for fault in found]
    assert (fuzzy, empty, faults) == ([], [], [])


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-4])
def test_a_catalogue_says_nothing_that_is_no_longer_asked(file: Path) -> None:
    unused = [str(message.id) for message in messages(file) if _key(message) not in used()]
    assert not unused, "\n".join(["Nothing uses:", *unused])


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-4])
def test_placeholders_are_kept(file: Path) -> None:
    pattern = re.compile(r"%\(\w+\)[sdf]|\{\w*\}")
    wrong = []
    for message in messages(file):
        asked = message.id if isinstance(message.id, str) else message.id[-1]
        told = message.string if isinstance(message.string, str) else (message.string or [""])[-1]
        if set(pattern.findall(asked)) != set(pattern.findall(told)):
            wrong.append(f"{asked!r} → {told!r}")
    assert not wrong, "\n".join(wrong)


def test_catalogues_do_not_contradict_each_other() -> None:
    """All catalogues become one: of two translations of a text, one would never be seen."""
    seen: dict[Key, tuple[str, Path]] = {}
    contradictions = []
    for file in CATALOGUES:
        for message in messages(file):
            told, first = seen.setdefault(_key(message), (str(message.string), file))
            if told != str(message.string):
                contradictions.append(f"{message.id!r}: {told!r} in {first.parts[-4]}, {message.string!r} here too")
    assert not contradictions, "\n".join(contradictions)


class _Spoken(HTMLParser):
    """Collects what a page says by itself, without what tags of the template say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _literal(source: str) -> str:
    """The template without its tags, and without what `blocktranslate`, `comment` and blocks of class names hold."""
    parts: list[str] = []
    end = ""
    for token in Lexer(source).tokenize():
        if not end:
            end = _end_of(token)
            parts.append(token.contents if token.token_type is TokenType.TEXT else "")
        elif token.token_type is TokenType.BLOCK and token.contents.split(" ")[0] == end:
            end = ""
    return "".join(parts)


def _end_of(token: Token) -> str:
    """The tag that ends what `token` opens, where that is nothing a page says by itself; else nothing."""
    if token.token_type is not TokenType.BLOCK:
        return ""
    word, _, rest = token.contents.partition(" ")
    if word == "block" and rest.endswith("_class"):
        return "endblock"
    return f"end{word}" if word in {"blocktranslate", "blocktrans", "comment"} else ""


@pytest.mark.parametrize("file", templates(), ids=lambda file: str(file.relative_to(ROOT / "templates")))
def test_a_template_says_nothing_untranslated(file: Path) -> None:
    literal = _literal(file.read_text())
    if file.suffix == ".txt":
        texts = [literal]
    else:
        page = _Spoken()
        page.feed(literal)
        texts = page.texts
    words = {word for text in texts for word in re.findall(r"[A-Za-z가-힣]{2,}", ADDRESS.sub("", text))}
    assert not words - NAMES
