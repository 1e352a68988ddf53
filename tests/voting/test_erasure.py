"""Leaving: the name goes from the roll; the ballot stays and counts, because nobody can tell which it is."""

import pytest

from metacity.accounts.data import export_all
from metacity.accounts.models import User
from metacity.accounts.services.erasure import erase_account
from participation.voting.errors import NotOnTheRoll
from participation.voting.models import Ballot, HasVoted, Poll, RollEntry
from participation.voting.services import look_up
from tests.factories.processes import a_person
from tests.factories.voting import a_published_poll, an_open_poll, vote

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("when", ["before the close", "after the result"])
def test_who_leaves_is_no_longer_on_the_roll_and_the_ballot_still_counts(when: str) -> None:
    voter, other = a_person(), a_person()
    poll = an_open_poll()
    receipt = vote(poll, voter, "yes")
    vote(poll, other, "no")
    if when == "before the close":
        erase_account(user=voter)
    poll = a_published_poll(poll)
    if when == "after the result":
        erase_account(user=voter)
    assert not RollEntry.objects.filter(person=voter).exists()
    assert RollEntry.objects.filter(poll=poll).count() == poll.roll_size
    assert (poll.yes, poll.no, HasVoted.objects.count(), Ballot.objects.count()) == (1, 1, 2, 2)
    assert look_up(poll=poll, typed=receipt).choice == "yes"


def test_what_stays_leads_to_nobody() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter)
    erase_account(user=voter)
    assert [mark.entry.person for mark in HasVoted.objects.all()] == [None]


def test_who_comes_back_with_a_new_account_does_not_vote_twice() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter)
    erase_account(user=voter)
    back = a_person()
    with pytest.raises(NotOnTheRoll):
        vote(poll, back)
    assert Ballot.objects.count() == 1


def test_the_export_tells_that_one_voted_and_never_what_or_when() -> None:
    voter, abroad = a_person(), a_person()
    poll = an_open_poll(question="정류장에 그늘막을 놓을까요?")
    vote(poll, voter, "abstain")
    told = export_all(User.objects.get(pk=voter.pk))["votes"]
    assert told == [{"vote": str(poll.pk), "question": "정류장에 그늘막을 놓을까요?", "voted": True}]
    assert export_all(User.objects.get(pk=abroad.pk))["votes"][0]["voted"] is False


def test_an_official_who_leaves_leaves_the_vote_standing() -> None:
    poll = an_open_poll()
    assert poll.announced_by is not None
    erase_account(user=poll.announced_by)
    assert Poll.objects.get(pk=poll.pk).question == poll.question
    assert a_published_poll(poll).state == "published"
