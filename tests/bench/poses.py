"""People in one place: how late they see each other move, and what a connection costs.

Starts one Daphne on a database and Redis databases of its own (REDIS_URL, or the usual port), and in another process so
many real WebSocket clients, all in one place, each moving ten times a second. A pose carries the moment it was sent in
its height, so that whoever sees it knows how late it is; of more than 48, the server shows each client 48. `lost`
counts clients that were closed, `fps` the frames a second that a client gets, and `kb_per_connection` what the server's
memory grows by for each client that only listens, beside `--warm` others.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

from tests.bench import figures
from tests.presence.daphne import Server, daphne
from tests.presence.walkers import View, Walker, pose, walker

CLIENTS, SECONDS, WARM = 200, 30, 200
HZ = 10
SLUG = "bench"
# The sender's clock in centimetres of height, wrapped so that a frame can tell everybody's height apart.
WRAP_MS = 30_000


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--warm", type=int, default=WARM)
    parser.add_argument(
        "--drive", default="", help="only the clients, against this site; what the benchmark itself runs"
    )
    arguments = parser.parse_args()
    if arguments.drive:
        figures.show(asyncio.run(_drive(arguments.drive, arguments.clients, arguments.seconds)))
        return 0
    with tempfile.TemporaryDirectory(prefix="metacity-bench-") as folder:
        os.environ["METACITY_MODE"] = "test"
        os.environ["METACITY_VAR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["REDIS_FIRST_DATABASE"] = "12"
        figures.set_up_django()
        with _database():
            _show(arguments.clients, arguments.seconds, arguments.warm)
    return 0


@contextmanager
def _database() -> Iterator[None]:
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.factories.processes import a_city

    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    try:
        a_city(SLUG)
        yield
    finally:
        teardown_databases(databases, verbosity=0)


def _show(clients: int, seconds: int, warm: int) -> None:
    with daphne(PRESENCE_SOCKETS_AN_ADDRESS="5000") as server:
        figures.tell(f"Weighing {clients} connections that only listen")
        each_kb = asyncio.run(_weigh(server, clients, warm))
        figures.tell(f"Moving {clients} people for {seconds} s")
        cpu_s = _cpu_s(server.process.pid)
        command = [sys.executable, "-m", "tests.bench.poses", "--drive", server.url]
        command += ["--clients", str(clients), "--seconds", str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seen = json.loads(done.stdout.splitlines()[-1])
        spent_s = _cpu_s(server.process.pid) - cpu_s
    figures.show(seen | {"kb_per_connection": each_kb, "server_cpu_share": round(spent_s / seconds, 2)})


async def _weigh(server: Server, clients: int, warm: int) -> float:
    async with AsyncExitStack() as stack:

        async def come(count: int) -> int:
            await asyncio.gather(*(stack.enter_async_context(walker(server.url, SLUG)) for _ in range(count)))
            await asyncio.sleep(3)
            return server.memory_kb

        before = await come(warm)
        return round((await come(clients) - before) / clients, 1)


def _cpu_s(pid: int) -> float:
    """Processor time of a process, user and system."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _clock_ms() -> int:
    return int(time.monotonic() * 1000) % WRAP_MS


async def _drive(url: str, count: int, seconds: int) -> dict[str, object]:
    """Everybody walks in one place; how late each sees what is new of the others. Poses carry the echoes."""
    late_ms: list[float] = []
    frames = 0
    last: dict[tuple[int, int], float] = {}
    measures = False

    def see(one: Walker, view: View) -> None:
        nonlocal frames
        if not measures:
            return
        frames += 1
        now = _clock_ms()
        for number, seen in view.people.items():
            if number != one.id and last.get((one.id, number)) != seen.z:
                last[one.id, number] = seen.z
                late_ms.append((now - round(seen.z * 100)) % WRAP_MS)

    async def move(one: Walker, index: int, until: float) -> None:
        await asyncio.sleep(index / count / HZ)
        due = time.monotonic()
        while (due := due + 1 / HZ) < until and not one.close_code:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await one.line.send(pose(one.tick, index % 20, index // 20, _clock_ms() / 100))

    async with AsyncExitStack() as stack:
        come = (stack.enter_async_context(walker(url, SLUG, on_frame=see, echoes=False)) for _ in range(count))
        crowd = await asyncio.gather(*come)
        until = time.monotonic() + seconds + 2
        moving = [asyncio.create_task(move(one, index, until)) for index, one in enumerate(crowd)]
        await asyncio.sleep(2)
        measures = True
        await asyncio.gather(*moving, return_exceptions=True)
        measures = False
        lost = sum(one.close_code is not None for one in crowd)
    return {
        "clients": count,
        "p50_ms": round(figures.percentile(late_ms, 0.5)),
        "p95_ms": round(figures.percentile(late_ms, 0.95)),
        "lost": lost,
        "fps": round(frames / count / seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
