"""Aliases as people choose them and as moderation leaves them."""

import pytest
from django.urls import reverse

from metacity.accounts.models import User
from metacity.accounts.services.aliases import change_alias, hide_alias, show_alias
from metacity.accounts.services.erasure import erase_account
from tests.factories.accounts import person, signed_in

pytestmark = pytest.mark.django_db


def fresh(who: User) -> User:
    return User.objects.get(pk=who.pk)


def test_a_hidden_alias_gives_way_to_the_masked_name() -> None:
    who = person(alias="나쁜 별명")
    hide_alias(user=who)
    assert fresh(who).display_name == who.masked_name
    show_alias(user=who)
    assert (fresh(who).display_name, fresh(who).hidden_alias) == ("나쁜 별명", "")


def test_whoever_has_none_loses_nothing() -> None:
    who = person()
    hide_alias(user=who)
    show_alias(user=who)
    assert (fresh(who).alias, fresh(who).hidden_alias) == ("", "")


def test_a_hidden_alias_is_not_taken_again_and_another_is() -> None:
    who = person(alias="Bad Name")
    hide_alias(user=who)
    answer = signed_in(who).post(reverse("accounts:me"), {"alias": "bad name"})
    assert answer.status_code == 400
    assert "다른 별명을 골라 주세요" in answer.content.decode()
    assert signed_in(who).post(reverse("accounts:me"), {"alias": "좋은 별명"}).status_code == 302
    assert fresh(who).display_name == "좋은 별명"


def test_what_is_given_back_too_late_leaves_the_newer_alias_and_the_newer_owner() -> None:
    renamed, robbed = person(alias="첫 별명"), person(alias="둘째 별명")
    for who in (renamed, robbed):
        hide_alias(user=who)
    change_alias(user=renamed, alias="새 별명")
    person(alias="둘째 별명")
    for who in (renamed, robbed):
        show_alias(user=who)
    assert (fresh(renamed).alias, fresh(robbed).alias) == ("새 별명", "")
    assert (fresh(renamed).hidden_alias, fresh(robbed).hidden_alias) == ("", "")


def test_whoever_leaves_takes_a_hidden_alias_along() -> None:
    who = person(alias="나쁜 별명")
    hide_alias(user=who)
    assert signed_in(who).get(reverse("accounts:export")).json()["account"]["hidden_alias"] == "나쁜 별명"
    erase_account(user=fresh(who))
    assert fresh(who).hidden_alias == ""
