"""The API of comments: shapes, refusals, pages."""

import json
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from metacity.accounts.models import User
from participation.deliberation.models import Comment
from participation.deliberation.pace import A_MINUTE
from participation.proposals.models import Proposal
from tests.factories.accounts import signed_in
from tests.factories.comments import TEXT, a_comment, a_discussed_proposal, a_talked_of_process, hide
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rested() -> None:
    cache.clear()


def address(proposal: Proposal, comment: Comment | None = None) -> str:
    own = f"{comment.pk}/" if comment else ""
    return f"/api/v1/proposals/{proposal.pk}/comments/{own}"


def post(client: Client, proposal: Proposal, **body: Any) -> Any:
    told = {"key": str(uuid.uuid4()), "text": TEXT, **body}
    return client.post(address(proposal), json.dumps(told), content_type="application/json")


def test_a_comment_is_written_listed_changed_and_withdrawn() -> None:
    proposal, author = a_discussed_proposal(), a_person(alias="골목 산책")
    client = signed_in(author)
    written = post(client, proposal)
    assert written.status_code == 201, written.content
    told = written.json()
    assert (told["text"], told["author"], told["is_mine"]) == (TEXT, {"ko": "골목 산책", "en": "골목 산책"}, True)
    listed = Client().get(address(proposal)).json()
    assert (listed["count"], listed["room"], listed["seq"], listed["next"]) == (1, proposal.room, 1, None)
    assert listed["may_comment"] is False
    assert listed["reason"]
    assert listed["results"] == [told | {"is_mine": False}]
    own = f"{address(proposal)}{told['id']}/"
    changed = client.put(own, {"text": "고친 말", "revision": 1}, content_type="application/json")
    assert (changed.status_code, changed.json()["text"], changed.json()["revision"]) == (200, "고친 말", 2)
    assert Client().get(own).json()["text"] == "고친 말"
    assert client.delete(own).status_code == 204
    assert Client().get(own).status_code == 404
    assert Client().get(address(proposal)).json()["count"] == 0


def test_sending_it_twice_makes_one_and_answers_the_same() -> None:
    proposal, client, key = a_discussed_proposal(), signed_in(a_person()), str(uuid.uuid4())
    first, second = (post(client, proposal, key=key) for _ in range(2))
    assert first.json() == second.json()
    assert Comment.objects.count() == 1


def test_pages_follow_each_other_and_a_thread_can_be_asked_for_alone() -> None:
    proposal = a_discussed_proposal()
    first = a_comment(proposal)
    for _ in range(2):
        a_comment(proposal)
    a_comment(proposal, answers=first)
    client = Client()
    page = client.get(address(proposal), {"size": 3}).json()
    assert [comment["number"] for comment in page["results"]] == [4, 3, 2]
    rest = client.get(address(proposal), {"size": 3, "start": page["next"]}).json()
    assert ([comment["number"] for comment in rest["results"]], rest["next"]) == ([1], None)
    oldest = client.get(address(proposal), {"order": "old", "size": 1}).json()
    assert (oldest["results"][0]["number"], oldest["next"]) == (1, 2)
    thread = client.get(address(proposal), {"thread": 1}).json()
    assert [(comment["number"], comment["thread"]) for comment in thread["results"]] == [(4, 1), (1, 1)]
    assert thread["results"][0]["answers"]["id"] == str(first.pk)


def test_the_list_asks_few_queries(django_assert_max_num_queries: Any) -> None:
    proposal = a_discussed_proposal()
    first = a_comment(proposal)
    for _ in range(10):
        a_comment(proposal, answers=first)
    client = signed_in(a_person())
    with django_assert_max_num_queries(12):
        assert len(client.get(address(proposal)).json()["results"]) == 11


def test_a_hidden_text_is_told_to_its_author_and_moderators_alone() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    comment = a_comment(proposal, author, text="지나친 말입니다.")
    hide(comment)
    for client, text in (
        (Client(), ""),
        (signed_in(a_person(roles=["operator"])), ""),
        (signed_in(author), "지나친 말입니다."),
        (signed_in(a_person(roles=["moderator"])), "지나친 말입니다."),
    ):
        for told in (client.get(address(proposal)).json()["results"][0], client.get(address(proposal, comment)).json()):
            assert (told["state"], told["text"]) == ("hidden", text)
    replayed = Client().get(f"/api/v1/events/{proposal.room}/?after=0").json()
    assert "지나친" not in str(replayed)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "가" * 2001}, ["text"]),
        ({"text": ["목록"]}, ["text"]),
        ({"text": None}, ["text"]),
        ({"key": "x"}, ["key"]),
        ({"scene": "#lon=NaN&lat=1e308"}, ["scene"]),
        ({"scene": "없는 곳"}, ["scene"]),
        ({"scene": "a" * 5000}, ["scene"]),
        ({"scene": {"lon": 1}}, ["scene"]),
        ({"answers": "1"}, ["answers"]),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(body: dict[str, Any], fields: list[str]) -> None:
    answer = post(signed_in(a_person()), a_discussed_proposal(), **body)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == fields
    assert not Comment.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"text": NaN}', b'{"key": 5}', b"[" * 100_000])
def test_malformed_comments_get_a_code_and_write_nothing(body: bytes) -> None:
    proposal = a_discussed_proposal()
    answer = signed_in(a_person()).post(address(proposal), body, content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}
    assert not Comment.objects.exists()


def test_a_megabyte_is_refused() -> None:
    answer = post(signed_in(a_person()), a_discussed_proposal(), text="가" * 350_000)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["text"]
    assert not Comment.objects.exists()


def test_a_parent_of_another_proposal_is_absent() -> None:
    proposal = a_discussed_proposal()
    elsewhere = a_comment(a_proposal(a_talked_of_process(proposal.city)))
    client = signed_in(a_person())
    answer = post(client, proposal, answers=str(elsewhere.pk))
    assert (answer.status_code, answer.json()["code"]) == (404, "comment_not_found")
    assert client.get(address(proposal, elsewhere)).status_code == 404
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "status", "code"),
    [
        (lambda: None, 401, "not_signed_in"),
        (lambda: a_person(identified=False), 403, "identity_required"),
        (lambda: a_person(agreed=False), 403, "consent_required"),
    ],
)
def test_who_may_not_write_is_told_why(person: Any, status: int, code: str) -> None:
    proposal = a_discussed_proposal()
    user: User | None = person()
    answer = post(signed_in(user) if user else Client(), proposal)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Comment.objects.exists()


def test_others_neither_change_nor_withdraw_it() -> None:
    proposal = a_discussed_proposal()
    comment = a_comment(proposal)
    for client, status in ((Client(), 401), (signed_in(a_person(roles=["moderator"])), 403)):
        body = {"text": "남의 말", "revision": 1}
        changed = client.put(address(proposal, comment), body, content_type="application/json")
        assert changed.status_code == client.delete(address(proposal, comment)).status_code == status
    comment.refresh_from_db()
    assert (comment.text, comment.withdrawn_at) == (TEXT, None)


def test_it_is_throttled() -> None:
    proposal, client = a_discussed_proposal(), signed_in(a_person())
    statuses = [post(client, proposal).status_code for _ in range(A_MINUTE + 1)]
    assert statuses == [201] * A_MINUTE + [429]
