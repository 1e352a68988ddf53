"""The API: the same rules as the pages, and events that tell everything."""

import uuid
from functools import partial
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from metacity.accounts.models import User
from participation.proposals.models import Proposal
from participation.proposals.services import give_support, revise_proposal, take_back_support, withdraw_proposal
from participation.proposals.states import State
from tests.factories.accounts import signed_in
from tests.factories.processes import a_person, a_process
from tests.factories.proposals import a_content, a_place, a_proposal
from tests.state_and_events import prove, rolled_back

URL = "/api/v1/proposals/"


def submission(process: Any, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "process": process.slug,
        "title": "자전거 보관대에 지붕을",
        "text": "비가 오면 안장이 젖고 자리도 모자랍니다.",
        **fields,
    }


@pytest.mark.django_db
def test_a_proposal_is_submitted_read_and_listed() -> None:
    process = a_process()
    client = signed_in(a_person())
    answer = client.post(URL, submission(process, place={"e": 12.5, "n": -8}), content_type="application/json")
    assert answer.status_code == 201
    told = answer.json()
    assert told["place"]["kind"] == "point"
    assert told["place"]["e"] == 12.5
    assert (told["room"], told["seq"]) == (f"proposal.{told['id']}", 0)
    assert Client().get(f"{URL}{told['id']}/").json()["title"] == "자전거 보관대에 지붕을"
    page = Client().get(URL).json()
    assert (page["count"], page["results"][0]["id"]) == (1, told["id"])


@pytest.mark.django_db
def test_sending_twice_makes_one_proposal() -> None:
    process = a_process()
    client = signed_in(a_person())
    body = submission(process)
    first, second = (client.post(URL, body, content_type="application/json").json() for _ in range(2))
    assert first["id"] == second["id"]
    assert Proposal.objects.count() == 1


@pytest.mark.django_db
def test_one_persons_key_does_not_reach_anothers_proposal() -> None:
    process = a_process()
    body = submission(process)
    signed_in(a_person()).post(URL, body, content_type="application/json")
    answer = signed_in(a_person()).post(URL, body, content_type="application/json")
    assert answer.status_code == 409
    assert Proposal.objects.count() == 1


@pytest.mark.django_db
def test_visitors_and_unidentified_members_submit_nothing() -> None:
    process = a_process()
    visitor = Client().post(URL, submission(process), content_type="application/json")
    member = signed_in(a_person(identified=False)).post(URL, submission(process), content_type="application/json")
    assert (visitor.status_code, visitor.json()["code"]) == (401, "not_signed_in")
    assert (member.status_code, member.json()["code"]) == (403, "identity_required")
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_the_list_takes_the_filters_of_the_page() -> None:
    process = a_process()
    a_proposal(process, title="긴 의자를 놓아 주세요")
    a_proposal(process, title="도서관을 늦게까지", place=a_place(process))
    titles = [row["title"] for row in Client().get(URL, {"kind": "place"}).json()["results"]]
    assert titles == ["도서관을 늦게까지"]
    assert Client().get(URL, {"q": "의자"}).json()["count"] == 1
    assert Client().get(URL, {"city": "nowhere"}).status_code == 404


@pytest.mark.django_db
def test_support_is_put_and_deleted_any_number_of_times() -> None:
    proposal, person = a_proposal(), a_person()
    client = signed_in(person)
    address = f"{URL}{proposal.id}/support/"
    assert [client.put(address).json() for _ in range(2)] == [{"supports": 1, "supported_by_me": True, "seq": 1}] * 2
    assert client.get(f"{URL}{proposal.id}/").json()["supported_by_me"] is True
    assert [client.delete(address).json()["supports"] for _ in range(2)] == [0, 0]
    assert Client().put(address).status_code == 401


@pytest.mark.django_db
def test_the_author_revises_and_withdraws_and_nobody_else() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    address = f"{URL}{proposal.id}/"
    body = {
        "key": str(uuid.uuid4()),
        "title": "지붕과 공기 펌프를",
        "text": "바퀴에 바람도 넣고 싶습니다.",
        "reason": "",
    }
    assert signed_in(a_person()).put(address, body, content_type="application/json").status_code == 403
    assert signed_in(a_person()).delete(address).status_code == 403
    client = signed_in(author)
    assert client.put(address, body, content_type="application/json").json()["version"] == 2
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 200
    gone = Client().get(address)
    assert (gone.status_code, gone.json()["code"]) == (410, "proposal_withdrawn")
    assert Client().get(f"{URL}{uuid.uuid4()}/").status_code == 404


@pytest.mark.django_db
def test_pins_show_what_is_placed_and_listed_and_are_read_once(django_assert_num_queries: Any) -> None:
    cache.clear()
    process = a_process()
    author = a_person()
    placed = a_proposal(process, author, place=a_place(process))
    a_proposal(process, title="구 전체의 제안입니다")
    gone = a_proposal(process, author, place=a_place(process, 50, 50), title="곧 거두는 제안입니다")
    withdraw_proposal(proposal=gone, author=author, at=timezone.now())
    address = f"/api/v1/cities/{process.city.slug}/pins/"
    told = Client().get(address).json()
    assert [pin["id"] for pin in told["pins"]] == [str(placed.id)]
    assert (told["room"], told["seq"]) == (process.city.room, 3)
    with django_assert_num_queries(2):  # the city, and the number of its last event
        Client().get(address)


@pytest.mark.django_db
def test_pins_after_an_event_are_read_anew() -> None:
    process = a_process()
    proposal = a_proposal(process, place=a_place(process))
    address = f"/api/v1/cities/{process.city.slug}/pins/"
    Client().get(address)
    give_support(proposal=proposal, person=a_person(), at=timezone.now())
    assert Client().get(address).json()["pins"][0]["supports"] == 1


@given(data=st.data())
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_events_of_a_proposal_tell_everything(data: st.DataObject) -> None:
    with rolled_back():
        author, supporters = a_person(), [a_person(), a_person()]
        proposal = a_proposal(author=author)
        client = Client()

        def fetch() -> dict[str, Any]:
            told = client.get(f"{URL}{proposal.id}/").json()
            return {name: told[name] for name in ("supports", "state", "version", "seq")}

        now = timezone.now()

        def change(service: Any, who: User) -> None:
            service(proposal=fresh(proposal), person=who, at=now)

        prove(
            data,
            room=proposal.room,
            fetch=fetch,
            reducers={
                "proposal.supported": lambda state, payload: state | payload,
                "proposal.changed": lambda state, payload: (
                    state | {name: payload[name] for name in ("state", "version")}
                ),
            },
            actions=[
                *(partial(change, give_support, who) for who in supporters),
                *(
                    lambda who=who: take_back_support(proposal=fresh(proposal), person=who, at=now)
                    for who in supporters
                ),
                lambda: revise_proposal(
                    proposal=fresh(proposal),
                    author=author,
                    content=a_content(text=f"또 다른 내용입니다 {uuid.uuid4()}"),
                    key=uuid.uuid4(),
                    at=now,
                ),
            ],
        )


@given(data=st.data())
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_events_of_a_city_tell_everything_about_its_pins(data: st.DataObject) -> None:
    with rolled_back():
        process, author, supporter = a_process(), a_person(), a_person()
        first = a_proposal(process, author, place=a_place(process))
        second = a_proposal(process, author, place=a_place(process, 80, 80), title="두 번째 제안입니다")
        client, now = Client(), timezone.now()

        def fetch() -> dict[str, Any]:
            cache.clear()
            told = client.get(f"/api/v1/cities/{process.city.slug}/pins/").json()
            return {"pins": {pin["id"]: pin for pin in told["pins"]}, "seq": told["seq"]}

        def without(pins: dict[str, Any], pk: str) -> dict[str, Any]:
            return {key: pin for key, pin in pins.items() if key != pk}

        prove(
            data,
            room=process.city.room,
            fetch=fetch,
            reducers={
                "pin.changed": lambda state, payload: (
                    state | {"pins": state["pins"] | {payload["pin"]["id"]: payload["pin"]}}
                ),
                "pin.removed": lambda state, payload: state | {"pins": without(state["pins"], payload["id"])},
            },
            actions=[
                lambda: give_support(proposal=fresh(first), person=supporter, at=now),
                lambda: take_back_support(proposal=fresh(first), person=supporter, at=now),
                lambda: withdraw_proposal(proposal=fresh(second), author=author, at=now),
                lambda: a_proposal(process, author, place=a_place(process, -30, 9), title="새로 올린 제안입니다"),
                lambda: revise_proposal(
                    proposal=fresh(first),
                    author=author,
                    content=a_content(title="장소를 없앴습니다"),
                    key=uuid.uuid4(),
                    at=now,
                ),
            ],
        )


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("current", "city", "process").get(pk=proposal.pk)


@pytest.mark.django_db
def test_a_decided_proposal_refuses_support_with_a_code() -> None:
    proposal = a_proposal()
    for state in (State.IN_REVIEW, State.NOT_ACCEPTED):
        proposal.move_to(state, at=timezone.now())
    answer = signed_in(a_person()).put(f"{URL}{proposal.id}/support/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_supportable")
