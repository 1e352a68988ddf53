"""The sample district's meetings."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from metacity.commons.models import Event
from participation.meetings.kinds import MeetingState
from participation.meetings.models import Meeting, Message, Seat
from participation.meetings.seeding import seed_meetings
from participation.meetings.services.attendance import see_off
from participation.proposals.seeding import seed_city
from tests.proposals.test_seed_demo import a_district

pytestmark = pytest.mark.django_db


def test_one_has_minutes_one_is_on_and_one_is_to_come() -> None:
    city, now = a_district(), timezone.now()
    call_command("seed_demo_accounts", verbosity=0)
    seed_city(city, now)
    assert seed_meetings(city, now) == "3 new meetings"
    states = {meeting.state: meeting for meeting in Meeting.objects.with_people()}
    assert set(states) == {MeetingState.PUBLISHED, MeetingState.OPEN, MeetingState.PLANNED}
    past, on_now, planned = (
        states[state] for state in (MeetingState.PUBLISHED, MeetingState.OPEN, MeetingState.PLANNED)
    )
    assert past.polls.count() == 2
    assert past.speeches.spoken().count() == 7
    assert "15, 반대 3, 기권 1" in past.minutes.current.text
    assert on_now.proposal is not None
    assert on_now.polls.open().count() == 1
    assert on_now.speeches.waiting().count() == 3
    assert planned.starts_at > now
    assert not Message.objects.filter(written_at__gt=now).exists()
    # Made-up people do not leave a minute later.
    assert see_off(now + dt.timedelta(minutes=30)) == 0
    assert Seat.objects.taken().filter(meeting=on_now).count() == 17
    for meeting in states.values():
        assert meeting.title_en
        assert meeting.summary_en
        assert Client().get(meeting.get_absolute_url()).status_code == 200


def test_seeding_again_changes_nothing_and_without_accounts_makes_nothing() -> None:
    city, now = a_district(), timezone.now()
    assert "accounts are missing" in seed_meetings(city, now)
    call_command("seed_demo_accounts", verbosity=0)
    seed_city(city, now)
    seed_meetings(city, now)
    before = Event.objects.count()
    assert seed_meetings(city, now + dt.timedelta(hours=1)) == "0 new meetings"
    assert (Meeting.objects.count(), Event.objects.count()) == (3, before)
