"""Phases say who may do what, and until when."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from metacity.commons.clocks import now
from metacity.commons.models import LedgerEntry
from participation.processes.errors import PhaseClosed, PhasesOverlap
from participation.processes.kinds import Act, DesignKind, Level, PhaseKind
from participation.processes.models import Phase, Process
from tests.factories.processes import DAY, a_city, a_person, a_phase, a_process

pytestmark = pytest.mark.django_db


def test_an_identified_person_may_propose_while_the_phase_is_open() -> None:
    verdict = a_process().allows("propose", a_person(), now())
    assert verdict
    assert verdict.reason == ""


def test_a_visitor_is_asked_to_sign_in() -> None:
    verdict = a_process().allows(Act.PROPOSE, AnonymousUser(), now())
    assert not verdict
    assert verdict.code == "not_signed_in"
    assert verdict.reason


def test_a_member_without_identity_check_is_asked_for_it_where_the_phase_wants_it() -> None:
    member = a_person(identified=False)
    assert a_process().allows(Act.PROPOSE, member, now()).code == "identity_required"
    lenient = a_process(phases=[a_phase(min_level=Level.MEMBER)])
    assert lenient.allows(Act.PROPOSE, member, now())


def test_before_the_phase_opens_the_reason_names_the_day() -> None:
    process = a_process(phases=[a_phase(start=3, end=9)])
    verdict = process.allows(Act.PROPOSE, a_person(), now())
    opens = process.timeline()[0].opens_at.astimezone()
    assert verdict.code == "phase_closed"
    assert str(opens.day) in verdict.reason


def test_after_the_phase_closes_nobody_may_propose() -> None:
    process = a_process(phases=[a_phase(start=-9, end=-3)])
    with pytest.raises(PhaseClosed):
        process.allows(Act.PROPOSE, a_person(), now()).require()


def test_a_phase_lets_people_do_only_what_it_says() -> None:
    process = a_process(phases=[a_phase(PhaseKind.DISCUSSION, allows=[Act.SUPPORT])])
    person = a_person()
    assert process.allows(Act.SUPPORT, person, now())
    assert not process.allows(Act.PROPOSE, person, now())


def test_a_phase_includes_its_first_moment_and_not_its_last() -> None:
    phase = a_phase()
    assert phase.is_open(phase.opens_at)
    assert not phase.is_open(phase.closes_at)


def test_a_draft_process_looks_absent_and_an_archived_one_only_reads() -> None:
    process = a_process()
    process.state = Process.State.DRAFT
    assert process.allows(Act.PROPOSE, a_person(), now()).code == "process_not_found"
    process.state = Process.State.ARCHIVED
    assert process.allows(Act.PROPOSE, a_person(), now()).code == "phase_closed"


def test_overlapping_phases_are_refused_and_nothing_is_written() -> None:
    city = a_city()
    with pytest.raises(PhasesOverlap):
        a_process(city, phases=[a_phase(start=0, end=10), a_phase(start=9, end=12)])
    assert not Process.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_phases_that_touch_are_accepted_and_the_ledger_knows_the_process() -> None:
    process = a_process(phases=[a_phase(start=5, end=9), a_phase(start=-5, end=5)])
    assert process.current_phase(now()) == process.timeline()[0]
    assert process.next_phase(now()) == process.timeline()[1]
    assert LedgerEntry.objects.get().subject == f"process:{process.id}"


def test_a_phase_that_closes_before_it_opens_is_refused_by_the_database() -> None:
    process = a_process(phases=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.create(process=process, kind=PhaseKind.VOTE, opens_at=now(), closes_at=now() - DAY)


def test_demolition_is_closed_to_citizens_unless_the_process_opens_it() -> None:
    process = a_process(open_kinds=[DesignKind.PARK, DesignKind.REMOVE])
    assert process.design_kinds() == [DesignKind.PARK]
    process.allows_demolition = True
    assert process.design_kinds() == [DesignKind.PARK, DesignKind.REMOVE]


def test_running_processes_are_found_and_those_open_for_an_act() -> None:
    city = a_city()
    collecting = a_process(city)
    reviewing = a_process(city, phases=[a_phase(PhaseKind.REVIEW, allows=[])])
    a_process(city, phases=[a_phase(start=4, end=9)])
    assert set(Process.objects.running(now())) == {collecting, reviewing}
    assert Process.objects.in_city(city).open_for(Act.PROPOSE, now()) == [collecting]
