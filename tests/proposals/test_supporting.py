"""Supports: one a person, counted exactly, told to everybody."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from metacity.accounts.errors import NotIdentified
from metacity.accounts.models import User
from metacity.commons.models import Event, LedgerEntry
from participation.processes.errors import PhaseClosed
from participation.processes.kinds import Act, PhaseKind
from participation.processes.models import Phase
from participation.proposals.errors import NotSupportable
from participation.proposals.models import Proposal, Support
from participation.proposals.services import give_support, take_back_support
from participation.proposals.states import State
from tests.factories.processes import a_person, a_process
from tests.factories.proposals import a_place, a_proposal


@pytest.mark.django_db
def test_a_support_counts_once_however_often_it_is_given() -> None:
    proposal, person = a_proposal(), a_person()
    assert [give_support(proposal=proposal, person=person, at=timezone.now()) for _ in range(3)] == [1, 1, 1]
    assert Support.objects.count() == 1
    assert Event.objects.filter(room=proposal.room).count() == 1


@pytest.mark.django_db
def test_a_support_can_be_taken_back_once() -> None:
    proposal, person = a_proposal(), a_person()
    give_support(proposal=proposal, person=person, at=timezone.now())
    assert [take_back_support(proposal=proposal, person=person, at=timezone.now()) for _ in range(2)] == [0, 0]
    payloads = list(Event.objects.filter(room=proposal.room).order_by("seq").values_list("payload", flat=True))
    assert payloads == [{"supports": 1}, {"supports": 0}]


@pytest.mark.django_db
def test_the_database_refuses_a_second_support_of_the_same_person() -> None:
    proposal, person = a_proposal(), a_person()
    Support.objects.create(person=person, proposal=proposal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.create(person=person, proposal=proposal)


@pytest.mark.django_db
def test_a_support_reaches_the_city_where_the_proposal_has_a_place_and_no_ledger() -> None:
    process = a_process()
    proposal = a_proposal(process, place=a_place(process))
    person = a_person()
    entries = LedgerEntry.objects.count()
    give_support(proposal=proposal, person=person, at=timezone.now())
    pin = Event.objects.filter(room=process.city.room).latest("seq").payload["pin"]
    assert pin["supports"] == 1
    assert LedgerEntry.objects.count() == entries


@pytest.mark.django_db
def test_without_identity_check_or_in_a_closed_phase_nothing_is_counted() -> None:
    proposal = a_proposal()
    with pytest.raises(NotIdentified):
        give_support(proposal=proposal, person=a_person(identified=False), at=timezone.now())
    Phase.objects.update(kind=PhaseKind.REVIEW, allows=[Act.PROPOSE])
    with pytest.raises(PhaseClosed):
        give_support(proposal=Proposal.objects.get(), person=a_person(), at=timezone.now())
    assert not Support.objects.exists()
    assert Proposal.objects.get().supports_count == 0


@pytest.mark.django_db
def test_a_decided_proposal_takes_no_more_support() -> None:
    proposal = a_proposal()
    for state in (State.IN_REVIEW, State.ACCEPTED):
        proposal.move_to(state, at=timezone.now())
    with pytest.raises(NotSupportable):
        give_support(proposal=proposal, person=a_person(), at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_counted_exactly_and_one_person_counts_once() -> None:
    process = a_process()
    proposal = a_proposal(process, place=a_place(process))
    people = [a_person() for _ in range(25)]
    eager = people[0]
    failures: list[BaseException] = []
    start = threading.Barrier(50)

    def support(person: User) -> None:
        try:
            start.wait()
            give_support(proposal=Proposal.objects.get(pk=proposal.pk), person=person, at=timezone.now())
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=support, args=(person,)) for person in people + [eager] * 25]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    proposal.refresh_from_db()
    assert proposal.supports_count == Support.objects.filter(proposal=proposal).count() == 25
    told = [
        payload["supports"]
        for payload in Event.objects.filter(room=proposal.room).order_by("seq").values_list("payload", flat=True)
    ]
    assert told == list(range(1, 26))
