"""Submitting, revising, withdrawing: numbers, idempotence, ledger, events."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from metacity.accounts.errors import NotIdentified
from metacity.accounts.models import User
from metacity.commons.ledger import first_break
from metacity.commons.models import Event, LedgerEntry
from participation.processes.errors import PhaseClosed
from participation.proposals.errors import NothingChanged, NotRevisable, NotTheAuthor, StateChanged
from participation.proposals.models import Proposal, ProposalVersion
from participation.proposals.services import revise_proposal, submit_proposal, withdraw_proposal
from participation.proposals.states import State, may_follow
from tests.factories.processes import a_city, a_person, a_phase, a_process
from tests.factories.proposals import a_content, a_place, a_proposal


def revise(proposal: Proposal, author: User, **content: Any) -> Proposal:
    return revise_proposal(
        proposal=proposal, author=author, content=a_content(**content), key=uuid.uuid4(), at=timezone.now()
    )


@pytest.mark.django_db
def test_a_submitted_proposal_has_a_number_a_version_and_a_ledger_entry() -> None:
    process, author = a_process(), a_person()
    content = a_content(place=a_place(process))
    proposal = submit_proposal(process=process, author=author, content=content, key=uuid.uuid4(), at=timezone.now())
    assert (proposal.number, proposal.state, proposal.content.number) == (1, State.SUBMITTED, 1)
    entry = LedgerEntry.objects.get(action="proposal.submitted")
    assert entry.actor == author.actor_id
    assert entry.facts["sha256"] == content.sha256
    assert first_break() is None
    event = Event.objects.get(room=process.city.room)
    assert event.kind == "pin.changed"
    assert event.payload["pin"]["id"] == str(proposal.id)


@pytest.mark.django_db
def test_an_idea_for_the_whole_district_makes_no_pin() -> None:
    a_proposal()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_numbers_count_in_each_city_apart() -> None:
    one, other = a_process(a_city()), a_process(a_city())
    assert [a_proposal(process).number for process in (one, one, other)] == [1, 2, 1]


@pytest.mark.django_db
def test_submitting_twice_with_one_key_makes_one_proposal() -> None:
    process, author, key = a_process(), a_person(), uuid.uuid4()
    first, second = (
        submit_proposal(process=process, author=author, content=a_content(), key=key, at=timezone.now()) for _ in "ab"
    )
    assert first == second
    assert Proposal.objects.count() == 1
    assert LedgerEntry.objects.filter(action="proposal.submitted").count() == 1


@pytest.mark.django_db
def test_a_closed_phase_refuses_and_writes_nothing() -> None:
    process, author = a_process(phases=[a_phase(start=-9, end=-1)]), a_person()
    with pytest.raises(PhaseClosed):
        submit_proposal(process=process, author=author, content=a_content(), key=uuid.uuid4(), at=timezone.now())
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_without_identity_check_nothing_is_submitted() -> None:
    with pytest.raises(NotIdentified):
        a_proposal(author=a_person(identified=False))
    assert not Proposal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_make_one_proposal_and_numbers_without_gaps() -> None:
    process, author, key = a_process(), a_person(), uuid.uuid4()
    others = [a_person() for _ in range(7)]
    failures: list[BaseException] = []

    def submit(person: object, with_key: uuid.UUID) -> None:
        try:
            submit_proposal(process=process, author=person, content=a_content(), key=with_key, at=timezone.now())  # type: ignore[arg-type]
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    acts = [(author, key)] * 8 + [(person, uuid.uuid4()) for person in others]
    threads = [threading.Thread(target=submit, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Proposal.objects.filter(author=author).count() == 1
    assert sorted(Proposal.objects.values_list("number", flat=True)) == list(range(1, 9))


@pytest.mark.django_db
def test_a_new_version_follows_the_first_and_is_announced() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    revise(proposal, author, title="그늘막과 의자를 놓아 주세요", reason="의자를 더했습니다")
    proposal.refresh_from_db()
    assert proposal.content.title == "그늘막과 의자를 놓아 주세요"
    assert list(proposal.versions.values_list("number", flat=True)) == [1, 2]
    told = Event.objects.get(room=proposal.room).payload
    assert (told["state"], told["version"]) == ("submitted", 2)


@pytest.mark.django_db
def test_the_same_words_again_are_no_new_version() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    with pytest.raises(NothingChanged):
        revise(proposal, author)
    assert ProposalVersion.objects.count() == 1


@pytest.mark.django_db
def test_only_the_author_revises_and_withdraws() -> None:
    proposal, stranger = a_proposal(), a_person()
    with pytest.raises(NotTheAuthor):
        revise(proposal, stranger, title="다른 제안입니다")
    with pytest.raises(NotTheAuthor):
        withdraw_proposal(proposal=proposal, author=stranger, at=timezone.now())
    proposal.refresh_from_db()
    assert (proposal.state, proposal.content.number) == (State.SUBMITTED, 1)


@pytest.mark.django_db
def test_once_in_review_the_text_stays() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    proposal.move_to(State.IN_REVIEW, at=timezone.now())
    with pytest.raises(NotRevisable):
        revise(proposal, author, title="바꾸고 싶어요")


@pytest.mark.django_db
def test_withdrawing_takes_the_pin_away_and_cannot_be_done_twice() -> None:
    process, author = a_process(), a_person()
    proposal = a_proposal(process, author, place=a_place(process))
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    kinds = list(Event.objects.filter(room=process.city.room).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["pin.changed", "pin.removed"]
    with pytest.raises(StateChanged):
        withdraw_proposal(proposal=proposal, author=author, at=timezone.now())


@pytest.mark.django_db
def test_a_state_moved_by_somebody_faster_is_not_overwritten() -> None:
    proposal = a_proposal()
    stale = Proposal.objects.get(pk=proposal.pk)
    proposal.move_to(State.IN_REVIEW, at=timezone.now())
    with pytest.raises(StateChanged):
        stale.move_to(State.RETURNED, at=timezone.now() + dt.timedelta(seconds=1))
    proposal.refresh_from_db()
    assert proposal.state == State.IN_REVIEW


def test_every_state_is_reached_from_submission_and_none_leads_back_to_a_draft() -> None:
    reached, waiting = set(), {State.SUBMITTED}
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting |= {other for other in State if may_follow(state, other)} - reached
    assert reached == set(State)


@pytest.mark.django_db
def test_personal_numbers_are_masked_before_anything_is_kept(client: Client) -> None:
    process, author = a_process(), a_person()
    client.force_login(author)
    told = {
        "key": str(uuid.uuid4()),
        "process": process.slug,
        "title": "연락은 010-1234-5678로 주세요",
        "text": "주민번호 900101-1234567과 전화 01012345678을 적었습니다.",
    }
    answer = client.post("/api/v1/proposals/", told, content_type="application/json")
    assert answer.status_code == 201
    version = Proposal.objects.get().content
    assert version.title == "연락은 010-●●●●-●●●●로 주세요"
    kept = f"{version.title} {version.text} {version.search_text}"
    assert not [number for number in ("1234-5678", "900101", "1234567", "12345678") if number in kept]


@pytest.mark.django_db
def test_a_title_that_masking_makes_too_long_is_said_at_its_field(client: Client) -> None:
    client.force_login(a_person())
    title = "가" * 67 + "9001011234567"
    told = {"key": str(uuid.uuid4()), "process": a_process().slug, "title": title, "text": "열 글자가 넘는 글입니다."}
    answer = client.post("/api/v1/proposals/", told, content_type="application/json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["title"]
