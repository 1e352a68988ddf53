"""State + events = state fetched later, for a guest, a speaker, whoever leads, and a moderator."""

import datetime as dt
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from metacity.accounts.models import User
from metacity.accounts.services.erasure import erase_account
from participation.meetings.kinds import Choice, RestrictionKind, SpeechKind
from participation.meetings.models import Meeting, Seat
from participation.meetings.services.attendance import GONE_AFTER, attend, see_off
from participation.meetings.services.chat import hide_message, show_message, write_message
from participation.meetings.services.planning import add_item, cancel_meeting, move_item_up, remove_item, replan_meeting
from participation.meetings.services.speaking import end_own_speech, withdraw_wish
from participation.meetings.telling import MESSAGES_SHOWN
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_meeting, a_seat, a_vote, a_wish, an_open_meeting, fresh, lead
from tests.factories.processes import a_person
from tests.state_and_events import State, prove, rolled_back

pytestmark = pytest.mark.django_db
PARTS = ("plan", "stage", "agenda", "floor", "decisions", "people", "guests", "restrictions", "seq")
EXAMPLES = hypothesis.settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fetched(client: Any, meeting: Meeting) -> State:
    told = client.get(f"/api/v1/meetings/{meeting.id}/").json()
    return {part: told[part] for part in PARTS} | {
        "people": {person["seat"]: person["name"] for person in told["people"]},
        "polls": {poll["number"]: poll for poll in told["polls"]},
        "messages": {message["number"]: message for message in told["messages"]},
        "restrictions": {each["id"]: each for each in told["restrictions"]},
    }


def came(state: State, payload: Any) -> State:
    person = payload["person"]
    people = state["people"] | ({person["seat"]: person["name"]} if person else {})
    return state | {"people": people, "guests": payload["guests"]}


def left(state: State, payload: Any) -> State:
    people = {seat: name for seat, name in state["people"].items() if seat not in payload["seats"]}
    return state | {"people": people, "guests": payload["guests"]}


def said(state: State, message: Any) -> State:
    messages = state["messages"] | {message["number"]: message}
    latest = sorted(messages)[-MESSAGES_SHOWN:]
    return state | {"messages": {number: messages[number] for number in latest}}


def restricted(state: State, payload: Any) -> State:
    told = dict(payload)
    is_lifted = told.pop("is_lifted")
    kept = {key: each for key, each in state["restrictions"].items() if key != told["id"]}
    return state | {"restrictions": kept if is_lifted else kept | {told["id"]: told}}


def decided(state: State, payload: Any) -> State:
    return state | {"decisions": state["decisions"] | {payload["item"]: payload["decision"]}}


REDUCERS = {
    "meeting.changed": lambda state, payload: state | payload,
    "meeting.came": came,
    "meeting.left": left,
    "meeting.message": said,
    "meeting.poll": lambda state, poll: state | {"polls": state["polls"] | {poll["number"]: poll}},
    "meeting.restricted": restricted,
    "meeting.decided": decided,
}


def write(meeting: Meeting, person: User) -> None:
    cache.clear()
    write_message(meeting=fresh(meeting), person=person, text="잘 들립니다.", at=timezone.now())


def turn_message(meeting: Meeting, turn: Any) -> None:
    message = meeting.messages.order_by("number").first()
    if message is not None:
        turn(message.pk, timezone.now())


def restrict(meeting: Meeting, seat: Seat, kind: RestrictionKind) -> None:
    lead(meeting, "restrict", seat=seat.pk, kind=kind, reason="끼어들기", minutes=5)


def lift(meeting: Meeting, seat: Seat) -> None:
    standing = seat.restrictions.filter(lifted_at=None).first()
    if standing is not None:
        lead(meeting, "lift", restriction=standing.pk)


def again(person: User) -> User:
    """As their next request would find them."""
    return User.objects.get(pk=person.pk)


def give_floor(meeting: Meeting) -> None:
    waiting = meeting.speeches.waiting().first()
    if waiting is not None:
        lead(meeting, "give_floor", speech=waiting.pk)


def call_forward(meeting: Meeting) -> None:
    waiting = meeting.speeches.waiting().last()
    if waiting is not None:
        lead(meeting, "call_forward", speech=waiting.pk, reason="먼 길을 왔습니다.")


def withdraw(meeting: Meeting, person: User) -> None:
    mine = meeting.speeches.waiting().filter(seat__person=person).first()
    if mine is not None:
        withdraw_wish(meeting=fresh(meeting), person=person, speech=mine.pk, at=timezone.now())


@pytest.mark.parametrize("who", ["guest", "speaker", "chair", "moderator"])
@given(data=st.data())
@EXAMPLES
def test_events_tell_everything_that_happens_in_a_meeting(who: str, data: st.DataObject) -> None:
    with rolled_back():
        meeting = an_open_meeting()
        one, other, disturber = a_person(), a_person(), a_person()
        a_seat(meeting, one)
        seat = a_seat(meeting, disturber)
        watching: dict[str, User | None] = {
            "guest": None,
            "speaker": one,
            "chair": meeting.chair,
            "moderator": a_person(roles=["moderator"]),
        }
        person = watching[who]
        client = signed_in(person) if person else Client()
        item = meeting.items.first()
        assert item is not None
        now = timezone.now
        prove(
            data,
            room=meeting.room,
            user=person,
            fetch=lambda: fetched(client, meeting),
            reducers=REDUCERS,
            actions=[
                lambda: a_seat(meeting, again(other)),
                lambda: attend(meeting=fresh(meeting), user=AnonymousUser(), session_key="abc", at=now()),
                lambda: see_off(now() + 2 * GONE_AFTER),
                lambda: write(meeting, one),
                lambda: write(meeting, again(other)),
                lambda: turn_message(meeting, hide_message),
                lambda: turn_message(meeting, show_message),
                lambda: a_wish(meeting, one),
                lambda: a_wish(meeting, disturber),
                lambda: a_wish(meeting, again(other), kind=SpeechKind.POINT_OF_ORDER),
                lambda: withdraw(meeting, one),
                lambda: give_floor(meeting),
                lambda: call_forward(meeting),
                lambda: end_own_speech(meeting=fresh(meeting), person=one, at=now() + dt.timedelta(seconds=40)),
                lambda: lead(meeting, "end_speech"),
                lambda: lead(meeting, "close_list"),
                lambda: lead(meeting, "open_list"),
                lambda: lead(meeting, "next_item"),
                lambda: lead(meeting, "item", item=item.pk),
                lambda: lead(meeting, "decide", item=item.pk, text="다음 달에 놓기로 함"),
                lambda: lead(meeting, "start_poll", question="찬성하십니까?"),
                lambda: a_vote(meeting, one) if meeting.polls.exists() else None,
                lambda: a_vote(meeting, disturber, Choice.NO) if meeting.polls.exists() else None,
                lambda: lead(meeting, "stop_poll"),
                lambda: lead(meeting, "pause"),
                lambda: lead(meeting, "open"),
                lambda: lead(meeting, "hand_over"),
                lambda: restrict(meeting, seat, RestrictionKind.CHAT),
                lambda: restrict(meeting, seat, RestrictionKind.SPEECH),
                lambda: restrict(meeting, seat, RestrictionKind.REMOVAL),
                lambda: lift(meeting, seat),
                lambda: erase_account(user=User.objects.get(pk=other.pk)),
                lambda: lead(meeting, "close"),
            ],
            most_actions=12,
        )


@given(data=st.data())
@EXAMPLES
def test_events_tell_everything_that_the_office_plans(data: st.DataObject) -> None:
    with rolled_back():
        meeting, planner = a_meeting(), a_person(roles=["official"])
        client = signed_in(a_person())

        def last() -> Any:
            return meeting.items.last()

        prove(
            data,
            room=meeting.room,
            user=a_person(),
            fetch=lambda: fetched(client, meeting),
            reducers=REDUCERS,
            actions=[
                lambda: add_item(meeting=meeting, by=planner, title="그 밖의 이야기", minutes=5),
                lambda: move_item_up(meeting=meeting, by=planner, item=last().pk) if last() else None,
                lambda: remove_item(meeting=meeting, by=planner, item=last().pk) if last() else None,
                lambda: replan_meeting(meeting=meeting, by=planner, title="시장길 회의", place_words="주민센터"),
                lambda: replan_meeting(meeting=meeting, by=planner, deputy=None),
                lambda: lead(meeting, "open"),
                lambda: cancel_meeting(meeting=meeting, by=planner),
            ],
        )
