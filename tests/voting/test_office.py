"""Votes in the office: made, checked, announced, run and certified by those whose task it is."""

import re
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.roles import Role
from metacity.commons import jobs
from participation.voting import clock
from participation.voting.models import Poll, PollNotice, RollEntry
from participation.voting.states import State
from tests.factories.accounts import signed_in
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal
from tests.factories.voting import (
    DAY,
    a_draft_poll,
    a_tallied_poll,
    an_announced_poll,
    an_approver,
    an_official,
    an_open_poll,
)

pytestmark = pytest.mark.django_db
LIST, NEW = "/office/votes/", "/office/votes/new/"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def act(poll: Poll, name: str) -> str:
    return reverse("voting_office:act", args=[poll.pk, name])


def manage(poll: Poll) -> str:
    return reverse("voting_office:manage", args=[poll.pk])


def typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def fields(**changes: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "question": "정류장에 그늘막을 놓을까요?",
        "meaning": "찬성이 많으면 내년 예산에 넣습니다.",
        "min_level": "identified",
        "districts": ["가온1동", "강변동"],
        "min_age": "14",
        "majority": "simple",
        "quorum_percent": "20",
        "opens_at": typed(now + DAY),
        "closes_at": typed(now + 8 * DAY),
        **changes,
    }


def test_a_vote_is_made_checked_and_announced_on_pages() -> None:
    client, proposal = signed_in(an_official()), a_proposal()
    assert f"{NEW}?proposal={proposal.pk}" in text_of(client.get(LIST))
    answer = client.post(f"{NEW}?proposal={proposal.pk}", fields())
    poll = Poll.objects.get()
    assert answer["Location"] == manage(poll)
    assert (poll.districts, poll.min_age, poll.quorum_percent) == (["가온1동", "강변동"], 14, 20)
    assert "연습용 투표지 9장을 받았습니다." in text_of(client.post(act(poll, "check")))
    assert client.post(act(poll, "announce")).status_code == 303
    poll.refresh_from_db()
    assert poll.state == State.ANNOUNCED
    assert "투표를 알렸습니다. 이때부터 규칙이 바뀌지 않습니다." in text_of(client.get(manage(poll)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"question": ""}, "question"),
        ({"meaning": "가" * 501}, "meaning"),
        ({"min_age": "7"}, "min_age"),
        ({"min_age": "열넷"}, "min_age"),
        ({"quorum_percent": "101"}, "quorum_percent"),
        ({"districts": ["없는동"]}, "districts"),
        ({"opens_at": "내일"}, "opens_at"),
        ({"closes_at": "2020-01-01T00:00"}, "closes_at"),
        ({"min_level": "member"}, "min_level"),
        ({"majority": "most"}, "majority"),
    ],
)
def test_a_draft_that_cannot_be_stays_typed_with_its_fault(wrong: dict[str, Any], said: str) -> None:
    client, proposal = signed_in(an_official()), a_proposal()
    answer = client.post(f"{NEW}?proposal={proposal.pk}", fields(**wrong))
    assert answer.status_code == 400
    assert said in answer.context["form"].errors
    assert "찬성이 많으면" in text_of(answer) or said == "meaning"
    assert not Poll.objects.exists()


@pytest.mark.parametrize("proposal", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_vote_on_no_idea_is_not_found(proposal: str) -> None:
    assert signed_in(an_official()).get(f"{NEW}?proposal={proposal}").status_code == 404


def test_a_draft_is_changed_and_thrown_away() -> None:
    client, poll = signed_in(an_official()), a_draft_poll()
    edit = reverse("voting_office:edit", args=[poll.pk])
    assert poll.question in text_of(client.get(edit))
    assert client.post(edit, fields(question="다른 질문일까요?")).status_code == 303
    assert Poll.objects.get().question == "다른 질문일까요?"
    assert client.post(act(poll, "discard"))["Location"] == LIST
    assert not Poll.objects.exists()


def test_an_announced_vote_is_not_changed_by_its_form() -> None:
    client, poll = signed_in(an_official()), an_announced_poll()
    answer = client.post(reverse("voting_office:edit", args=[poll.pk]), fields(question="다른 질문일까요?"))
    assert answer.status_code == 409
    assert Poll.objects.get().question == poll.question


def test_a_running_vote_is_extended_suspended_resumed_and_called_off_with_reasons() -> None:
    client, poll = signed_in(an_official()), an_open_poll()
    until = poll.closes_at + DAY
    assert client.post(act(poll, "extend"), {"until": typed(until), "reason": "폭우"}).status_code == 303
    for name, state in (
        ("suspend", "suspended"),
        ("resume", "open"),
        ("suspend", "suspended"),
        ("call-off", "called_off"),
    ):
        assert client.post(act(poll, name), {"reason": f"{name} 사유"}).status_code == 303
        poll.refresh_from_db()
        assert poll.state == state
    assert [notice.kind for notice in PollNotice.objects.all()] == [
        *("extended", "suspended", "resumed", "suspended", "called_off")
    ]


@pytest.mark.parametrize("name", ["suspend", "extend"])
def test_without_a_reason_the_act_is_asked_for_again(name: str) -> None:
    client, poll = signed_in(an_official()), an_open_poll()
    answer = client.post(act(poll, name), {"until": typed(poll.closes_at + DAY), "reason": " "})
    assert answer.status_code == 400
    assert "사유를 적어 주세요" in text_of(answer)
    assert not PollNotice.objects.exists()


def test_an_act_out_of_turn_is_refused_on_the_page() -> None:
    client, poll = signed_in(an_official()), an_open_poll()
    for name in ("announce", "take-back", "discard", "resume", "call-off", "check"):
        assert client.post(act(poll, name), {"reason": "왜냐하면"}).status_code == 409, name
    assert client.post(act(poll, "explode")).status_code == 404
    assert Poll.objects.get().state == State.OPEN


def test_a_result_is_certified_by_another_team_leader() -> None:
    official, approver = an_official(), an_approver()
    poll = a_tallied_poll(an_open_poll(by=approver))
    assert signed_in(official).post(act(poll, "publish")).status_code == 403
    assert signed_in(approver).post(act(poll, "publish")).status_code == 403
    other = an_approver()
    assert "확정하고 공개하기" in text_of(signed_in(other).get(manage(poll)))
    assert signed_in(other).post(act(poll, "publish")).status_code == 303
    assert Poll.objects.get().state == State.PUBLISHED


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CLERK, Role.OPERATOR, None])
def test_other_roles_and_citizens_make_and_move_no_votes(role: Role | None) -> None:
    poll = an_open_poll()
    client = signed_in(a_person(roles=[role] if role else [], second_factor=True))
    for address in (LIST, manage(poll), reverse("voting_office:edit", args=[poll.pk])):
        assert client.get(address).status_code == 403
    for name in ("suspend", "extend", "publish", "call-off"):
        assert client.post(act(poll, name), {"reason": "왜냐하면"}).status_code == 403
    assert Poll.objects.get().state == State.OPEN


def test_visitors_are_led_to_sign_in_and_officials_to_their_second_factor() -> None:
    poll = an_open_poll()
    assert "/accounts/login" in Client().get(manage(poll))["Location"]
    without = a_person(roles=["official"])
    assert reverse("accounts:second_factor") in signed_in(without).get(manage(poll))["Location"]
    assert reverse("accounts:second_factor") in signed_in(without).post(act(poll, "suspend"))["Location"]
    assert Poll.objects.get().state == State.OPEN


def test_the_inbox_tells_what_waits_and_only_those_for_whom_it_waits() -> None:
    approver = an_approver()
    a_draft_poll(question="점검할 초안일까요?")
    tallied = a_tallied_poll(an_open_poll(question="확정할 투표일까요?"))
    inbox = text_of(signed_in(approver).get("/office/"))
    assert "점검할 초안일까요?" in inbox
    assert manage(tallied) in inbox
    assert "확정할 투표일까요?" not in text_of(signed_in(an_official()).get("/office/"))
    assert "점검할 초안일까요?" not in text_of(signed_in(a_person(roles=["clerk"], second_factor=True)).get("/office/"))


def test_a_vote_that_could_not_be_closed_is_told_to_the_office() -> None:
    poll = an_open_poll()
    RollEntry.objects.create(poll=poll, person=a_person())
    clock.keep_time(poll.closes_at)
    job = jobs.active(clock.key_of(clock.CLOSE, poll.pk))
    assert job is not None
    with time_machine.travel(poll.closes_at):
        jobs.perform(job.pk)
        assert "roll_changed" in text_of(signed_in(an_official()).get(manage(poll)))
        clock.keep_time(poll.closes_at)
        assert jobs.active(clock.key_of(clock.CLOSE, poll.pk)) is None, "not tried again with every tick"
    assert Poll.objects.get().state == State.OPEN


def test_office_pages_ask_few_queries(django_assert_max_num_queries: Any) -> None:
    client = signed_in(an_official())
    polls = [an_open_poll() for _ in range(3)]
    for address in (LIST, manage(polls[0]), f"{NEW}?proposal={polls[0].proposal_id}"):
        client.get(address)
        with django_assert_max_num_queries(12, info=address):
            assert client.get(address).status_code == 200
