"""What people are told in their own pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from metacity.accounts import notices
from metacity.accounts.models import Notice, Topic, User
from metacity.accounts.notices import Words, notify, notify_all, register_words
from metacity.accounts.services.erasure import erase_account
from tests.factories.accounts import person, signed_in

pytestmark = pytest.mark.django_db
KIND = "test.happened"


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_words", dict(notices._words))
    register_words(KIND, lambda facts: Words(f"무슨 일: {facts['what']}", "자세한 말"))


def tell(who: User, **told: Any) -> None:
    notify(**({"person": who, "kind": KIND, "facts": {"what": "나무"}, "url": "/proposals/", "key": "1"} | told))


def test_a_notice_is_read_on_ones_own_page_and_leads_to_what_it_is_about() -> None:
    who = person()
    tell(who)
    browser = signed_in(who)
    page = browser.get(reverse("accounts:notices")).content.decode()
    assert "무슨 일: 나무" in page
    assert "새 알림 1" in page
    answer = browser.get(reverse("accounts:open_notice", args=[who.notices.get().pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/proposals/")
    assert "새 알림 1" not in browser.get(reverse("accounts:notices")).content.decode()


def test_the_same_thing_is_told_once() -> None:
    who = person()
    tell(who)
    tell(who, facts={"what": "다른 말"})
    tell(who, key="2")
    assert who.notices.count() == 2


def test_many_are_told_at_once_and_each_of_them_once() -> None:
    people = [person() for _ in range(3)]
    gone = person(is_active=False)
    for _time in range(2):
        notify_all(people=User.objects.all(), kind=KIND, url="/proposals/", key="1", facts={"what": "나무"})
    assert [one.notices.count() for one in (*people, gone)] == [1, 1, 1, 0]
    with pytest.raises(KeyError):
        notify_all(people=User.objects.all(), kind="test.unheard_of", url="/", key="1")


def test_all_are_marked_as_read_at_once_and_only_ones_own() -> None:
    who, other = person(), person()
    tell(who)
    tell(who, key="2")
    tell(other)
    signed_in(who).post(reverse("accounts:notices_seen"))
    assert (who.notices.unseen().count(), other.notices.unseen().count()) == (0, 1)


def test_notices_are_nobody_elses() -> None:
    who = person()
    tell(who)
    address = reverse("accounts:open_notice", args=[who.notices.get().pk])
    assert signed_in(person()).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert who.notices.unseen().count() == 1
    assert "무슨 일" not in signed_in(person()).get(reverse("accounts:notices")).content.decode()


def test_whoever_leaves_takes_their_notices_along_and_is_told_nothing_more() -> None:
    who = person()
    tell(who)
    assert "나무" in signed_in(who).get(reverse("accounts:export")).content.decode()
    erase_account(user=who)
    tell(who, key="2")
    assert not Notice.objects.exists()


def test_a_kind_without_words_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        tell(person(), kind="test.unheard_of")


def test_an_empty_page_says_what_will_stand_there() -> None:
    assert "아직 알림이 없습니다" in signed_in(person()).get(reverse("accounts:notices")).content.decode()


def test_topics_are_switched_off_by_a_form_and_on_again() -> None:
    who, other = person(), person()
    browser = signed_in(who)
    page = browser.get(reverse("accounts:notices")).content.decode()
    assert page.count(" checked") >= len(Topic)
    wanted = [Topic.SUPPORTED, Topic.VOTES, "moderation"]
    answer = browser.post(reverse("accounts:notices_choose"), {"topic": wanted}, follow=True)
    assert "알림 설정을 저장했습니다." in answer.content.decode()
    for number, topic in enumerate((Topic.COMMENTS, Topic.SUPPORTED)):
        tell(who, key=f"one {number}", topic=topic)
        notify_all(
            people=User.objects.all(), kind=KIND, url="/", key=f"all {number}", facts={"what": "나무"}, topic=topic
        )
    assert set(who.notices.values_list("key", flat=True)) == {"one 1", "all 1"}
    assert set(other.notices.values_list("key", flat=True)) == {"all 0", "all 1"}
    browser.post(reverse("accounts:notices_choose"), {"topic": [topic.value for topic in Topic]})
    tell(who, key="again", topic=Topic.COMMENTS)
    assert who.notices.filter(key="again").exists()


def test_what_has_no_topic_is_told_whatever_was_switched_off() -> None:
    who = person()
    signed_in(who).post(reverse("accounts:notices_choose"), {})
    assert who.quiet_topics.count() == len(Topic)
    tell(who)
    assert who.notices.count() == 1
    exported = signed_in(who).get(reverse("accounts:export")).json()
    assert exported["account"]["notices_switched_off"] == sorted(Topic.values)
    erase_account(user=who)
    assert not who.quiet_topics.exists()
