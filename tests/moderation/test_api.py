"""The API of moderation keeps the same rules as the pages."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import User
from participation.moderation.models import Appeal, Case, Decision, Report
from participation.moderation.policy import policy
from participation.moderation.services import claim_case
from participation.proposals.models import Proposal
from tests.factories.accounts import person, signed_in
from tests.factories.moderation import OBJECTION, REASON, a_moderator, hidden, objected, reported
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db
REPORTS, CASES, APPEALS = "/api/v1/reports/", "/api/v1/moderation/cases/", "/api/v1/moderation/appeals/"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def nobody_has_reported_yet() -> None:
    cache.clear()


def post(who: Client, address: str, told: Any) -> Any:
    return who.post(address, told, content_type="application/json")


def report_of(proposal: Proposal, **told: Any) -> dict[str, Any]:
    return {"kind": "proposal", "subject": str(proposal.pk), "reason": "insult"} | told


def test_the_rules_are_read_by_everybody() -> None:
    hidden(a_proposal())
    told = Client().get("/api/v1/rules/").json()
    assert [reason["code"] for reason in told["reasons"]] == policy().codes
    assert (told["appeal_days"], told["temporary_days"]) == (30, 30)
    row = next(row for row in told["statistics"]["rows"] if row["code"] == "advertising")
    assert (row["reports"], row["outcomes"]["hide"]) == (1, 1)


def test_one_reports_and_reads_what_came_of_it() -> None:
    proposal, who = a_proposal(), person()
    answer = post(signed_in(who), REPORTS, report_of(proposal, words="둘째 줄입니다."))
    assert (answer.status_code, answer.json()["outcome"]) == (201, None)
    hidden(proposal)
    [mine] = signed_in(who).get(REPORTS).json()["results"]
    assert (mine["subject"], mine["words"], mine["outcome"]) == (str(proposal.pk), "둘째 줄입니다.", "hide")
    assert signed_in(person()).get(REPORTS).json()["count"] == 0


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"reason": "nonsense"}, 400, "invalid_report"),
        ({"reason": "rights"}, 400, "invalid_report"),
        ({"words": "가" * 1001}, 400, "invalid_report"),
        ({"words": "x" * 1_000_000}, 400, "invalid"),
        ({"words": {"a": 1}}, 400, "invalid"),
        ({"subject": "1"}, 400, "invalid"),
        ({"subject": NOBODY}, 404, "not_found"),
        ({"kind": "nothing"}, 404, "not_found"),
        ({"kind": "../proposal"}, 400, "invalid"),
    ],
)
def test_what_is_wrong_with_a_report_is_coded(told: dict[str, Any], status: int, code: str) -> None:
    answer = post(signed_in(person()), REPORTS, report_of(a_proposal()) | told)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Case.objects.exists()


def test_a_second_report_and_ones_own_text_are_refused() -> None:
    proposal, who = a_proposal(), person()
    assert proposal.author is not None
    post(signed_in(who), REPORTS, report_of(proposal))
    again = post(signed_in(who), REPORTS, report_of(proposal))
    own = post(signed_in(proposal.author), REPORTS, report_of(proposal))
    assert (again.status_code, again.json()["code"]) == (409, "reported_already")
    assert (own.status_code, own.json()["code"]) == (403, "own_text")
    assert Report.objects.count() == 1


def test_guests_report_nothing_and_read_nothing() -> None:
    proposal = a_proposal()
    assert post(Client(), REPORTS, report_of(proposal)).status_code == 401
    for address in (REPORTS, "/api/v1/decisions/", CASES, APPEALS):
        assert Client().get(address).status_code == 401


def test_the_author_reads_the_decision_and_objects() -> None:
    decision = hidden(a_proposal())
    author = decision.author
    assert author is not None
    [mine] = signed_in(author).get("/api/v1/decisions/").json()["results"]
    assert (mine["words"], mine["stands"], mine["appeal"]) == (REASON, True, None)
    assert "decided_by" not in mine
    address = f"/api/v1/decisions/{decision.pk}/appeal/"
    assert post(signed_in(author), address, {"words": OBJECTION}).status_code == 201
    assert post(signed_in(author), address, {"words": OBJECTION}).json()["code"] == "appealed_already"
    assert post(signed_in(person()), address, {"words": OBJECTION}).status_code == 404
    assert signed_in(author).get("/api/v1/decisions/").json()["results"][0]["appeal"]["state"] == "waiting"


def test_a_moderator_reads_the_queue_and_decides() -> None:
    proposal, reporter = a_proposal(), person(alias="신고한 이웃")
    case = reported(proposal, by=reporter, words="셋째 줄입니다.")
    moderator = signed_in(a_moderator())
    [waiting] = moderator.get(CASES).json()["results"]
    assert (waiting["id"], waiting["waiting_reports"]) == (str(case.pk), 1)
    told = moderator.get(f"{CASES}{case.pk}/")
    assert told.json()["subject"]["text"] == proposal.content.text
    assert told.json()["reports"][0]["words"] == "셋째 줄입니다."
    assert "신고한 이웃" not in told.content.decode()
    assert str(reporter.pk) not in told.content.decode()
    decision = {"outcome": "hide", "rule": "insult", "words": REASON, "revision": waiting["revision"]}
    answer = post(moderator, f"{CASES}{case.pk}/", decision)
    assert (answer.status_code, answer.json()["case"]["standing"]) == (201, "hidden")
    assert Proposal.objects.get(pk=proposal.pk).is_hidden
    assert post(moderator, f"{CASES}{case.pk}/", decision).json()["code"] == "invalid_decision"
    stale = decision | {"outcome": "restore"}
    assert post(moderator, f"{CASES}{case.pk}/", stale).json()["code"] == "case_changed"
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "burn"},
        {"outcome": None},
        {"revision": -1},
        {"revision": "zero"},
        {"revision": 10**30},
        {"days": 10**30},
        {"words": "x" * 1_000_000},
        {"words": ["a"]},
        {"rule": "x" * 1000},
    ],
    ids=str,
)
def test_a_decision_of_the_wrong_shape_changes_nothing(changes: dict[str, Any]) -> None:
    case = reported(a_proposal())
    told = {"outcome": "hide", "rule": "insult", "words": REASON, "revision": 0} | changes
    assert post(signed_in(a_moderator()), f"{CASES}{case.pk}/", told).status_code == 400
    assert not Decision.objects.exists()


def test_a_case_is_taken_and_given_back() -> None:
    case, first, second = reported(a_proposal()), a_moderator(), a_moderator()
    address = f"{CASES}{case.pk}/claim/"
    assert signed_in(first).put(address).json()["is_mine"]
    taken = signed_in(second).put(address)
    assert (taken.status_code, taken.json()["code"]) == (409, "case_taken")
    assert signed_in(second).delete(address).status_code == 204
    assert Case.objects.get().claimed_by == first
    assert signed_in(first).delete(address).status_code == 204
    assert Case.objects.get().claimed_by is None


def test_a_second_person_answers_an_objection() -> None:
    first = a_moderator()
    proposal = a_proposal()
    appeal = objected(hidden(proposal, by=first))
    told = {"grants": True, "words": "광고로 볼 수 없습니다."}
    assert signed_in(first).get(APPEALS).json()["count"] == 0
    refused = post(signed_in(first), f"{APPEALS}{appeal.pk}/", told)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person")
    second = signed_in(a_moderator())
    assert second.get(APPEALS).json()["results"][0]["words"] == OBJECTION
    assert post(second, f"{APPEALS}{appeal.pk}/", told).json()["state"] == "granted"
    assert post(second, f"{APPEALS}{appeal.pk}/", told).json()["code"] == "appeal_settled"
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden


@pytest.mark.parametrize("roles", [(), ("official",), ("approver",), ("clerk",), ("operator",)], ids=str)
def test_only_moderators_with_a_second_factor_enter(roles: tuple[str, ...]) -> None:
    appeal = objected(hidden(a_proposal()))
    case = reported(a_proposal())
    addresses = [CASES, f"{CASES}{case.pk}/", APPEALS]
    outsider = signed_in(person(roles=roles, second_factor=True))
    assert {outsider.get(address).json()["code"] for address in addresses} == {"forbidden"}
    decision = {"outcome": "hide", "rule": "insult", "words": REASON, "revision": 0}
    assert post(outsider, f"{CASES}{case.pk}/", decision).status_code == 403
    assert outsider.put(f"{CASES}{case.pk}/claim/").status_code == 403
    assert post(outsider, f"{APPEALS}{appeal.pk}/", {"grants": True, "words": OBJECTION}).status_code == 403
    careless = signed_in(person(roles=["moderator"]))
    assert {careless.get(address).json()["code"] for address in addresses} == {"second_factor_required"}
    assert Appeal.objects.get().is_waiting
    assert Case.objects.get(pk=case.pk).is_waiting


def test_a_request_from_another_site_decides_nothing() -> None:
    case, moderator = reported(a_proposal()), a_moderator()
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.force_login(moderator)
    told = {"outcome": "hide", "rule": "insult", "words": REASON, "revision": 0}
    assert post(elsewhere, f"{CASES}{case.pk}/", told).status_code == 403
    assert elsewhere.post(reverse("moderation:case", args=[case.pk]), told).status_code == 403
    assert not Decision.objects.exists()


def test_lists_ask_few_questions_however_long_they_are(django_assert_max_num_queries: Any) -> None:
    moderator: User = a_moderator()
    for number in range(8):
        case = reported(a_proposal())
        if number % 2:
            claim_case(case=case, moderator=moderator, at=timezone.now())
    for _number in range(4):
        objected(hidden(a_proposal()))
    browser = signed_in(moderator)
    case = Case.objects.waiting().latest("opened_at")
    appeal = Appeal.objects.latest("made_at")
    for address in (
        CASES,
        APPEALS,
        f"{CASES}{case.pk}/",
        reverse("moderation:queue"),
        reverse("moderation:hidden"),
        reverse("moderation:appeals"),
        reverse("moderation:appeal", args=[appeal.pk]),
        reverse("moderation:case", args=[case.pk]),
        reverse("moderation:mine"),
        reverse("moderation:rules"),
        reverse("accounts:office"),
    ):
        browser.get(address)
        with django_assert_max_num_queries(12, info=address):
            assert browser.get(address).status_code == 200
