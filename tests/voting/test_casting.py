"""Casting: one sealed ballot a person, with a receipt, at the right time, however often and however close."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from metacity.accounts.errors import ConsentRequired, GuardianRequired
from metacity.accounts.models import Consent, GuardianConsent, User
from metacity.commons.errors import CityError, NotSignedIn
from participation.voting import receipts
from participation.voting.errors import (
    AlreadyVoted,
    KeyTaken,
    NotOnTheRoll,
    PollClosed,
    PollNotOpen,
    PollSuspended,
    UnknownChoice,
)
from participation.voting.models import Ballot, HasVoted, Poll, RollEntry
from participation.voting.services import cast_ballot, look_up, suspend_poll
from tests.factories.processes import a_person
from tests.factories.voting import (
    HOUR,
    a_closed_poll,
    a_draft_poll,
    a_published_poll,
    an_announced_poll,
    an_official,
    an_open_poll,
    vote,
)


def rows() -> tuple[int, int]:
    return HasVoted.objects.count(), Ballot.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("choice", ["yes", "no", "abstain"])
def test_a_ballot_is_cast_and_found_by_its_receipt(choice: str) -> None:
    voter = a_person()
    poll = an_open_poll()
    receipt = vote(poll, voter, choice)
    assert rows() == (1, 1)
    assert look_up(poll=poll, typed=receipts.shown(receipt).lower()).is_recorded
    published = a_published_poll(poll)
    found = look_up(poll=published, typed=f" {receipt} ")
    assert (found.choice, found.number) == (choice, 1)


@pytest.mark.django_db
def test_nothing_but_a_hash_of_the_receipt_is_kept() -> None:
    voter = a_person()
    poll = an_open_poll()
    key = uuid.uuid4()
    receipt = vote(poll, voter, key=key)
    kept = str(list(Ballot.objects.values()) + list(HasVoted.objects.values()))
    assert receipt not in kept
    assert str(key) not in kept
    assert key.hex not in kept


@pytest.mark.django_db
def test_before_the_close_a_receipt_tells_that_a_ballot_is_recorded_and_no_more() -> None:
    voter = a_person()
    poll = an_open_poll()
    receipt = vote(poll, voter)
    found = look_up(poll=poll, typed=receipt)
    assert (found.is_recorded, found.number, found.choice) == (True, None, "")
    closed = a_closed_poll(poll)
    assert (look_up(poll=closed, typed=receipt).number, look_up(poll=closed, typed=receipt).choice) == (1, "")


@pytest.mark.django_db
def test_a_second_ballot_is_refused() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter, "yes")
    with pytest.raises(AlreadyVoted):
        vote(poll, voter, "no")
    assert rows() == (1, 1)
    assert Ballot.objects.get().choice == "yes"


@pytest.mark.django_db
def test_the_database_refuses_a_second_mark_of_the_same_person() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter)
    with pytest.raises(IntegrityError), transaction.atomic():
        HasVoted.objects.create(poll=poll, entry=RollEntry.objects.get(person=voter))


@pytest.mark.django_db
def test_the_same_request_again_answers_the_same_receipt_and_casts_nothing() -> None:
    voter = a_person()
    poll, key = an_open_poll(), uuid.uuid4()
    assert len({vote(poll, voter, "yes", key) for _ in range(3)}) == 1
    assert rows() == (1, 1)


@pytest.mark.django_db
def test_the_same_key_with_another_choice_changes_nothing_and_is_told_so() -> None:
    voter = a_person()
    poll, key = an_open_poll(), uuid.uuid4()
    vote(poll, voter, "yes", key)
    with pytest.raises(AlreadyVoted):
        vote(poll, voter, "no", key)
    assert Ballot.objects.get().choice == "yes"


@pytest.mark.django_db
@pytest.mark.parametrize("choice", ["yes", "no"])
def test_somebody_elses_key_does_not_give_their_receipt_and_costs_no_vote(choice: str) -> None:
    voter, other = a_person(), a_person()
    poll, key = an_open_poll(), uuid.uuid4()
    vote(poll, voter, "yes", key)
    with pytest.raises(KeyTaken):
        vote(poll, other, choice, key)
    assert rows() == (1, 1)
    vote(poll, other, choice)
    assert rows() == (2, 2)


@pytest.mark.django_db
def test_one_key_in_two_votes_makes_two_receipts() -> None:
    voter, key = a_person(), uuid.uuid4()
    one, other = an_open_poll(), an_open_poll()
    assert vote(one, voter, key=key) != vote(other, voter, key=key)


TOO_EARLY_OR_LATE: list[tuple[Callable[[], Poll], type[CityError]]] = [
    (a_draft_poll, PollNotOpen),
    (an_announced_poll, PollNotOpen),
    (lambda: a_closed_poll(an_open_poll()), PollClosed),
    (lambda: a_published_poll(an_open_poll()), PollClosed),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "refusal"), TOO_EARLY_OR_LATE)
def test_a_ballot_at_the_wrong_time_is_refused(make: Callable[[], Poll], refusal: type[CityError]) -> None:
    voter = a_person()
    poll = make()
    with pytest.raises(refusal):
        vote(poll, voter)
    assert rows() == (0, 0)


@pytest.mark.django_db
def test_the_closing_time_counts_even_while_the_clock_has_not_come_round() -> None:
    voter = a_person()
    poll = an_open_poll()
    with pytest.raises(PollClosed):
        cast_ballot(poll=poll, person=voter, choice="yes", key=uuid.uuid4(), at=poll.closes_at)
    assert rows() == (0, 0)


@pytest.mark.django_db
def test_a_suspended_vote_takes_no_ballot() -> None:
    voter = a_person()
    poll = an_open_poll()
    suspend_poll(poll=poll, reason="확인할 것이 있습니다.", by=an_official(), at=poll.opens_at + HOUR)
    with pytest.raises(PollSuspended):
        vote(poll, voter)
    assert rows() == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("choice", ["", "maybe", "YES", "yes\x00", "찬성"])
def test_a_choice_outside_the_ballot_is_refused(choice: str) -> None:
    voter = a_person()
    poll = an_open_poll()
    with pytest.raises(UnknownChoice):
        vote(poll, voter, choice)
    assert rows() == (0, 0)


@pytest.mark.django_db
def test_the_database_takes_no_choice_outside_the_ballot() -> None:
    poll = an_open_poll()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(poll=poll, choice="maybe", image="0" * 64, commitment="1" * 64)


@pytest.mark.django_db
def test_nobody_in_particular_and_people_not_on_the_roll_cast_nothing() -> None:
    poll = an_open_poll()
    with pytest.raises(NotSignedIn):
        vote(poll, AnonymousUser())  # type: ignore[arg-type]
    with pytest.raises(NotOnTheRoll):
        vote(poll, a_person())
    assert rows() == (0, 0)


@pytest.mark.django_db
def test_missing_consents_and_guardians_stand_in_the_way_for_people_on_the_roll_too() -> None:
    without_consent, child = a_person(), a_person()
    poll = an_open_poll()
    Consent.objects.filter(user=without_consent).delete()
    GuardianConsent.objects.create(user=child)
    with pytest.raises(ConsentRequired):
        vote(poll, without_consent)
    with pytest.raises(GuardianRequired):
        vote(poll, User.objects.get(pk=child.pk))
    assert rows() == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("one_key", [True, False], ids=["one-key", "many-keys"])
def test_fifty_requests_of_one_person_at_once_make_one_ballot(one_key: bool) -> None:
    voter = a_person()
    poll, key = an_open_poll(), uuid.uuid4()
    given: list[str] = []
    refused: list[BaseException] = []
    start = threading.Barrier(50)

    def attempt() -> None:
        try:
            start.wait()
            given.append(vote(poll, voter, "yes", key if one_key else uuid.uuid4()))
        except BaseException as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows() == (1, 1)
    assert all(isinstance(refusal, AlreadyVoted) for refusal in refused)
    assert (len(set(given)), len(given)) == (1, 50 if one_key else 1)


@pytest.mark.django_db(transaction=True)
def test_ballots_that_race_the_close_are_counted_or_refused_and_none_is_lost() -> None:
    people = [a_person() for _ in range(20)]
    poll = an_open_poll()
    given: list[str] = []
    refused: list[BaseException] = []
    start = threading.Barrier(21)

    def attempt(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [
        lambda person=person: given.append(vote(poll, person))
        for person in people  # type: ignore[misc]
    ]
    threads = [threading.Thread(target=attempt, args=(act,)) for act in [*acts, lambda: a_closed_poll(poll)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    closed = Poll.objects.get(pk=poll.pk)
    assert all(isinstance(refusal, PollClosed) for refusal in refused)
    assert closed.ballots == len(given) == 20 - len(refused)
    assert all(look_up(poll=closed, typed=receipt).is_recorded for receipt in given)


# Receipts


def test_a_receipt_is_made_of_letters_that_are_not_taken_for_one_another() -> None:
    poll = uuid.uuid4()
    made = {receipts.receipt_of(poll, uuid.uuid4()) for _ in range(500)}
    assert len(made) == 500
    assert all(receipts.is_well_formed(receipt) for receipt in made)
    assert not set("".join(made)) & set("ILOU01")
    assert receipts.shown(next(iter(made))).count("-") == 3


def test_every_single_wrong_letter_of_a_receipt_is_noticed() -> None:
    receipt = receipts.receipt_of(uuid.uuid4(), uuid.uuid4())
    for place in range(receipts.LENGTH):
        for letter in set(receipts.ALPHABET) - {receipt[place]}:
            assert not receipts.is_well_formed(receipt[:place] + letter + receipt[place + 1 :])


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "-" * 50, "A" * 10_000, "ＡＢＣＤ" * 4, "'; DROP TABLE", "\x00" * 16])
def test_what_is_no_receipt_is_told_so(typed: str) -> None:
    assert not look_up(poll=an_open_poll(), typed=typed).is_well_formed


@pytest.mark.django_db
def test_a_receipt_that_was_guessed_finds_nothing() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter)
    guessed = [receipts.receipt_of(poll.id, uuid.uuid4()) for _ in range(100)]
    assert not any(look_up(poll=poll, typed=receipt).is_recorded for receipt in guessed)


@pytest.mark.django_db
def test_a_receipt_of_another_vote_finds_nothing() -> None:
    voter = a_person()
    one, other = an_open_poll(), an_open_poll()
    assert not look_up(poll=other, typed=vote(one, voter)).is_recorded
