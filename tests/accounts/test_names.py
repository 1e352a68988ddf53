import pytest
from django.core.exceptions import ValidationError

from metacity.accounts.names import clean_alias, mask_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("홍길동", "홍*동"),
        ("남궁길동", "남**동"),
        ("홍길", "홍*"),
        ("홍", "홍*"),
        ("Anna Kim", "A*** K**"),
        ("Bo", "B*"),
        ("", ""),
        ("  홍길동\u202e ", "홍*동"),
    ],
)
def test_a_name_is_shown_masked(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize("alias", ["강변 산책가", "Anna_K", "가-나.다", ""])
def test_an_ordinary_alias_is_kept(alias: str) -> None:
    assert clean_alias(alias) == alias


def test_an_alias_loses_what_cannot_be_seen() -> None:
    assert clean_alias(" 강변\u202e  산책가\x00 ") == "강변 산책가"


@pytest.mark.parametrize(
    "alias",
    [
        "가",
        "가" * 21,
        "<script>",
        "홍*동",
        "관리자",
        "가온구청 직원",
        "구 청 장실",
        "Admin7",
        "탈퇴한 이용자",
        "a@b.kr",
    ],
)
def test_an_alias_that_misleads_or_harms_is_refused(alias: str) -> None:
    with pytest.raises(ValidationError):
        clean_alias(alias)
