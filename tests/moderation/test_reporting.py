"""Reporting: for a reason of the published list, once a person, and in confidence."""

import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import User
from metacity.commons.models import LedgerEntry
from participation.moderation.errors import ReportedAlready
from participation.moderation.models import Case, Report
from participation.moderation.policy import policy
from participation.moderation.views.reporting import REPORTS_AN_HOUR
from participation.proposals.models import Proposal
from tests.factories.accounts import person, signed_in
from tests.factories.moderation import hidden, reported
from tests.factories.processes import a_process
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_reported_yet() -> None:
    cache.clear()


def page_of(proposal: Proposal) -> str:
    return reverse("moderation:report", args=["proposal", proposal.pk])


def send(who: User, proposal: Proposal, **told: Any) -> Any:
    return signed_in(who).post(page_of(proposal), {"reason": "insult", "words": ""} | told)


def test_a_report_opens_a_case_and_leads_back_to_the_text() -> None:
    proposal, who = a_proposal(), person()
    answer = send(who, proposal, words="세 번째 줄에 욕이 있습니다.")
    assert (answer.status_code, answer["Location"]) == (303, proposal.get_absolute_url())
    case = Case.objects.get()
    assert (case.kind, case.subject_id, case.author, case.waiting_reports) == (
        "proposal",
        proposal.pk,
        proposal.author,
        1,
    )
    report = case.reports.get()
    assert (report.reporter, report.reason, report.words) == (who, "insult", "세 번째 줄에 욕이 있습니다.")


def test_the_page_gives_every_published_reason_and_whom_to_call() -> None:
    page = signed_in(person()).get(page_of(a_proposal())).content.decode()
    assert all(reason.title in page for reason in policy().reasons)
    assert all(f"tel:{number}" in page for number in ("112", "119", "109"))


def test_a_second_report_of_the_same_person_counts_for_nothing() -> None:
    proposal, who = a_proposal(), person()
    send(who, proposal)
    answer = send(who, proposal, reason="privacy")
    assert answer.status_code == 409
    assert "이미 신고" in answer.content.decode()
    assert Case.objects.get().waiting_reports == Report.objects.count() == 1


def test_the_database_refuses_a_second_report_of_the_same_person() -> None:
    case, who = reported(a_proposal()), person()
    Report.objects.create(case=case, reporter=who, reason="insult")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(case=case, reporter=who, reason="privacy")


def test_a_guest_is_told_how_and_reports_nothing() -> None:
    proposal = a_proposal()
    page = Client().get(page_of(proposal)).content.decode()
    assert reverse("account_login") in page
    assert "로그인하고 신고" in page
    assert Client().post(page_of(proposal), {"reason": "insult"}).status_code == 401
    assert not Case.objects.exists()


def test_one_who_has_not_agreed_to_the_terms_reports_nothing() -> None:
    assert send(person(agreed=False), a_proposal()).status_code == 403
    assert not Case.objects.exists()


def test_nobody_reports_their_own_text() -> None:
    proposal = a_proposal()
    assert proposal.author is not None
    assert 'name="reason"' not in signed_in(proposal.author).get(page_of(proposal)).content.decode()
    assert send(proposal.author, proposal).status_code == 403
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "nonsense"}, "reason"),
        ({"reason": "rights", "words": ""}, "words"),
        ({"reason": "rights", "words": " 짧다 "}, "words"),
        ({"words": "가" * 1001}, "words"),
        ({"words": "x" * 1_000_000}, "words"),
    ],
    ids=["no reason", "unknown reason", "rights without words", "too short", "too long", "a megabyte"],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_changes_nothing(told: dict[str, str], field: str) -> None:
    answer = send(person(), a_proposal(), **told)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Case.objects.exists()


def test_hostile_words_stay_words() -> None:
    proposal = a_proposal()
    words = "<script>alert(1)</script>\u202e {{ 7|add:7 }} ' OR 1=1 --"
    assert send(person(), proposal, words=words).status_code == 303
    moderator = person(roles=["moderator"], second_factor=True)
    page = signed_in(moderator).get(reverse("moderation:case", args=[Case.objects.get().pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page


@pytest.mark.parametrize("kind", ["proposal", "alias", "nothing"])
def test_what_is_not_there_cannot_be_reported(kind: str) -> None:
    address = reverse("moderation:report", args=[kind, "00000000-0000-4000-8000-000000000000"])
    assert signed_in(person()).get(address).status_code == 404
    assert signed_in(person()).post(address, {"reason": "insult"}).status_code == 404


def test_what_is_hidden_looks_absent_and_cannot_be_reported_again() -> None:
    proposal = a_proposal()
    hidden(proposal)
    assert signed_in(person()).get(page_of(proposal)).status_code == 404


def test_a_person_has_so_many_reports_an_hour() -> None:
    process, who = a_process(), person()
    proposals = [a_proposal(process) for _ in range(REPORTS_AN_HOUR + 1)]
    answers = [send(who, proposal).status_code for proposal in proposals]
    assert answers == [303] * REPORTS_AN_HOUR + [429]
    assert Report.objects.count() == REPORTS_AN_HOUR


def test_the_ledger_tells_of_a_report_and_not_of_who_made_it() -> None:
    who = person()
    case = reported(a_proposal(), by=who, words="이 사람이 옆집에 삽니다.")
    entry = LedgerEntry.objects.get(action="moderation.reported")
    assert (entry.actor, entry.subject) == (None, case.subject)
    assert str(who.actor_id) not in str(entry.facts)
    assert str(who.pk) not in str(entry.facts)


def test_neither_author_nor_reporters_learn_who_reported() -> None:
    proposal = a_proposal()
    first, second = person(alias="먼저 신고한 이"), person(alias="나중 신고한 이")
    reported(proposal, by=first, words="첫 신고자의 말입니다.")
    hidden(proposal)
    assert proposal.author is not None
    pages = [
        signed_in(reader).get(address).content.decode()
        for reader in (proposal.author, second)
        for address in (
            reverse("moderation:mine"),
            reverse("accounts:notices"),
            reverse("accounts:export"),
            reverse("moderation:rules"),
        )
    ]
    assert not [page for page in pages if "먼저 신고한 이" in page or "첫 신고자" in page or str(first.pk) in page]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_case_and_count_once_each() -> None:
    proposal, people = a_proposal(), [person() for _ in range(10)]
    failures: list[BaseException] = []
    start = threading.Barrier(20)

    def report(who: User) -> None:
        try:
            start.wait()
            reported(Proposal.objects.get(pk=proposal.pk), by=who, at=timezone.now())
        except ReportedAlready:
            pass
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(who,)) for who in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Case.objects.get().waiting_reports == Report.objects.count() == 10
