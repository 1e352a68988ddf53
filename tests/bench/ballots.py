"""Ballots on PostgreSQL: how many a second, and whether each counts once.

Makes a test database of its own beside the one named by `--database`. Fifty threads cast a thousand ballots in a vote,
one person casts fifty times at once, the vote is closed and counted, and every receipt is looked for on its board.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from tests.bench import figures
from tests.bench.pages import own_database
from tests.services import POSTGRESQL_URL

PEOPLE, THREADS, ATTEMPTS = 1000, 50, 50


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--database", default=POSTGRESQL_URL)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="metacity-bench-") as folder:
        os.environ["METACITY_MODE"] = "test"
        os.environ["METACITY_VAR"] = folder
        os.environ["DATABASE_URL"] = arguments.database
        os.environ["REDIS_FIRST_DATABASE"] = "12"
        figures.set_up_django()
        with own_database():
            figures.show(_measure(arguments.people, arguments.threads))
    return 0


def _measure(count: int, threads: int) -> dict[str, Any]:
    from django.utils import timezone

    from participation.proposals.seeding import seed_people
    from participation.voting import clock
    from participation.voting.errors import AlreadyVoted
    from participation.voting.models import Ballot, HasVoted, Poll
    from participation.voting.services import look_up
    from tests.factories.voting import an_open_poll, vote

    figures.tell(f"Putting {count + 1} people on a roll")
    people = seed_people(timezone.now(), count + 1)
    eager = people.pop()
    poll = an_open_poll()
    receipts: list[str] = []
    took_s = _at_once(threads, [lambda person=person: receipts.append(vote(poll, person)) for person in people])  # type: ignore[misc]
    figures.tell(f"{count} ballots in {took_s:.1f} s")
    refused: list[BaseException] = []
    before = Ballot.objects.filter(poll=poll).count()
    mine: list[Callable[[], object]] = [lambda: _attempt(lambda: vote(poll, eager), refused)] * ATTEMPTS
    _at_once(ATTEMPTS, mine)
    same_person = Ballot.objects.filter(poll=poll).count() - before
    clock.close_now(poll.pk, poll.closes_at)
    counted = Poll.objects.get(pk=poll.pk)
    voted = HasVoted.objects.filter(poll=poll)
    return {
        "counted": (counted.yes or 0) + (counted.no or 0) + (counted.abstain or 0) - same_person,
        "duplicates": voted.count() - voted.values("entry").distinct().count(),
        "receipts_found": sum(look_up(poll=counted, typed=receipt).is_recorded for receipt in receipts),
        "same_person_ballots": same_person,
        "same_person_refused": sum(isinstance(refusal, AlreadyVoted) for refusal in refused),
        "ballots_per_s": round(count / took_s, 1),
        "threads": threads,
    }


def _attempt(act: Callable[[], object], refused: list[BaseException]) -> None:
    from metacity.commons.errors import CityError

    try:
        act()
    except CityError as refusal:
        refused.append(refusal)


def _at_once(threads: int, acts: list[Callable[[], object]]) -> float:
    """Does everything, so many at a time; how many seconds it took. A failure ends the benchmark."""
    waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()
    for act in acts:
        waiting.put(act)
    failures: list[BaseException] = []
    start = threading.Barrier(threads + 1)
    workers = [threading.Thread(target=_work, args=(waiting, start, failures)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    if failures:
        sys.exit(f"{len(failures)} failed, the first with {failures[0]!r}")
    return time.perf_counter() - started


def _work(
    waiting: "SimpleQueue[Callable[[], object]]", start: threading.Barrier, failures: list[BaseException]
) -> None:
    from django.db import connection

    start.wait()
    try:
        while True:
            waiting.get_nowait()()
    except Empty:
        pass
    except BaseException as failure:
        failures.append(failure)
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
