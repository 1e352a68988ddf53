"""Minutes: assembled from what happened, written in versions, approved, and kept as they were approved."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import Notice, User
from metacity.accounts.office import trays_of
from metacity.commons.models import LedgerEntry
from participation.meetings.kinds import Choice, MeetingState, SpeechKind
from participation.meetings.models import Meeting, MinutesVersion
from participation.meetings.record import blocks
from tests.factories.accounts import signed_in
from tests.factories.meetings import a_poll, a_vote, a_wish, an_open_meeting, fresh, lead
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db


def a_closed_meeting() -> Meeting:
    """With one speech, one point of order, one vote and a decision on the first of two items."""
    meeting = an_open_meeting(title="벤치 회의")
    for kind in (SpeechKind.ORDINARY, SpeechKind.POINT_OF_ORDER):
        wish = a_wish(meeting, a_person(alias=f"{kind.label}하는 이"), kind=kind)
        lead(meeting, "give_floor", speech=wish.pk)
        lead(meeting, "end_speech")
    a_poll(meeting, "벤치를 놓는 데 찬성하십니까?")
    for choice in (Choice.YES, Choice.YES, Choice.NO):
        a_vote(meeting, a_person(), choice)
    lead(meeting, "stop_poll")
    lead(meeting, "decide", item=meeting.items.first().pk, text="벤치 세 개를 놓기로 함")  # type: ignore[union-attr]
    lead(meeting, "close")
    return fresh(meeting)


def sent(person: User | None, meeting: Meeting, what: str, **told: object) -> int:
    client = signed_in(person) if person else Client()
    return client.post(reverse(f"meetings:minutes{what}", args=[meeting.id]), told).status_code


def test_the_first_version_says_what_happened_in_the_order_of_the_agenda() -> None:
    text = a_closed_meeting().minutes.current.text
    first, second = text.index("## 1. 안건 1"), text.index("## 2. 안건 2")
    for words in ("안건 발언하는 이 발언", "의사진행 발언하는 이 의사진행 발언", "결정: 벤치 세 개를 놓기로 함"):
        assert first < text.index(words) < second, words
    assert "찬성 2, 반대 1, 기권 0 (투표인명부 5명)" in text
    assert "다루지 않았습니다" in text[second:]
    assert [block.kind for block in blocks(text)][:2] == ["heading", "list"]


def test_minutes_go_from_the_clerk_to_the_chair_to_everybody() -> None:
    meeting = a_closed_meeting()
    chair, clerk, address = meeting.chair, meeting.clerk, meeting.minutes_url
    assert Client().get(address).status_code == 404
    assert Client().get(f"/api/v1/meetings/{meeting.id}/minutes/").status_code == 404
    assert sent(clerk, meeting, "_write", seen=1, text="## 회의\n- 벤치를 놓기로 함\n연락처 010-1234-5678") == 303
    assert sent(chair, meeting, "_approve", seen=2) == 409
    assert sent(clerk, meeting, "_hand_in", seen=2) == 303
    assert Notice.objects.filter(person=chair, kind="meetings.minutes_handed_in").exists()
    assert sent(chair, meeting, "_return", seen=2, reason="기권 수를 써 주세요") == 303
    assert "기권 수를 써 주세요" in signed_in(clerk).get(address).content.decode()  # type: ignore[arg-type]
    assert sent(clerk, meeting, "_write", seen=2, text="## 회의\n- 벤치를 놓기로 함(기권 0)") == 303
    assert sent(clerk, meeting, "_hand_in", seen=3) == 303
    assert sent(chair, meeting, "_approve", seen=3) == 303
    told = Client().get(f"/api/v1/meetings/{meeting.id}/minutes/").json()
    assert told["sha256"] == hashlib.sha256(told["text"].encode()).hexdigest()
    entry = LedgerEntry.objects.get(action="meeting.minutes_published")
    assert entry.facts == {"version": 3, "sha256": told["sha256"]}
    page = Client().get(address).content.decode()
    assert told["sha256"] in page
    assert "<li>벤치를 놓기로 함(기권 0)</li>" in page
    assert fresh(meeting).state == MeetingState.PUBLISHED
    texts = MinutesVersion.objects.order_by("number").values_list("text", flat=True)
    assert len(texts) == 3
    assert "1234" not in texts[1]


def test_what_is_published_is_not_changed_any_more() -> None:
    meeting = a_closed_meeting()
    sent(meeting.clerk, meeting, "_hand_in", seen=1)
    sent(meeting.chair, meeting, "_approve", seen=1)
    assert sent(meeting.clerk, meeting, "_write", seen=1, text="다른 결정") == 409
    assert sent(meeting.chair, meeting, "_return", seen=1, reason="다시") == 409
    assert MinutesVersion.objects.count() == 1


def test_two_versions_at_once_do_not_overwrite_each_other() -> None:
    meeting = a_closed_meeting()
    sent(meeting.clerk, meeting, "_write", seen=1, text="먼저 쓴 판")
    answer = signed_in(meeting.clerk).post(  # type: ignore[arg-type]
        reverse("meetings:minutes_write", args=[meeting.id]), {"seen": 1, "text": "나중에 쓴 판"}
    )
    assert answer.status_code == 409
    assert "나중에 쓴 판" in answer.content.decode()
    assert meeting.minutes.current.text == "먼저 쓴 판"
    sent(meeting.clerk, meeting, "_hand_in", seen=2)
    sent(meeting.clerk, meeting, "_write", seen=2, text="마음이 바뀌었습니다")
    assert sent(meeting.chair, meeting, "_approve", seen=2) == 409
    assert fresh(meeting).state == MeetingState.CLOSED


@pytest.mark.parametrize("act", ["_write", "_hand_in", "_return", "_approve"])
def test_nobody_else_touches_minutes(act: str) -> None:
    meeting = a_closed_meeting()
    if act in {"_return", "_approve"}:
        sent(meeting.clerk, meeting, "_hand_in", seen=1)
    wrong = {"_write": meeting.chair, "_hand_in": meeting.deputy, "_return": meeting.clerk, "_approve": meeting.clerk}
    told = {"seen": 1, "text": "내 마음대로", "reason": "그냥"}
    assert sent(wrong[act], meeting, act, **told) == 403
    assert sent(a_person(roles=["official"]), meeting, act, **told) == 404
    assert sent(None, meeting, act, **told) == 404
    assert MinutesVersion.objects.count() == 1
    assert fresh(meeting).state == MeetingState.CLOSED


@pytest.mark.parametrize("seen", ["", "x", "0", "9" * 20, "²", "-1"])
def test_a_version_that_is_none_is_refused(seen: str) -> None:
    meeting = a_closed_meeting()
    assert sent(meeting.clerk, meeting, "_write", seen=seen, text="글") == 409
    assert MinutesVersion.objects.count() == 1


def test_too_long_or_empty_minutes_keep_what_was_typed() -> None:
    meeting = a_closed_meeting()
    assert sent(meeting.clerk, meeting, "_write", seen=1, text="  ") == 400
    assert sent(meeting.clerk, meeting, "_write", seen=1, text="가" * 60_001) == 400
    assert MinutesVersion.objects.count() == 1


def test_script_in_minutes_stays_text() -> None:
    meeting = a_closed_meeting()
    sent(meeting.clerk, meeting, "_write", seen=1, text="## <script>alert(1)</script>\n- <img src=x>")
    page = signed_in(meeting.clerk).get(meeting.minutes_url).content.decode()  # type: ignore[arg-type]
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_what_waits_stands_in_the_inbox() -> None:
    meeting = a_closed_meeting()

    def waiting(person: User | None) -> dict[str, int]:
        assert person is not None
        trays = trays_of(User.objects.get(pk=person.pk), timezone.now())
        return {tray.name: tray.count for tray in trays if tray.name in {"minutes", "meetings-to-lead"}}

    assert waiting(meeting.clerk)["minutes"] == 1
    assert waiting(meeting.chair)["minutes"] == 0
    sent(meeting.clerk, meeting, "_hand_in", seen=1)
    assert waiting(meeting.clerk)["minutes"] == 0
    assert waiting(meeting.chair)["minutes"] == 1
    other = an_open_meeting(meeting.city, chair=meeting.chair)
    assert waiting(other.chair)["meetings-to-lead"] == 1
    assert waiting(other.deputy)["meetings-to-lead"] == 1
