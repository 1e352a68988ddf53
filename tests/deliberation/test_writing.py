"""Writing, answering, changing and withdrawing: what is kept, what is refused, and what then has not changed."""

import datetime as dt
import threading
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.errors import GuardianRequired, NotIdentified
from metacity.accounts.models import GuardianConsent, User
from metacity.commons.models import Event, LedgerEntry
from participation.deliberation.content import checked
from participation.deliberation.errors import (
    CommentChanged,
    CommentNotFound,
    DiscussionClosed,
    InvalidComment,
    KeyTaken,
    NotAnswerable,
    NotEditable,
    NotYourComment,
)
from participation.deliberation.models import Comment, Discussion
from participation.deliberation.pace import A_MINUTE
from participation.deliberation.services import edit_comment, withdraw_comment
from participation.processes.errors import PhaseClosed
from participation.processes.kinds import Act
from participation.processes.models import Phase
from participation.proposals.services import withdraw_proposal
from tests.factories.accounts import signed_in
from tests.factories.comments import TEXT, a_comment, a_discussed_proposal, a_talked_of_process, hide
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def rested() -> None:
    cache.clear()


def send(client: Client, url: str, **fields: str) -> object:
    return client.post(url, {"key": str(uuid.uuid4()), "text": TEXT, "scene": "", **fields})


def count_of(comment: Comment) -> int:
    return Discussion.objects.get(pk=comment.discussion_id).comments_count


@pytest.mark.django_db
def test_a_comment_sent_by_the_form_stands_on_the_proposals_page() -> None:
    proposal, person = a_discussed_proposal(), a_person(alias="골목 산책")
    client = signed_in(person)
    answer = client.post(
        reverse("deliberation:comments", args=[proposal.pk]), {"key": str(uuid.uuid4()), "text": f"  {TEXT}\r\n"}
    )
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{proposal.get_absolute_url()}#comment-1")
    assert (comment.text, comment.author, comment.number, comment.thread, comment.place) == (TEXT, person, 1, 1, 0)
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert TEXT in page
    assert "골목 산책" in page
    assert not LedgerEntry.objects.filter(action__startswith="comment").exists()


@pytest.mark.django_db
def test_sending_twice_with_one_key_makes_one_comment() -> None:
    proposal, person, key = a_discussed_proposal(), a_person(), uuid.uuid4()
    first, second = (a_comment(proposal, person, key=key) for _ in range(2))
    assert first == second
    assert (Comment.objects.count(), count_of(first)) == (1, 1)
    assert Event.objects.filter(kind="comment.added").count() == 1


@pytest.mark.django_db
def test_somebody_elses_key_is_refused() -> None:
    proposal, key = a_discussed_proposal(), uuid.uuid4()
    a_comment(proposal, key=key)
    with pytest.raises(KeyTaken):
        a_comment(proposal, key=key)
    assert Comment.objects.count() == 1


@pytest.mark.django_db
def test_answers_stand_in_one_thread_and_name_who_is_answered() -> None:
    proposal = a_discussed_proposal()
    first = a_comment(proposal, a_person(alias="첫 사람"))
    reply = a_comment(proposal, a_person(alias="둘째 사람"), answers=first)
    other = a_comment(proposal)
    again = a_comment(proposal, a_person(alias="셋째 사람"), answers=reply)
    assert [(comment.number, comment.thread, comment.place) for comment in Comment.objects.order_by("number")] == [
        (1, 1, 0),
        (2, 1, 1),
        (3, 3, 0),
        (4, 1, 2),
    ]
    first.refresh_from_db()
    assert (first.replies_count, first.is_answered, count_of(first)) == (2, True, 4)
    page = Client().get(again.page_url).content.decode()
    assert "둘째 사람님에게" in page
    assert other.answers is None


@pytest.mark.django_db
def test_an_official_is_marked_in_the_role_of_the_time() -> None:
    proposal = a_discussed_proposal()
    a_comment(proposal, a_person(roles=["official"]), text="현장을 확인하고 다음 주에 알려 드리겠습니다.")
    a_comment(proposal)
    assert list(Comment.objects.order_by("number").values_list("role", flat=True)) == ["official", ""]
    assert "담당 공무원</span>" in Client().get(proposal.get_absolute_url()).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  \n ", "\u3164\u3164", "가" * 2001, "가" * 350_000])
def test_a_text_that_does_not_fit_is_refused_by_its_field_and_kept_in_the_form(text: str) -> None:
    proposal, person = a_discussed_proposal(), a_person()
    with pytest.raises(InvalidComment) as refusal:
        checked(city=proposal.city, text=text)
    assert list(refusal.value.fields) == ["text"]
    answer = signed_in(person).post(reverse("deliberation:comments", args=[proposal.pk]), {"text": text})
    assert answer.status_code == 400
    assert text.strip()[:2000] in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_hostile_text_stays_text_without_overrides_and_personal_numbers() -> None:
    proposal = a_discussed_proposal()
    typed = "<script>alert(1)</script>\u202e거꾸로 900101-1234567 그리고 010-1234-5678"
    comment = a_comment(proposal, text=typed)
    assert comment.text == "<script>alert(1)</script>거꾸로 ●●●●●●-●●●●●●● 그리고 010-●●●●-●●●●"
    page = Client().get(proposal.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "1234567" not in str(Event.objects.get(kind="comment.added").payload)


@pytest.mark.django_db
def test_whoever_sent_personal_numbers_is_told_that_they_are_hidden() -> None:
    proposal = a_discussed_proposal()
    answer = signed_in(a_person()).post(
        reverse("deliberation:comments", args=[proposal.pk]), {"text": "제 번호는 010-1234-5678입니다."}, follow=True
    )
    assert "전화번호로 보이는 숫자는 가렸습니다" in answer.content.decode()


@pytest.mark.django_db
def test_without_identity_check_in_a_closed_phase_or_without_a_guardian_nothing_is_written() -> None:
    proposal = a_discussed_proposal()
    with pytest.raises(NotIdentified):
        a_comment(proposal, a_person(identified=False))
    child = a_person()
    GuardianConsent.objects.create(user=child, needed_until=timezone.localdate() + dt.timedelta(days=400))
    with pytest.raises(GuardianRequired):
        a_comment(proposal, User.objects.get(pk=child.pk))
    Phase.objects.update(allows=[Act.SUPPORT])
    with pytest.raises(PhaseClosed):
        a_comment(proposal)
    assert not Comment.objects.exists()
    assert not Event.objects.filter(kind__startswith="comment").exists()


@pytest.mark.django_db
def test_a_form_sent_after_the_phase_closed_keeps_what_was_typed() -> None:
    proposal, client = a_discussed_proposal(), signed_in(a_person())
    Phase.objects.update(allows=[Act.SUPPORT])
    answer = client.post(reverse("deliberation:comments", args=[proposal.pk]), {"text": TEXT})
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_led_to_it_and_back() -> None:
    proposal = a_discussed_proposal()
    answer = Client().post(reverse("deliberation:comments", args=[proposal.pk]), {"text": TEXT})
    assert answer.status_code == 302
    assert str(proposal.pk) in answer["Location"]
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_a_withdrawn_proposal_takes_no_comments() -> None:
    author = a_person()
    proposal = a_discussed_proposal(author)
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    with pytest.raises(DiscussionClosed):
        a_comment(proposal, author)
    url = reverse("deliberation:comments", args=[proposal.pk])
    assert signed_in(a_person()).post(url, {"text": TEXT}).status_code == 410
    assert signed_in(author).post(url, {"text": TEXT}).status_code == 409
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_hidden_withdrawn_and_foreign_comments_are_not_answered() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    elsewhere = a_comment(a_proposal(a_talked_of_process(proposal.city)))
    hidden, gone = a_comment(proposal), a_comment(proposal, author)
    kept = a_comment(proposal, author)
    a_comment(proposal, answers=kept)
    hide(hidden)
    for comment in (gone, kept):
        withdraw_comment(comment=comment, author=author, at=timezone.now())
    for comment, refusal in (
        (hidden, NotAnswerable),
        (gone, CommentNotFound),
        (kept, NotAnswerable),
        (elsewhere, CommentNotFound),
    ):
        with pytest.raises(refusal):
            a_comment(proposal, answers=comment)
    assert Comment.objects.filter(discussion=proposal.pk).count() == 4


@pytest.mark.django_db
def test_a_comment_is_changed_within_ten_minutes_and_marked() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    comment = a_comment(proposal, author)
    client = signed_in(author)
    url = comment.url_of("deliberation:edit")
    assert TEXT in client.get(url).content.decode()
    answer = client.post(url, {"text": "밤 열 시까지 밝으면 좋겠습니다.", "scene": "", "revision": "1"})
    assert answer.status_code == 303
    comment.refresh_from_db()
    assert (comment.text, comment.revision) == ("밤 열 시까지 밝으면 좋겠습니다.", 2)
    assert "수정됨" in Client().get(proposal.get_absolute_url()).content.decode()
    assert TEXT not in str(list(Event.objects.values_list("payload", flat=True)))


@pytest.mark.django_db
def test_later_or_after_an_answer_or_by_others_nothing_is_changed() -> None:
    proposal, author, now = a_discussed_proposal(), a_person(), timezone.now()
    old = a_comment(proposal, author, at=now - 11 * MINUTE)
    answered = a_comment(proposal, author)
    a_comment(proposal, answers=answered)
    mine = a_comment(proposal, author)
    remark = checked(city=proposal.city, text="다른 말")
    for comment, who, refusal in (
        (old, author, NotEditable),
        (answered, author, NotEditable),
        (mine, a_person(), NotYourComment),
    ):
        with pytest.raises(refusal):
            edit_comment(comment=comment, author=who, remark=remark, revision=1, at=now)
    assert set(Comment.objects.values_list("text", flat=True)) == {TEXT}
    assert signed_in(a_person()).get(mine.url_of("deliberation:edit")).status_code == 403
    assert signed_in(author).get(old.url_of("deliberation:edit")).status_code == 409


@pytest.mark.django_db
def test_of_two_windows_that_change_a_comment_the_second_is_refused() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    comment = a_comment(proposal, author)
    client, url = signed_in(author), comment.url_of("deliberation:edit")
    assert client.post(url, {"text": "첫 창에서 고친 말", "revision": "1"}).status_code == 303
    second = client.post(url, {"text": "둘째 창에서 고친 말", "revision": "1"})
    assert second.status_code == 409
    assert "둘째 창에서 고친 말" in second.content.decode()
    comment.refresh_from_db()
    assert comment.text == "첫 창에서 고친 말"
    with pytest.raises(CommentChanged):
        edit_comment(
            comment=comment,
            author=author,
            remark=checked(city=proposal.city, text="셋째"),
            revision=1,
            at=timezone.now(),
        )


@pytest.mark.django_db
def test_what_nobody_answered_is_withdrawn_without_a_trace_and_what_was_answered_leaves_a_line() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    alone, answered = a_comment(proposal, author, text="혼자 한 말"), a_comment(proposal, author, text="대답을 들은 말")
    reply = a_comment(proposal, answers=answered)
    client = signed_in(author)
    for comment in (alone, answered):
        url = comment.url_of("deliberation:withdraw")
        assert comment.text in client.get(url).content.decode()
        assert client.post(url, {}).status_code == 400
        assert client.post(url, {"sure": "on"}).status_code == 303
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "혼자 한 말" not in page
    assert "대답을 들은 말" not in page
    assert f'id="comment-{alone.number}"' not in page
    assert f'id="comment-{answered.number}"' in page
    assert reply.text in page
    assert count_of(alone) == 1
    assert Client().get(alone.page_url).status_code == 404
    assert "한 말" not in str(list(Event.objects.values_list("payload", flat=True)))


@pytest.mark.django_db
def test_others_do_not_withdraw_it_and_twice_counts_once() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    comment = a_comment(proposal, author)
    a_comment(proposal, answers=comment)
    with pytest.raises(NotYourComment):
        withdraw_comment(comment=comment, author=a_person(), at=timezone.now())
    assert count_of(comment) == 2
    for _ in range(2):
        withdraw_comment(comment=comment, author=author, at=timezone.now())
    assert count_of(comment) == 1


@pytest.mark.django_db
def test_whoever_writes_faster_than_people_read_has_to_wait_and_loses_nothing() -> None:
    proposal, client = a_discussed_proposal(), signed_in(a_person())
    url = reverse("deliberation:comments", args=[proposal.pk])
    answers = [client.post(url, {"text": f"의견 {number}"}) for number in range(A_MINUTE + 1)]
    assert [answer.status_code for answer in answers] == [303] * A_MINUTE + [429]
    assert f"의견 {A_MINUTE}" in answers[-1].content.decode()
    assert Comment.objects.count() == A_MINUTE


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_numbered_without_gaps_and_one_click_counts_once() -> None:
    proposal, eager, key = a_discussed_proposal(), a_person(), uuid.uuid4()
    first = a_comment(proposal)
    people = [a_person() for _ in range(25)]
    failures: list[BaseException] = []
    start = threading.Barrier(50)

    def write(person: User, key: uuid.UUID) -> None:
        try:
            start.wait()
            a_comment(proposal, person, key=key, answers=first)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    tasks = [(person, uuid.uuid4()) for person in people] + [(eager, key)] * 25
    threads = [threading.Thread(target=write, args=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert list(Comment.objects.order_by("number").values_list("number", "place")) == [
        (number, number - 1) for number in range(1, 28)
    ]
    first.refresh_from_db()
    assert (first.replies_count, count_of(first)) == (26, 27)
