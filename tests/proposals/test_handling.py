"""What officials do with a proposal before they answer it: each step once, in public, by the table of states."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from metacity.accounts.models import User
from metacity.accounts.services.erasure import erase_account
from metacity.commons.errors import CityError, Forbidden
from metacity.commons.ledger import first_break
from metacity.commons.models import Event, LedgerEntry
from participation.proposals.errors import (
    AlreadyCompleted,
    InvalidContent,
    NotMergeable,
    StateChanged,
)
from participation.proposals.models import Proposal, Step, StepKind
from participation.proposals.services import (
    assign_department,
    begin_review,
    give_support,
    guide_to_complaints,
    merge_proposal,
    report_progress,
    request_supplement,
    return_proposal,
    revise_proposal,
    transfer_proposal,
    withdraw_proposal,
)
from participation.proposals.states import State
from tests.factories.accounts import person, signed_in
from tests.factories.processes import a_city, a_person, a_process
from tests.factories.proposals import (
    a_content,
    a_department,
    a_place,
    a_proposal,
    an_official,
    answered,
    fresh,
    in_review,
    supported,
)

WORDS = "같은 정류장에 대한 제안이 먼저 있습니다."
Act = Callable[[Proposal, User], None]


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


def review(proposal: Proposal, by: User) -> None:
    begin_review(proposal=proposal, by=by, department=a_department(proposal.city), at=timezone.now())


def assign(proposal: Proposal, by: User) -> None:
    assign_department(proposal=proposal, by=by, department=a_department(proposal.city), at=timezone.now())


def supplement(proposal: Proposal, by: User) -> None:
    request_supplement(proposal=proposal, by=by, words=WORDS, until=tomorrow(), at=timezone.now())


def transfer(proposal: Proposal, by: User) -> None:
    transfer_proposal(proposal=proposal, by=by, words=WORDS, office="가온경찰서", at=timezone.now())


def merge(proposal: Proposal, by: User) -> None:
    merge_proposal(proposal=proposal, by=by, into=a_proposal(proposal.process), words=WORDS, at=timezone.now())


def turn_away(proposal: Proposal, by: User) -> None:
    return_proposal(proposal=proposal, by=by, reason="unlawful", words=WORDS, at=timezone.now())


def guide(proposal: Proposal, by: User) -> None:
    guide_to_complaints(proposal=proposal, by=by, channel="safety", words=WORDS, at=timezone.now())


def progress(proposal: Proposal, by: User) -> None:
    report_progress(proposal=proposal, by=by, words=WORDS, at=timezone.now())


ACTS: dict[Act, tuple[StepKind, State, str]] = {
    review: (StepKind.REVIEW_BEGUN, State.IN_REVIEW, "검토를 시작했습니다."),
    supplement: (StepKind.SUPPLEMENT_REQUESTED, State.SUPPLEMENT_REQUESTED, "보완해 달라고 요청했습니다."),
    transfer: (StepKind.TRANSFERRED, State.TRANSFERRED, "가온경찰서에 이송했습니다."),
    merge: (StepKind.MERGED, State.MERGED, "번 제안에 병합했습니다."),
    turn_away: (StepKind.RETURNED, State.RETURNED, "법령에 어긋남"),
    guide: (StepKind.GUIDED, State.RETURNED, "안전신문고"),
}
EVERY_ACT = [*ACTS, assign, progress]


def name_of(act: Act) -> str:
    return act.__name__


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS, ids=name_of)
def test_a_step_is_public_recorded_announced_and_told_to_the_author(act: Act) -> None:
    author = a_person()
    process = a_process()
    proposal = a_proposal(process, author, place=a_place(process))
    act(proposal, an_official())
    kind, state, words = ACTS[act]
    proposal = fresh(proposal)
    assert proposal.state == state
    assert proposal.steps.get().kind == kind
    entry = LedgerEntry.objects.get(action=f"proposal.{kind}", subject=proposal.subject)
    assert entry.actor is not None
    assert Event.objects.filter(room=proposal.room).latest("seq").payload["state"] == state
    pin = "pin.removed" if state == State.MERGED else "pin.changed"
    assert Event.objects.filter(room=process.city.room).latest("seq").kind == pin
    assert author.notices.get().kind == f"proposal.{kind}"
    assert words in signed_in(author).get("/me/notices/").content.decode()
    assert words in Client().get(proposal.get_absolute_url()).content.decode()
    assert first_break() is None


@pytest.mark.django_db
@pytest.mark.parametrize("act", EVERY_ACT, ids=name_of)
@pytest.mark.parametrize("roles", [(), ("moderator",), ("clerk",), ("operator",), ("approver",)])
def test_only_officials_take_a_step(act: Act, roles: tuple[str, ...]) -> None:
    proposal = a_proposal()
    with pytest.raises(Forbidden):
        act(proposal, person(roles=roles))
    assert fresh(proposal).state == State.SUBMITTED
    assert not Step.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("act", [*ACTS, progress], ids=name_of)
@pytest.mark.parametrize("state", [State.NOT_ACCEPTED, State.WITHDRAWN, State.RETURNED])
def test_nobody_takes_a_step_that_the_state_does_not_allow(act: Act, state: State) -> None:
    proposal = a_proposal()
    Proposal.objects.filter(pk=proposal.pk).update(state=state)
    with pytest.raises(StateChanged):
        act(proposal, an_official())
    assert fresh(proposal).state == state
    assert not Step.objects.exists()


@pytest.mark.django_db
def test_who_begins_is_in_charge_unless_somebody_else_is_named() -> None:
    official, colleague = an_official(), an_official()
    proposal = in_review(by=official)
    assert (proposal.in_charge, proposal.department) == (official, proposal.department)
    other = a_department(proposal.city, "공원녹지과")
    assign_department(proposal=proposal, by=official, department=other, in_charge=colleague, at=timezone.now())
    proposal = fresh(proposal)
    assert (proposal.in_charge, proposal.department) == (colleague, other)
    assert [notice.kind for notice in colleague.notices.all()] == ["office.assigned"]
    assert not official.notices.exists()


@pytest.mark.django_db
def test_the_same_department_again_is_no_step() -> None:
    official = an_official()
    proposal = in_review(by=official)
    assert proposal.department is not None
    steps = proposal.steps.count()
    assign_department(proposal=proposal, by=official, department=proposal.department, at=timezone.now())
    assert proposal.steps.count() == steps


@pytest.mark.django_db
def test_a_department_is_of_the_city_and_open_and_who_is_in_charge_an_official() -> None:
    proposal, official, at = a_proposal(), an_official(), timezone.now()
    own = a_department(proposal.city)
    for told in (
        {"department": a_department(a_city("elsewhere"))},
        {"department": a_department(proposal.city, is_open=False)},
        {"department": own, "in_charge": a_person()},
    ):
        with pytest.raises(InvalidContent):
            begin_review(proposal=proposal, by=official, at=at, **told)
    assert fresh(proposal).state == State.SUBMITTED


@pytest.mark.django_db
def test_the_authors_revision_brings_a_supplement_back_and_tells_who_asked() -> None:
    author, official = a_person(), an_official()
    proposal = in_review(a_proposal(author=author), official)
    supplement(proposal, official)
    page = signed_in(author).get(proposal.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "보완하기" in page
    assert "보완하기" not in Client().get(proposal.get_absolute_url()).content.decode()
    content = a_content(text="정류장은 가온역 2번 출구 앞입니다. 의자가 없습니다.")
    revise_proposal(proposal=proposal, author=author, content=content, key=proposal.pk, at=timezone.now())
    assert fresh(proposal).state == State.SUBMITTED
    assert proposal.steps.latest("pk").kind == StepKind.SUPPLEMENTED
    assert official.notices.get().kind == "office.supplemented"


@pytest.mark.django_db
def test_a_revision_without_a_request_is_no_step() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    content = a_content(title="다시 쓴 제목입니다")
    revise_proposal(proposal=proposal, author=author, content=content, key=proposal.pk, at=timezone.now())
    assert not proposal.steps.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 0, 61, 10_000])
def test_what_is_asked_for_has_a_day_to_come_and_not_too_far(days: int) -> None:
    proposal = a_proposal()
    until = timezone.localdate() + dt.timedelta(days=days)
    with pytest.raises(InvalidContent) as refused:
        request_supplement(proposal=proposal, by=an_official(), words=WORDS, until=until, at=timezone.now())
    assert "until" in refused.value.fields
    assert fresh(proposal).state == State.SUBMITTED


@pytest.mark.django_db
def test_two_are_merged_and_both_show_it_and_supporters_are_told() -> None:
    process = a_process()
    merged, into = a_proposal(process, title="의자를 놓아 주세요"), a_proposal(process, title="쉼터를 만들어 주세요")
    supporter = a_person()
    give_support(proposal=fresh(merged), person=supporter, at=timezone.now())
    merge_proposal(proposal=merged, by=an_official(), into=into, words=WORDS, at=timezone.now())
    merged, into = fresh(merged), fresh(into)
    assert merged.merged_into == into
    assert (merged.supports_count, into.supports_count) == (1, 0)
    assert supporter.notices.get().kind == "proposal.merged"
    assert into.author is not None
    assert into.author.notices.get().kind == "proposal.joined"
    page = Client().get(merged.get_absolute_url()).content.decode()
    assert into.get_absolute_url() in page
    assert "공감은 옮겨지지 않습니다." in page
    assert merged.get_absolute_url() in Client().get(into.get_absolute_url()).content.decode()
    assert "의자를 놓아" not in Client().get("/proposals/").content.decode()


@pytest.mark.django_db
def test_nothing_is_merged_into_itself_another_city_or_what_is_closed() -> None:
    process, official = a_process(), an_official()
    proposal, closed = a_proposal(process), a_proposal(process)
    turn_away(closed, official)
    withdrawn = a_proposal(process)
    withdraw_proposal(proposal=withdrawn, author=withdrawn.author, at=timezone.now())  # type: ignore[arg-type]
    for into in (proposal, closed, withdrawn, a_proposal(a_process(a_city("elsewhere")))):
        with pytest.raises(NotMergeable):
            merge_proposal(proposal=proposal, by=official, into=into, words=WORDS, at=timezone.now())
    assert fresh(proposal).state == State.SUBMITTED


@pytest.mark.django_db
def test_what_was_merged_into_something_withdrawn_no_longer_shows_its_title() -> None:
    process, author = a_process(), a_person()
    merged, into = a_proposal(process), a_proposal(process, author, title="나중에 철회할 제안입니다")
    merge_proposal(proposal=merged, by=an_official(), into=into, words=WORDS, at=timezone.now())
    withdraw_proposal(proposal=into, author=author, at=timezone.now())
    assert "나중에 철회할" not in Client().get(merged.get_absolute_url()).content.decode()
    told = Client().get(f"/api/v1/proposals/{merged.pk}/").json()
    assert told["history"][-1]["other"] == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_one_takes_the_step() -> None:
    proposal = a_proposal()
    departments = [a_department(proposal.city) for _ in range(2)]
    officials = [an_official() for _ in range(2)]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def go(number: int) -> None:
        try:
            start.wait()
            told: dict[str, Any] = {"department": departments[number], "at": timezone.now()}
            begin_review(proposal=proposal, by=officials[number], **told)
            outcomes.append("done")
        except CityError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "state_changed"]
    assert Step.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_merged_into_each_other_at_once_leave_one_that_goes_on() -> None:
    process = a_process()
    one, other = a_proposal(process), a_proposal(process)
    officials = [an_official() for _ in range(2)]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def go(official: User, proposal: Proposal, into: Proposal) -> None:
        try:
            start.wait()
            merge_proposal(proposal=proposal, by=official, into=into, words=WORDS, at=timezone.now())
            outcomes.append("done")
        except CityError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=go, args=(officials[0], one, other)),
        threading.Thread(target=go, args=(officials[1], other, one)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "not_mergeable"]
    assert {fresh(one).state, fresh(other).state} == {State.MERGED, State.SUBMITTED}


# --- Being built ---


@pytest.mark.django_db
def test_an_accepted_idea_is_followed_until_it_is_done() -> None:
    proposal, official = in_review(), an_official()
    proposal = answered(supported(proposal, 1))
    supporter = User.objects.get(supports__proposal=proposal)
    for words, percent in (("자리를 정했습니다.", None), ("기초를 놓았습니다.", 40), ("문을 열었습니다.", 100)):
        report_progress(proposal=proposal, by=official, words=words, percent=percent, at=timezone.now())
    assert fresh(proposal).state == State.UNDER_WAY
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert all(words in page for words in ("자리를 정했습니다.", "40% 진행", "다 이루어졌습니다", "문을 열었습니다."))
    assert supporter.notices.filter(kind="proposal.completed").count() == 1
    assert not supporter.notices.filter(kind="proposal.progress").exists()
    with pytest.raises(AlreadyCompleted):
        report_progress(proposal=proposal, by=official, words="더 있습니다.", at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_a_share(percent: int) -> None:
    proposal = answered(in_review())
    with pytest.raises(InvalidContent):
        report_progress(proposal=proposal, by=an_official(), words=WORDS, percent=percent, at=timezone.now())
    assert fresh(proposal).state == State.ACCEPTED


# --- Texts ---


@pytest.mark.django_db
def test_what_officials_write_is_shown_as_text_with_numbers_masked() -> None:
    proposal = a_proposal()
    words = "<script>alert(1)</script> 문의는 010-1234-5678 로 해 주세요."
    return_proposal(proposal=proposal, by=an_official(), reason="private", words=words, at=timezone.now())
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "1234-5678" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "   ", "네", "가" * 2001, "\u202e" * 10, "가" * 1_000_000])
def test_words_that_say_nothing_or_too_much_are_refused(words: str) -> None:
    proposal = a_proposal()
    with pytest.raises(InvalidContent) as refused:
        return_proposal(proposal=proposal, by=an_official(), reason="private", words=words, at=timezone.now())
    assert "words" in refused.value.fields
    assert fresh(proposal).state == State.SUBMITTED


@pytest.mark.django_db
def test_what_the_office_wrote_to_something_withdrawn_goes_with_its_author() -> None:
    author = a_person()
    proposal = in_review(a_proposal(author=author))
    supplement(proposal, an_official())
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    erase_account(user=author)
    assert set(proposal.steps.values_list("words", flat=True)) == {""}
