"""A meeting in which something falls over: everybody is back, no vote is lost or doubled, and all know the same."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from metacity.commons.events import latest
from metacity.demo.redis_server import find_binary
from participation.meetings.models import LivePoll, Meeting
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_poll, an_open_meeting, lead
from tests.factories.processes import a_person
from tests.meetings.watchers import Room
from tests.presence.daphne import daphne, free_port
from tests.services import redis_answers

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8


@dataclass
class Stage:
    """A meeting with an open vote, and people who are signed in."""

    meeting: Meeting = field(default_factory=an_open_meeting)

    def __post_init__(self) -> None:
        self.poll: LivePoll = a_poll(self.meeting)
        clients = [signed_in(a_person()) for _number in range(PEOPLE)]
        self.sessions = [client.session.session_key or "" for client in clients]
        self.first = latest(self.meeting.room)

    def counted(self) -> tuple[int, int]:
        """Votes as the stopped poll counts them, and as they are kept."""
        lead(self.meeting, "stop_poll")
        self.poll.refresh_from_db()
        return int(self.poll.cast), self.poll.votes.count()


@contextmanager
def a_redis(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [find_binary() or "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None and not redis_answers(f"redis://127.0.0.1:{port}"):
            pass
        yield process
    finally:
        process.kill()
        process.wait()


async def test_a_killed_daphne_loses_and_doubles_no_vote_and_everybody_is_back() -> None:
    stage, port = await sync_to_async(Stage)(), free_port()
    with daphne(port=port) as server:
        room = Room(server.url, stage)
        await room.enter()
        half = PEOPLE // 2
        await room.vote(stage.sessions[:half])
        server.kill()
    with daphne(port=port):
        # Who is not sure whether the vote arrived sends it again: all of them do.
        await room.vote(stage.sessions)
        await room.write("다시 만났습니다")
        await room.agree()
        assert room.are_equal()
        assert await sync_to_async(stage.counted)() == (PEOPLE, PEOPLE)
        await room.leave()


async def test_a_meeting_goes_on_when_redis_was_restarted(tmp_path: Path) -> None:
    stage, port = await sync_to_async(Stage)(), free_port()
    url = f"redis://127.0.0.1:{port}"
    with a_redis(port, tmp_path) as first, daphne(REDIS_URL=url, TEST_REDIS_URL=url) as server:
        room = Room(server.url, stage)
        await room.enter()
        first.kill()
        first.wait()
        with a_redis(port, tmp_path):
            await room.write("레디스가 다시 켜졌습니다")
            await room.vote(stage.sessions)
            await room.agree()
            # Not by asking for what was missed alone: events arrive by themselves again.
            await room.write("다시 바로 들립니다", 1)
            await room.until_heard("다시 바로 들립니다")
            await room.agree()
            assert room.are_equal()
            assert await sync_to_async(stage.counted)() == (PEOPLE, PEOPLE)
            await room.leave()
