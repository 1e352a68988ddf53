"""What is kept of a person here can be taken along, and goes when the person goes."""

import pytest
from django.utils import timezone

from metacity.accounts.data import export_all
from metacity.accounts.services.erasure import erase_account
from metacity.commons.ledger import first_break
from metacity.commons.models import LedgerEntry
from participation.proposals.models import Draft, ProposalVersion, Support
from participation.proposals.services import begin_draft, give_support, save_answer, withdraw_proposal
from participation.proposals.services.drafts import Holder
from tests.factories.processes import a_person, a_process
from tests.factories.proposals import a_proposal, an_answer, an_official, in_review

pytestmark = pytest.mark.django_db


def test_everything_written_and_supported_is_exported() -> None:
    person = a_person()
    mine, other = a_proposal(author=person), a_proposal(title="남이 낸 제안입니다")
    give_support(proposal=other, person=person, at=timezone.now())
    begin_draft(holder=Holder(person), city=mine.city, fields={"title": "쓰다 만 글"})
    told = export_all(person)["proposals"]
    assert told["proposals"][0]["versions"][0]["text"] == mine.content.text
    assert told["supports"][0]["title"] == "남이 낸 제안입니다"
    assert told["drafts"][0]["typed"]["title"] == "쓰다 만 글"


def test_a_person_who_leaves_takes_drafts_and_supports_and_the_text_stays_without_a_name() -> None:
    person = a_person(alias="골목 산책")
    mine, other = a_proposal(author=person), a_proposal(title="남이 낸 제안입니다")
    give_support(proposal=other, person=person, at=timezone.now())
    begin_draft(holder=Holder(person), city=mine.city, fields={"title": "쓰다 만 글"})
    erase_account(user=person)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.author is None
    assert mine.author_name == "탈퇴한 시민"
    assert mine.content.text
    assert (other.supports_count, Support.objects.count(), Draft.objects.count()) == (0, 0, 0)
    assert first_break() is None
    assert LedgerEntry.objects.filter(action="proposal.submitted").count() == 2


def test_an_official_takes_along_what_they_wrote_as_an_answer() -> None:
    official = an_official()
    proposal = in_review(by=official)
    save_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    assert [one["proposal"] for one in export_all(official)["proposals"]["answers_written"]] == [str(proposal.pk)]
    erase_account(user=official)
    assert proposal.answers.get().text


def test_what_was_withdrawn_before_leaves_nothing_behind() -> None:
    person = a_person()
    process = a_process()
    proposal = a_proposal(process, person)
    withdraw_proposal(proposal=proposal, author=person, at=timezone.now())
    erase_account(user=person)
    version = ProposalVersion.objects.get(proposal=proposal)
    assert (version.title, version.text, version.search_text) == ("", "", "")
