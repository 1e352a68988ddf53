"""Two at once: votes, wishes and chairs meet in the database, not in the program."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from metacity.commons.errors import CityError
from metacity.commons.events import latest
from metacity.commons.models import Event
from participation.meetings.kinds import Choice
from participation.meetings.models import Vote
from participation.meetings.services.chat import keep_message
from tests.factories.meetings import a_poll, a_seat, a_vote, a_wish, an_open_meeting, fresh, lead
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """The code of each refusal; empty where an act was done."""

    def attempt(act: Callable[[], object]) -> str:
        try:
            act()
        except CityError as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return sorted(threads.map(attempt, acts))


def test_of_two_votes_at_once_one_counts() -> None:
    meeting, person = an_open_meeting(), a_person()
    a_seat(meeting, person)
    a_poll(meeting)
    outcomes = at_once(
        *(lambda choice=choice: a_vote(meeting, person, choice) for choice in (Choice.YES, Choice.NO) * 2)
    )
    assert outcomes == ["", "already_voted", "already_voted", "already_voted"]
    assert Vote.objects.count() == 1
    lead(meeting, "stop_poll")
    assert meeting.polls.get().cast == 1


def test_a_vote_while_the_chair_stops_is_counted_or_refused() -> None:
    meeting = an_open_meeting()
    people = [a_person() for _number in range(4)]
    poll = a_poll(meeting)
    outcomes = at_once(
        *(lambda person=person: a_vote(meeting, person) for person in people), lambda: lead(meeting, "stop_poll")
    )
    poll.refresh_from_db()
    refused = outcomes.count("poll_not_open")
    assert poll.yes == Vote.objects.count() == len(people) - refused
    assert poll.entitled == poll.yes


def test_of_two_chairs_who_see_the_same_meeting_one_acts() -> None:
    meeting = an_open_meeting()
    turn = meeting.turn
    outcomes = at_once(
        lambda: lead(meeting, "next_item", turn=turn), lambda: lead(meeting, "next_item", by=meeting.deputy, turn=turn)
    )
    assert outcomes == ["", "state_changed"]
    assert fresh(meeting).current_item.position == 2  # type: ignore[union-attr]


def test_one_asks_once_however_many_times_at_once() -> None:
    meeting, person = an_open_meeting(), a_person()
    a_seat(meeting, person)
    assert at_once(*[lambda: a_wish(meeting, person)] * 4) == ["", *["already_asked"] * 3]
    assert meeting.speeches.count() == 1


def test_messages_at_once_have_numbers_without_gaps_beside_a_chair_who_acts() -> None:
    meeting = an_open_meeting()
    people = [a_person() for _number in range(4)]
    outcomes = at_once(
        *(
            lambda person=person: keep_message(meeting=fresh(meeting), person=person, text="안녕", at=timezone.now())
            for person in people
        ),
        lambda: lead(meeting, "close_list"),
    )
    assert outcomes == [""] * 5
    assert list(meeting.messages.values_list("number", flat=True)) == [1, 2, 3, 4]
    numbers = list(Event.objects.filter(room=meeting.room).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, latest(meeting.room) + 1))
