"""Leading a meeting: every act, who may do it, and what happens when two act at once or the clock jumps."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import Notice
from metacity.commons.errors import CityError
from metacity.commons.models import Event, LedgerEntry
from participation.meetings.acts import ACTS
from participation.meetings.errors import (
    FloorTaken,
    MeetingNotOpen,
    NotTheChair,
    PollIsOpen,
    StateChanged,
    TooManyWaiting,
)
from participation.meetings.kinds import Choice, MeetingState, RestrictionKind, SpeechKind
from participation.meetings.models import Meeting, RollEntry, Vote
from participation.meetings.services.polls import vote
from participation.meetings.services.speaking import MOST_WAITING
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_meeting, a_poll, a_seat, a_vote, a_wish, an_open_meeting, fresh, lead
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db


def acts_of(meeting: Meeting) -> list[str]:
    return list(LedgerEntry.objects.filter(subject=meeting.subject).order_by("number").values_list("action", flat=True))


def test_a_meeting_opens_with_its_first_item_and_goes_on_to_the_next() -> None:
    meeting = a_meeting()
    lead(meeting, "open")
    meeting = fresh(meeting)
    assert (meeting.state, meeting.current_item.position, meeting.list_is_open) == (MeetingState.OPEN, 1, True)  # type: ignore[union-attr]
    lead(meeting, "next_item")
    first, second = meeting.items.all()
    assert first.ended_at
    assert second.taken_up_at
    assert fresh(meeting).current_item == second
    with pytest.raises(CityError) as refusal:
        lead(meeting, "next_item")
    assert refusal.value.code == "invalid_meeting"
    assert fresh(meeting).current_item == second


def test_every_act_stands_in_the_ledger() -> None:
    meeting = an_open_meeting()
    disturber = a_seat(meeting)
    first, second = a_wish(meeting), a_wish(meeting)
    lead(meeting, "call_forward", speech=second.pk, reason="먼저 가야 합니다")
    lead(meeting, "give_floor", speech=second.pk)
    lead(meeting, "end_speech")
    lead(meeting, "close_list")
    lead(meeting, "open_list")
    a_poll(meeting)
    lead(meeting, "stop_poll")
    lead(meeting, "decide", item=meeting.items.first().pk, text="놓기로 함")  # type: ignore[union-attr]
    lead(meeting, "restrict", seat=disturber.pk, kind=RestrictionKind.CHAT, minutes=5, reason="욕설")
    lead(meeting, "lift", restriction=disturber.restrictions.get().pk)
    lead(meeting, "next_item")
    lead(meeting, "item", item=meeting.items.first().pk)  # type: ignore[union-attr]
    lead(meeting, "hand_over")
    lead(meeting, "pause")
    lead(meeting, "open")
    lead(meeting, "close")
    names = {
        "open": "opened", "pause": "paused", "close": "closed", "item": "item_taken_up", "next_item": "item_taken_up",
        "decide": "decided", "hand_over": "handed_over", "open_list": "list_opened", "close_list": "list_closed",
        "give_floor": "floor_given", "end_speech": "speech_ended", "call_forward": "called_forward",
        "start_poll": "poll_started", "stop_poll": "poll_stopped", "restrict": "restricted_chat",
        "lift": "restriction_lifted",
    }  # fmt: skip
    assert set(names) == set(ACTS)
    assert {f"meeting.{name}" for name in names.values()} <= set(acts_of(meeting))
    assert first.seat.name not in str(LedgerEntry.objects.filter(subject=meeting.subject).values_list("facts"))


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("who", ["citizen", "official", "clerk of the meeting"])
def test_a_forged_act_changes_nothing(act: str, who: str) -> None:
    meeting = an_open_meeting()
    seat, wish = a_seat(meeting), a_wish(meeting)
    people = {"citizen": a_person(), "official": a_person(roles=["official"]), "clerk of the meeting": meeting.clerk}
    before = [*acts_of(meeting)], Event.objects.count(), fresh(meeting).turn
    told: dict[str, Any] = {
        "act": act, "turn": meeting.turn, "item": str(meeting.items.last().pk), "speech": str(wish.pk),  # type: ignore[union-attr]
        "seat": str(seat.pk), "restriction": str(seat.pk), "kind": "removal", "reason": "그냥", "question": "정말요?",
        "text": "결정함",
    }  # fmt: skip
    client = signed_in(people[who])  # type: ignore[arg-type]
    api = client.post(f"/api/v1/meetings/{meeting.id}/acts/", told, content_type="application/json")
    assert (api.status_code, api.json()["code"]) == (403, "not_the_chair")
    assert client.post(reverse("meetings:lead", args=[meeting.id]), told).status_code == 403
    after = [*acts_of(meeting)], Event.objects.count(), fresh(meeting).turn
    # The page said that its reader is there; nothing else happened.
    assert after[0] == before[0]
    assert after[2] == before[2]
    assert after[1] - before[1] <= 1


def test_a_visitor_is_led_to_signing_in() -> None:
    meeting = an_open_meeting()
    answer = Client().post(reverse("meetings:lead", args=[meeting.id]), {"act": "close", "turn": meeting.turn})
    assert answer["Location"].startswith(reverse("account_login"))
    api = Client().post(
        f"/api/v1/meetings/{meeting.id}/acts/", {"act": "close", "turn": 1}, content_type="application/json"
    )
    assert api.status_code == 401
    assert fresh(meeting).is_open


def test_whoever_leads_needs_the_second_factor_as_in_the_office() -> None:
    meeting = an_open_meeting(chair=a_person(roles=["official"]))
    client = signed_in(meeting.chair)  # type: ignore[arg-type]
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "2단계 인증" in page
    assert 'name="act"' not in page
    answer = client.post(reverse("meetings:lead", args=[meeting.id]), {"act": "close", "turn": meeting.turn})
    assert answer["Location"].startswith(reverse("accounts:second_factor"))
    told = {"act": "close", "turn": meeting.turn}
    api = client.post(f"/api/v1/meetings/{meeting.id}/acts/", told, content_type="application/json")
    assert (api.status_code, api.json()["code"]) == (403, "second_factor_required")
    assert fresh(meeting).is_open


def test_of_two_who_lead_at_once_one_looks_again_and_keeps_what_was_typed() -> None:
    meeting = an_open_meeting()
    seen = meeting.turn
    lead(meeting, "close_list", by=meeting.deputy, turn=seen)
    answer = signed_in(meeting.chair).post(  # type: ignore[arg-type]
        reverse("meetings:lead", args=[meeting.id]),
        {"act": "start_poll", "turn": seen, "question": "벤치를 놓는 데 찬성하십니까?"},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "그 사이 다른 사람이" in page
    assert 'value="벤치를 놓는 데 찬성하십니까?"' in page
    assert f'name="turn" value="{seen + 1}"' in page
    assert not meeting.polls.exists()
    assert not fresh(meeting).list_is_open


def test_the_deputy_leads_at_any_moment_and_may_take_the_chair() -> None:
    meeting = an_open_meeting()
    chair, deputy = meeting.chair, meeting.deputy
    lead(meeting, "pause", by=deputy)
    lead(meeting, "hand_over", by=deputy)
    meeting = fresh(meeting)
    assert (meeting.chair, meeting.deputy) == (deputy, chair)
    lead(meeting, "open", by=chair)


def test_speaking_out_of_turn_is_not_possible() -> None:
    meeting = an_open_meeting()
    one, other = a_wish(meeting), a_wish(meeting)
    lead(meeting, "give_floor", speech=one.pk)
    with pytest.raises(FloorTaken):
        lead(meeting, "give_floor", speech=other.pk)
    client = signed_in(other.seat.person)  # type: ignore[arg-type]
    assert client.post(reverse("meetings:finish", args=[meeting.id])).status_code == 409
    assert client.delete(f"/api/v1/meetings/{meeting.id}/speeches/{one.pk}/").status_code == 409
    one.refresh_from_db()
    assert one.state == "speaking"


def test_a_clock_that_goes_backwards_makes_no_negative_speech() -> None:
    meeting = an_open_meeting()
    wish, now = a_wish(meeting), timezone.now()
    lead(meeting, "give_floor", speech=wish.pk, at=now)
    lead(meeting, "end_speech", at=now - dt.timedelta(hours=1))
    wish.refresh_from_db()
    assert (wish.spoken_s, wish.ended_at) == (0, now)
    poll = a_poll(meeting)
    lead(meeting, "stop_poll", at=now - dt.timedelta(hours=1))
    lead(meeting, "close", at=now - dt.timedelta(hours=2))
    poll.refresh_from_db()
    meeting = fresh(meeting)
    assert poll.stopped_at == poll.opened_at
    assert meeting.closed_at is not None
    assert meeting.opened_at is not None
    assert meeting.closed_at >= meeting.opened_at


def test_the_roll_is_frozen_when_the_vote_is_stopped() -> None:
    meeting = an_open_meeting()
    voter, silent, gone, unknown, removed = a_person(), a_person(), a_person(), a_person(identified=False), a_person()
    for person in (voter, silent, gone, unknown, removed):
        a_seat(meeting, person)
    poll = a_poll(meeting)
    a_vote(meeting, voter)
    a_vote(meeting, gone, Choice.NO)
    meeting.seats.filter(person=gone).update(is_here=False)
    seat = meeting.seats.get(person=removed)
    lead(meeting, "restrict", seat=seat.pk, kind=RestrictionKind.REMOVAL, reason="욕설")
    lead(meeting, "stop_poll")
    poll.refresh_from_db()
    late = a_person()
    a_seat(meeting, late)
    # Whoever voted, and whoever was there and may vote.
    assert (poll.yes, poll.no, poll.abstain, poll.entitled) == (1, 1, 0, 3)
    on_the_roll = set(RollEntry.objects.filter(poll=poll).values_list("seat__person_id", flat=True))
    assert on_the_roll == {voter.pk, silent.pk, gone.pk}


def test_counts_show_only_after_the_vote_and_never_who_voted_what() -> None:
    meeting = an_open_meeting()
    voter = a_person()
    a_poll(meeting)
    a_vote(meeting, voter, Choice.NO)
    chair = signed_in(meeting.chair)  # type: ignore[arg-type]
    told = chair.get(f"/api/v1/meetings/{meeting.id}/").json()["polls"][0]
    assert told["result"] is None
    assert Event.objects.filter(room=meeting.room, kind="meeting.poll").count() == 1
    lead(meeting, "stop_poll")
    told = chair.get(f"/api/v1/meetings/{meeting.id}/").json()["polls"][0]
    assert told["result"] == {"yes": 0, "no": 1, "abstain": 0, "entitled": 1}
    kept = str(list(Event.objects.values_list("payload", flat=True)))
    assert Vote.objects.get().pk.hex not in kept.replace("-", "")


def test_a_vote_after_the_stop_is_refused_and_not_counted() -> None:
    meeting = an_open_meeting()
    poll, person = a_poll(meeting), a_person()
    lead(meeting, "stop_poll")
    answer = signed_in(person).post(reverse("meetings:vote", args=[meeting.id]), {"poll": poll.pk, "choice": "yes"})
    api = signed_in(person).post(
        f"/api/v1/meetings/{meeting.id}/votes/",
        {"poll": str(poll.pk), "choice": "yes"},
        content_type="application/json",
    )
    assert (answer.status_code, api.status_code, api.json()["code"]) == (409, 409, "poll_not_open")
    assert not Vote.objects.exists()
    poll.refresh_from_db()
    assert poll.cast == 0


def test_a_second_vote_is_refused_and_the_first_counts() -> None:
    meeting = an_open_meeting()
    a_poll(meeting)
    person = a_person()
    a_vote(meeting, person, Choice.YES)
    with pytest.raises(CityError) as refusal:
        a_vote(meeting, person, Choice.NO)
    assert refusal.value.code == "already_voted"
    assert Vote.objects.get().choice == Choice.YES


def test_a_poll_of_another_meeting_is_none_here() -> None:
    meeting, other = an_open_meeting(), an_open_meeting()
    poll = a_poll(other)
    with pytest.raises(CityError) as refusal:
        vote(meeting=meeting, person=a_person(), poll=poll.pk, choice=Choice.YES, at=timezone.now())
    assert refusal.value.code == "poll_not_open"
    assert not Vote.objects.exists()


def test_nothing_moves_while_a_vote_is_open_but_the_end() -> None:
    meeting = an_open_meeting()
    poll, person = a_poll(meeting), a_person()
    a_vote(meeting, person)
    for act in ("pause", "next_item"):
        with pytest.raises(PollIsOpen):
            lead(meeting, act)
    lead(meeting, "close")
    poll.refresh_from_db()
    assert (poll.yes, poll.entitled, poll.stopped_at is not None) == (1, 1, True)
    assert fresh(meeting).state == MeetingState.CLOSED


def test_a_meeting_that_is_over_takes_nothing_more() -> None:
    meeting = an_open_meeting()
    a_wish(meeting)
    guest = a_seat(meeting)
    lead(meeting, "close")
    meeting = fresh(meeting)
    assert not meeting.speeches.waiting().exists()
    assert not meeting.seats.taken().exists()
    client = signed_in(guest.person)  # type: ignore[arg-type]
    for name, told in (
        ("write", {"text": "아직 있나요?"}),
        ("ask", {}),
        ("vote", {"poll": meeting.pk, "choice": "yes"}),
    ):
        assert client.post(reverse(f"meetings:{name}", args=[meeting.id]), told).status_code == 409
    assert client.post(f"/api/v1/meetings/{meeting.id}/here/").status_code == 409
    assert client.get(meeting.get_absolute_url()).status_code == 200
    with pytest.raises(StateChanged):
        lead(meeting, "open")
    assert not meeting.messages.exists()


def test_a_closed_list_takes_points_of_order_alone() -> None:
    meeting = an_open_meeting()
    lead(meeting, "close_list")
    with pytest.raises(CityError) as refusal:
        a_wish(meeting)
    assert refusal.value.code == "list_closed"
    assert a_wish(meeting, kind=SpeechKind.POINT_OF_ORDER).state == "waiting"


def test_one_waits_once_for_each_kind_of_speech() -> None:
    meeting, person = an_open_meeting(), a_person()
    a_wish(meeting, person)
    a_wish(meeting, person, kind=SpeechKind.POINT_OF_ORDER)
    with pytest.raises(CityError) as refusal:
        a_wish(meeting, person)
    assert refusal.value.code == "already_asked"
    assert meeting.speeches.waiting().count() == 2


def test_a_full_queue_is_told_in_one_event_and_takes_no_more() -> None:
    meeting = an_open_meeting()
    for _number in range(MOST_WAITING):
        wish = a_wish(meeting, a_person(alias=""))
        lead(meeting, "call_forward", speech=wish.pk, reason="가" * 80)
    with pytest.raises(TooManyWaiting):
        a_wish(meeting)


def test_an_act_needs_its_fields_in_their_shape() -> None:
    meeting = an_open_meeting()
    client = signed_in(meeting.chair)  # type: ignore[arg-type]
    for told in (
        {"act": "start_poll", "question": " "},
        {"act": "give_floor"},
        {"act": "give_floor", "speech": "x"},
        {"act": "restrict", "kind": "speech", "seat": str(meeting.pk), "reason": "a", "minutes": 5},
        {"act": "decide", "item": str(meeting.items.first().pk), "text": "가" * 501},  # type: ignore[union-attr]
        {"act": "fly"},
    ):
        turn = fresh(meeting).turn
        api = client.post(
            f"/api/v1/meetings/{meeting.id}/acts/", told | {"turn": turn}, content_type="application/json"
        )
        page = client.post(reverse("meetings:lead", args=[meeting.id]), told | {"turn": turn})
        assert (api.status_code, page.status_code) == (400, 400), told
        assert fresh(meeting).turn == turn
    assert client.post(reverse("meetings:lead", args=[meeting.id]), {"act": "close"}).status_code == 400


def test_who_is_restricted_is_told_why_and_may_do_all_else() -> None:
    meeting = an_open_meeting()
    seat = a_seat(meeting)
    client = signed_in(seat.person)  # type: ignore[arg-type]
    lead(meeting, "restrict", seat=seat.pk, kind=RestrictionKind.SPEECH, minutes=10, reason="다른 사람의 말을 끊음")
    asked = client.post(reverse("meetings:ask", args=[meeting.id]))
    assert asked.status_code == 403
    assert "다른 사람의 말을 끊음" in asked.content.decode()
    assert client.post(reverse("meetings:write", args=[meeting.id]), {"text": "알겠습니다"}).status_code == 303
    assert Notice.objects.get(person=seat.person).facts["reason"] == "다른 사람의 말을 끊음"
    assert "다른 사람의 말을 끊음" in client.get(reverse("accounts:notices")).content.decode()
    others = signed_in(a_person()).get(f"/api/v1/meetings/{meeting.id}/").json()
    assert others["restrictions"] == []
    lead(meeting, "lift", restriction=seat.restrictions.get().pk)
    assert client.post(reverse("meetings:ask", args=[meeting.id])).status_code == 303


def test_a_restriction_ends_by_itself() -> None:
    meeting = an_open_meeting()
    seat = a_seat(meeting)
    begun = timezone.now() - dt.timedelta(minutes=11)
    lead(meeting, "restrict", seat=seat.pk, kind=RestrictionKind.SPEECH, minutes=10, reason="끼어들기", at=begun)
    assert a_wish(meeting, seat.person).state == "waiting"


def test_those_who_lead_cannot_be_restricted() -> None:
    meeting = an_open_meeting()
    for leader in (meeting.chair, meeting.deputy, meeting.clerk):
        seat = a_seat(meeting, leader)
        with pytest.raises(CityError) as refusal:
            lead(meeting, "restrict", seat=seat.pk, kind=RestrictionKind.REMOVAL, reason="제거")
        assert list(refusal.value.fields) == ["seat"]


def test_whoever_is_removed_has_no_seat_speech_or_vote_any_more() -> None:
    meeting = an_open_meeting()
    seat = a_seat(meeting)
    wish = a_wish(meeting, seat.person)
    poll = a_poll(meeting)
    lead(meeting, "restrict", seat=seat.pk, kind=RestrictionKind.REMOVAL, reason="되풀이된 욕설")
    client = signed_in(seat.person)  # type: ignore[arg-type]
    page = client.get(meeting.get_absolute_url())
    assert page.status_code == 403
    assert "되풀이된 욕설" in page.content.decode()
    for address, told in (
        (f"/api/v1/meetings/{meeting.id}/messages/", {"text": "왜요"}),
        (f"/api/v1/meetings/{meeting.id}/speeches/", {}),
        (f"/api/v1/meetings/{meeting.id}/votes/", {"poll": str(poll.pk), "choice": "yes"}),
        (f"/api/v1/meetings/{meeting.id}/here/", {}),
    ):
        answer = client.post(address, told, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "removed"), address
    assert client.get(f"/api/v1/meetings/{meeting.id}/").status_code == 403
    wish.refresh_from_db()
    seat.refresh_from_db()
    assert (wish.state, seat.is_here) == ("withdrawn", False)
    assert not Vote.objects.exists()
    lead(meeting, "close")
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_only_the_chair_and_deputy_lead() -> None:
    meeting = an_open_meeting()
    with pytest.raises(NotTheChair):
        lead(meeting, "close", by=meeting.clerk)
    lead(meeting, "pause")
    with pytest.raises(MeetingNotOpen):
        lead(meeting, "next_item")
