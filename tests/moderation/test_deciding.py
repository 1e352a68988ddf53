"""Deciding: by rule and with reasons, by somebody who has no part in it, once, and told to those concerned."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import Notice, User
from metacity.accounts.services.erasure import erase_account
from metacity.commons.errors import CityError, Forbidden
from metacity.commons.ledger import first_break
from metacity.commons.models import LedgerEntry
from participation.moderation.errors import CaseChanged, CaseTaken, InvalidDecision, NotYours, SubjectGone
from participation.moderation.models import Appeal, Case, Decision
from participation.moderation.models.cases import CLAIM
from participation.moderation.services import claim_case, decide_case, end_measures, release_case
from participation.moderation.tasks import end_measures as end_measures_task
from participation.proposals.models import Proposal
from participation.proposals.services import withdraw_proposal
from tests.factories.accounts import person, signed_in
from tests.factories.moderation import (
    REASON,
    a_moderator,
    answered,
    decided,
    hidden,
    hidden_for_a_time,
    objected,
    reported,
)
from tests.factories.processes import a_process
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def page_of(case: Case) -> str:
    return reverse("moderation:case", args=[case.pk])


def told(who: User | None) -> list[str]:
    """What a person reads on the page of notices."""
    assert who is not None
    page = signed_in(who).get(reverse("accounts:notices"))
    return [f"{words.title} {words.text}" for _notice, words in page.context["rows"]]


# --- The outcomes ---


def test_hiding_tells_author_and_reporters_and_keeps_the_text() -> None:
    proposal, first, second = a_proposal(), person(), person()
    case = reported(proposal, by=first)
    reported(proposal, by=second, reason="off_topic")
    moderator = a_moderator()
    answer = signed_in(moderator).post(
        page_of(case), {"outcome": "hide", "rule": "advertising", "words": REASON, "revision": "0"}
    )
    assert answer.status_code == 303
    proposal.refresh_from_db()
    assert proposal.is_hidden
    assert proposal.content.text
    [to_author] = told(proposal.author)
    assert "가렸습니다" in to_author
    assert REASON in to_author
    assert "광고" in to_author
    assert "이의제기" in to_author
    assert all("가렸습니다" in told(reporter)[0] and REASON not in told(reporter)[0] for reporter in (first, second))
    case.refresh_from_db()
    assert (case.state, case.standing, case.waiting_reports, case.revision) == ("settled", "hidden", 0, 1)


def test_keeping_tells_the_reporters_alone() -> None:
    proposal, reporter = a_proposal(), person()
    decided(reported(proposal, by=reporter), "keep")
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden
    assert "그대로 두었습니다" in told(reporter)[0]
    assert told(proposal.author) == []


def test_what_was_kept_waits_again_when_somebody_else_reports_it() -> None:
    proposal = a_proposal()
    case = reported(proposal)
    decided(case, "keep")
    reported(proposal)
    case.refresh_from_db()
    assert (case.is_waiting, case.waiting_reports) == (True, 1)


def test_a_moderator_shows_again_what_was_hidden() -> None:
    proposal, reporter = a_proposal(), person()
    case = reported(proposal, by=reporter)
    decided(case)
    decided(case, "restore", words="다시 보니 동네 행사 안내입니다.")
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden
    assert "다시 볼 수 있습니다" in told(proposal.author)[0]
    assert "다시 보이게" in told(reporter)[0]


def test_danger_to_somebody_comes_first_then_what_most_people_reported_then_the_oldest() -> None:
    process, now = a_process(), timezone.now()
    titles = ("오래된 글입니다", "많이 신고된 글", "위험한 글")
    old, loud, urgent = (a_proposal(process, title=title) for title in titles)
    reported(old, at=now - 3 * DAY)
    for _number in range(3):
        reported(loud, at=now - DAY)
    reported(urgent, reason="danger", at=now)
    page = signed_in(a_moderator()).get(reverse("moderation:queue")).content.decode()
    places = [page.index(title) for title in reversed(titles)]
    assert places == sorted(places)
    assert "3명" in page


# --- A time, and its end ---


def test_a_temporary_measure_ends_by_itself_and_says_so() -> None:
    proposal, start = a_proposal(), timezone.now()
    decision = hidden_for_a_time(proposal, 10, at=start)
    assert decision.until == start + 10 * DAY
    assert "까지 임시조치" in told(proposal.author)[0]
    assert end_measures(start + 10 * DAY - dt.timedelta(seconds=1)) == 0
    assert Proposal.objects.get(pk=proposal.pk).is_hidden
    assert end_measures(start + 10 * DAY) == 1
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden
    last = Decision.objects.latest("number")
    assert (last.outcome, last.is_by_clock, last.decided_by) == ("restore", True, None)
    assert LedgerEntry.objects.filter(action="moderation.decided").latest("number").actor is None
    assert "기간이 끝났습니다" in told(proposal.author)[0]


def test_the_clock_ends_measures_once() -> None:
    proposal = a_proposal()
    hidden_for_a_time(proposal, 1, at=timezone.now() - 2 * DAY)
    end_measures_task()
    end_measures_task()
    assert Decision.objects.filter(is_by_clock=True).count() == 1
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden


def test_what_was_decided_meanwhile_the_clock_leaves_alone() -> None:
    proposal = a_proposal()
    decision = hidden_for_a_time(proposal, 1, at=timezone.now() - 2 * DAY)
    decided(decision.case, "hide", rule="rights")
    assert end_measures(timezone.now() + 100 * DAY) == 0
    assert Proposal.objects.get(pk=proposal.pk).is_hidden


def test_whoever_reported_learns_what_the_temporary_measure_became() -> None:
    proposal, reporter = a_proposal(), person()
    case = reported(proposal, by=reporter, reason="rights", words="제 가게 이름이 잘못 나왔습니다.")
    decided(case, "temporary", rule="rights", days=30)
    decided(case, "hide", rule="rights")
    assert ["임시조치" in told(reporter)[1], "가렸습니다" in told(reporter)[0]] == [True, True]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": "31"}, "days"),
        ({"days": "0"}, "days"),
        ({"days": ""}, "days"),
        ({"days": "many"}, "days"),
        ({"rule": "insult"}, "rule"),
        ({"rule": "nonsense"}, "rule"),
        ({"outcome": "restore"}, "outcome"),
        ({"outcome": "close"}, "outcome"),
        ({"outcome": "nonsense"}, "outcome"),
        ({"words": ""}, "words"),
        ({"words": "가" * 1001}, "words"),
        ({"words": "x" * 1_000_000}, "words"),
        ({"revision": "-1"}, None),
        ({"revision": "first"}, "revision"),
        ({"revision": "9" * 30}, None),
    ],
)
def test_what_cannot_be_decided_is_said_and_changes_nothing(changes: dict[str, str], field: str | None) -> None:
    proposal = a_proposal()
    case = reported(proposal, reason="rights", words="제 가게 이름이 잘못 나왔습니다.")
    form = {"outcome": "temporary", "rule": "rights", "words": REASON, "days": "10", "revision": "0"}
    answer = signed_in(a_moderator()).post(page_of(case), form | changes)
    assert answer.status_code in (400, 409)
    assert field is None or field in answer.context["form"].errors
    assert not Decision.objects.exists()
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden


def test_a_temporary_measure_is_taken_once() -> None:
    proposal = a_proposal()
    case = hidden_for_a_time(proposal, 1, at=timezone.now() - 2 * DAY).case
    end_measures(timezone.now())
    reported(proposal, reason="rights", words="여전히 잘못된 내용입니다.")
    with pytest.raises(InvalidDecision) as refused:
        decided(case, "temporary", rule="rights", days=30)
    assert "outcome" in refused.value.fields
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden


# --- Who decides ---


@pytest.mark.parametrize("roles", [[], ["official"], ["approver"], ["clerk"], ["operator"]], ids=str)
def test_only_moderators_decide(roles: list[str]) -> None:
    case = reported(a_proposal())
    outsider = person(roles=roles, second_factor=True)
    form = {"outcome": "hide", "rule": "insult", "words": REASON, "revision": "0"}
    assert signed_in(outsider).get(page_of(case)).status_code == 403
    assert signed_in(outsider).post(page_of(case), form).status_code == 403
    assert signed_in(outsider).post(reverse("moderation:claim", args=[case.pk])).status_code == 403
    with pytest.raises(Forbidden):
        decided(case, by=outsider)
    assert not Decision.objects.exists()


def test_guests_sign_in_first_and_moderators_without_a_second_factor_set_it_up() -> None:
    case = reported(a_proposal())
    assert reverse("account_login") in Client().get(page_of(case))["Location"]
    assert reverse("accounts:second_factor") in signed_in(person(roles=["moderator"])).get(page_of(case))["Location"]


def test_nobody_decides_about_what_they_wrote_or_reported() -> None:
    author, reporter = a_moderator(), a_moderator()
    case = reported(a_proposal(author=author), by=reporter)
    for involved in (author, reporter):
        with pytest.raises(NotYours):
            decided(case, by=involved)
        assert "다른 사람이 처리합니다" in signed_in(involved).get(page_of(case)).content.decode()
    assert not Decision.objects.exists()


def test_the_database_refuses_that_somebody_decides_their_own_case() -> None:
    author = a_moderator()
    case = reported(a_proposal(author=author))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(case=case, number=1, outcome="keep", rule="insult", author=author, decided_by=author)


# --- Two at once ---


def test_a_case_in_hand_is_left_alone_by_others_for_half_an_hour() -> None:
    case, first, second, now = reported(a_proposal()), a_moderator(), a_moderator(), timezone.now()
    claim_case(case=case, moderator=first, at=now)
    with pytest.raises(CaseTaken):
        claim_case(case=case, moderator=second, at=now)
    with pytest.raises(CaseTaken):
        decided(case, by=second, at=now)
    release_case(case=case, moderator=second)
    assert Case.objects.get().claimed_by == first
    claim_case(case=case, moderator=second, at=now + CLAIM)
    assert Case.objects.get().claimed_by == second
    decided(case, by=second)
    assert Case.objects.get().claimed_by is None


def test_a_case_is_taken_and_given_back_on_its_page() -> None:
    case, first, second = reported(a_proposal()), a_moderator(alias="첫째 관리인"), a_moderator()
    assert signed_in(first).post(reverse("moderation:claim", args=[case.pk])).status_code == 303
    assert signed_in(second).post(reverse("moderation:claim", args=[case.pk])).status_code == 409
    assert "첫째 관리인 님이 살펴보고 있습니다" in signed_in(second).get(page_of(case)).content.decode()
    assert "첫째 관리인 님이 살펴보는 중" in signed_in(second).get(reverse("moderation:queue")).content.decode()
    assert signed_in(first).post(reverse("moderation:release", args=[case.pk])).status_code == 303
    assert Case.objects.get().claimed_by is None


def test_who_decides_on_what_they_saw_before_somebody_else_decided_is_told() -> None:
    case = reported(a_proposal())
    decided(case, "keep")
    with pytest.raises(CaseChanged):
        decided(case, "hide", revision=0)
    answer = signed_in(a_moderator()).post(
        page_of(case), {"outcome": "hide", "rule": "insult", "words": REASON, "revision": "0"}
    )
    assert answer.status_code == 409
    assert "그사이" in answer.content.decode()
    assert REASON in answer.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_decide_at_once_one_does() -> None:
    proposal = a_proposal()
    case, moderators = reported(proposal), [a_moderator() for _ in range(10)]
    refusals: list[CityError] = []
    faults: list[BaseException] = []
    start = threading.Barrier(10)

    def decide(number: int) -> None:
        try:
            start.wait()
            decide_case(
                case=case,
                moderator=moderators[number],
                outcome="hide" if number % 2 else "keep",
                rule="advertising",
                words=REASON,
                revision=0,
                at=timezone.now(),
            )
        except CityError as refusal:
            refusals.append(refusal)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(refusals) == 9
    decision = Decision.objects.get()
    assert Proposal.objects.get(pk=proposal.pk).is_hidden == (decision.outcome == "hide")
    assert first_break() is None


# --- What is gone ---


def test_what_vanished_before_the_decision_can_only_be_closed() -> None:
    proposal, reporter = a_proposal(), person()
    case = reported(proposal, by=reporter)
    assert proposal.author is not None
    withdraw_proposal(proposal=proposal, author=proposal.author, at=timezone.now())
    assert signed_in(a_moderator()).get(page_of(case)).status_code == 200
    with pytest.raises(SubjectGone):
        decided(case)
    decided(case, "close", words="")
    assert "종결" in told(reporter)[0]
    assert told(proposal.author) == []


def test_what_is_there_is_not_closed() -> None:
    case = reported(a_proposal())
    with pytest.raises(InvalidDecision):
        decided(case, "close")


def test_a_measure_ends_where_the_text_was_withdrawn_meanwhile() -> None:
    proposal = a_proposal()
    hidden_for_a_time(proposal, 1, at=timezone.now() - 2 * DAY)
    assert proposal.author is not None
    withdraw_proposal(proposal=Proposal.objects.get(pk=proposal.pk), author=proposal.author, at=timezone.now())
    assert end_measures(timezone.now()) == 1
    assert Client().get(proposal.get_absolute_url()).status_code == 410


# --- What is kept ---


def test_the_ledger_keeps_every_step_as_codes_ids_and_hashes() -> None:
    proposal = a_proposal()
    decision = hidden(proposal)
    answered(objected(decision), grants=True)
    steps = LedgerEntry.objects.filter(action__startswith="moderation.").order_by("number")
    assert list(steps.values_list("action", flat=True)) == [
        "moderation.reported",
        "moderation.decided",
        "moderation.objected",
        "moderation.decided",
    ]
    said = " ".join(str(step.facts) for step in steps)
    assert proposal.content.title not in said
    assert REASON not in said
    assert {"sha256", "rule", "outcome", "decision"} <= steps[1].facts.keys()
    assert "appeal" in steps[3].facts
    assert first_break() is None
    call_command("verify_ledger")


def test_whoever_leaves_takes_words_and_name_along_and_the_numbers_stay() -> None:
    author, reporter = person(alias="떠나는 이"), person()
    proposal = a_proposal(author=author)
    case = reported(proposal, by=reporter, words="신고한 사람의 말입니다.")
    decision = decided(case)
    objected(decision)
    erase_account(user=User.objects.get(pk=author.pk))
    erase_account(user=User.objects.get(pk=reporter.pk))
    decision.refresh_from_db()
    assert (decision.author, decision.words, decision.outcome, decision.rule) == (None, "", "hide", "advertising")
    assert (case.reports.get().reporter, case.reports.get().words) == (None, "")
    appeal = Appeal.objects.get()
    assert (appeal.author, appeal.words) == (None, "")
    assert not Notice.objects.exists()
    assert Proposal.objects.get(pk=proposal.pk).is_hidden
    answered(appeal, grants=True)
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden


def test_ones_own_part_of_it_is_exported_and_nobody_elses() -> None:
    author, reporter = person(), person()
    case = reported(a_proposal(author=author), by=reporter, words="신고한 사람의 말입니다.")
    objected(decided(case))
    mine: dict[str, Any] = signed_in(author).get(reverse("accounts:export")).json()["moderation"]
    assert (mine["decisions"][0]["words"], len(mine["objections"]), mine["reports"]) == (REASON, 1, [])
    theirs = signed_in(reporter).get(reverse("accounts:export")).json()["moderation"]
    assert (theirs["reports"][0]["words"], theirs["decisions"], theirs["objections"]) == (
        "신고한 사람의 말입니다.",
        [],
        [],
    )
    assert theirs["reports"][0]["outcome"] == "hide"
