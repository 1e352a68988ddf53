"""Notices: who is told, once until they have looked, and nobody of their own words."""

import pytest

from metacity.accounts.models import Notice
from metacity.accounts.notices import see_all
from participation.moderation.subjects import subject_for
from tests.factories.accounts import signed_in
from tests.factories.comments import a_comment, a_discussed_proposal, hide
from tests.factories.processes import a_person

pytestmark = pytest.mark.django_db


def test_the_proposals_author_is_told_of_the_first_comments_once_until_seen() -> None:
    author = a_person()
    proposal = a_discussed_proposal(author)
    for _ in range(3):
        a_comment(proposal)
    assert [notice.kind for notice in Notice.objects.filter(person=author)] == ["comment.on_my_proposal"]
    page = signed_in(author).get("/me/notices/").content.decode()
    assert "내 제안에 의견이 달렸습니다" in page
    assert proposal.content.title in page
    see_all(person=author)
    a_comment(proposal)
    assert Notice.objects.filter(person=author).count() == 2


def test_whoever_is_answered_is_told_and_led_to_the_answer() -> None:
    proposal, asked = a_discussed_proposal(), a_person()
    first = a_comment(proposal, asked)
    reply = a_comment(proposal, answers=first)
    notice = Notice.objects.get(person=asked)
    assert (notice.kind, notice.url) == ("comment.answer_to_me", reply.get_absolute_url())
    assert signed_in(asked).get(notice.url).status_code == 200


def test_nobody_is_told_of_their_own_words_and_nobody_twice_of_the_same() -> None:
    author = a_person()
    proposal = a_discussed_proposal(author)
    mine = a_comment(proposal, author)
    a_comment(proposal, author, answers=mine)
    assert not Notice.objects.exists()
    a_comment(proposal, answers=mine)
    assert [notice.kind for notice in Notice.objects.filter(person=author)] == ["comment.answer_to_me"]


def test_moderation_finds_a_comment_as_each_may_read_it() -> None:
    proposal, author = a_discussed_proposal(), a_person()
    comment = a_comment(proposal, author, text="지나친 말입니다.")
    reader, moderator = a_person(), a_person(roles=["moderator"])
    assert subject_for(reader, "comment", comment.pk).text == "지나친 말입니다."
    hide(comment)
    from participation.moderation.subjects import kind_named

    find = kind_named("comment").find
    assert find(reader, comment.pk) is None
    for person in (author, moderator):
        found = find(person, comment.pk)
        assert found is not None
        assert (found.is_hidden, found.author, found.url) == (True, author, comment.get_absolute_url())
