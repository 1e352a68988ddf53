"""What people type is kept in one form, without hidden characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metacity.commons.text import TextTooLong, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  나무를 심자  ", "나무를 심자"),
        (unicodedata.normalize("NFD", "가온구"), "가온구"),
        ("a\x00b\x07c", "abc"),
        ("pay \u202eevil\u202c here", "pay evil here"),
        ("\u2066x\u2069", "x"),
        ("\ud800x", "x"),
        ("\u3164\u3164", ""),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("one  \n two", "one\n two"),
        ("👩‍👩‍👧 가족", "👩‍👩‍👧 가족"),
        ("❤️‍🔥 🏳️‍🌈", "❤️‍🔥 🏳️‍🌈"),
        ("바\u200b보", "바보"),
        ("바\u200d보\u200c", "바보"),
        ("a\u00adb\u2060c\u180ed", "abcd"),
        ("\u200b\u200d\u2060", ""),
        ("pay\u200f 100\u200e won\u061c", "pay 100 won"),
        ("👩\u200d\u200d👧", "👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_text_is_cleaned(typed: str, kept: str) -> None:
    assert clean_text(typed, 100) == kept


def test_a_title_becomes_one_line() -> None:
    assert clean_text(" 나무를\n\n 심자\t또 ", 100, multiline=False) == "나무를 심자 또"


def test_too_long_a_text_is_refused_with_its_field() -> None:
    assert clean_text("x" * 10 + "   ", 10) == "x" * 10
    with pytest.raises(TextTooLong) as refusal:
        clean_text("x" * 11, 10, field="title")
    assert refusal.value.code == "text_too_long"
    assert list(refusal.value.fields) == ["title"]


def test_five_megabytes_are_refused_unread() -> None:
    with pytest.raises(TextTooLong):
        clean_text(" " * 5_000_000, 3000)


@given(st.text(st.characters(), max_size=60))
def test_cleaning_twice_changes_nothing_and_every_database_can_keep_it(typed: str) -> None:
    once = clean_text(typed, 1000)
    assert clean_text(once, 1000) == once
    assert "\x00" not in once.encode().decode()
