"""The proof that *state + events = state fetched later*, for any room and its kinds of events.

A room's test hands over how its state is fetched, how a client applies each kind of event, and what people do:

    @given(data=st.data())
    @hypothesis.settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @pytest.mark.django_db
    def test_events_tell_everything(data: st.DataObject) -> None:
        with rolled_back():
            proposal = …
            prove(
                data,
                room=proposal.room,
                fetch=lambda: client.get(f"/api/v1/proposals/{proposal.id}/").json(),
                reducers={"proposal.supported": lambda state, payload: state | payload},
                actions=[lambda: give_support(…), lambda: withdraw_support(…)],
            )

What a fetched state has and a client does not follow is left out by `fetch` itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import strategies as st

from metacity.commons import events
from metacity.commons.errors import CityError

State = dict[str, Any]
Fetch = Callable[[], State]
Reducers = Mapping[str, Callable[[State, Any], State]]
FATES = ("arrives", "is lost", "arrives twice", "arrives late")


@contextmanager
def rolled_back() -> Iterator[None]:
    """One example's rows, gone before the next example."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Follower:
    """A client: it starts from a fetched state, applies the events that follow, and fetches anew at a gap."""

    def __init__(self, fetch: Fetch, reducers: Reducers) -> None:
        self._fetch = fetch
        self._reducers = reducers
        self.fetches = 0
        self.fetch()

    def fetch(self) -> None:
        self.state = self._fetch()
        self.fetches += 1

    @property
    def seq(self) -> int:
        return int(self.state["seq"])

    def hear(self, event: Mapping[str, Any]) -> None:
        if event["seq"] <= self.seq:
            return
        if event["seq"] > self.seq + 1:
            self.fetch()
            return
        if event["payload"] is not None:
            self.state = self._reducers[event["kind"]](self.state, event["payload"])
        self.state = self.state | {"seq": event["seq"]}

    def hear_latest(self, seq: int) -> None:
        if seq != self.seq:
            self.fetch()


def prove(
    data: st.DataObject,
    *,
    room: str,
    fetch: Fetch,
    reducers: Reducers,
    actions: Sequence[Callable[[], object]],
    user: Any = None,
    most_actions: int = 10,
) -> None:
    """Lets people act, in any order; a follower whose line is good never fetches again and is never wrong, and one
    whose line loses, doubles and delays events is right again with the next heartbeat. `user` is who follows."""
    listener = user or AnonymousUser()
    faithful, unlucky = Follower(fetch, reducers), Follower(fetch, reducers)
    late: list[Mapping[str, Any]] = []
    for act in data.draw(st.lists(st.sampled_from(list(actions)), max_size=most_actions), label="actions"):
        after = faithful.seq
        _attempt(act)
        for event in events.replay(room=room, after=after, user=listener).events:
            faithful.hear(event)
            _deliver(data.draw(st.sampled_from(FATES), label="fate"), event, unlucky, late)
        assert faithful.state == fetch(), "The events do not tell everything that changed."
    for belated in late:
        unlucky.hear(belated)
    unlucky.hear_latest(events.latest(room))
    assert unlucky.state == fetch()
    assert faithful.fetches == 1, "A number was left out."


def _attempt(act: Callable[[], object]) -> None:
    """What is refused changes nothing, and the next comparison shows whether that is so."""
    try:
        with transaction.atomic():
            act()
    except CityError:
        pass


def _deliver(fate: str, event: Mapping[str, Any], follower: Follower, late: list[Mapping[str, Any]]) -> None:
    if fate == "arrives late":
        late.append(event)
    for _ in range({"arrives": 1, "arrives twice": 2}.get(fate, 0)):
        follower.hear(event)
