"""What the room holds of a person: told on request, and let go when the person leaves."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from metacity.accounts.data import export_all
from metacity.accounts.models import User
from metacity.accounts.services.erasure import erase_account
from participation.meetings.kinds import RestrictionKind
from participation.meetings.models import Restriction, Vote
from participation.meetings.services.chat import write_message
from tests.factories.meetings import a_poll, a_vote, a_wish, an_open_meeting, fresh, lead
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db


def test_one_is_told_what_one_did_and_leaves_without_a_name_while_the_sums_stand() -> None:
    cache.clear()
    meeting, person = an_open_meeting(), a_person(alias="골목 산책")
    write_message(meeting=meeting, person=person, text="벤치가 좋아요", at=timezone.now())
    wish = a_wish(meeting, person)
    a_poll(meeting)
    a_vote(meeting, person)
    lead(meeting, "restrict", seat=wish.seat_id, kind=RestrictionKind.CHAT, minutes=5, reason="도배")
    told = export_all(User.objects.get(pk=person.pk))["meetings"]
    assert told[0]["messages"][0]["text"] == "벤치가 좋아요"
    assert told[0]["votes"] == [{"question": "벤치를 놓는 데 찬성하십니까?", "choice": "yes"}]
    assert told[0]["restrictions"][0]["reason"] == "도배"
    assert told[0]["speeches"][0]["state"] == "waiting"
    erase_account(user=User.objects.get(pk=person.pk))
    page = Client().get(meeting.get_absolute_url()).content.decode()
    assert "벤치가 좋아요" in page
    assert "골목 산책" not in page
    assert not Restriction.objects.exists()
    assert not meeting.speeches.waiting().exists()
    lead(meeting, "stop_poll")
    assert meeting.polls.get().yes == Vote.objects.count() == 1
    assert export_all(User.objects.get(pk=person.pk))["meetings"] == []


def test_a_meeting_whose_chair_leaves_is_led_by_the_deputy() -> None:
    meeting = an_open_meeting()
    assert meeting.chair is not None
    erase_account(user=meeting.chair)
    assert fresh(meeting).chair is None
    lead(meeting, "pause", by=meeting.deputy)
    assert Client().get(meeting.get_absolute_url()).status_code == 200
