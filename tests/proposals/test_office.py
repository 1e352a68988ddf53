"""The office's pages and its API: what waits, one proposal with everything in one place, and who may do what there."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import User
from participation.proposals.models import Answer, Proposal, ProposalVersion, Step
from participation.proposals.office.acts import BY_NAME
from participation.proposals.services import hand_in_answer, save_answer, withdraw_proposal
from participation.proposals.states import State
from tests.factories.accounts import person, signed_in
from tests.factories.processes import a_person, a_phase, a_process
from tests.factories.proposals import (
    a_department,
    a_proposal,
    an_answer,
    an_approver,
    an_official,
    answered,
    fresh,
    in_review,
    supported,
)

pytestmark = pytest.mark.django_db
WORDS = "같은 정류장에 대한 제안이 먼저 있습니다."
ANSWER = {"text": "제안하신 대로 내년 봄에 그늘막을 놓겠습니다.", "next_steps": "3월까지 자리를 정합니다."}


def act(who: User, proposal: Proposal, name: str, **told: Any) -> Any:
    return signed_in(who).post(reverse("proposals:act", args=[proposal.pk, name]), told)


def call(who: User, proposal: Proposal, name: str, **told: Any) -> Any:
    address = f"/api/v1/office/proposals/{proposal.pk}/{name}/"
    return signed_in(who).post(address, told, content_type="application/json")


def page_of(who: User, proposal: Proposal) -> str:
    return signed_in(who).get(proposal.office_url).content.decode()


def overdue() -> Proposal:
    process = a_process(phases=[a_phase(start=-90, end=30)], support_goal=1)
    long_ago = timezone.now() - dt.timedelta(days=80)
    return in_review(supported(a_proposal(process, at=long_ago, title="늦어진 제안입니다"), 1, at=long_ago))


# --- Who enters ---


@pytest.mark.parametrize("name", ["proposals:office", "proposals:handling", "proposals:act"])
def test_the_pages_are_for_officials_and_team_leaders_with_a_second_factor(name: str) -> None:
    proposal = a_proposal()
    arguments = {"proposals:handling": [proposal.pk], "proposals:act": [proposal.pk, "extend"]}.get(name, [])
    address = reverse(name, args=arguments)
    ask = "post" if name == "proposals:act" else "get"
    assert reverse("account_login") in getattr(Client(), ask)(address)["Location"]
    for roles in ((), ("moderator",), ("clerk",), ("operator",)):
        assert getattr(signed_in(person(roles=roles, second_factor=True)), ask)(address).status_code == 403
    without = getattr(signed_in(person(roles=["official"])), ask)(address)
    assert reverse("accounts:second_factor") in without["Location"]
    assert fresh(proposal).state == State.SUBMITTED


@pytest.mark.parametrize("path", ["", "{pk}/", "{pk}/review/", "{pk}/approve/"])
def test_the_api_is_for_them_alone(path: str) -> None:
    proposal = a_proposal()
    address = f"/api/v1/office/proposals/{path.format(pk=proposal.pk)}"
    ask = "post" if path.count("/") == 2 else "get"
    assert getattr(Client(), ask)(address).status_code in {401, 403}
    for who in (person(), person(roles=["moderator"], second_factor=True), person(roles=["official"])):
        assert getattr(signed_in(who), ask)(address).status_code == 403
    assert not Step.objects.exists()


def test_what_is_withdrawn_or_never_was_is_nothing_to_handle() -> None:
    author, official = a_person(), an_official()
    proposal = a_proposal(author=author)
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    assert signed_in(official).get(proposal.office_url).status_code == 410
    assert act(official, proposal, "review").status_code == 410
    assert signed_in(official).get(reverse("proposals:handling", args=[uuid.uuid4()])).status_code == 404
    assert act(official, a_proposal(), "abolish").status_code == 404
    assert signed_in(official).get(reverse("proposals:act", args=[proposal.pk, "review"])).status_code == 405


# --- From receipt to answer, by forms alone ---


def test_a_proposal_goes_from_receipt_to_its_answer_by_forms() -> None:
    official, approver = an_official(), an_approver()
    proposal = a_proposal()
    department = a_department(proposal.city, "교통과")
    told = {"department": str(department.pk), "in_charge": str(official.pk)}
    assert act(official, proposal, "review", **told)["Location"] == proposal.office_url
    assert act(official, proposal, "answer", decision="accepted", **ANSWER).status_code == 303
    assert act(official, proposal, "hand-in", decision="accepted", **ANSWER).status_code == 303
    assert "결재하고 공개" not in page_of(official, proposal)
    page = page_of(approver, proposal)
    assert "결재하고 공개" in page
    assert ANSWER["text"] in page
    revision = str(Answer.objects.get().revision)
    assert act(approver, proposal, "approve", revision=revision).status_code == 303
    assert fresh(proposal).state == State.ACCEPTED
    assert act(official, proposal, "progress", words="자리를 정했습니다.", percent="20").status_code == 303
    assert "20% 진행" in Client().get(proposal.get_absolute_url()).content.decode()


def test_the_same_goes_by_the_api() -> None:
    official, approver = an_official(), an_approver()
    proposal = a_proposal()
    department = a_department(proposal.city, "교통과")
    told = call(official, proposal, "review", department=str(department.pk)).json()
    assert (told["state"], told["department"]["ko"], "supplement" in told["acts"]) == ("in_review", "교통과", True)
    told = call(official, proposal, "hand-in", decision="partly", **ANSWER).json()
    assert (told["open_answer"]["state"], "approve" in told["acts"]) == ("waiting", False)
    revision = told["open_answer"]["revision"]
    assert "approve" in signed_in(approver).get(f"/api/v1/office/proposals/{proposal.pk}/").json()["acts"]
    told = call(approver, proposal, "approve", revision=revision).json()
    assert (told["state"], told["open_answer"], told["answers"][0]["number"]) == ("partly", None, 1)
    assert call(official, proposal, "approve", revision=revision).json()["code"] == "forbidden"


@pytest.mark.parametrize(
    ("name", "told", "state"),
    [
        ("supplement", {"words": WORDS, "until": "tomorrow"}, State.SUPPLEMENT_REQUESTED),
        ("transfer", {"words": WORDS, "office": "가온경찰서", "department": ""}, State.TRANSFERRED),
        ("merge", {"words": WORDS, "number": "other"}, State.MERGED),
        ("guide", {"words": WORDS, "channel": "safety"}, State.RETURNED),
        ("return", {"words": WORDS, "reason": "unlawful"}, State.RETURNED),
    ],
)
def test_every_other_way_is_a_form_too(name: str, told: dict[str, str], state: State) -> None:
    proposal = a_proposal()
    other = a_proposal(proposal.process)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    filled = {"tomorrow": tomorrow.isoformat(), "other": str(other.number)}
    told = {field: filled.get(value, value) for field, value in told.items()}
    assert act(an_official(), proposal, name, **told).status_code == 303
    assert fresh(proposal).state == state


def test_a_refusal_keeps_what_was_typed_and_shows_the_page_as_it_is_now() -> None:
    official, proposal = an_official(), a_proposal()
    typed = "이미 놓기로 한 그늘막과 같은 자리입니다."
    answer = act(official, proposal, "return", words=typed, reason="<b>")
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    in_review(proposal, official)
    stale = act(official, proposal, "return", words=typed, reason="unlawful")
    page = stale.content.decode()
    assert stale.status_code == 409
    assert typed in page
    assert "검토를 시작했습니다." in page
    assert fresh(proposal).state == State.IN_REVIEW


def test_a_stale_approval_shows_the_answer_that_there_is() -> None:
    official, approver = an_official(), an_approver()
    proposal = in_review(by=official)
    hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    answer = act(approver, proposal, "approve", revision="999")
    assert answer.status_code == 409
    assert "페이지를 연 뒤에 답변이 바뀌었습니다." in answer.content.decode()
    assert fresh(proposal).state == State.IN_REVIEW


def test_what_one_wrote_is_approved_by_somebody_else_and_the_page_says_so() -> None:
    approver = an_approver()
    proposal = in_review(by=approver)
    answer = hand_in_answer(proposal=proposal, by=approver, content=an_answer(), at=timezone.now())
    page = page_of(approver, proposal)
    assert "결재하고 공개" not in page
    assert "직접 쓴 답변은 다른 사람이 결재해야 합니다." in page
    assert act(approver, proposal, "approve", revision=str(answer.revision)).status_code == 403
    assert fresh(proposal).state == State.IN_REVIEW


@pytest.mark.parametrize("name", sorted(BY_NAME))
@pytest.mark.parametrize("told", [{}, {"words": "가" * 1_000_000, "text": "가" * 1_000_000, "revision": "9" * 400}])
def test_forms_that_make_no_sense_are_refused_and_change_nothing(name: str, told: dict[str, str]) -> None:
    proposal = a_proposal()
    answer = act(an_approver(), proposal, name, **told)
    assert answer.status_code in {400, 409}
    assert fresh(proposal).state == State.SUBMITTED
    assert not Step.objects.exists()


@pytest.mark.parametrize("name", sorted(BY_NAME))
@pytest.mark.parametrize(
    "told",
    [
        {"words": ["x"], "department": 7, "until": "never", "revision": {}, "text": None, "into": "x"},
        {"words": "가" * 100_001, "percent": 10**30, "revision": -1, "decision": "under_way", "text": True},
    ],
)
def test_the_api_refuses_wrong_types_and_sizes_with_a_code(name: str, told: dict[str, Any]) -> None:
    proposal = a_proposal()
    answer = call(an_approver(), proposal, name, **told)
    assert answer.status_code in {400, 409}
    assert answer.json()["code"]
    assert fresh(proposal).state == State.SUBMITTED
    assert not Step.objects.exists()


def test_a_state_cannot_be_sent_along() -> None:
    proposal = a_proposal()
    department = a_department(proposal.city)
    act(an_official(), proposal, "assign", department=str(department.pk), in_charge="", state="accepted")
    assert fresh(proposal).state == State.SUBMITTED


# --- Lists and trays ---


def listed(who: User, **query: str) -> str:
    return signed_in(who).get(reverse("proposals:office"), query).content.decode()


def test_the_list_is_narrowed_by_what_waits_state_department_and_whose_it_is() -> None:
    official = an_official()
    late = overdue()
    mine = in_review(a_proposal(late.process, title="내가 맡은 제안입니다"), official)
    other = a_proposal(late.process, title="접수된 제안입니다")
    hand_in_answer(proposal=mine, by=official, content=an_answer(), at=timezone.now())
    titles = [proposal.content.title for proposal in (late, mine, other)]
    expected = {
        (): [True, True, True],
        ("waits", "late"): [True, False, False],
        ("waits", "to_check"): [False, False, True],
        ("waits", "to_answer"): [True, True, False],
        ("waits", "to_approve"): [False, True, False],
        ("state", "submitted"): [False, False, True],
        ("mine", "1"): [False, True, False],
        ("department", "none"): [False, False, True],
        ("department", str(mine.department_id)): [True, True, False],
        ("q", "내가 맡은"): [False, True, False],
        ("waits", "<script>"): [True, True, True],
        ("department", "7"): [True, True, True],
    }
    for query, shown in expected.items():
        page = listed(official, **dict([query] if query else []))
        assert [title in page for title in titles] == shown, query
    told = signed_in(official).get("/api/v1/office/proposals/", {"waits": "late"}).json()
    assert [(one["title"], one["deadline"]["is_overdue"]) for one in told["results"]] == [(titles[0], True)]


def test_what_is_due_first_comes_first_and_late_says_so_in_words() -> None:
    late = overdue()
    a_proposal(late.process, title="접수된 제안입니다")
    page = listed(an_official())
    assert page.index("늦어진 제안입니다") < page.index("접수된 제안입니다")
    assert "기한 지남" in page


def test_the_inbox_holds_what_there_is_to_check_to_answer_and_to_approve() -> None:
    official, approver = an_official(), an_approver()
    late = overdue()
    mine = in_review(a_proposal(late.process, title="결재 올린 제안입니다"), official)
    a_proposal(late.process, title="접수된 제안입니다")
    hand_in_answer(proposal=mine, by=official, content=an_answer(), at=timezone.now())
    page = signed_in(official).get(reverse("accounts:office")).content.decode()
    assert all(
        words in page for words in ("확인할 제안", "접수된 제안입니다", "답변할 제안", "늦어진 제안입니다", "기한 지남")
    )
    assert "결재할 답변" not in page
    page = signed_in(approver).get(reverse("accounts:office")).content.decode()
    assert "결재할 답변" in page
    assert f"{mine.office_url}#answer" in page


def test_a_member_of_a_department_finds_what_concerns_it_and_what_nobody_has_yet() -> None:
    member = an_official()
    theirs = in_review(a_proposal(title="다른 부서의 제안입니다"))
    unclaimed = a_proposal(theirs.process, title="아직 누구의 것도 아닌 제안")
    a_department(theirs.city, members=[member])
    page = signed_in(member).get(reverse("accounts:office")).content.decode()
    assert "다른 부서의" not in page
    assert unclaimed.content.title in page
    assert "다른 부서의" in listed(member)


def test_nothing_waits_and_nothing_found_say_what_to_do() -> None:
    a_process()
    official = an_official()
    assert "아직 제안이 없습니다" in listed(official)
    assert "맞는 제안이 없습니다" in listed(official, q="없는말")


# --- Queries ---


def many(count: int) -> Proposal:
    """One being worked on among many, some of them with a department."""
    proposal = in_review()
    rows = [
        Proposal(
            city=proposal.city,
            number=number,
            process=proposal.process,
            author=proposal.author,
            department=proposal.department if number % 2 else None,
            state=State.IN_REVIEW if number % 3 else State.SUBMITTED,
        )
        for number in range(100, 100 + count)
    ]
    Proposal.objects.bulk_create(rows)
    versions = [
        ProposalVersion(proposal=row, number=1, title="많은 제안", text="글", search_text="많은") for row in rows
    ]
    ProposalVersion.objects.bulk_create(versions)
    for row, version in zip(rows, versions, strict=True):
        row.current = version
    Proposal.objects.bulk_update(rows, ["current"])
    return proposal


def test_the_offices_pages_ask_few_queries(django_assert_max_num_queries: Any) -> None:
    proposal = many(60)
    approver = an_approver()
    save_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    client = signed_in(approver)
    for address in (
        reverse("proposals:office"),
        f"{reverse('proposals:office')}?waits=to_answer&department={proposal.department_id}&q=많은",
        proposal.office_url,
        reverse("accounts:office"),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_an_answered_proposals_page_asks_few_queries(django_assert_max_num_queries: Any) -> None:
    proposal = answered(in_review())
    client = signed_in(a_person())
    with django_assert_max_num_queries(12):
        assert client.get(proposal.get_absolute_url()).status_code == 200
