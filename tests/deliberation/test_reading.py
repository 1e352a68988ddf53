"""Discussions on pages: orders, pages of threads, few queries whatever has been said."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.deliberation.models import Comment, Discussion
from participation.deliberation.reading import REPLIES_SHOWN, THREADS_A_PAGE
from participation.processes.models import Phase
from participation.proposals.models import Proposal
from tests.factories.accounts import signed_in
from tests.factories.comments import a_comment, a_discussed_proposal, hide
from tests.factories.designs import submitted, tower
from tests.factories.processes import DAY, a_person
from tests.factories.town import a_town

pytestmark = pytest.mark.django_db


def talk(proposal: Proposal, threads: int, replies: int = 0) -> None:
    """Threads with as many replies each, written at once; the text of each says its thread and place."""
    author, now = a_person(alias="말이 많은 사람"), timezone.now()
    discussion, _created = Discussion.objects.get_or_create(proposal=proposal)
    number = 0
    for thread in range(threads):
        first = None
        for place in range(replies + 1):
            number += 1
            comment = Comment(
                discussion=discussion,
                number=number,
                thread=first.number if first else number,
                place=place,
                answers=first,
                author=author,
                text=f"말{thread}-{place}.",
                written_at=now,
                replies_count=0 if first else replies,
                is_answered=first is None and replies > 0,
            )
            comment.save()
            first = first or comment
    Discussion.objects.filter(pk=proposal.pk).update(comments_count=number, last_number=number)


def read(address: str, **query: Any) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nobody_has_spoken_yet_and_the_page_says_so_and_how_to() -> None:
    page = read(a_discussed_proposal().get_absolute_url())
    assert "아직 의견이 없습니다" in page
    assert "로그인하고 의견 쓰기" in page


def test_threads_come_newest_first_and_oldest_when_asked_and_replies_always_in_order() -> None:
    proposal = a_discussed_proposal()
    talk(proposal, threads=2, replies=2)
    newest = read(proposal.get_absolute_url())
    oldest = read(reverse("deliberation:comments", args=[proposal.pk]), order="old")
    assert newest.index("말1-0.") < newest.index("말1-1.") < newest.index("말1-2.") < newest.index("말0-0.")
    assert oldest.index("말0-0.") < oldest.index("말0-1.") < oldest.index("말1-0.")


@pytest.mark.parametrize("order", ["new", "old"])
def test_pages_follow_each_other_without_gap_or_repetition(order: str) -> None:
    proposal = a_discussed_proposal()
    talk(proposal, threads=2 * THREADS_A_PAGE + 1, replies=1)
    url = reverse("deliberation:comments", args=[proposal.pk])
    seen, start = [], None
    for _page in range(3):
        answer = Client().get(url, {"order": order, **({"start": start} if start else {})})
        page = answer.context["discussion"]
        seen += [thread.first.comment.text for thread in page.threads]
        assert all(len(thread.replies) == 1 for thread in page.threads)
        start = page.next
    expected = [f"말{thread}-0." for thread in range(2 * THREADS_A_PAGE + 1)]
    assert seen == (expected if order == "old" else expected[::-1])
    assert start is None


def test_a_long_thread_shows_its_first_replies_and_leads_to_the_others() -> None:
    proposal = a_discussed_proposal()
    talk(proposal, threads=1, replies=60)
    page = read(proposal.get_absolute_url())
    assert f"말0-{REPLIES_SHOWN}." in page
    assert f"말0-{REPLIES_SHOWN + 1}." not in page
    assert "답글 60개 모두 보기" in page
    first = Comment.objects.get(number=1)
    whole = read(Comment.objects.select_related("discussion__proposal__city").get(pk=first.pk).page_url)
    assert "말0-50." in whole
    assert "말0-51." not in whole
    assert "start=52" in whole
    last = Comment.objects.select_related("discussion__proposal__city").get(place=60)
    assert "앞의 답글 보기" in read(last.page_url)
    assert "말0-60." in read(last.page_url)


@pytest.mark.parametrize("query", [{"start": "x"}, {"start": "-1"}, {"order": "<b>"}, {"start": "9" * 30}])
def test_parameters_that_make_no_sense_do_no_harm(query: dict[str, str]) -> None:
    proposal = a_discussed_proposal()
    a_comment(proposal)
    assert Client().get(reverse("deliberation:comments", args=[proposal.pk]), query).status_code == 200


def test_a_page_of_a_drawn_and_much_discussed_idea_asks_few_queries(
    tmp_path: Any, django_assert_max_num_queries: Any
) -> None:
    from tests.factories.designs import open_process

    process = open_process(a_town(tmp_path))
    Phase.objects.update(allows=["propose", "support", "comment"])
    proposal, neighbour = submitted(process, tower()), submitted(process, tower())
    talk(proposal, threads=30, replies=5)
    for person in (a_person(), a_person(roles=["moderator"])):
        client = signed_in(person)
        with django_assert_max_num_queries(12):
            page = client.get(proposal.get_absolute_url()).content.decode()
        assert "말29-3." in page
        assert str(neighbour.pk) in page
        with django_assert_max_num_queries(12):
            client.get(reverse("deliberation:comments", args=[proposal.pk]))


def test_a_thread_and_ones_own_comments_ask_few_queries(django_assert_max_num_queries: Any) -> None:
    proposal, author = a_discussed_proposal(), a_person()
    first = a_comment(proposal, author)
    for _ in range(6):
        a_comment(proposal, author, answers=first)
    client = signed_in(author)
    for address in (first.page_url, reverse("deliberation:mine")):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_a_hidden_comment_is_read_by_its_author_and_moderators_alone() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    hidden = a_comment(proposal, author, text="지나친 말입니다.")
    a_comment(proposal, text="차분한 말입니다.")
    hide(hidden)
    moderator = a_person(roles=["moderator"])
    pages = [proposal.get_absolute_url(), hidden.page_url, reverse("deliberation:comments", args=[proposal.pk])]
    for address in pages:
        for client, reads in (
            (Client(), False),
            (signed_in(a_person()), False),
            (signed_in(a_person(roles=["official"])), False),
            (signed_in(author), True),
            (signed_in(moderator), True),
        ):
            page = client.get(address).content.decode()
            assert ("지나친 말입니다." in page) is reads, address
            assert "운영 원칙에 따라 가려진 의견입니다" in page


def test_people_who_left_are_shown_as_such() -> None:
    proposal = a_discussed_proposal()
    comment = a_comment(proposal, a_person(alias="떠날 사람"))
    Comment.objects.filter(pk=comment.pk).update(author=None)
    assert "탈퇴한 시민" in read(proposal.get_absolute_url())


def test_ones_own_comments_stand_on_a_page_of_their_own() -> None:
    proposal, person = a_discussed_proposal(), a_person()
    a_comment(proposal, person, text="내가 쓴 말입니다.")
    a_comment(proposal, text="남이 쓴 말입니다.")
    page = signed_in(person).get(reverse("deliberation:mine")).content.decode()
    assert "내가 쓴 말입니다." in page
    assert "남이 쓴 말입니다." not in page
    assert Client().get(reverse("deliberation:mine")).status_code == 302
    assert reverse("deliberation:mine") in signed_in(person).get(reverse("accounts:me")).content.decode()
    assert "아직 쓴 의견이 없습니다" in signed_in(a_person()).get(reverse("deliberation:mine")).content.decode()


def test_a_link_to_change_it_is_there_for_ten_minutes() -> None:
    proposal, person = a_discussed_proposal(), a_person()
    comment = a_comment(proposal, person)
    client = signed_in(person)
    assert comment.url_of("deliberation:edit") in client.get(proposal.get_absolute_url()).content.decode()
    Comment.objects.update(written_at=timezone.now() - DAY)
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert comment.url_of("deliberation:edit") not in page
    assert comment.url_of("deliberation:withdraw") in page


def test_a_view_handed_over_by_the_city_stands_in_the_form() -> None:
    proposal = a_discussed_proposal()
    page = signed_in(a_person()).get(f"{proposal.get_absolute_url()}?scene=lon%3D127%26lat%3D37.5").content.decode()
    assert 'value="lon=127&amp;lat=37.5"' in page


def test_the_discussion_is_complete_in_english() -> None:
    proposal = a_discussed_proposal()
    a_comment(proposal, a_person(roles=["official"]))
    page = Client().get(proposal.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
    assert "Sign in and write a comment" in page
    assert "Official in charge" in page
