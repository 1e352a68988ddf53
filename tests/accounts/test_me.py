"""One's own page: alias, consents, data, and leaving without breaking the ledger."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from metacity.accounts import data
from metacity.accounts.consents import texts
from metacity.accounts.models import IdentityCheck, LedgerIdentity, User
from metacity.accounts.services.erasure import erase_account
from metacity.commons import ledger
from metacity.commons.models import LedgerEntry
from tests.accounts.journeys import JOIN, account, join, phone, set_out, text_of, user_id
from tests.factories.accounts import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

ME, DELETE = "/me/", "/me/delete/"


def test_an_alias_is_shown_instead_of_the_name() -> None:
    user = person()
    client = signed_in(user)
    assert user.display_name == user.masked_name
    assert client.post(ME, {"alias": "강변 산책가"})["Location"] == ME
    assert User.objects.get(pk=user.pk).display_name == "강변 산책가"
    client.post(ME, {"alias": ""})
    assert User.objects.get(pk=user.pk).display_name == user.masked_name


@pytest.mark.parametrize("alias", ["구청장", "<b>x</b>", "x", "y" * 61, "taken"])
def test_a_refused_alias_stays_typed_and_changes_nothing(alias: str) -> None:
    person(alias="Taken")
    user = person()
    page = signed_in(user).post(ME, {"alias": alias})
    assert page.status_code == 400
    assert "<b>x</b>" not in text_of(page)
    assert User.objects.get(pk=user.pk).alias == ""


def test_somebody_without_a_name_is_a_citizen_with_a_number() -> None:
    user = person(identified=False)
    assert user.display_name == f"시민 {user.id.hex[:4].upper()}"
    assert str(user.email) not in str(user)


def test_optional_consents_are_given_and_withdrawn() -> None:
    user = person()
    client = signed_in(user)
    news = reverse("accounts:set_consent", args=["news"])
    client.post(news, {"give": "1"})
    assert user.consents.standing().filter(item="news").exists()
    client.post(news, {"give": "0"})
    assert not user.consents.standing().filter(item="news").exists()
    assert user.consents.filter(item="news").count() == 1


def test_required_and_unknown_consents_are_not_withdrawn_here() -> None:
    user = person()
    client = signed_in(user)
    assert client.post(reverse("accounts:set_consent", args=["terms"]), {"give": "0"}).status_code == 409
    assert client.post(reverse("accounts:set_consent", args=["soul"]), {"give": "1"}).status_code == 404
    assert client.get(reverse("accounts:set_consent", args=["news"])).status_code == 405


def test_agreeing_again_goes_on_where_one_was() -> None:
    user = person(agreed=False)
    client = signed_in(user)
    assert "다시 확인" in text_of(client.get(ME))
    agreed = {name: value for name, value in JOIN.items() if name != "consent_identity"}
    assert client.post("/me/consents/", agreed | {"next": "/privacy/"})["Location"] == "/privacy/"
    assert "다시 확인" not in text_of(client.get(ME))


def test_ones_data_comes_as_a_file_from_every_room(rooms: dict[str, Any]) -> None:
    user = person(alias="강변 산책가", roles=["clerk"])
    answer = signed_in(user).get("/me/data/")
    told = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert told["account"]["email"] == user.email
    assert told["account"]["roles"] == ["citizen", "clerk"]
    assert told["account"]["identity"]["birth_year"] == 1990
    assert told["sample"] == [str(user.pk)]
    assert user.identity_check.ci_hmac not in answer.content.decode()
    assert user.password not in answer.content.decode()


@pytest.fixture
def rooms() -> Iterator[dict[str, Any]]:
    """An outer room that holds something of everybody."""
    told: dict[str, Any] = {"erased": []}
    data.register_exporter("sample", lambda user: [str(user.pk)])
    data.register_eraser("sample", lambda user: told["erased"].append((user.pk, user.email)))
    yield told
    data._exporters.pop("sample")
    data._erasers.pop("sample")


def test_leaving_asks_for_the_password_and_a_tick() -> None:
    user = person()
    client = signed_in(user)
    assert client.get(DELETE)["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": DELETE})
    assert client.post(DELETE, {}).status_code == 400
    assert User.objects.get(pk=user.pk).is_active
    assert client.post(DELETE, {"understood": "on"})["Location"] == "/me/deleted/"
    assert user_id(client) is None
    assert not User.objects.get(pk=user.pk).is_active


def test_leaving_without_a_password_asks_for_the_identity_again() -> None:
    client = Client()
    join(client)
    pk = str(user_id(client))
    again = client.get(DELETE)["Location"]
    assert again == "/accounts/identity/again/?next=%2Fme%2Fdelete%2F"
    client.post("/accounts/identity/again/", {"provider": "demo", "next": DELETE})
    assert phone(client, name="김남남")["Location"] != DELETE
    assert client.get(DELETE)["Location"] == again
    client.post("/accounts/identity/again/", {"provider": "demo", "next": DELETE})
    assert phone(client)["Location"] == DELETE
    client.post(DELETE, {"understood": "on"})
    assert User.objects.get(pk=pk).erased_at


def test_who_leaves_is_gone_and_the_ledger_stays_whole(rooms: dict[str, Any]) -> None:
    user = person("leaver@example.org", alias="강변 산책가", roles=["official"], second_factor=True)
    other = signed_in(user)
    actor = user.actor_id
    count = LedgerEntry.objects.count()
    erase_account(user=user)
    row = User.objects.get(pk=user.pk)
    assert row.display_name == "탈퇴한 이용자"
    assert (row.email, row.alias, row.masked_name, row.last_login, row.roles) == (None, "", "", None, frozenset())
    assert not row.has_usable_password()
    assert rooms["erased"] == [(user.pk, "leaver@example.org")]
    for related in User._meta.related_objects:
        accessor = related.get_accessor_name()
        if accessor and related.related_model._meta.app_label in {"accounts", "account", "mfa", "socialaccount"}:
            assert not related.related_model._default_manager.filter(**{related.field.name: user.pk}).exists(), accessor
    assert not LedgerIdentity.objects.filter(actor_id=actor).exists()
    assert LedgerEntry.objects.count() == count + 1
    assert LedgerEntry.objects.filter(actor=actor, action="account.erased").exists()
    assert ledger.first_break() is None
    call_command("verify_ledger")
    assert other.get(ME).status_code == 302


def test_who_left_can_begin_anew() -> None:
    first = Client()
    join(first)
    erase_account(user=account(first))
    second = Client()
    set_out(second)
    assert phone(second)["Location"] == reverse("accounts:join")
    second.post(reverse("accounts:join"), JOIN)
    assert user_id(second) != user_id(first)
    assert IdentityCheck.objects.count() == 1


def test_a_failing_room_keeps_everything(rooms: dict[str, Any]) -> None:
    user = person()

    def fail(user: User) -> None:
        raise RuntimeError("the room is on fire")

    data.register_eraser("sample", fail)
    with pytest.raises(RuntimeError):
        erase_account(user=user)
    assert User.objects.get(pk=user.pk).is_identified
    assert not LedgerEntry.objects.filter(action="account.erased").exists()


def test_the_api_says_who_i_am() -> None:
    assert Client().get("/api/v1/me/").json() == {
        "signed_in": False,
        "id": None,
        "display_name": "",
        "roles": [],
        "identified": False,
        "can_write": False,
        "blocked_by": "not_signed_in",
    }
    user = person(roles=["moderator"])
    told = signed_in(user).get("/api/v1/me/").json()
    assert told["roles"] == ["citizen", "moderator"]
    assert (told["identified"], told["can_write"], told["blocked_by"]) == (True, True, "")
    assert signed_in(person(agreed=False)).get("/api/v1/me/").json()["blocked_by"] == "consent_required"


def test_the_policy_names_every_text() -> None:
    for language in ("ko", "en"):
        page = text_of(Client(headers={"accept-language": language}).get("/privacy/"))
        for text in texts():
            wording = text.wordings[language]
            for part in (wording.title, wording.purpose, wording.period, wording.refusal):
                assert part.split("(")[0].split("’")[0][:20] in page


def test_the_mailbox_is_the_demos_alone() -> None:
    assert Client().get("/demo/mail/").status_code == 404
