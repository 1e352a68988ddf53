"""The clock that enough supports start: once, by working days, resting and ending by rule."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from metacity.accounts.models import Notice, User
from metacity.commons import clocks
from metacity.commons.ledger import first_break
from metacity.commons.models import Event, LedgerEntry
from participation.processes.models import Process
from participation.proposals.errors import NotExtendable
from participation.proposals.models import Deadline, Proposal, Step, StepKind
from participation.proposals.services import (
    extend_deadline,
    give_support,
    merge_proposal,
    request_supplement,
    revise_proposal,
    take_back_support,
    transfer_proposal,
    withdraw_proposal,
)
from participation.proposals.services.reminders import remind_of_deadlines
from tests.factories.processes import a_person, a_phase, a_process
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

SEOUL = dt.timezone(dt.timedelta(hours=9))
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)  # 20 working days later: 21 December
AT_ONCE = 40
REASON = "다른 부서의 의견을 더 들어야 합니다."


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(MONDAY, tick=False)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}T10:00").replace(tzinfo=SEOUL)


def a_goal_of(count: int, **fields: Any) -> Process:
    return a_process(phases=[a_phase(start=-30, end=200)], support_goal=count, **fields)


def started(count: int = 2, **fields: Any) -> Proposal:
    """A proposal whose clock started today, at a place."""
    process = a_goal_of(count, **fields)
    return supported(a_proposal(process, place=a_place(process)), count, at=MONDAY)


@pytest.mark.django_db
def test_the_support_that_reaches_the_goal_starts_the_clock() -> None:
    process = a_goal_of(3)
    author = a_person()
    proposal = supported(a_proposal(process, author), 2, at=MONDAY)
    assert proposal.clock is None
    proposal = supported(proposal, 1, at=MONDAY)
    assert proposal.clock is not None
    assert (proposal.clock.started_on, proposal.clock.due_on) == (day("2026-11-23"), day("2026-12-21"))
    assert (proposal.clock.goal, proposal.clock.days) == (3, 20)
    assert author.notices.get().kind == "proposal.goal_reached"
    assert LedgerEntry.objects.filter(action="proposal.goal_reached", subject=proposal.subject).count() == 1
    told = Event.objects.filter(room=proposal.room).latest("seq")
    assert told.payload["deadline"]["due_on"] == "2026-12-21"
    assert first_break() is None


@pytest.mark.django_db
def test_the_page_says_until_when_and_by_which_rule() -> None:
    page = Client().get(started().get_absolute_url()).content.decode()
    assert "공감 2개를 넘어 2026년 12월 21일까지 답합니다(근무일 20일, 토·일·공휴일 제외)." in page
    assert "근무일 20일 남았습니다." in page
    assert reverse("proposals:deadlines") in page
    assert "기한 지남" not in page


@pytest.mark.django_db
def test_each_project_may_have_days_of_its_own(settings: LazySettings) -> None:
    assert started(answer_days=5).clock.due_on == day("2026-11-30")  # type: ignore[union-attr]
    settings.ANSWER_DAYS = 10
    assert started().clock.due_on == day("2026-12-07")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_without_a_goal_no_clock_starts() -> None:
    proposal = supported(a_proposal(a_process(phases=[a_phase(start=-30, end=200)])), 3, at=MONDAY)
    assert proposal.clock is None
    assert not proposal.steps.exists()


@pytest.mark.django_db
def test_half_past_midnight_in_seoul_is_the_next_day() -> None:
    late = dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)
    proposal = supported(a_proposal(a_goal_of(1)), 1, at=late)
    assert proposal.clock is not None
    assert proposal.clock.started_on == day("2026-11-24")


@pytest.mark.django_db
def test_supports_taken_back_and_given_again_neither_stop_nor_renew_it() -> None:
    process, person = a_goal_of(1), a_person()
    proposal = a_proposal(process)
    give_support(proposal=fresh(proposal), person=person, at=MONDAY)
    take_back_support(proposal=fresh(proposal), person=person, at=MONDAY)
    give_support(proposal=fresh(proposal), person=person, at=at("2026-11-30"))
    clock = fresh(proposal).clock
    assert clock is not None
    assert (clock.started_on, clock.has_ended) == (day("2026-11-23"), False)
    assert proposal.steps.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_second_clock() -> None:
    proposal = started()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.create(
            proposal=proposal, goal=1, days=1, started_on=day("2026-11-23"), due_on=day("2026-11-24")
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(proposal=proposal, kind=StepKind.GOAL_REACHED)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_who_support_together_start_one_clock_and_one_notice() -> None:
    process, author = a_goal_of(50), a_person()
    proposal = a_proposal(process, author, place=a_place(process))
    people = [a_person() for _ in range(100)]

    def support(person: User) -> None:
        try:
            give_support(proposal=fresh(proposal), person=person, at=MONDAY)
        finally:
            connection.close()

    # A PostgreSQL as it comes takes a hundred connections, and others have some of them.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(support, people))
    assert fresh(proposal).supports_count == 100
    assert Deadline.objects.count() == 1
    assert Step.objects.filter(kind=StepKind.GOAL_REACHED).count() == 1
    assert Notice.objects.filter(person=author, kind="proposal.goal_reached").count() == 1
    assert LedgerEntry.objects.filter(action="proposal.goal_reached").count() == 1
    assert first_break() is None


@pytest.mark.django_db
def test_it_is_overdue_only_once_its_last_day_is_over(time_machine: Any) -> None:
    proposal = started()
    address = proposal.get_absolute_url()
    time_machine.move_to(dt.datetime(2026, 12, 21, 23, 59, tzinfo=SEOUL))
    assert "기한 지남" not in Client().get(address).content.decode()
    assert "오늘까지입니다." in Client().get(address).content.decode()
    time_machine.move_to(dt.datetime(2026, 12, 22, 0, 1, tzinfo=SEOUL))
    page = Client().get(address).content.decode()
    assert "기한 지남" in page
    assert "2026년 12월 21일까지 답해야 했습니다. 근무일로 1일 지났습니다." in page
    assert "기한 지남" in Client().get(reverse("proposals:list")).content.decode()
    assert Client().get(f"/api/v1/proposals/{proposal.pk}/").json()["deadline"]["is_overdue"] is True


@pytest.mark.django_db
def test_it_rests_while_the_author_adds_something_and_then_goes_on(time_machine: Any) -> None:
    author = a_person()
    process = a_goal_of(2)
    proposal = in_review(supported(a_proposal(process, author), 2, at=MONDAY), at=MONDAY)
    official = an_official()
    request_supplement(
        proposal=proposal, by=official, words="장소를 알려 주세요.", until=day("2026-12-10"), at=at("2026-11-25")
    )
    clock = fresh(proposal).clock
    assert clock is not None
    assert (clock.is_paused, clock.days_left) == (True, 18)
    time_machine.move_to(at("2027-01-10"))
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "처리기한 멈춤" in page
    assert "기한 지남" not in page
    content = a_content(title="새로 쓴 제목입니다")
    revise_proposal(proposal=proposal, author=author, content=content, key=proposal.pk, at=at("2026-12-07"))
    clock = fresh(proposal).clock
    assert clock is not None
    assert clock.due_on == day("2027-01-04")  # 18 working days after 7 December
    assert proposal.steps.get(kind=StepKind.SUPPLEMENTED).facts["due_on"] == "2027-01-04"


@pytest.mark.django_db
def test_it_rests_at_another_office_and_not_in_another_department() -> None:
    proposal, official = in_review(started(), at=MONDAY), an_official()
    department = a_department(proposal.city)
    transfer_proposal(proposal=proposal, by=official, department=department, words=REASON, at=MONDAY)
    assert fresh(proposal).clock.is_running  # type: ignore[union-attr]
    proposal = in_review(fresh(proposal), at=MONDAY)
    transfer_proposal(proposal=proposal, by=official, office="가온경찰서", words=REASON, at=MONDAY)
    assert fresh(proposal).clock.is_paused  # type: ignore[union-attr]
    assert in_review(fresh(proposal), at=MONDAY).clock.is_running  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_clock_that_starts_while_the_author_is_asked_rests_from_the_start() -> None:
    proposal = in_review(a_proposal(a_goal_of(1)), at=MONDAY)
    request_supplement(
        proposal=proposal, by=an_official(), words="장소를 알려 주세요.", until=day("2026-12-10"), at=MONDAY
    )
    clock = supported(fresh(proposal), 1, at=MONDAY).clock
    assert clock is not None
    assert (clock.is_paused, clock.days_left) == (True, 20)


@pytest.mark.django_db
def test_an_extension_is_given_once_in_time_and_with_a_reason(time_machine: Any) -> None:
    proposal, official = in_review(started(), at=MONDAY), an_official()
    extend_deadline(proposal=proposal, by=official, words=REASON, at=at("2026-12-21"))
    assert fresh(proposal).clock.due_on == day("2027-01-06")  # type: ignore[union-attr]
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "처리기한을 2027년 1월 6일까지로 늘렸습니다." in page
    assert REASON in page
    with pytest.raises(NotExtendable):
        extend_deadline(proposal=proposal, by=official, words=REASON, at=at("2026-12-22"))
    assert fresh(proposal).clock.due_on == day("2027-01-06")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_nobody_extends_what_is_late_or_has_no_clock() -> None:
    proposal, official = in_review(started(), at=MONDAY), an_official()
    with pytest.raises(NotExtendable):
        extend_deadline(proposal=proposal, by=official, words=REASON, at=at("2026-12-22"))
    with pytest.raises(NotExtendable):
        extend_deadline(proposal=in_review(), by=official, words=REASON, at=MONDAY)
    assert fresh(proposal).clock.extensions == 0  # type: ignore[union-attr]


@pytest.mark.django_db
def test_an_interim_answer_moves_it_to_the_promised_day_and_the_answer_ends_it() -> None:
    proposal = in_review(started(), at=MONDAY)
    proposal = answered(proposal, "interim", planned_on=day("2027-01-15"), at=at("2026-12-10"))
    assert proposal.clock is not None
    assert (proposal.clock.due_on, proposal.clock.has_ended) == (day("2027-01-15"), False)
    proposal = answered(proposal, at=at("2027-01-14"))
    assert proposal.clock is not None
    assert proposal.clock.ended_on == day("2027-01-14")
    assert "days_late" not in proposal.steps.filter(kind=StepKind.ANSWERED).latest("pk").facts


@pytest.mark.django_db
def test_a_late_answer_says_how_late_it_was() -> None:
    proposal = answered(in_review(started(), at=MONDAY), at=at("2026-12-24"))
    assert "기한을 근무일로 3일 넘겼습니다." in Client().get(proposal.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_withdrawing_and_merging_end_it() -> None:
    author = a_person()
    process = a_goal_of(1)
    mine = supported(a_proposal(process, author), 1, at=MONDAY)
    other = supported(a_proposal(process), 1, at=MONDAY)
    merge_proposal(proposal=other, by=an_official(), into=mine, words="같은 정류장에 대한 제안입니다.", at=MONDAY)
    assert fresh(other).clock.has_ended  # type: ignore[union-attr]
    assert fresh(mine).clock.is_running  # type: ignore[union-attr]
    withdraw_proposal(proposal=mine, author=author, at=MONDAY)
    assert fresh(mine).clock.has_ended  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "value"), [("ANSWER_DAYS", 0), ("EXTENSION_DAYS", 900), ("MOST_EXTENSIONS", -1)])
def test_periods_in_which_nobody_could_answer_are_named_at_start(settings: LazySettings, name: str, value: int) -> None:
    setattr(settings, name, value)
    assert [fault.id for fault in run_checks() if fault.id == "proposals.E001"] == ["proposals.E001"]


# --- Reminders ---


def reminders(person: User) -> list[tuple[str, int]]:
    found = person.notices.filter(kind__in=["office.due_soon", "office.overdue"]).order_by("made_at", "pk")
    return [(notice.kind, notice.facts["days"]) for notice in found]


@pytest.mark.django_db
def test_whoever_is_in_charge_is_reminded_twice_and_told_once_that_it_is_late(time_machine: Any) -> None:
    official, colleague = an_official(), an_official()
    in_review(started(), official, at=MONDAY)
    for text in ("2026-12-09", "2026-12-10", "2026-12-11", "2026-12-16", "2026-12-17", "2026-12-22", "2026-12-23"):
        time_machine.move_to(at(text), tick=False)
        for _time in range(2):
            remind_of_deadlines(at=clocks.now())
    assert reminders(official) == [("office.due_soon", 7), ("office.due_soon", 3), ("office.overdue", 0)]
    assert reminders(colleague) == []


@pytest.mark.django_db
def test_the_department_is_reminded_where_nobody_is_in_charge_and_everybody_where_there_is_none() -> None:
    member, other = an_official(), an_official()
    with_department, without = started(), started()
    department = a_department(with_department.city, members=[member])
    Proposal.objects.filter(pk=with_department.pk).update(department=department)
    remind_of_deadlines(at=at("2026-12-18"))
    assert len(reminders(member)) == 2
    assert len(reminders(other)) == 1
    assert other.notices.get().url == without.office_url


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_rests_or_has_ended() -> None:
    official = an_official()
    proposal = in_review(started(), official, at=MONDAY)
    request_supplement(proposal=proposal, by=official, words="장소를 알려 주세요.", until=day("2026-12-10"), at=MONDAY)
    answered(in_review(started(), official, at=MONDAY), at=MONDAY)
    assert remind_of_deadlines(at=at("2026-12-18")) == 0
    assert reminders(official) == []


# --- The rule ---


@pytest.mark.django_db
def test_the_rule_is_published_with_its_numbers_and_holidays(settings: LazySettings) -> None:
    settings.EXTENSION_DAYS = 7
    process = a_goal_of(30, title="둔치 고치기", answer_days=15)
    page = Client().get(reverse("proposals:deadlines")).content.decode()
    assert all(words in page for words in ("근무일 7일씩", "둔치 고치기", "설날", "기독탄신일", "2026년 12월 21일"))
    assert str(process.days_to_answer) in page
    english = Client().get(reverse("proposals:deadlines"), headers={"accept-language": "en"}).content.decode()
    assert "The first day is the next working day." in english
    assert "Chuseok" in english
