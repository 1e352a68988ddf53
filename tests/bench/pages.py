"""Pages with many proposals: how long the server takes for each, and how many queries it asks.

Makes a database of its own (SQLite in a temporary folder, or with `--database postgresql://…` a test database beside
the named one), fills it with proposals, and asks for each page as a visitor and as a signed-in citizen in turn, the
office's pages as a team leader, through the whole stack of middleware, without a network. The first visit of each page
is counted in. Filling takes minutes: `--keep FOLDER` keeps the SQLite database there and measures the same one again.

`…_p95_ms` is time on the clock, which other work on the machine lengthens; `…_cpu_ms` is the processor time of the
middle visit, which it does not.
"""

import datetime
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import figures

VISITS = 100
SEED = 20261221
CITIZEN, OFFICIAL = "citizen@bench.example.org", "official@bench.example.org"


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--database", default="", help="postgresql://… instead of SQLite")
    parser.add_argument("--keep", type=Path, help="a folder for the SQLite database, filled once")
    parser.add_argument("--only", nargs="*", default=[], help="names of the pages to visit; all by default")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="metacity-bench-") as passing:
        folder = arguments.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["METACITY_MODE"] = "test"
        os.environ["METACITY_VAR"] = str(folder)
        os.environ["DATABASE_URL"] = arguments.database or f"sqlite:///{folder}/bench.sqlite3"
        os.environ["REDIS_FIRST_DATABASE"] = "12"
        figures.set_up_django()
        with kept_database() if arguments.keep else own_database():
            pages = _filled(folder / "pages.json", arguments.proposals, arguments.comments)
            chosen = {name: address for name, address in pages.items() if not arguments.only or name in arguments.only}
            figures.show(_measure(chosen, arguments.visits))
    return 0


@contextmanager
def kept_database() -> Iterator[None]:
    """The database that the environment names, with its tables, and with what an earlier run filled in."""
    from django.core.cache import cache
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    cache.clear()
    yield
    cache.clear()


def _filled(index: Path, proposals: int, comments: int) -> dict[str, str]:
    """The pages to visit, by name; everything is filled in first, unless `index` says that it has been."""
    if index.exists():
        return dict(json.loads(index.read_text()))
    figures.tell(f"Filling in {proposals} proposals and {comments} comments")
    from tests.factories.processes import a_person
    from tests.factories.proposals import an_approver

    pages = _fill(proposals) | _discuss(comments) | _meet_and_vote()
    a_person(email=CITIZEN)
    an_approver(email=OFFICIAL)
    index.write_text(json.dumps(pages))
    return pages


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

    from participation.proposals.models import Deadline, Proposal, ProposalCounter, ProposalVersion
    from participation.proposals.states import State
    from tests.factories.processes import a_city, a_person, a_process
    from tests.factories.proposals import a_department

    chance = random.Random(SEED)
    city = a_city()
    processes = [a_process(city) for _ in range(5)]
    departments = [a_department(city) for _ in range(10)]
    today = datetime.date.today()  # noqa: DTZ011 — any day will do
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
            state=State.IN_REVIEW if number % 2 else State.SUBMITTED, supports_count=int(chance.paretovariate(1)),
            department=chance.choice(departments) if number % 2 else None,
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
    Deadline.objects.bulk_create(
        [
            Deadline(
                proposal=proposal, goal=50, days=20, started_on=today - datetime.timedelta(days=40),
                due_on=today + datetime.timedelta(days=chance.randint(-10, 40)),
            )
            for proposal in proposals[::3]
        ],
        batch_size=1000,
    )  # fmt: skip
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
        "inbox": "/office/",
        "office_list": "/office/proposals/",
        "office_late": f"/office/proposals/?waits=late&department={departments[0].pk}",
        "handling": f"/office/proposals/{proposals[-1].pk}/",
        "deadlines": "/rules/deadlines/",
    }


def _discuss(count: int) -> dict[str, str]:
    """Comments in threads of one to five, the first 2,000 about one proposal; the pages to visit."""
    import random

    from django.utils import timezone

    from metacity.accounts.models import User
    from participation.deliberation.models import Comment, Discussion
    from participation.processes.models import Phase
    from participation.proposals.models import Proposal

    chance, now = random.Random(SEED), timezone.now()
    people = list(User.objects.all())
    Phase.objects.update(allows=["propose", "support", "comment"])
    text = "저도 그 길로 다니는데, 저녁에는 정말 어둡습니다. 아이들이 다니는 시간만이라도 밝으면 좋겠습니다. " * 3
    left, discussions, comments = count, [], []
    proposals = list(Proposal.objects.order_by("-number")[: 1 + count // 100])
    for place, proposal in enumerate(proposals):
        size = min(left, 2000 if place == 0 else 1 + (count - 2000) // max(1, len(proposals) - 1))
        left -= size
        discussions.append(Discussion(proposal=proposal, comments_count=size, last_number=size))
        first: Comment | None = None
        for number in range(1, size + 1):
            if first is None or chance.random() < 0.4:
                first = Comment(
                    discussion_id=proposal.pk, number=number, thread=number, author=chance.choice(people), text=text,
                    written_at=now,
                )  # fmt: skip
                comments.append(first)
                continue
            first.replies_count, first.is_answered = first.replies_count + 1, True
            comments.append(
                Comment(
                    discussion_id=proposal.pk,
                    number=number,
                    thread=first.number,
                    place=first.replies_count,
                    answers=first,
                    author=chance.choice(people),
                    text=text,
                    written_at=now,
                )
            )
    Discussion.objects.bulk_create(discussions, batch_size=1000)
    Comment.objects.bulk_create(comments, batch_size=1000)
    discussed = proposals[0].pk
    return {
        "discussed": f"/proposals/{discussed}/",
        "comments_middle": f"/proposals/{discussed}/comments/?start=1000",
        "api_comments": f"/api/v1/proposals/{discussed}/comments/",
    }


def _meet_and_vote() -> dict[str, str]:
    """A discussed proposal with an open vote and a meeting that is on; its page."""
    from participation.proposals.models import Proposal
    from tests.factories.meetings import an_open_meeting
    from tests.factories.voting import an_open_poll

    proposal = Proposal.objects.order_by("-number")[1]
    an_open_poll(proposal)
    an_open_meeting(proposal.city, proposal=proposal)
    return {"voted": f"/proposals/{proposal.pk}/"}


OFFICE = ("inbox", "office_list", "office_late", "handling")


def _measure(pages: dict[str, str], visits: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from metacity.accounts.models import User

    visitor, citizen, official = Client(), Client(), Client()
    citizen.force_login(User.objects.get(email=CITIZEN))
    official.force_login(User.objects.get(email=OFFICIAL))
    found: dict[str, Any] = {}
    for name, address in pages.items():
        times, worked, queries = [], [], []
        visitors = (official,) if name in OFFICE else (visitor, citizen)
        for visit in range(visits):
            client = visitors[visit % len(visitors)]
            started, began = time.perf_counter(), time.process_time()
            answer = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - began) * 1000)
            if answer.status_code != 200:
                sys.exit(f"{address} answered {answer.status_code}")
        for client in visitors:
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            queries.append(len(captured))
        found[f"{name}_p95_ms"] = round(figures.percentile(times, 0.95), 1)
        found[f"{name}_cpu_ms"] = round(figures.percentile(worked, 0.5), 1)
        found[f"{name}_first_ms"] = round(times[0], 1)
        found[f"{name}_queries"] = max(queries)
        figures.tell(
            f"{name}: p95 {found[f'{name}_p95_ms']} ms, processor {found[f'{name}_cpu_ms']} ms, {max(queries)} queries"
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
