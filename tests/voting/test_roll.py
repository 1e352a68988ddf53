"""The roll: who is on it, by the rule of the vote and as things stood when it opened."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from metacity.accounts.models import User
from metacity.accounts.services.identity import attach_identity
from participation.voting.eligibility import standing_of
from participation.voting.errors import NotOnTheRoll, RollChanged
from participation.voting.models import Ballot, Poll, RollEntry
from participation.voting.services import close_poll
from participation.voting.states import State
from tests.factories.accounts import sealed
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal
from tests.factories.voting import an_announced_poll, an_approver, an_official, an_open_poll, vote

pytestmark = pytest.mark.django_db


def a_resident(name: str, district: str = "가온1동", born: date = date(1990, 5, 1)) -> User:
    person = a_person(identified=False)
    attach_identity(user=person, sealed=sealed(name, born, district=district))
    return User.objects.with_identity().get(pk=person.pk)


def on_roll(poll: Poll) -> set[User]:
    return {entry.person for entry in RollEntry.objects.filter(poll=poll).select_related("person") if entry.person}


def test_the_roll_follows_neighbourhood_age_and_identity() -> None:
    at_age = date.today().year - 14  # noqa: DTZ011 — a year
    here, elsewhere = a_resident("이웃", "가온1동"), a_resident("멀리", "뫼산동")
    oldest_out, youngest_in = (
        a_resident("어린이", born=date(at_age + 1, 1, 1)),
        a_resident("학생", born=date(at_age, 12, 31)),
    )
    unknown, gone = a_person(identified=False), a_resident("떠난이")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    poll = an_open_poll(districts=["가온1동"], min_age=14)
    assert {here, youngest_in} <= on_roll(poll)
    assert not on_roll(poll) & {elsewhere, oldest_out, unknown, gone}
    assert poll.roll_size == RollEntry.objects.filter(poll=poll).count()


def test_a_vote_for_everybody_with_an_account_asks_for_no_identity() -> None:
    unknown = a_person(identified=False)
    poll = an_open_poll(min_level="member")
    assert unknown in on_roll(poll)
    vote(poll, unknown)
    assert Ballot.objects.count() == 1


def test_who_is_identified_after_the_opening_is_told_so_and_cannot_vote() -> None:
    late = a_person(identified=False)
    poll = an_open_poll()
    attach_identity(user=late, sealed=sealed("늦은이"))
    late = User.objects.with_identity().get(pk=late.pk)
    standing = standing_of(poll, late, poll.opens_at)
    assert standing.missing == ["투표가 시작될 때 투표인명부를 만들었고, 그때는 조건에 맞지 않았습니다."]
    with pytest.raises(NotOnTheRoll):
        vote(poll, late)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("district", "born", "said"),
    [
        ("뫼산동", date(1990, 1, 1), "다른 동"),
        ("가온1동", date(2020, 1, 1), "이전에 태어난"),
        ("", date(1990, 1, 1), "다른 동"),
    ],
)
def test_who_is_missing_is_told_every_condition_that_is_not_met(district: str, born: date, said: str) -> None:
    person = a_resident("누구", district, born)
    poll = an_open_poll(districts=["가온1동"], min_age=19)
    standing = standing_of(poll, person, poll.opens_at)
    assert (standing.is_on_roll, standing.may_vote) == (False, False)
    assert any(said in sentence for sentence in standing.missing)


def test_before_the_opening_one_sees_whether_one_would_be_on_the_roll() -> None:
    inside, outside = a_resident("안쪽"), a_resident("바깥", "뫼산동")
    poll = an_announced_poll(districts=["가온1동"])
    now = poll.opens_at
    assert standing_of(poll, inside, now).is_on_roll
    assert not standing_of(poll, outside, now).is_on_roll
    assert standing_of(poll, outside, now).missing
    assert not RollEntry.objects.exists()


def test_somebody_who_moves_after_the_opening_keeps_the_place_on_the_roll() -> None:
    person = a_resident("이사")
    poll = an_open_poll(districts=["가온1동"])
    attach_identity(user=person, sealed=sealed("이사", date(1990, 5, 1), district="뫼산동"))
    vote(poll, User.objects.with_identity().get(pk=person.pk))
    assert Ballot.objects.count() == 1


def test_the_database_has_a_person_on_a_roll_once() -> None:
    person = a_person()
    poll = an_open_poll()
    with pytest.raises(IntegrityError), transaction.atomic():
        RollEntry.objects.create(poll=poll, person=person)


@pytest.mark.parametrize("change", ["inflated", "thinned"])
def test_a_roll_that_was_changed_since_the_opening_is_found_and_nothing_is_counted(change: str) -> None:
    person = a_person()
    poll = an_open_poll(a_proposal(author=person))
    if change == "inflated":
        RollEntry.objects.create(poll=poll, person=a_person())
    else:
        RollEntry.objects.filter(poll=poll, person=person).delete()
    with pytest.raises(RollChanged):
        close_poll(poll=poll, at=poll.closes_at)
    assert Poll.objects.get(pk=poll.pk).state == State.OPEN


def test_officials_are_on_the_roll_like_everybody() -> None:
    official, approver = an_official(), an_approver()
    assert {official, approver} <= on_roll(an_open_poll())
