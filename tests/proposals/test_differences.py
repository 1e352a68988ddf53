"""Differences between versions spell both, and are found in bounded time."""

import time

from hypothesis import given
from hypothesis import strategies as st

from participation.proposals.differences import Piece, compare

words = st.text(alphabet="가나다 \n", max_size=60)


@given(words, words)
def test_the_pieces_spell_both_texts(earlier: str, later: str) -> None:
    pieces = compare(earlier, later)
    assert "".join(piece.text for piece in pieces if not piece.is_added) == earlier
    assert "".join(piece.text for piece in pieces if not piece.is_removed) == later


@given(words)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.change == "same" for piece in compare(text, text))


def test_a_changed_word_is_one_removed_and_one_added() -> None:
    assert compare("네 층 건물", "세 층 건물") == [
        Piece("removed", "네 "),
        Piece("added", "세 "),
        Piece("same", "층 건물"),
    ]


def test_two_hostile_texts_of_full_length_are_compared_within_seconds() -> None:
    one = " ".join("가나"[number % 2] for number in range(5000))
    other = " ".join("나가다"[number % 3] for number in range(5000))
    started = time.perf_counter()
    compare(one, other)
    assert time.perf_counter() - started < 5
