"""Planning in the office: create, change, cancel, appoint, set the agenda; and who may not."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import Notice, User
from participation.meetings.kinds import MeetingState
from participation.meetings.models import Meeting
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_meeting, fresh, lead
from tests.factories.processes import a_building, a_city, a_person, a_process
from tests.factories.proposals import a_proposal

pytestmark = pytest.mark.django_db


def official(**fields: Any) -> User:
    return a_person(roles=["official"], second_factor=True, **fields)


def a_plan(**told: Any) -> dict[str, Any]:
    start = timezone.localtime() + dt.timedelta(days=3)
    people = {name: a_person(roles=["official"]).pk for name in ("chair", "deputy", "clerk")}
    return {
        "title": "벤치를 어디에 놓을까요",
        "summary": "함께 정합니다.",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + dt.timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "place": "가온도서관",
        "speak_level": "identified",
        **people,
        **told,
    }


def test_an_official_plans_a_meeting_about_an_idea_and_its_author_is_told() -> None:
    process, author = a_process(a_city()), a_person()
    library = a_building(process.city, "가온도서관")
    proposal = a_proposal(process, author)
    client = signed_in(official())
    answer = client.post(reverse("meetings:office_new"), a_plan(proposal_number=proposal.number))
    meeting = Meeting.objects.get()
    assert answer["Location"] == reverse("meetings:office_edit", args=[meeting.id])
    assert (meeting.proposal, meeting.process, meeting.place_object) == (proposal, process, library)
    assert Notice.objects.get(person=author).kind == "meetings.planned"
    assert proposal.content.title in signed_in(author).get(reverse("accounts:notices")).content.decode()
    assert meeting.title in Client().get(proposal.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "가" * 81}, "title"),
        ({"place": " \u3164"}, "place"),
        ({"ends_at": "2020-01-01T10:00"}, "ends_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"proposal_number": "4711"}, "proposal_number"),
        ({"chair": "00000000-0000-0000-0000-000000000000"}, "chair"),
        ({"speak_level": "everybody"}, "speak_level"),
    ],
)
def test_what_does_not_fit_is_named_by_field_and_nothing_is_lost(wrong: dict[str, str], field: str) -> None:
    a_city()
    answer = signed_in(official()).post(reverse("meetings:office_new"), a_plan(summary="이 글은 남습니다") | wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in page
    assert "이 글은 남습니다" in page
    assert not Meeting.objects.exists()


def test_one_person_holds_one_office() -> None:
    a_city()
    told = a_plan()
    answer = signed_in(official()).post(reverse("meetings:office_new"), told | {"clerk": told["chair"]})
    assert answer.status_code == 400
    assert "서로 다른 사람" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_a_citizen_is_appointed_to_nothing() -> None:
    a_city()
    answer = signed_in(official()).post(reverse("meetings:office_new"), a_plan(chair=a_person().pk))
    assert answer.status_code == 400
    assert not Meeting.objects.exists()


def test_the_agenda_is_added_to_reordered_and_shortened() -> None:
    meeting = a_meeting(items=0)
    client, address = signed_in(official()), reverse("meetings:office_item", args=[meeting.id])
    for title in ("하나", "둘", "셋"):
        assert client.post(address, {"title": title, "minutes": 10}).status_code == 303
    items = {item.title: item for item in meeting.items.all()}
    client.post(address, {"up": items["셋"].pk})
    client.post(address, {"up": items["하나"].pk})
    client.post(address, {"remove": items["둘"].pk})
    assert list(meeting.items.values_list("position", "title")) == [(1, "하나"), (2, "셋")]
    assert client.post(address, {"title": "", "minutes": 0}).status_code == 400
    assert client.post(address, {"remove": "x"}).status_code == 400
    assert meeting.items.count() == 2


def test_a_meeting_that_has_begun_keeps_its_plan() -> None:
    meeting = a_meeting()
    lead(meeting, "open")
    client = signed_in(official())
    assert client.post(reverse("meetings:office_edit", args=[meeting.id]), a_plan()).status_code == 400
    added = client.post(reverse("meetings:office_item", args=[meeting.id]), {"title": "하나 더", "minutes": 5})
    assert added.status_code == 400
    assert client.post(reverse("meetings:office_cancel", args=[meeting.id])).status_code == 409
    assert (fresh(meeting).title, fresh(meeting).state, meeting.items.count()) == (meeting.title, MeetingState.OPEN, 2)


def test_a_cancelled_meeting_says_so_and_its_author_is_told() -> None:
    process, author = a_process(), a_person()
    meeting = a_meeting(process.city, proposal=a_proposal(process, author))
    assert signed_in(official()).post(reverse("meetings:office_cancel", args=[meeting.id])).status_code == 303
    assert fresh(meeting).state == MeetingState.CANCELLED
    assert set(author.notices.values_list("kind", flat=True)) == {"meetings.planned", "meetings.cancelled"}
    assert "취소됨" in Client().get(meeting.get_absolute_url()).content.decode()
    assert "STATUS:CANCELLED" in Client().get(reverse("meetings:calendar", args=[meeting.id])).content.decode()


@pytest.mark.parametrize("roles", [[], ["moderator"], ["clerk"]])
def test_others_plan_nothing(roles: list[str]) -> None:
    meeting = a_meeting()
    client = signed_in(a_person(roles=roles, second_factor=True))
    for name, told in (("office_new", a_plan()), ("office_edit", a_plan()), ("office_item", {}), ("office_cancel", {})):
        args = [] if name == "office_new" else [meeting.id]
        assert client.post(reverse(f"meetings:{name}", args=args), told).status_code == 403
    assert client.get(reverse("meetings:office")).status_code == 403
    assert Client().get(reverse("meetings:office")).status_code == 302
    assert Meeting.objects.count() == 1
    assert fresh(meeting).state == MeetingState.PLANNED


def test_office_pages_are_read_with_few_queries(django_assert_max_num_queries: Any) -> None:
    meeting = a_meeting()
    for _number in range(5):
        a_meeting(meeting.city)
    client = signed_in(official())
    for address in (reverse("meetings:office"), reverse("meetings:office_edit", args=[meeting.id])):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
