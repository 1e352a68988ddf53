"""Objecting: within the published time, once a measure, and judged by a second person."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.commons.errors import CityError, Forbidden
from participation.moderation.errors import (
    AppealedAlready,
    AppealSettled,
    AppealTooLate,
    DecisionNotFound,
    NotAppealable,
    NotYours,
    SecondPerson,
)
from participation.moderation.models import Appeal, Decision
from participation.moderation.policy import policy
from participation.moderation.services import end_measures, object_to
from participation.proposals.models import Proposal
from tests.factories.accounts import person, signed_in
from tests.factories.moderation import (
    OBJECTION,
    REASON,
    a_moderator,
    answered,
    decided,
    hidden,
    hidden_for_a_time,
    objected,
    reported,
)
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db


def page_of(decision: Decision) -> str:
    return reverse("moderation:decision", args=[decision.pk])


def test_the_author_reads_the_decision_with_rule_and_reason_and_objects() -> None:
    proposal = a_proposal()
    decision = hidden(proposal)
    assert proposal.author is not None
    browser = signed_in(proposal.author)
    page = browser.get(page_of(decision)).content.decode()
    told = (REASON, "광고이거나 도배예요", proposal.content.title, proposal.content.text)
    assert all(words in page for words in told)
    assert browser.post(page_of(decision), {"words": OBJECTION}).status_code == 303
    after = browser.get(page_of(decision)).content.decode()
    assert OBJECTION in after
    assert "다시 살펴보는 중" in after
    assert "<textarea" not in after


def test_an_objection_that_is_right_shows_the_text_again_and_says_so() -> None:
    proposal, reporter = a_proposal(), person()
    decision = decided(reported(proposal, by=reporter))
    appeal = objected(decision)
    second = a_moderator()
    page = reverse("moderation:appeal", args=[appeal.pk])
    assert OBJECTION in signed_in(second).get(page).content.decode()
    answer = signed_in(second).post(page, {"verdict": "granted", "words": "광고로 볼 수 없습니다."})
    assert answer.status_code == 303
    assert not Proposal.objects.get(pk=proposal.pk).is_hidden
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by) == ("granted", second)
    assert proposal.author is not None
    notices = signed_in(proposal.author).get(reverse("accounts:notices")).content.decode()
    assert "이의제기가 받아들여졌습니다" in notices
    assert "광고로 볼 수 없습니다." in notices
    assert "다시 보이게" in signed_in(reporter).get(reverse("accounts:notices")).content.decode()


def test_an_objection_that_is_not_right_leaves_the_measure_and_is_answered() -> None:
    proposal = a_proposal()
    appeal = answered(objected(hidden(proposal)), grants=False)
    assert Proposal.objects.get(pk=proposal.pk).is_hidden
    assert proposal.author is not None
    page = signed_in(proposal.author).get(page_of(appeal.decision)).content.decode()
    assert appeal.answer in page
    assert "조치를 유지합니다" in signed_in(proposal.author).get(reverse("accounts:notices")).content.decode()


def test_who_took_the_measure_does_not_judge_the_objection() -> None:
    first = a_moderator()
    appeal = objected(hidden(a_proposal(), by=first))
    page = reverse("moderation:appeal", args=[appeal.pk])
    assert "<textarea" not in signed_in(first).get(page).content.decode()
    assert signed_in(first).post(page, {"verdict": "granted", "words": "제가 다시 봤습니다."}).status_code == 403
    with pytest.raises(SecondPerson):
        answered(appeal, grants=False, by=first)
    assert str(appeal.pk) not in signed_in(first).get(reverse("moderation:appeals")).content.decode()
    assert Appeal.objects.get().is_waiting


def test_the_database_refuses_the_same_person_a_second_time() -> None:
    first = a_moderator()
    appeal = objected(hidden(a_proposal(), by=first))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(state="upheld", decided_by=first, decided_at=timezone.now())


def test_a_moderator_does_not_judge_their_own_objection() -> None:
    author = a_moderator()
    appeal = objected(hidden(a_proposal(author=author)))
    with pytest.raises(NotYours):
        answered(appeal, grants=True, by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(state="granted", decided_by=author, decided_at=timezone.now())
    assert Appeal.objects.get().is_waiting


def test_outsiders_judge_no_objection() -> None:
    appeal = objected(hidden(a_proposal()))
    for outsider in (person(), person(roles=["official"], second_factor=True)):
        assert signed_in(outsider).get(reverse("moderation:appeal", args=[appeal.pk])).status_code == 403
        with pytest.raises(Forbidden):
            answered(appeal, grants=True, by=outsider)


def test_one_objects_until_the_last_day_and_not_after_it() -> None:
    start = timezone.now()
    proposal, other = a_proposal(), a_proposal()
    last = start + dt.timedelta(days=policy().appeal_days)
    objected(hidden(proposal, at=start), at=last)
    with pytest.raises(AppealTooLate):
        objected(hidden(other, at=start), at=last + dt.timedelta(seconds=1))
    assert Appeal.objects.count() == 1


def test_one_objects_once_and_in_words() -> None:
    decision = hidden(a_proposal())
    author = decision.author
    assert author is not None
    for words in ("", "  ", "짧다", "가" * 2001, "x" * 1_000_000):
        assert signed_in(author).post(page_of(decision), {"words": words}).status_code == 400
    objected(decision)
    with pytest.raises(AppealedAlready):
        objected(decision)
    assert Appeal.objects.count() == 1


def test_a_decision_is_its_authors_alone() -> None:
    decision = hidden(a_proposal())
    assert Client().get(page_of(decision)).status_code == 302
    for outsider in (person(), a_moderator()):
        assert signed_in(outsider).get(page_of(decision)).status_code == 404
        assert signed_in(outsider).post(page_of(decision), {"words": OBJECTION}).status_code == 404
        with pytest.raises(DecisionNotFound):
            object_to(decision=decision, author=outsider, words=OBJECTION, at=timezone.now())
    assert not Appeal.objects.exists()


def test_one_cannot_object_to_what_does_not_stand() -> None:
    case = reported(a_proposal())
    kept = decided(case, "keep")
    measure = hidden(a_proposal())
    decided(measure.case, "restore")
    for decision in (kept, measure):
        with pytest.raises(NotAppealable):
            objected(decision)


def test_a_later_decision_settles_an_objection_that_waits() -> None:
    start = timezone.now() - dt.timedelta(days=5)
    ended, turned, restored = a_proposal(), a_proposal(), a_proposal()
    appeals = [objected(hidden_for_a_time(proposal, 3, at=start), at=start) for proposal in (ended, turned)]
    appeals.append(objected(hidden(restored)))
    decided(appeals[1].decision.case, "hide", rule="rights")
    decided(appeals[2].decision.case, "restore")
    assert end_measures(timezone.now()) == 1
    for appeal in appeals:
        appeal.refresh_from_db()
        assert appeal.state == "lapsed"
        with pytest.raises(AppealSettled):
            answered(appeal, grants=True)
    assert Proposal.objects.get(pk=turned.pk).is_hidden


def test_one_objects_anew_to_the_measure_that_followed_a_temporary_one() -> None:
    decision = hidden_for_a_time(a_proposal())
    objected(decision)
    objected(decided(decision.case, "hide", rule="rights"))
    assert sorted(Appeal.objects.values_list("state", flat=True)) == ["lapsed", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_of_a_second_look_and_another_decision_at_once_each_is_whole() -> None:
    """Whoever comes second is refused; text, case and objection agree in the end."""
    proposal = a_proposal()
    appeal = objected(hidden(proposal))
    one, other, third = a_moderator(), a_moderator(), a_moderator()
    refusals: list[CityError] = []
    faults: list[BaseException] = []
    start = threading.Barrier(3)

    def act(what: int) -> None:
        try:
            start.wait()
            fresh = Appeal.objects.select_related("decision__case", "author").get(pk=appeal.pk)
            if what < 2:
                answered(fresh, grants=what == 0, by=(one, other)[what])
            else:
                decided(fresh.decision.case, "restore", by=third)
        except CityError as refusal:
            refusals.append(refusal)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(what,)) for what in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    appeal.refresh_from_db()
    case = appeal.decision.case
    case.refresh_from_db()
    assert appeal.state in ("granted", "upheld", "lapsed")
    assert len(refusals) == (1 if appeal.state == "upheld" else 2)
    assert Proposal.objects.get(pk=proposal.pk).is_hidden is case.is_hidden is False
