"""What time does to votes: they open, they close, and their turnout is told.

Opening and closing are jobs: a worker that is killed in the middle has changed nothing, and the next one begins anew.
"""

import uuid
from datetime import datetime, timedelta

from metacity.commons import jobs
from metacity.commons.models import Job
from participation.voting import traces
from participation.voting.models import Poll
from participation.voting.services import close_poll, open_poll, tally_poll, tell_turnout
from participation.voting.states import State

OPEN, CLOSE = "voting.open", "voting.close"
# What was refused (a roll that was changed) is tried again in a while, not with every tick.
TRIED_AGAIN_AFTER = timedelta(minutes=10)


def key_of(task: str, poll_id: uuid.UUID) -> str:
    return f"{task}.{poll_id}"


def keep_time(now: datetime) -> None:
    """Have everything opened, closed and tallied that is due."""
    for poll in Poll.objects.due_to_open(now):
        _ask(OPEN, poll, now)
    for poll in Poll.objects.due_to_close(now) | Poll.objects.to_be_tallied():
        _ask(CLOSE, poll, now)
    last = Job.objects.filter(key=traces.WIPE).order_by("-created_at").first()
    failed_at = last.finished_at if last and last.state == Job.State.FAILED else None
    if failed_at and failed_at <= now - TRIED_AGAIN_AFTER:
        _wipe_later()


def _wipe_later() -> None:
    jobs.enqueue(task=traces.WIPE, args={}, key=traces.WIPE)


def _ask(task: str, poll: Poll, now: datetime) -> None:
    key = key_of(task, poll.pk)
    if not Job.objects.filter(key=key, state=Job.State.FAILED, finished_at__gt=now - TRIED_AGAIN_AFTER).exists():
        jobs.enqueue(task=task, args={"poll": str(poll.pk)}, key=key)


def tell_turnouts() -> None:
    for poll in Poll.objects.filter(state=State.OPEN).order_by("pk"):
        tell_turnout(poll=poll)


def open_now(poll_id: uuid.UUID, now: datetime) -> None:
    open_poll(poll=Poll.objects.get(pk=poll_id), at=now)


def close_now(poll_id: uuid.UUID, now: datetime) -> None:
    """Close, wipe and tally; whatever of it was done before is left as it is."""
    poll = close_poll(poll=Poll.objects.get(pk=poll_id), at=now)
    if poll.state == State.CLOSED:
        try:
            traces.wipe()
        except traces.OldRowsSeen:  # the result does not wait for them
            _wipe_later()
        tally_poll(poll=poll)


def last_fault(poll: Poll) -> str:
    """The code with which closing a poll failed last, where it is overdue for that; else nothing."""
    failed = Job.objects.filter(key=key_of(CLOSE, poll.pk), state=Job.State.FAILED).order_by("-finished_at").first()
    return failed.error if failed and poll.state in {State.OPEN, State.CLOSED} else ""
