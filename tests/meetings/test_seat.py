"""The page of a meeting, without scripts: what is seen, written and asked for, and what people paste into it."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.commons.models import Event
from participation.meetings.kinds import SpeechKind
from participation.meetings.models import Meeting, Message, Seat
from participation.meetings.services.attendance import GONE_AFTER, attend, see_off
from participation.meetings.services.chat import hide_message
from participation.moderation.subjects import kind_named, subject_for
from participation.processes.kinds import Level
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_meeting, a_poll, a_seat, a_wish, an_open_meeting, fresh, lead
from tests.factories.processes import a_person, a_process
from tests.factories.proposals import a_proposal
from twin.mirror.models import City

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


def write(client: Client, meeting: Meeting, text: str) -> int:
    return client.post(reverse("meetings:write", args=[meeting.id]), {"text": text}).status_code


def test_a_visitor_watches_and_is_shown_the_way_to_take_part() -> None:
    meeting = an_open_meeting(summary="벤치를 놓을지 정합니다.")
    wish = a_wish(meeting)
    a_poll(meeting)
    page = Client().get(meeting.get_absolute_url()).content.decode()
    for words in (meeting.title, "벤치를 놓을지", "안건 1", wish.seat.name, "아직 발언하지 않았습니다", "찬성하십니까"):
        assert words in page, words
    assert "주민투표가 아닙니다" in page
    assert 'name="choice"' not in page
    assert reverse("account_login") in page


def test_the_page_is_complete_in_english() -> None:
    meeting = an_open_meeting(title_en="A bench for the square")
    a_wish(meeting)
    page = Client().get(meeting.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
    for words in ("A bench for the square", "Speaking list", "Has not spoken yet", "Agenda", "On now"):
        assert words in page, words


def test_each_act_is_a_form_that_leads_back_to_its_part() -> None:
    meeting, person = an_open_meeting(), a_person()
    client = signed_in(person)
    assert client.post(reverse("meetings:ask", args=[meeting.id]))["Location"].endswith("#floor")
    wish = meeting.speeches.get()
    assert "내 발언 순서는 1번째" in client.get(meeting.get_absolute_url()).content.decode()
    client.post(reverse("meetings:withdraw", args=[meeting.id]), {"speech": wish.pk})
    wish.refresh_from_db()
    assert wish.state == "withdrawn"
    poll = a_poll(meeting)
    answer = client.post(reverse("meetings:vote", args=[meeting.id]), {"poll": poll.pk, "choice": "abstain"})
    assert answer["Location"].endswith("#vote")
    assert "투표하셨습니다" in client.get(meeting.get_absolute_url()).content.decode()
    assert write(client, meeting, "고맙습니다") == 303
    assert "고맙습니다" in Client().get(meeting.get_absolute_url()).content.decode()


def test_my_wish_is_mine_alone_to_withdraw() -> None:
    meeting = an_open_meeting()
    wish = a_wish(meeting)
    answer = signed_in(a_person()).post(reverse("meetings:withdraw", args=[meeting.id]), {"speech": wish.pk})
    assert answer.status_code == 409
    wish.refresh_from_db()
    assert wish.state == "waiting"


def test_a_member_without_identity_check_writes_but_neither_speaks_nor_votes() -> None:
    meeting, member = an_open_meeting(), a_person(identified=False)
    poll, client = a_poll(meeting), signed_in(member)
    assert write(client, meeting, "지켜보고 있어요") == 303
    assert client.post(reverse("meetings:ask", args=[meeting.id])).status_code == 403
    answer = client.post(reverse("meetings:vote", args=[meeting.id]), {"poll": poll.pk, "choice": "yes"})
    assert answer.status_code == 403
    assert reverse("accounts:identity") in answer.content.decode()
    assert not poll.votes.exists()
    easy = an_open_meeting(meeting.city, speak_level=Level.MEMBER)
    assert client.post(reverse("meetings:ask", args=[easy.id])).status_code == 303


def test_scripts_and_turned_directions_stay_text_and_personal_numbers_are_masked() -> None:
    meeting = an_open_meeting()
    client = signed_in(a_person())
    assert write(client, meeting, f"{SCRIPT} 안녕\u202eㅋ 900101-1234567 010-1234-5678") == 303
    text = Message.objects.get().text
    assert "\u202e" not in text
    assert "1234567" not in text
    assert "5678" not in text
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    lead(meeting, "start_poll", question=f"찬성 {SCRIPT}?")
    assert SCRIPT not in client.get(meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\u3164", "가" * 501])
def test_what_is_no_message_is_refused_and_kept_for_its_author(text: str) -> None:
    meeting = an_open_meeting()
    answer = signed_in(a_person()).post(reverse("meetings:write", args=[meeting.id]), {"text": text})
    assert answer.status_code == 400
    assert not Message.objects.exists()
    if text.startswith("가"):
        assert text in answer.content.decode()


def test_a_megabyte_is_refused() -> None:
    meeting, client = an_open_meeting(), signed_in(a_person())
    long = "가" * 1_000_000
    assert write(client, meeting, long) in {400, 413}
    api = client.post(f"/api/v1/meetings/{meeting.id}/messages/", {"text": long}, content_type="application/json")
    assert api.status_code in {400, 413}
    assert not Message.objects.exists()


def test_of_fifty_messages_at_once_a_handful_is_kept() -> None:
    meeting, client = an_open_meeting(), signed_in(a_person())
    codes = [write(client, meeting, f"글 {number}") for number in range(50)]
    assert codes.count(303) == 6
    assert set(codes[6:]) == {429}
    assert Message.objects.count() == fresh(meeting).message_count == 6
    assert write(signed_in(a_person()), meeting, "다른 사람") == 303


def test_messages_are_numbered_and_earlier_ones_are_a_link_away() -> None:
    meeting = an_open_meeting()
    seat = a_seat(meeting)
    Message.objects.bulk_create(
        Message(meeting=meeting, seat=seat, number=number, text=f"글 {number}") for number in range(1, 61)
    )
    Meeting.objects.update(message_count=60)
    page = Client().get(meeting.get_absolute_url()).content.decode()
    assert 'id="message-60"' in page
    assert 'id="message-10"' not in page
    assert "?before=11#chat" in page
    earlier = Client().get(meeting.get_absolute_url(), {"before": "11"}).content.decode()
    assert 'id="message-1"' in earlier
    assert Client().get(meeting.get_absolute_url(), {"before": "²"}).status_code == 200


def test_a_hidden_message_is_read_by_its_author_and_moderators_alone() -> None:
    meeting, author = an_open_meeting(), a_person()
    write(signed_in(author), meeting, "나쁜 말을 썼습니다")
    message = Message.objects.get()
    hide_message(message.pk, timezone.now())
    seen = {
        "visitor": Client(),
        "author": signed_in(author),
        "moderator": signed_in(a_person(roles=["moderator"])),
        "chair": signed_in(meeting.chair),  # type: ignore[arg-type]
    }
    for who, client in seen.items():
        page = client.get(meeting.get_absolute_url()).content.decode()
        told = client.get(f"/api/v1/meetings/{meeting.id}/").json()["messages"][0]
        sees = who in {"author", "moderator"}
        assert ("나쁜 말을" in page, bool(told["text"]), bool(told["name"])) == (sees, sees, sees), who
        kept = client.get(f"/api/v1/events/{meeting.room}/?after=0").content.decode()
        assert ("나쁜 말을" in kept) == sees, who
    assert subject_for(author, "meeting_message", message.pk).is_hidden
    assert kind_named("meeting_message").find(a_person(), message.pk) is None


def test_people_come_once_and_leave_when_their_page_falls_silent() -> None:
    meeting, person = an_open_meeting(), a_person()
    client, guest = signed_in(person), Client()
    for _reload in range(3):
        client.get(meeting.get_absolute_url())
        guest.post(f"/api/v1/meetings/{meeting.id}/here/")
    assert Seat.objects.taken().count() == 2
    assert Event.objects.filter(kind="meeting.came").count() == 2
    page = Client().get(meeting.get_absolute_url()).content.decode()
    assert "계정으로 참석 1명" in page
    assert "손님 1명" in page
    assert see_off(timezone.now()) == 0
    assert see_off(timezone.now() + GONE_AFTER + dt.timedelta(seconds=1)) == 2
    assert Event.objects.filter(kind="meeting.left").count() == 1
    assert not Seat.objects.taken().exists()


def test_a_heartbeat_makes_no_event() -> None:
    meeting, person = an_open_meeting(), a_person()
    start = timezone.now()
    for number in range(5):
        attend(meeting=fresh(meeting), user=person, at=start + number * dt.timedelta(seconds=40))
    assert Event.objects.filter(kind="meeting.came").count() == 1
    assert Seat.objects.get(person=person).seen_at == start + dt.timedelta(seconds=160)


def test_guests_are_a_number_and_their_seats_go_with_the_meeting() -> None:
    meeting = an_open_meeting()
    guest = Client()
    guest.post(f"/api/v1/meetings/{meeting.id}/here/")
    seat = Seat.objects.of_guests().get()
    assert guest.session.session_key not in seat.guest_key
    assert Client().get(f"/api/v1/meetings/{meeting.id}/").json()["people"] == []
    lead(meeting, "close")
    assert not Seat.objects.of_guests().exists()


@pytest.mark.parametrize("who", ["visitor", "citizen", "chair"])
def test_the_page_asks_at_most_twelve_queries(who: str, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    process = a_process()
    meeting = an_open_meeting(process.city, proposal=a_proposal(process), process=process)
    for _number in range(5):
        a_wish(meeting)
    a_poll(meeting)
    lead(meeting, "stop_poll")
    a_poll(meeting)
    person = {"visitor": None, "citizen": a_person(), "chair": meeting.chair}[who]
    client = signed_in(person) if person else Client()
    write(signed_in(a_person()), meeting, "안녕하세요")
    client.get(meeting.get_absolute_url())  # takes the seat
    with django_assert_max_num_queries(12):
        client.get(meeting.get_absolute_url())


def test_lists_are_read_with_few_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    process = a_process()
    proposal = a_proposal(process)
    for _number in range(4):
        an_open_meeting(process.city, proposal=proposal)
        a_meeting(process.city, proposal=proposal)
    with django_assert_max_num_queries(12):
        page = Client().get(reverse("meetings:list")).content.decode()
    assert page.count(proposal.content.title) == 8
    with django_assert_max_num_queries(14):
        assert "이 제안을 다루는 회의" in Client().get(proposal.get_absolute_url()).content.decode()
    assert "회의" in Client().get(reverse("processes:detail", args=[process.slug])).content.decode()
    assert "진행 중" in Client().get("/").content.decode()


def test_the_list_of_a_process_shows_its_meetings_alone() -> None:
    one = a_process()
    other = a_process(one.city)
    a_meeting(one.city, process=one, title="하나의 회의")
    a_meeting(one.city, process=other, title="다른 회의")
    page = Client().get(reverse("meetings:list"), {"process": one.slug}).content.decode()
    assert "하나의 회의" in page
    assert "다른 회의" not in page
    assert (
        "예정된 회의가 없습니다"
        in Client().get(reverse("meetings:list"), {"process": a_process(one.city).slug}).content.decode()
    )


def test_absent_and_closed_look_alike() -> None:
    meeting = an_open_meeting()
    assert Client().get(reverse("meetings:seat", args=[uuid.uuid4()])).status_code == 404
    City.objects.update(is_closed=True)
    assert Client().get(meeting.get_absolute_url()).status_code == 404
    assert Client().get(f"/api/v1/meetings/{meeting.id}/").status_code == 404
    assert Client().get(reverse("meetings:calendar", args=[meeting.id])).status_code == 404


def test_the_calendar_file_holds_the_meeting_in_short_lines() -> None:
    meeting = a_meeting(title="긴 제목, 쉼표; 그리고 " + "아주 " * 20, summary="첫 줄\n둘째 줄")
    answer = Client().get(reverse("meetings:calendar", args=[meeting.id]))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert f"DTSTART:{meeting.starts_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}" in whole
    assert "SUMMARY:긴 제목\\, 쉼표\\; 그리고" in whole
    assert "DESCRIPTION:첫 줄\\n둘째 줄" in whole


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"poll": 5}', b'{"poll": "x", "choice": "maybe"}', b'{"text": {}}']
)
def test_malformed_input_gets_a_code_and_writes_nothing(body: bytes) -> None:
    meeting = an_open_meeting()
    client = signed_in(a_person())
    for part in ("messages", "votes", "acts"):
        answer = client.post(f"/api/v1/meetings/{meeting.id}/{part}/", body, content_type="application/json")
        assert answer.status_code == 400, part
        assert set(answer.json()) == {"code", "message", "fields"}
    forged = client.post(reverse("meetings:ask", args=[meeting.id]), {"kind": "shouting"})
    assert forged.status_code == 400
    assert client.post(reverse("meetings:withdraw", args=[meeting.id]), {"speech": "1"}).status_code == 400
    assert not meeting.speeches.exists()


def test_points_of_order_come_first_on_the_page_with_the_reason() -> None:
    meeting = an_open_meeting()
    a_wish(meeting)
    order = a_wish(meeting, kind=SpeechKind.POINT_OF_ORDER)
    told = Client().get(f"/api/v1/meetings/{meeting.id}/").json()["floor"]["queue"]
    assert (told[0]["id"], told[0]["reason"], told[1]["reason"]) == (str(order.pk), "point_of_order", "first_time")
