"""When things break in the middle: a worker that is killed while a vote is closed, a connection that is cut."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from metacity.commons import clocks, jobs
from metacity.commons.models import Job, LedgerEntry
from participation.voting import clock
from participation.voting.models import Ballot, HasVoted, Poll
from participation.voting.services import casting, look_up
from participation.voting.states import State
from tests.commons.test_worker import kill, until, worker
from tests.factories.processes import a_person
from tests.factories.voting import HOUR, an_announced_poll, an_open_poll, vote, voted_by

pytestmark = pytest.mark.django_db(transaction=True)
postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite takes one writer at a time, in a file"
)


def a_vote_that_is_over() -> tuple[Poll, list[str]]:
    now = clocks.now()
    people = [a_person() for _ in range(12)]
    choices = ["yes", "no", "yes"] * 4
    poll, given = voted_by(people, choices, opens_at=now - 3 * HOUR, closes_at=now - HOUR)
    return poll, list(given)


def is_in(state: State) -> bool:
    return Poll.objects.filter(state=state).exists()


def closings(poll: Poll) -> int:
    return LedgerEntry.objects.filter(subject=poll.subject, action="poll.closed").count()


def test_the_clock_opens_closes_and_counts_with_a_real_worker() -> None:
    poll, given = a_vote_that_is_over()
    coming = an_announced_poll(opens_at=clocks.now() - HOUR / 60, closes_at=clocks.now() + HOUR * 2)
    with worker():
        clock.keep_time(clocks.now())
        until(lambda: is_in(State.TALLIED) and is_in(State.OPEN))
    counted = Poll.objects.get(pk=poll.pk)
    assert (counted.yes, counted.no, closings(poll)) == (8, 4, 1)
    assert all(look_up(poll=counted, typed=receipt).is_recorded for receipt in given)
    assert Poll.objects.get(pk=coming.pk).roll_size


@postgresql
def test_a_worker_killed_while_a_vote_is_closed_has_changed_nothing_and_the_next_one_closes_it() -> None:
    """The first worker hangs in the middle of the closing transaction: somebody else holds the ledger."""
    poll, given = a_vote_that_is_over()
    before = set(Ballot.objects.values_list("pk", flat=True))
    with the_ledger_held(), worker() as first:
        clock.keep_time(clocks.now())
        until(lambda: Job.objects.filter(task=clock.CLOSE, state=Job.State.RUNNING).exists())
        threading.Event().wait(0.5)
        kill(first)
        assert set(Ballot.objects.values_list("pk", flat=True)) == before
        assert is_in(State.OPEN)
    assert jobs.requeue_lost(clocks.now() + dt.timedelta(seconds=settings.JOBS_LEASE_S + 1)) >= 1
    with worker():
        until(lambda: is_in(State.TALLIED))
    counted = Poll.objects.get(pk=poll.pk)
    assert (counted.ballots, counted.yes, counted.no, closings(poll)) == (12, 8, 4, 1)
    assert all(look_up(poll=counted, typed=receipt).is_recorded for receipt in given)


@contextmanager
def the_ledger_held() -> Iterator[None]:
    """By another transaction: whoever closes a vote waits, with everything rewritten and nothing committed."""
    with psycopg.connect(_address()) as holder:
        holder.execute("SELECT 1 FROM commons_ledgerhead FOR UPDATE")
        yield
        holder.rollback()


def _address() -> str:
    told = connection.settings_dict
    return f"host={told['HOST']} port={told['PORT']} user={told['USER']} dbname={told['NAME']}"


@postgresql
@pytest.mark.parametrize("when", ["before the ballot", "after the ballot"])
def test_a_connection_cut_in_the_middle_of_casting_leaves_both_rows_or_neither(
    monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    voter = a_person()
    poll = an_open_poll()
    write = casting.put_in

    def cut(*told: object) -> None:
        if when == "after the ballot":
            write(*told)  # type: ignore[arg-type]
        cut_this_connection()
        if when == "before the ballot":
            write(*told)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(casting, "put_in", cut)
        with pytest.raises(OperationalError):
            vote(poll, voter, "no")
    connection.close()
    assert (HasVoted.objects.count(), Ballot.objects.count()) == (0, 0)
    receipt = vote(poll, voter, "no")
    assert (HasVoted.objects.count(), Ballot.objects.count()) == (1, 1)
    assert look_up(poll=poll, typed=receipt).is_recorded


def cut_this_connection() -> None:
    """As an administrator or a failing network does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(_address(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
