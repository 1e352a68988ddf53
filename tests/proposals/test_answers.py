"""Answers: written by one, approved by another, published at once, told to everybody concerned."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from metacity.accounts.models import Notice, User
from metacity.accounts.roles import Role
from metacity.accounts.services.roles import grant_role
from metacity.commons.errors import CityError, Forbidden
from metacity.commons.ledger import first_break
from metacity.commons.models import Event, LedgerEntry
from participation.proposals.errors import (
    AnswerChanged,
    AnswerWaiting,
    InvalidContent,
    NoAnswerWaiting,
    OwnAnswer,
    StateChanged,
)
from participation.proposals.models import Answer, Support
from participation.proposals.services import (
    approve_answer,
    hand_in_answer,
    request_supplement,
    save_answer,
    send_back_answer,
    take_back_answer,
    withdraw_proposal,
)
from participation.proposals.states import State
from tests.factories.accounts import person, signed_in
from tests.factories.processes import a_person
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

TEXT = "제안하신 대로 내년 봄에 그늘막을 두 곳 놓겠습니다."


def later(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.mark.django_db
def test_a_draft_is_seen_by_nobody_outside_the_office() -> None:
    author, official = a_person(), an_official()
    proposal = in_review(a_proposal(author=author), official)
    about = LedgerEntry.objects.filter(subject=proposal.subject)
    events, entries = Event.objects.count(), about.count()
    save_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    for reader in (Client(), signed_in(author), signed_in(person(roles=["moderator"]))):
        assert TEXT not in reader.get(proposal.get_absolute_url()).content.decode()
        assert reader.get(f"/api/v1/proposals/{proposal.pk}/").json()["answers"] == []
    assert Event.objects.count() == events
    assert about.count() == entries + 1  # handed in
    assert fresh(proposal).state == State.IN_REVIEW


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["accepted", "partly", "not_accepted"])
def test_approval_publishes_at_once(decision: str) -> None:
    author, official, approver = a_person(), an_official(), an_approver()
    proposal = supported(in_review(a_proposal(author=author), official), 2)
    supporters = User.objects.filter(supports__proposal=proposal)
    answer = hand_in_answer(proposal=proposal, by=official, content=an_answer(decision), at=timezone.now())
    approve_answer(proposal=proposal, by=approver, revision=answer.revision, at=timezone.now())
    assert fresh(proposal).state == decision
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert TEXT in page
    assert "팀장 결재" in page
    told = Client().get(f"/api/v1/proposals/{proposal.pk}/").json()
    assert [(one["number"], one["decision"], one["text"]) for one in told["answers"]] == [(1, decision, TEXT)]
    assert author.notices.filter(kind="proposal.answered").count() == 1
    assert all(one.notices.filter(kind="proposal.answered").count() == 1 for one in supporters)
    assert Event.objects.filter(room=proposal.room).latest("seq").payload["answers"] == 1
    assert LedgerEntry.objects.get(action="proposal.answered").facts["answer"] == str(answer.pk)
    assert first_break() is None


@pytest.mark.django_db
def test_nobody_approves_what_they_wrote() -> None:
    proposal, approver = in_review(), an_approver()
    answer = hand_in_answer(proposal=proposal, by=approver, content=an_answer(), at=timezone.now())
    with pytest.raises(OwnAnswer):
        approve_answer(proposal=proposal, by=approver, revision=answer.revision, at=timezone.now())
    with pytest.raises(OwnAnswer):
        send_back_answer(
            proposal=proposal, by=approver, revision=answer.revision, remark="더 짧게 써 주세요.", at=timezone.now()
        )
    assert fresh(proposal).state == State.IN_REVIEW


@pytest.mark.django_db
def test_nobody_approves_what_they_wrote_a_part_of_whoever_handed_it_in() -> None:
    proposal, approver = in_review(), an_approver()
    save_answer(proposal=proposal, by=approver, content=an_answer(), at=timezone.now())
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    with pytest.raises(OwnAnswer):
        approve_answer(proposal=proposal, by=approver, revision=answer.revision, at=timezone.now())
    approve_answer(proposal=proposal, by=an_approver(), revision=answer.revision, at=timezone.now())
    assert fresh(proposal).state == State.ACCEPTED


@pytest.mark.django_db
def test_the_database_refuses_the_same_person_twice() -> None:
    proposal, official = in_review(), an_official()
    answer = hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(decided_by=official)


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [(), ("official",), ("moderator",), ("clerk",), ("operator",)])
def test_only_a_team_leader_approves(roles: tuple[str, ...]) -> None:
    proposal = in_review()
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    with pytest.raises(Forbidden):
        approve_answer(proposal=proposal, by=person(roles=roles), revision=answer.revision, at=timezone.now())
    assert fresh(proposal).state == State.IN_REVIEW


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [(), ("approver",), ("moderator",)])
def test_only_an_official_writes(roles: tuple[str, ...]) -> None:
    proposal = in_review()
    for write in (save_answer, hand_in_answer):
        with pytest.raises(Forbidden):
            write(proposal=proposal, by=person(roles=roles), content=an_answer(), at=timezone.now())
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_what_was_changed_since_it_was_read_is_not_approved() -> None:
    proposal, official, approver = in_review(), an_official(), an_approver()
    read = hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now()).revision
    take_back_answer(proposal=proposal, by=official, at=timezone.now())
    with pytest.raises(NoAnswerWaiting):
        approve_answer(proposal=proposal, by=approver, revision=read, at=timezone.now())
    changed = an_answer(text="예산이 없어 놓지 못하게 되었습니다. 죄송합니다.")
    hand_in_answer(proposal=proposal, by=official, content=changed, at=timezone.now())
    with pytest.raises(AnswerChanged):
        approve_answer(proposal=proposal, by=approver, revision=read, at=timezone.now())
    assert fresh(proposal).state == State.IN_REVIEW


@pytest.mark.django_db
def test_while_it_waits_nobody_changes_it() -> None:
    proposal, official = in_review(), an_official()
    hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    with pytest.raises(AnswerWaiting):
        save_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    assert Answer.objects.count() == 1


@pytest.mark.django_db
def test_it_is_sent_back_with_a_remark_and_handed_in_again() -> None:
    official, approver = an_official(), an_approver()
    proposal = in_review(by=official)
    answer = hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    remark = "언제까지인지 써 주세요."
    send_back_answer(proposal=proposal, by=approver, revision=answer.revision, remark=remark, at=timezone.now())
    assert (Answer.objects.get().state, Answer.objects.get().remark) == ("sent_back", remark)
    assert official.notices.filter(kind="office.answer_sent_back").count() == 1
    again = hand_in_answer(proposal=proposal, by=official, content=an_answer(planned_on=later(90)), at=timezone.now())
    approve_answer(proposal=proposal, by=approver, revision=again.revision, at=timezone.now())
    assert Answer.objects.get().planned_on == later(90)


@pytest.mark.django_db
def test_the_department_s_team_leader_is_told_and_everybodys_where_it_has_none() -> None:
    official, leader, other = an_official(), an_approver(), an_approver()
    proposal = a_proposal()
    a_department(proposal.city, members=[official, leader])
    proposal = in_review(proposal, official)
    hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    assert leader.notices.filter(kind="office.answer_waiting").exists()
    assert not other.notices.exists()
    without = in_review(by=official)
    hand_in_answer(proposal=without, by=official, content=an_answer(), at=timezone.now())
    assert other.notices.filter(kind="office.answer_waiting").exists()


@pytest.mark.django_db
def test_a_proposal_withdrawn_while_its_answer_waits_is_answered_by_nobody() -> None:
    author, official = a_person(), an_official()
    proposal = in_review(a_proposal(author=author), official)
    answer = hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    with pytest.raises(NoAnswerWaiting):
        approve_answer(proposal=proposal, by=an_approver(), revision=answer.revision, at=timezone.now())
    assert fresh(proposal).state == State.WITHDRAWN
    assert Answer.objects.get().state == Answer.State.DROPPED


@pytest.mark.django_db
def test_what_is_asked_of_the_author_makes_the_answer_a_draft_again() -> None:
    proposal, official = in_review(), an_official()
    hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    request_supplement(proposal=proposal, by=official, words="장소를 알려 주세요.", until=later(7), at=timezone.now())
    assert Answer.objects.get().state == Answer.State.DRAFT


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.WITHDRAWN, State.MERGED])
def test_nothing_is_answered_before_the_review_or_after_the_end(state: State) -> None:
    proposal = a_proposal()
    type(proposal).objects.filter(pk=proposal.pk).update(state=state)
    with pytest.raises(StateChanged):
        save_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_after_an_interim_answer_the_final_one_follows_and_both_are_readable() -> None:
    proposal = answered(in_review(), "interim", planned_on=dt.date(2027, 1, 15), at=at_noon("2026-12-01"))
    assert proposal.state == State.INTERIM_ANSWER
    with pytest.raises(StateChanged):
        answered(proposal, "interim", planned_on=dt.date(2027, 2, 1), at=at_noon("2026-12-02"))
    proposal = answered(proposal, text="두 곳을 골라 내년 봄에 놓기로 정했습니다.", at=at_noon("2026-12-20"))
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "이전 답변: 중간답변" in page
    assert "두 곳을 골라" in page
    assert TEXT in page


def at_noon(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T03:00+00:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("planned", "why"), [(None, "no day"), ("2026-11-20", "past"), ("2026-12-25", "holiday"), ("2027-12-01", "far")]
)
def test_an_interim_answer_promises_a_working_day(planned: str | None, why: str) -> None:
    proposal, official = in_review(), an_official()

    def write() -> None:
        content = an_answer("interim", planned_on=dt.date.fromisoformat(planned) if planned else None)
        save_answer(proposal=proposal, by=official, content=content, at=at_noon("2026-12-01"))

    with pytest.raises(InvalidContent) as refused:
        write()
    assert "planned_on" in refused.value.fields, why
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_promise_that_passed_while_it_waited_is_not_published() -> None:
    proposal = in_review()
    content = an_answer("interim", planned_on=dt.date(2026, 12, 4))
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=content, at=at_noon("2026-12-01"))
    with pytest.raises(InvalidContent):
        approve_answer(proposal=proposal, by=an_approver(), revision=answer.revision, at=at_noon("2026-12-07"))
    assert fresh(proposal).state == State.IN_REVIEW


@pytest.mark.django_db
def test_a_correction_is_published_as_one_and_what_stood_before_stays() -> None:
    proposal = answered(in_review(), "not_accepted")
    changed = {"text": "집에서 21 m 떨어져 있어 놓을 수 없습니다.", "correction": "거리를 바로잡음"}
    proposal = answered(proposal, "not_accepted", **changed)
    assert proposal.state == State.NOT_ACCEPTED
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert all(words in page for words in ("거리를 바로잡음", "21 m", TEXT, "답변을 바로잡았습니다."))
    assert [answer.number for answer in Answer.objects.published()] == [1, 2]


@pytest.mark.django_db
def test_a_correction_says_what_it_corrects_and_keeps_the_decision() -> None:
    proposal, official = answered(in_review(), "not_accepted"), an_official()
    for content in (an_answer("not_accepted"), an_answer("accepted", correction="결정을 뒤집음")):
        with pytest.raises(InvalidContent):
            save_answer(proposal=proposal, by=official, content=content, at=timezone.now())
    assert Answer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_publishes() -> None:
    proposal = in_review()
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    approvers = [an_approver() for _ in range(2)]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def go(approver: User) -> None:
        try:
            start.wait()
            approve_answer(proposal=proposal, by=approver, revision=answer.revision, at=timezone.now())
            outcomes.append("done")
        except CityError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(approver,)) for approver in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "no_answer_waiting"]
    assert proposal.steps.filter(kind="answered").count() == 1
    assert LedgerEntry.objects.filter(action="proposal.answered").count() == 1


@pytest.mark.django_db
def test_ten_thousand_supporters_are_told_once_each_in_few_statements(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    proposal = in_review()
    people = User.objects.bulk_create([User(masked_name=f"시민{number}") for number in range(10_000)], batch_size=5000)
    Support.objects.bulk_create([Support(person=one, proposal=proposal) for one in people], batch_size=5000)
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    approver = an_approver()
    statements = 10_000 * 8 // 900 + 60  # SQLite takes 999 parameters at once
    with django_assert_max_num_queries(statements):  # type: ignore[operator]
        approve_answer(proposal=proposal, by=approver, revision=answer.revision, at=timezone.now())
    told = Notice.objects.filter(kind="proposal.answered")
    assert told.count() == 9_999 + 1  # all but who has left, and the author
    assert told.values("person").distinct().count() == 10_000


@pytest.mark.django_db
def test_answers_are_shown_as_text() -> None:
    proposal = answered(
        in_review(), text="<img src=x onerror=alert(1)> 그늘막을 두 곳 놓겠습니다.", next_steps="<b>3월</b>까지"
    )
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert "<b>3월" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"text": "짧다"}, "text"),
        ({"text": "가" * 1_000_000}, "text"),
        ({"text": "가" * 10_001}, "text"),
        ({"next_steps": ""}, "next_steps"),
        ({"next_steps": "가" * 2_001}, "next_steps"),
        ({"correction": "가" * 301}, "correction"),
        ({"decision": "under_way"}, "decision"),
        ({"decision": "<script>"}, "decision"),
    ],
)
def test_answers_that_cannot_be_stored_name_their_field(told: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        an_answer(**told)
    assert field in refused.value.fields


@pytest.mark.django_db
def test_one_who_lost_the_role_meanwhile_approves_nothing() -> None:
    proposal = in_review()
    answer = hand_in_answer(proposal=proposal, by=an_official(), content=an_answer(), at=timezone.now())
    citizen = person()
    with pytest.raises(Forbidden):
        approve_answer(proposal=proposal, by=citizen, revision=answer.revision, at=timezone.now())
    grant_role(user=citizen, role=Role.APPROVER, by=None)
    approve_answer(proposal=proposal, by=citizen, revision=answer.revision, at=timezone.now())
    assert fresh(proposal).state == State.ACCEPTED
