"""Whatever changes a vote is told to everybody who watches it, and to nobody else."""

import itertools
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from metacity.commons import events
from participation.voting.models import Poll
from participation.voting.services import (
    announce_poll,
    call_off_poll,
    check_poll,
    close_poll,
    extend_poll,
    open_poll,
    publish_poll,
    resume_poll,
    suspend_poll,
    take_back_poll,
    tally_poll,
    tell_turnout,
)
from participation.voting.states import State
from tests.factories.accounts import signed_in
from tests.factories.processes import a_person
from tests.factories.voting import (
    DAY,
    HOUR,
    a_draft_poll,
    an_announced_poll,
    an_approver,
    an_official,
    an_open_poll,
    vote,
)
from tests.state_and_events import prove, rolled_back

pytestmark = pytest.mark.django_db
KINDS = (
    "announced taken_back opened extended suspended resumed turnout closed tallied published called_off".split()  # noqa: SIM905
)


def fresh(poll: Poll) -> Poll:
    return Poll.objects.get(pk=poll.pk)


@given(data=st.data())
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_events_tell_everything_that_happens_to_a_vote(data: st.DataObject) -> None:
    """Followed by an official, who sees it in every state, drafts included."""
    with rolled_back():
        official, approver = an_official(), an_approver()
        voters = iter([a_person() for _ in range(24)])
        poll = an_announced_poll(by=official)
        client = signed_in(official)

        def fetch() -> dict[str, Any]:
            told = client.get(f"/api/v1/votes/{poll.id}/").json()
            return {name: told[name] for name in ("state", "closes_at", "turnout", "ballots", "result", "seq")}

        def cast_twelve() -> None:
            for person in itertools.islice(voters, 12):
                vote(fresh(poll), person)

        def check_and_announce() -> None:
            check_poll(poll=poll, by=official, at=poll.opens_at - HOUR)
            announce_poll(poll=poll, by=official, at=poll.opens_at - HOUR)

        def extend() -> None:
            until = fresh(poll).closes_at + DAY
            extend_poll(poll=poll, until=until, reason="비가 많이 왔습니다.", by=official, at=poll.opens_at)

        prove(
            data,
            room=poll.room,
            fetch=fetch,
            user=official,
            reducers={f"poll.{kind}": lambda state, payload: state | payload for kind in KINDS},
            actions=[
                lambda: open_poll(poll=poll, at=poll.opens_at),
                lambda: take_back_poll(poll=poll, by=official),
                check_and_announce,
                cast_twelve,
                lambda: tell_turnout(poll=fresh(poll)),
                extend,
                lambda: suspend_poll(poll=poll, reason="확인합니다.", by=official, at=poll.opens_at),
                lambda: resume_poll(poll=poll, reason="이상 없습니다.", by=official, at=poll.opens_at + HOUR),
                lambda: call_off_poll(poll=poll, reason="다시 합니다.", by=official, at=poll.opens_at),
                lambda: close_poll(poll=poll, at=fresh(poll).closes_at),
                lambda: tally_poll(poll=poll),
                lambda: publish_poll(poll=poll, by=approver, at=timezone.now()),
            ],
            most_actions=12,
        )


def test_the_room_of_a_vote_is_open_to_all_but_for_drafts() -> None:
    draft, announced = a_draft_poll(), an_announced_poll()
    nobody = AnonymousUser()
    assert events.may_enter(nobody, announced.room)
    assert not events.may_enter(nobody, draft.room)
    assert events.may_enter(an_official(), draft.room)
    assert not events.may_enter(nobody, "poll.nothing")


def test_no_event_before_the_result_holds_figures() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter)
    tally_poll(poll=close_poll(poll=poll, at=poll.closes_at))
    told = events.replay(room=poll.room, after=0, user=AnonymousUser()).events
    assert [event["payload"]["result"] for event in told] == [None] * len(told)
    publish_poll(poll=poll, by=an_approver(), at=timezone.now())
    told = events.replay(room=poll.room, after=0, user=AnonymousUser()).events
    assert told[-1]["payload"]["result"] == {"yes": 1, "no": 0, "abstain": 0, "outcome": "accepted"}


def test_the_page_follows_its_room() -> None:
    poll = an_open_poll()
    page = Client().get(poll.get_absolute_url()).content.decode()
    assert f'data-room="{poll.room}" data-seq="{events.latest(poll.room)}"' in page
    assert fresh(poll).state == State.OPEN
