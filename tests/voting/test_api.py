"""The API of votes: the same rules as the pages."""

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from participation.voting import receipts, verify
from participation.voting.models import Ballot, HasVoted, Poll
from participation.voting.states import State
from participation.voting.views.reading import LOOK_UPS_A_MINUTE
from tests.factories.accounts import signed_in
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal
from tests.factories.voting import (
    DAY,
    HOUR,
    a_draft_poll,
    a_published_poll,
    a_tallied_poll,
    an_announced_poll,
    an_approver,
    an_official,
    an_open_poll,
    vote,
    voted_by,
)

pytestmark = pytest.mark.django_db
VOTES, OFFICE = "/api/v1/votes/", "/api/v1/office/votes/"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def nothing_counted_before() -> None:
    cache.clear()


def post(client: Client, address: str, told: Any = None) -> Any:
    return client.post(address, {} if told is None else told, content_type="application/json")


def a_ballot(choice: str = "yes", key: uuid.UUID | None = None) -> Json:
    return {"choice": choice, "key": str(key or uuid.uuid4())}


def a_rule(**changes: Any) -> Json:
    now = timezone.now()
    return {
        "question": "정류장에 그늘막을 놓을까요?",
        "meaning": "찬성이 많으면 내년 예산에 넣습니다.",
        "opens_at": (now + HOUR).isoformat(),
        "closes_at": (now + DAY).isoformat(),
        **changes,
    }


def test_votes_are_listed_by_state_project_and_idea_without_drafts() -> None:
    one, other = a_proposal(), a_proposal()
    an_open_poll(one)
    an_announced_poll(one)
    a_draft_poll(one)
    an_open_poll(other)

    def count(query: str) -> int:
        return int(Client().get(f"{VOTES}?{query}").json()["count"])

    assert count("") == 2  # of the default city
    assert count("state=open") == 1
    assert count("state=draft") == 0
    assert count(f"proposal={one.pk}") == 2
    assert count(f"process={one.process.slug}&state=announced") == 1
    assert Client().get(f"{VOTES}?proposal=nothing").status_code == 404


def test_a_vote_is_read_with_its_rule_in_words() -> None:
    poll = an_open_poll(min_age=14, quorum_percent=20)
    told = Client().get(f"{VOTES}{poll.pk}/").json()
    assert told["question"] == {"ko": poll.question, "en": poll.question}
    assert any("20%" in sentence for sentence in told["how_decided"])
    assert (told["state"], told["room"], told["ballots"], told["result"]) == ("open", poll.room, None, None)
    assert Client().get(f"{VOTES}{a_draft_poll().pk}/").status_code == 404
    assert Client().get(f"{VOTES}{uuid.uuid4()}/").json()["code"] == "poll_not_found"


def test_a_ballot_is_cast_once_and_its_receipt_found() -> None:
    voter = a_person()
    poll = an_open_poll()
    client, address = signed_in(voter), f"{VOTES}{poll.pk}/"
    assert client.get(f"{address}standing/").json()["may_vote"]
    ballot = a_ballot("no")
    first, again = post(client, f"{address}ballot/", ballot), post(client, f"{address}ballot/", ballot)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (HasVoted.objects.count(), Ballot.objects.count()) == (1, 1)
    standing = client.get(f"{address}standing/").json()
    assert (standing["has_voted"], standing["may_vote"], standing["refusal"]) == (True, False, "already_voted")
    found = post(Client(), f"{address}receipt/", first.json()).json()
    assert found == {"well_formed": True, "recorded": True, "number": None, "choice": ""}
    a_published_poll(poll)
    assert post(Client(), f"{address}receipt/", first.json()).json()["choice"] == "no"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, "invalid"),
        ({"choice": "maybe", "key": str(uuid.uuid4())}, "invalid"),
        ({"choice": "yes", "key": "x"}, "invalid"),
        ({"choice": ["yes"], "key": str(uuid.uuid4())}, "invalid"),
        ({"choice": {"yes": 1}, "key": 5}, "invalid"),
        ({"choice": "yes" * 100_000, "key": str(uuid.uuid4())}, "invalid"),
        ([1, 2], "invalid"),
        ("yes", "malformed"),
    ],
)
def test_a_ballot_of_the_wrong_shape_is_refused(told: Any, code: str) -> None:
    voter = a_person()
    poll = an_open_poll()
    answer = post(signed_in(voter), f"{VOTES}{poll.pk}/ballot/", told)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Ballot.objects.exists()


def test_refusals_carry_their_codes() -> None:
    voter = a_person()
    poll, coming = an_open_poll(), an_announced_poll()
    late = a_person()
    vote(poll, voter)
    asked = [
        (Client(), poll, 401, "not_signed_in"),
        (signed_in(late), poll, 403, "not_on_the_roll"),
        (signed_in(voter), poll, 409, "already_voted"),
        (signed_in(voter), coming, 409, "poll_not_open"),
    ]
    for client, asked_poll, status, code in asked:
        answer = post(client, f"{VOTES}{asked_poll.pk}/ballot/", a_ballot())
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Ballot.objects.count() == 1


def test_one_persons_key_is_no_key_to_anothers_receipt() -> None:
    voter, other = a_person(), a_person()
    poll, key = an_open_poll(), uuid.uuid4()
    mine = post(signed_in(voter), f"{VOTES}{poll.pk}/ballot/", a_ballot("yes", key)).json()
    answer = post(signed_in(other), f"{VOTES}{poll.pk}/ballot/", a_ballot("yes", key))
    assert (answer.status_code, answer.json()["code"]) == (409, "key_taken")
    assert mine["receipt"] not in answer.content.decode()
    assert HasVoted.objects.count() == 1


def test_a_thousand_look_ups_in_a_minute_are_mostly_refused() -> None:
    poll = an_open_poll()
    receipt = {"receipt": receipts.receipt_of(poll.id, uuid.uuid4())}
    client = Client()
    codes = [post(client, f"{VOTES}{poll.pk}/receipt/", receipt).status_code for _ in range(1000)]
    assert codes.count(200) == LOOK_UPS_A_MINUTE
    assert codes.count(429) == 1000 - LOOK_UPS_A_MINUTE


def test_the_board_of_the_api_is_the_one_that_the_script_reads() -> None:
    poll, _given = voted_by([a_person() for _ in range(3)], ["yes", "no", "yes"])
    address = f"{VOTES}{poll.pk}/board/"
    assert Client().get(address).json()["code"] == "board_not_ready"
    a_published_poll(poll)
    board = Client().get(address).json()
    assert verify.faults_of(board) == []
    assert board["result"] == {"yes": 2, "no": 1, "abstain": 0}


def test_the_office_makes_runs_and_certifies_a_vote() -> None:
    official, approver, proposal = signed_in(an_official()), signed_in(an_approver()), a_proposal()
    made = post(official, OFFICE, a_rule(proposal=str(proposal.pk)))
    assert made.status_code == 201
    address = f"{OFFICE}{made.json()['id']}/"
    changed = official.put(address, a_rule(question="다른 질문일까요?"), content_type="application/json")
    assert changed.json()["question"]["ko"] == "다른 질문일까요?"
    assert all(finding["good"] for finding in post(official, f"{address}check/").json())
    assert post(official, f"{address}announce/").json()["state"] == State.ANNOUNCED
    assert official.put(address, a_rule(), content_type="application/json").json()["code"] == "poll_frozen"
    assert post(official, f"{address}take-back/").json()["state"] == State.DRAFT
    assert official.delete(address).status_code == 204
    poll = an_open_poll()
    address = f"{OFFICE}{poll.pk}/"
    assert post(official, f"{address}suspend/", {}).json()["code"] == "reason_required"
    assert post(official, f"{address}suspend/", {"reason": "확인합니다."}).json()["state"] == State.SUSPENDED
    assert post(official, f"{address}resume/", {"reason": "이상 없습니다."}).json()["state"] == State.OPEN
    until = (Poll.objects.get(pk=poll.pk).closes_at + DAY).isoformat()
    assert post(official, f"{address}extend/", {"reason": "폭우"}).status_code == 400
    assert post(official, f"{address}extend/", {"reason": "폭우", "until": until}).status_code == 200
    assert post(official, f"{address}call-off/", {"reason": "그만"}).json()["code"] == "poll_moved"
    assert post(official, f"{address}explode/").status_code == 404
    tallied = a_tallied_poll(Poll.objects.get(pk=poll.pk))
    assert post(official, f"{OFFICE}{tallied.pk}/publish/").json()["code"] == "forbidden"
    assert post(approver, f"{OFFICE}{tallied.pk}/publish/").json()["state"] == State.PUBLISHED


@pytest.mark.parametrize("roles", [[], ["moderator"], ["clerk"], ["operator"]])
def test_the_office_part_is_the_offices_alone(roles: list[str]) -> None:
    poll = an_open_poll()
    client = signed_in(a_person(roles=roles, second_factor=True))
    assert post(client, OFFICE, a_rule(proposal=str(poll.proposal_id))).status_code == 403
    for act in ("suspend", "extend", "call-off", "publish", "take-back", "check"):
        assert post(client, f"{OFFICE}{poll.pk}/{act}/", {"reason": "왜냐하면"}).status_code == 403
        assert post(Client(), f"{OFFICE}{poll.pk}/{act}/", {"reason": "왜냐하면"}).status_code == 401
    without = signed_in(a_person(roles=["official"]))
    assert post(without, f"{OFFICE}{poll.pk}/suspend/", {"reason": "x"}).json()["code"] == "second_factor_required"
    assert Poll.objects.get(pk=poll.pk).state == State.OPEN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "가" * 500}, "question"),
        ({"opens_at": "tomorrow"}, "opens_at"),
        ({"districts": "가온1동"}, "districts"),
        ({"districts": ["x"] * 1000}, "districts"),
        ({"min_age": "many"}, "min_age"),
        ({"min_age": 12}, "min_age"),
        ({"proposal": "nothing"}, "proposal"),
    ],
)
def test_a_rule_of_the_wrong_shape_is_refused_with_its_field(changes: Json, field: str) -> None:
    client = signed_in(an_official())
    answer = post(client, OFFICE, a_rule(**{"proposal": str(a_proposal().pk), **changes}))
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert not Poll.objects.exists()
