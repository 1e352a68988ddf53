"""What everybody reads, what concerns one person, and names that can be reported."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from metacity.accounts.models import User
from metacity.commons.models import LedgerEntry
from participation.moderation.models import Case, Decision
from participation.moderation.policy import policy
from participation.moderation.statistics import statistics
from tests.factories.accounts import person, signed_in
from tests.factories.moderation import (
    REASON,
    a_moderator,
    answered,
    decided,
    hidden,
    objected,
    reported,
    reported_as,
)
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_rules_say_everything_in_both_languages(language: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse("moderation:rules")).content.decode()
    with translation.override(language):
        told = [*policy().reasons, *policy().sections]
        assert all(entry.title in page for entry in told)
    assert f'lang="{language}"' in page


def test_the_published_periods_are_those_that_the_rules_name() -> None:
    """The text is written by hand; the numbers in it are the policy's."""
    text = Path(__file__).parents[2].joinpath("participation/moderation/policy.toml").read_text()
    for number, unit in ((policy().appeal_days, "일"), (policy().appeal_answer_days, "영업일")):
        assert f"{number}{unit}" in text
    assert f"임시조치({policy().temporary_days}일까지" in text


def test_the_numbers_count_cases_by_rule_and_outcome_within_a_year() -> None:
    now = timezone.now()
    start = now - dt.timedelta(hours=10)
    case = reported(a_proposal(), at=start)
    decided(case, "keep", at=start + dt.timedelta(hours=2))
    answered(objected(decided(reported(a_proposal(), at=start), at=start + dt.timedelta(hours=6))), grants=True)
    old = reported(a_proposal(), at=now - dt.timedelta(days=500))
    decided(old, at=now - dt.timedelta(days=400))
    told = statistics(now)
    row = next(row for row in told.rows if row.code == "advertising")
    assert (row.reports, row.outcomes["keep"], row.outcomes["hide"]) == (2, 1, 1)
    assert (told.decisions, told.restored, told.appeals, told.granted, told.upheld) == (2, 1, 1, 1, 0)
    assert told.median_hours == 4.0


def test_before_the_first_decision_the_page_says_so() -> None:
    assert "아직 처리한 건이 없습니다." in Client().get(reverse("moderation:rules")).content.decode()


def test_every_page_leads_to_the_rules() -> None:
    assert reverse("moderation:rules") in Client().get("/").content.decode()


def test_ones_own_page_shows_reports_with_their_outcome_and_measures() -> None:
    who = person()
    kept, gone = a_proposal(title="그대로 둘 제안입니다"), a_proposal(title="가려질 제안입니다")
    decided(reported(kept, by=who), "keep")
    decided(reported(gone, by=who))
    hidden(a_proposal(author=who, title="내가 쓴 광고입니다"))
    page = signed_in(who).get(reverse("moderation:mine")).content.decode()
    assert all(words in page for words in ("그대로 둘 제안입니다", "그대로 둠", "가림", "내가 쓴 광고입니다"))
    assert "가려질 제안입니다" not in page


def test_the_text_of_a_case_stands_on_its_page_with_what_came_before() -> None:
    author = person(alias="되풀이하는 이")
    hidden(a_proposal(author=author))
    proposal = a_proposal(author=author, text="이번에도 비슷한 글을 올립니다.")
    case = reported(proposal, reason="danger")
    page = signed_in(a_moderator()).get(reverse("moderation:case", args=[case.pk])).content.decode()
    assert proposal.content.text in page
    assert proposal.get_absolute_url() in page
    assert "같은 글쓴이의 다른 글에 대한 조치 1건" in page
    assert "tel:112" in page


def test_what_waits_stands_in_the_offices_inbox_for_moderators_alone() -> None:
    reported(a_proposal(title="신고된 제안입니다"))
    objected(hidden(a_proposal(title="이의가 있는 제안입니다")))
    office = reverse("accounts:office")
    page = signed_in(a_moderator()).get(office).content.decode()
    assert all(words in page for words in ("신고 처리", "신고된 제안입니다", "이의제기", "이의가 있는 제안입니다"))
    others = signed_in(person(roles=["official"], second_factor=True)).get(office).content.decode()
    assert "신고 처리" not in others


def test_what_waits_too_long_is_overdue() -> None:
    reported(a_proposal(), at=timezone.now() - dt.timedelta(days=20))
    page = signed_in(a_moderator()).get(reverse("moderation:queue")).content.decode()
    assert "기한 지남" in page


def test_what_is_hidden_now_can_be_found_and_shown_again() -> None:
    decision = hidden(a_proposal(title="가려 둔 제안입니다"))
    moderator = signed_in(a_moderator())
    assert "가려 둔 제안입니다" in moderator.get(reverse("moderation:hidden")).content.decode()
    address = reverse("moderation:case", args=[decision.case_id])
    form = {"outcome": "restore", "rule": "advertising", "words": "다시 보니 괜찮습니다.", "revision": "1"}
    assert "다시 보임" in moderator.get(address).content.decode()
    assert moderator.post(address, form).status_code == 303
    assert "가려 둔 제안입니다" not in moderator.get(reverse("moderation:hidden")).content.decode()


def test_empty_lists_say_what_comes_next() -> None:
    moderator = signed_in(a_moderator())
    for name in ("queue", "appeals", "hidden"):
        assert reverse("accounts:office") in moderator.get(reverse(f"moderation:{name}")).content.decode()
    assert "아직 신고한 것이 없습니다" in signed_in(person()).get(reverse("moderation:mine")).content.decode()


# --- Names ---


def alias_page(who: User) -> str:
    return reverse("moderation:report", args=["alias", who.pk])


def test_an_alias_is_reported_from_the_text_that_it_stands_over() -> None:
    author = person(alias="나쁜 별명")
    proposal = a_proposal(author=author)
    page = signed_in(person()).get(reverse("moderation:report", args=["proposal", proposal.pk])).content.decode()
    assert alias_page(author) in page
    back = proposal.get_absolute_url()
    answer = signed_in(person()).post(alias_page(author), {"reason": "insult", "next": back})
    assert (answer.status_code, answer["Location"]) == (303, back)
    assert Case.objects.get().kind == "alias"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_a_report_never_leads_to_another_site(elsewhere: str) -> None:
    answer = signed_in(person()).post(alias_page(person(alias="나쁜 별명")), {"reason": "insult", "next": elsewhere})
    assert answer["Location"] == reverse("moderation:rules")


def test_a_hidden_alias_gives_way_to_the_masked_name_and_is_told_and_given_back() -> None:
    author = person(alias="나쁜 별명")
    proposal = a_proposal(author=author)
    case = reported_as("alias", author.pk, reason="insult")
    decision = decided(case, rule="insult")
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "나쁜 별명" not in page
    assert author.masked_name in page
    own = signed_in(User.objects.get(pk=author.pk)).get(reverse("moderation:decision", args=[decision.pk]))
    assert "나쁜 별명" in own.content.decode()
    assert REASON in own.content.decode()
    decided(case, "restore", rule="insult")
    assert "나쁜 별명" in Client().get(proposal.get_absolute_url()).content.decode()


def test_a_new_alias_of_the_same_person_is_a_case_again() -> None:
    author = person(alias="나쁜 별명")
    case = reported_as("alias", author.pk)
    decided(case)
    signed_in(author).post(reverse("accounts:me"), {"alias": "더 나쁜 별명"})
    reported_as("alias", author.pk)
    decided(case)
    assert User.objects.get(pk=author.pk).alias == ""
    assert Decision.objects.count() == 2


def test_whoever_has_no_alias_has_none_to_report() -> None:
    assert signed_in(person()).get(alias_page(person())).status_code == 404


def test_the_ledger_names_no_account_by_the_id_that_others_could_see() -> None:
    author = person(alias="나쁜 별명")
    decided(reported_as("alias", author.pk))
    entries = LedgerEntry.objects.filter(action__startswith="moderation.")
    assert entries.count() == 2
    assert not [entry for entry in entries if str(author.pk) in f"{entry.subject} {entry.facts}"]
