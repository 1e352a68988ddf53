"""Ideas that are alike are found; endings and empty words make nothing alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.proposals.similarity import content_words, likeness, similar_proposals
from tests.factories.processes import a_process
from tests.factories.proposals import a_place, a_proposal


def test_words_lose_their_endings_and_empty_words_are_left_out() -> None:
    assert content_words("도서관을 늦게까지 열어 주세요") == ["도서관", "늦게", "열어"]


def test_the_same_wish_in_other_words_is_alike_and_another_wish_is_not() -> None:
    wish = "가온초 앞 건널목 초록불을 길게"
    assert likeness(wish, "가온초 정문 건널목의 초록불을 더 길게 해 주세요") > 0.6
    assert likeness(wish, "공원 화장실을 넓고 밝게 해 주세요") < 0.2


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == likeness(other, one)


@given(st.text(min_size=1, max_size=80))
def test_nothing_is_more_alike_than_itself(text: str) -> None:
    assert likeness(text, text) in {0.0, 1.0}


@pytest.mark.django_db
def test_the_likest_come_first_then_those_near() -> None:
    process = a_process()
    near = a_proposal(process, title="긴 의자를 놓아 주세요", place=a_place(process, 0, 0))
    alike = a_proposal(process, title="도서관을 밤 10시까지", place=a_place(process, 400, 400))
    a_proposal(process, title="버스를 더 자주", place=a_place(process, -400, -400))
    assert similar_proposals(city=process.city, title="도서관을 밤까지", e=10.0, n=10.0) == [alike, near]
    assert similar_proposals(city=process.city, title="") == []
