"""Several Daphnes, one city: people see each other through Redis, whatever falls over."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from metacity.demo.redis_server import find_binary
from tests.presence.daphne import Server, daphne, free_port
from tests.presence.walkers import Walker, guest_key, walker
from tests.services import redis_answers
from twin.mirror.models import City

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 200


@pytest.fixture(scope="module")
def second(django_db_setup: None) -> Iterator[Server]:
    with daphne() as running:
        yield running


async def test_people_of_two_processes_see_each_other_come_move_and_leave(
    server: Server, second: Server, city: City
) -> None:
    async with walker(server.url, city.slug) as one:
        await one.go(0, 0)
        async with walker(second.url, city.slug) as other:
            await other.go(5, 0)
            await one.until(lambda w: other.id in w.people)
            await other.until(lambda w: one.id in w.people)
            await other.go(6, 0)
            await one.until(lambda w: w.people[other.id].e == 6)
            # Over the border of a cell, and so far that it is out of sight.
            await other.go(201, 0)
            await one.until(lambda w: w.people[other.id].e == 201)
            await other.go(-450, 0)
            await one.until(lambda w: not w.people)
            await one.until(lambda w: sorted(w.counts["spots"]) == [[-450, 0, 1], [0, 0, 1]])
            await other.go(5, 0)
            await one.until(lambda w: other.id in w.people)
        await one.until(lambda w: not w.people)
        await one.until(lambda w: w.counts["total"] == 1)


async def test_a_person_in_two_processes_is_one_avatar_where_they_moved_last(
    server: Server, second: Server, city: City
) -> None:
    guest = guest_key()
    async with (
        walker(server.url, city.slug) as watcher,
        walker(server.url, city.slug, guest=guest) as one,
        walker(second.url, city.slug, guest=guest) as same,
    ):
        assert one.id == same.id
        await watcher.go(0, 0)
        for place, tab in ((1, one), (2, same), (3, one), (4, same)):
            await tab.go(place, 0)
            await watcher.until(lambda w, place=place: w.people[one.id].e == place if w.people else False)
        # Neither process tells the other its own old news.
        seen: list[float] = []
        watcher.on_frame = lambda _walker, view: seen.append(view.people[one.id].e)
        await asyncio.sleep(4.5)
        assert set(seen) <= {4}
        assert watcher.counts["total"] == 2
        await same.line.close()
        await one.go(7, 0)
        await watcher.until(lambda w: w.people[one.id].e == 7)


async def test_people_of_a_process_that_died_are_gone_within_ten_seconds(server: Server, city: City) -> None:
    with daphne() as dying:
        async with walker(server.url, city.slug) as one, walker(dying.url, city.slug) as other:
            await one.go(0, 0)
            await other.go(5, 0)
            await one.until(lambda w: other.id in w.people)
            dying.kill()
            await one.until(lambda w: not w.people, within_s=10)
            await one.until(lambda w: w.counts["total"] == 1)


@contextmanager
def a_redis(folder: Path, port: int) -> Iterator[None]:
    """A Redis of one's own at a port, dead at the end."""
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen([find_binary(), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not redis_answers(f"redis://127.0.0.1:{port}"):
            assert process.poll() is None
        yield
    finally:
        process.kill()
        process.wait()


async def test_a_restarted_redis_is_joined_again_by_itself(tmp_path: Path, city: City) -> None:
    port = free_port()
    environment = {"REDIS_URL": f"redis://127.0.0.1:{port}"}
    async with AsyncExitStack() as stack:
        with a_redis(tmp_path, port):
            first, second = (stack.enter_context(daphne(**environment)) for _ in range(2))
            one = await stack.enter_async_context(walker(first.url, city.slug))
            other = await stack.enter_async_context(walker(second.url, city.slug))
            await one.go(0, 0)
            await other.go(5, 0)
            await one.until(lambda w: other.id in w.people)
        # Without Redis, people of one process still see each other, and the others are gone after a while.
        near = await stack.enter_async_context(walker(first.url, city.slug))
        await near.go(1, 0)
        await one.until(lambda w: near.id in w.people)
        await one.until(lambda w: other.id not in w.people)
        with a_redis(tmp_path, port):
            await other.go(6, 0)
            await one.until(lambda w: other.id in w.people and w.people[other.id].e == 6)
            await other.until(lambda w: {one.id, near.id} <= set(w.people))


async def test_two_hundred_are_back_within_five_seconds_of_a_crash_and_nobody_twice(city: City) -> None:
    port = free_port()
    guests = [guest_key() for _ in range(MANY)]
    async with AsyncExitStack() as stack:
        with daphne(port=port) as dying:
            crowd = await _gather(stack, dying, city, guests)
            numbers = {one.id for one in crowd}
            assert len(numbers) == MANY
            dying.kill()
            await asyncio.gather(*(one.until_closed() for one in crowd))
        again = stack.enter_context(daphne(port=port))
        started = asyncio.get_running_loop().time()
        back = await _gather(stack, again, city, guests)
        assert asyncio.get_running_loop().time() - started < 5
        assert {one.id for one in back} == numbers
        await back[0].until(lambda w: w.counts["total"] == MANY)
        await back[0].until(lambda w: len(w.view.people) == 48 and w.view.others == MANY - 48)


async def _gather(stack: AsyncExitStack, server: Server, city: City, guests: list[str]) -> list[Walker]:
    """Everybody at once, in one place."""

    async def come(index: int) -> Walker:
        one = await stack.enter_async_context(walker(server.url, city.slug, guest=guests[index]))
        await one.go(index % 20, index // 20)
        return one

    return list(await asyncio.gather(*(come(index) for index in range(len(guests)))))
