"""The sample district's votes."""

import datetime as dt

import pytest
from django.utils import timezone

from metacity.accounts.models import User
from metacity.accounts.services.seeding import seed_people as seed_accounts
from participation.proposals.seeding import seed_city
from participation.voting import seeding
from participation.voting.board import board_of
from participation.voting.models import Ballot, HasVoted, Poll
from participation.voting.states import State
from participation.voting.verify import faults_of
from tests.proposals.test_seed_demo import a_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def test_one_vote_is_open_one_is_coming_one_has_its_result(now: dt.datetime) -> None:
    seed_accounts()
    city = a_district()
    seed_city(city, now)
    assert seeding.seed_votes(city, now) == "3 new votes"
    assert seeding.seed_votes(city, now) == "0 new votes"
    polls = {poll.state: poll for poll in Poll.objects.all()}
    assert set(polls) == {State.OPEN, State.ANNOUNCED, State.PUBLISHED}
    assert polls[State.OPEN].turnout >= 100
    assert faults_of(board_of(polls[State.PUBLISHED]).as_json()) == []
    assert Ballot.objects.count() == HasVoted.objects.count() == 243


def test_accounts_that_people_look_around_with_have_not_voted(now: dt.datetime) -> None:
    seed_accounts()
    city = a_district()
    seed_city(city, now)
    seeding.seed_votes(city, now)
    open_poll = Poll.objects.get(state=State.OPEN)
    visitors = User.objects.filter(is_seeded=True).exclude(email=None)
    assert open_poll.roll.filter(person__in=visitors).count() == visitors.count()
    assert not HasVoted.objects.filter(entry__person__in=visitors).exists()
