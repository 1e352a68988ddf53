"""Personal numbers do not get published."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from participation.moderation.masking import masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("제 번호는 900101-1234567 입니다", "제 번호는 ●●●●●●-●●●●●●● 입니다"),
        ("9001011234567", "●●●●●●-●●●●●●●"),
        ("전화 010-1234-5678로", "전화 010-●●●●-●●●●로"),
        ("01012345678", "010●●●●●●●●"),
    ],
)
def test_registration_and_phone_numbers_are_masked(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@pytest.mark.parametrize(
    "typed", ["2026-11-24", "02-120", "길이 1234567890123 mm", "예산 900,101,000원", "건축물 번호 991301-1234567"]
)
def test_other_numbers_stay(typed: str) -> None:
    assert masked(typed) == typed


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)
