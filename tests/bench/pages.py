"""Pages with many proposals: how long the server takes for each, and how many queries it asks.

Makes a database of its own (SQLite in a temporary folder, or with `--database postgresql://…` a test database beside
the named one), fills it with proposals, and asks for each page as a visitor and as a signed-in citizen in turn, through
the whole stack of middleware, without a network. The first visit of each page is counted in.
"""

import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench import figures

VISITS = 100
SEED = 20261221


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--database", default="", help="postgresql://… instead of SQLite")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="metacity-bench-") as folder:
        os.environ["METACITY_MODE"] = "test"
        os.environ["METACITY_VAR"] = folder
        os.environ["DATABASE_URL"] = arguments.database or f"sqlite:///{folder}/bench.sqlite3"
        os.environ["REDIS_FIRST_DATABASE"] = "12"
        figures.set_up_django()
        with own_database():
            figures.tell(f"Filling in {arguments.proposals} proposals")
            figures.show(_measure(_fill(arguments.proposals), arguments.visits))
    return 0


@contextmanager
def own_database() -> Iterator[None]:
    """A test database beside the one that the environment names, gone at the end."""
    from django.core.cache import cache
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    cache.clear()
    try:
        yield
    finally:
        cache.clear()
        teardown_databases(databases, verbosity=0)


def _fill(count: int) -> dict[str, str]:
    """Proposals spread over a city, most of them supported, some withdrawn; the pages to visit."""
    import random

    from participation.proposals.models import Proposal, ProposalCounter, ProposalVersion
    from participation.proposals.states import State
    from tests.factories.processes import a_city, a_person, a_process

    chance = random.Random(SEED)
    city = a_city()
    processes = [a_process(city) for _ in range(5)]
    authors = [a_person() for _ in range(50)]
    what = "동네를 더 걷기 좋게 만들고 싶습니다. " * 20
    words = [
        "놀이터",
        "횡단보도",
        "가로등",
        "공원",
        "도서관",
        "버스",
        "정류장",
        "하천",
        "산책로",
        "주차",
        "나무",
        "의자",
    ]
    proposals, versions = [], []
    for number in range(1, count + 1):
        proposal = Proposal(
            city=city, number=number, process=chance.choice(processes), author=chance.choice(authors),
            state=State.SUBMITTED, supports_count=int(chance.paretovariate(1)),
        )  # fmt: skip
        e, n = chance.uniform(-490, 490), chance.uniform(-490, 490)
        title = f"{chance.choice(words)} {chance.choice(words)} 제안 {number}"
        version = ProposalVersion(
            proposal=proposal, number=1, title=title, text=what,
            place_kind="point", e=e, n=n, z=0.0, lon=127 + e / 88_400, lat=37.5 + n / 111_000,
            place_words="가온역 근처",
            search_text=title.lower(), submission_key=uuid.UUID(int=chance.getrandbits(128)),
        )  # fmt: skip
        proposals.append(proposal)
        versions.append(version)
    Proposal.objects.bulk_create(proposals, batch_size=1000)
    ProposalVersion.objects.bulk_create(versions, batch_size=1000)
    for proposal, version in zip(proposals, versions, strict=True):
        proposal.current = version
    Proposal.objects.bulk_update(proposals, ["current"], batch_size=1000)
    ProposalCounter.objects.update_or_create(city=city, defaults={"last_number": count})
    return {
        "list": "/proposals/",
        "list_search": "/proposals/?q=놀이터",
        "list_last": f"/proposals/?page={count // 40}",
        "api_list": "/api/v1/proposals/",
        "proposal": f"/proposals/{proposals[-1].pk}/",
        "home": "/",
        "places": "/places/",
        "pins": f"/api/v1/cities/{city.slug}/pins/",
    }


def _measure(pages: dict[str, str], visits: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.factories.processes import a_person

    visitor, citizen = Client(), Client()
    citizen.force_login(a_person())
    found: dict[str, Any] = {}
    for name, address in pages.items():
        times, queries = [], []
        for visit in range(visits):
            client = citizen if visit % 2 else visitor
            started = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                sys.exit(f"{address} answered {answer.status_code}")
        for client in (visitor, citizen):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            queries.append(len(captured))
        found[f"{name}_p95_ms"] = round(figures.percentile(times, 0.95), 1)
        found[f"{name}_first_ms"] = round(times[0], 1)
        found[f"{name}_queries"] = max(queries)
        figures.tell(f"{name}: p95 {found[f'{name}_p95_ms']} ms, {max(queries)} queries")
    return found


if __name__ == "__main__":
    sys.exit(main())
