"""What the pose socket does with garbage, floods and clients that do not read; nobody else notices."""

import asyncio
import struct
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from participation.presence import sockets, wire
from participation.presence.ground import CELL_CM, around, cell_of, middle_of
from tests.presence.daphne import Server, daphne
from tests.presence.walkers import ECHO, POSE, pose, read_frame, walker
from twin.mirror.models import City

pytestmark = pytest.mark.django_db(transaction=True)

NOT_A_NUMBER = struct.unpack("<i", struct.pack("<f", float("nan")))[0]
LARGEST = 2**31 - 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"", b"\x01", b"\x07" * 19, b"\x02\x00", pose(0, 0, 0)[:-1], pose(0, 0, 0) + b"\x00", pose(0, 0, 0, state=9),
        pose(4_000_000_000, 0, 0), ECHO.pack(2, 4_000_000_000), b"x" * 60_000, "{}", '{"type": "join"}', "[" * 5000,
    ],
    ids=lambda garbage: repr(garbage[:8]) + str(len(garbage)),
)  # fmt: skip
async def test_garbage_is_answered_with_a_code_and_closed_when_repeated(
    server: Server, city: City, garbage: bytes | str
) -> None:
    async with walker(server.url, city.slug) as one:
        for _ in range(3):
            await one.line.send(garbage)
        assert await one.until_closed() == 4400
        assert one.refusals == ["malformed"] * 3


@pytest.mark.parametrize(
    "place",
    [
        (90_000, 0, 200), (0, -90_000, 200), (0, 0, 250_000), (0, 0, -20_000),
        (NOT_A_NUMBER, NOT_A_NUMBER, NOT_A_NUMBER), (LARGEST, -LARGEST, LARGEST),
    ],
)  # fmt: skip
async def test_nobody_stands_outside_the_world(server: Server, city: City, place: tuple[int, int, int]) -> None:
    async with walker(server.url, city.slug) as one, walker(server.url, city.slug) as other:
        await other.go(0, 0)
        await one.line.send(POSE.pack(1, 0, *place, 0, 0))
        await one.until(lambda w: w.refusals == ["outside"])
        await one.go(1, 0)
        await other.until(lambda w: one.id in w.people)
        for _ in range(2):
            await one.line.send(POSE.pack(1, 0, *place, 0, 0))
        assert await one.until_closed() == 4400


async def test_one_slip_is_forgiven(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as one, walker(server.url, city.slug) as other:
        await other.go(0, 0)
        await one.line.send(b"nonsense")
        await one.until(lambda w: w.refusals == ["malformed"])
        await one.go(1, 0)
        await other.until(lambda w: one.id in w.people)


async def test_ten_thousand_poses_at_once_close_their_sender_and_nobody_else(server: Server, city: City) -> None:
    async with (
        walker(server.url, city.slug) as flood,
        walker(server.url, city.slug) as one,
        walker(server.url, city.slug) as other,
    ):
        await one.go(0, 0)
        await other.go(5, 0)
        await one.until(lambda w: other.id in w.people)
        with suppress(ConnectionClosed):
            for index in range(10_000):
                await flood.line.send(pose(0, index % 100, 0))
                await asyncio.sleep(0)  # as in a browser, what comes in is read beside
        assert await flood.until_closed() == 4429
        assert set(flood.refusals) == {"too_fast"}
        await other.go(6, 0)
        await one.until(lambda w: w.people[other.id].e == 6, within_s=2)
        await one.until(lambda w: flood.id not in w.people, within_s=2)


async def test_poses_twenty_times_a_second_are_welcome(server: Server, city: City) -> None:
    async with walker(server.url, city.slug) as one, walker(server.url, city.slug) as other:
        await other.go(0, 50)
        for step in range(60):
            await one.go(step / 10, 0)
            await asyncio.sleep(1 / 19)
        await other.until(lambda w: w.people[one.id].e == 5.9)
        assert one.refusals == []


async def test_who_answers_poses_but_never_reads_is_skipped_and_then_closed(server: Server, city: City) -> None:
    async with walker(server.url, city.slug, echoes=False) as slow, walker(server.url, city.slug) as one:
        await slow.go(0, 0)
        for step in range(120):
            await one.go(step / 100, 5)
            await slow.line.send(pose(0, 0, step / 100))
            await asyncio.sleep(0.1)
            if slow.close_code:
                break
        assert await slow.until_closed() == 4408
        assert slow.refusals == ["slow"]
        # Three on their way, then none.
        assert slow.frames == 3
        assert one.frames > 30


async def test_memory_stays_flat_while_five_never_read(city: City) -> None:
    with daphne() as server:
        async with asyncio.TaskGroup() as group:
            done = asyncio.Event()
            crowd = [group.create_task(_wander(server, city, index, done)) for index in range(40)]
            await asyncio.sleep(2)
            before_kb = server.memory_kb
            deaf = [group.create_task(_never_read(server, city)) for _ in range(5)]
            await asyncio.gather(*deaf)
            assert server.memory_kb - before_kb < 8 * 1024
            done.set()
            await asyncio.gather(*crowd)


async def _wander(server: Server, city: City, index: int, done: asyncio.Event) -> None:
    async with walker(server.url, city.slug) as one:
        step = 0
        while not done.is_set():
            step += 1
            await one.line.send(pose(one.tick, index, step % 100))
            await asyncio.sleep(0.1)


async def _never_read(server: Server, city: City) -> None:
    """For eight seconds, poses and not a byte read."""
    address = server.url.removeprefix("http://")
    reader, writer = await asyncio.open_connection(*address.split(":"))
    hello = [
        f"GET /ws/poses/{city.slug}/ HTTP/1.1", f"Host: {address}", f"Origin: {server.url}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(hello).encode())
    await reader.readuntil(b"\r\n\r\n")
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    for step in range(80):
        # A masked binary frame of 19 bytes; the mask is zero.
        writer.write(b"\x82\x93\x00\x00\x00\x00" + pose(0, 0, step / 10))
        await asyncio.sleep(0.1)
    writer.close()


async def test_a_person_and_an_address_open_only_so_many_sockets(city: City) -> None:
    with daphne(PRESENCE_SOCKETS_AN_ADDRESS="2") as server:
        async with walker(server.url, city.slug) as one, walker(server.url, city.slug):
            async with walker(server.url, city.slug) as third:
                assert third.refusals == ["too_many_sockets"]
                assert await third.until_closed() == 4429
            assert one.close_code is None
        async with walker(server.url, city.slug) as again:
            assert again.refusals == []
    assert not sockets.open_sockets


async def test_another_site_gets_no_socket(server: Server, city: City) -> None:
    address = f"{server.url.replace('http', 'ws')}/ws/poses/{city.slug}/"
    with pytest.raises(InvalidStatus):
        async with connect(address, origin="https://elsewhere.example"):  # type: ignore[arg-type]
            pass


@given(data=st.binary(max_size=40))
def test_whatever_comes_is_a_pose_an_echo_or_malformed(data: bytes) -> None:
    try:
        tick, told = wire.read(data)
    except wire.Malformed:
        return
    assert 0 <= tick < 2**32
    assert told is None or len(data) == 19


AT = st.integers(-5_000_000, 5_000_000)


@given(e=AT, n=AT, z=st.integers(-10_000, 200_000), yaw=st.integers(0, 255), state=st.sampled_from(list(wire.State)))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_record_tells_a_pose_to_the_centimetre(e: int, n: int, z: int, yaw: int, state: int) -> None:
    told = wire.Pose(e, n, z, yaw, state)
    for cell in around(cell_of(told)):
        seen = read_frame(wire.frame(7, middle_of(cell), [(1, told)], 3))
        one = seen.people[1]
        assert (round(one.e * 100), round(one.n * 100), round(one.z * 100)) == (e, n, z)
        assert (one.yaw, one.state, seen.tick, seen.others) == (yaw, state, 7, 3)


def test_a_record_has_twelve_bytes_and_reaches_over_the_next_cell() -> None:
    told = [(number, wire.Pose(0, 0, 0, 0, 0)) for number in range(48)]
    assert len(wire.frame(1, (0, 0), told, 0)) == 20 + 48 * 12
    assert CELL_CM * 3 / 2 < 32_767
