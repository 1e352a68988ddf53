"""Joining and signing in with e-mail and password."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from metacity.accounts.models import User
from metacity.accounts.signals import signed_in_with_session
from tests.accounts.journeys import account, text_of, user_id
from tests.factories.accounts import PASSWORD, add_second_factor, person

pytestmark = pytest.mark.django_db

LOGIN, SIGNUP, CONFIRM = "/accounts/login/", "/accounts/signup/", "/accounts/confirm-email/"
NEWCOMER = {
    "email": "new@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "age": "from_14",
    "alias": "",
    "consent_terms": "on",
    "consent_account": "on",
    "consent_opinions": "on",
}


def mailed_code() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found.group()


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_one_joins_by_the_code_in_the_mail_and_goes_on() -> None:
    client = Client()
    assert client.post(SIGNUP, NEWCOMER | {"next": "/privacy/"})["Location"] == CONFIRM
    assert user_id(client) is None
    assert "[가온구 참여지도]" in mail.outbox[-1].subject
    assert client.post(CONFIRM, {"code": mailed_code()})["Location"] == "/privacy/"
    user = account(client)
    assert (user.email, user.is_identified, user.waits_for_guardian) == ("new@example.org", False, False)


def test_a_wrong_code_lets_nobody_in_and_three_end_it() -> None:
    client = Client()
    client.post(SIGNUP, NEWCOMER)
    right = mailed_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _attempt in range(3):
        client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": right})
    assert user_id(client) is None


def test_one_under_14_joins_but_waits_for_a_guardian() -> None:
    client = Client()
    client.post(SIGNUP, NEWCOMER | {"age": "under_14"})
    client.post(CONFIRM, {"code": mailed_code()})
    user = account(client)
    assert user.waits_for_guardian
    assert user.is_minor


@pytest.mark.parametrize("missing", ["consent_terms", "consent_account", "consent_opinions", "age"])
def test_without_what_is_required_nobody_joins_and_nothing_typed_is_lost(missing: str) -> None:
    page = Client().post(SIGNUP, {k: v for k, v in NEWCOMER.items() if k != missing} | {"alias": "강변 산책가"})
    assert "new@example.org" in text_of(page)
    assert "강변 산책가" in text_of(page)
    assert PASSWORD not in text_of(page)
    assert not User.objects.exists()


def test_optional_consents_are_optional() -> None:
    Client().post(SIGNUP, NEWCOMER)
    items = set(User.objects.get().consents.values_list("item", flat=True))
    assert items == {"terms", "account", "opinions"}


def test_an_address_in_use_is_not_given_away() -> None:
    owner = person("new@example.org")
    client = Client()
    assert client.post(SIGNUP, NEWCOMER)["Location"] == CONFIRM
    assert User.objects.count() == 1
    assert "이미 가입한" in mail.outbox[-1].subject
    assert User.objects.get(pk=owner.pk).check_password(PASSWORD)


@pytest.mark.parametrize("email", ["<script>@x.kr", "a" * 300 + "@x.kr", "a\nb@x.kr", "no-address"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert Client().post(SIGNUP, NEWCOMER | {"email": email}).status_code == 200
    assert not User.objects.exists()


def test_signing_in_rotates_the_session_and_announces_the_old_key() -> None:
    user, client, heard = person(), Client(), []
    session = client.session
    session["draft"] = "begun"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)

    def listen(sender: object, old_session_key: str, user: User, **kwargs: object) -> None:
        heard.append((old_session_key, user))

    signed_in_with_session.connect(listen)
    try:
        sign_in(client, str(user.email))
    finally:
        signed_in_with_session.disconnect(listen)
    assert heard == [(session.session_key, user)]
    assert client.session.session_key != session.session_key
    assert client.session["draft"] == "begun"


def test_the_address_counts_in_any_case() -> None:
    user, client = person("case@example.org"), Client()
    sign_in(client, "Case@Example.ORG")
    assert user_id(client) == str(user.pk)


def test_two_joining_at_once_with_one_address_or_alias_end_in_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("other@example.org", alias="강변")
    monkeypatch.setattr("metacity.accounts.forms._refuse_taken_alias", lambda alias, owner: alias)
    answer = Client().post(SIGNUP, NEWCOMER | {"alias": "강변"})
    assert answer["Location"] == SIGNUP
    assert User.objects.count() == 1


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leaves_the_site(target: str) -> None:
    answer = Client().post(LOGIN, {"login": person().email, "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_signing_in_goes_on_where_one_was() -> None:
    client = Client()
    assert 'value="/privacy/"' in text_of(client.get(LOGIN, {"next": "/privacy/"}))
    answer = client.post(LOGIN, {"login": person().email, "password": PASSWORD, "next": "/privacy/"})
    assert answer["Location"] == "/privacy/"


def test_signing_in_and_out_need_a_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": person().email, "password": PASSWORD}).status_code == 403
    assert client.post("/accounts/logout/").status_code == 403


def test_guessing_a_password_is_stopped() -> None:
    user, client = person(), Client()
    for _attempt in range(5):
        sign_in(client, str(user.email), "wrong")
    page = sign_in(client, str(user.email))
    assert "여러 번 틀렸습니다" in text_of(page)
    assert user_id(client) is None


def test_a_closed_account_is_not_entered() -> None:
    user, client = person(is_active=False), Client()
    sign_in(client, str(user.email))
    assert user_id(client) is None


def test_a_seeded_account_is_not_entered_in_production(settings: Settings) -> None:
    user, client = person(is_seeded=True), Client()
    client.force_login(user)
    settings.MODE = "production"
    assert client.get("/me/").status_code == 302
    fresh = Client()
    sign_in(fresh, str(user.email))
    assert user_id(fresh) is None


def test_a_second_factor_is_asked_for_and_its_code_lets_in() -> None:
    user, client = person(), Client()
    secret = add_second_factor(user)
    assert sign_in(client, str(user.email))["Location"] == "/accounts/2fa/authenticate/"
    assert user_id(client) is None
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert user_id(client) == str(user.pk)


def test_a_forgotten_password_is_replaced_with_a_mailed_code() -> None:
    user, client = person(), Client()
    assert client.post("/accounts/password/reset/", {"email": user.email}).status_code == 302
    client.post("/accounts/password/reset/confirm/", {"code": mailed_code()})
    renewed = "hill-and-bridge-9"
    client.post("/accounts/password/reset/complete/", {"password1": renewed, "password2": renewed})
    assert User.objects.get(pk=user.pk).check_password(renewed)


def test_a_new_address_replaces_the_old_one_after_its_code() -> None:
    user, client = person(), Client()
    client.force_login(user)
    client.post(reverse("account_email"), {"action_add": "1", "email": "other@example.org"})
    assert User.objects.get(pk=user.pk).email == user.email
    client.post(CONFIRM, {"code": mailed_code()})
    assert User.objects.get(pk=user.pk).email == "other@example.org"
    assert list(EmailAddress.objects.filter(user=user).values_list("email", flat=True)) == ["other@example.org"]


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_inactive",
        "accounts:identity",
        "accounts:privacy",
        "accounts:deleted",
        "socialaccount_login_cancelled",
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_open_pages_are_there_in_both_languages(name: str, language: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse(name))
    assert page.status_code == 200
    assert f'<html lang="{language}"' in text_of(page)
    assert text_of(page).count("<h1") == 1


@pytest.mark.parametrize(
    "name",
    [
        "accounts:me",
        "accounts:consents",
        "accounts:second_factor",
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
    ],
)
def test_ones_own_pages_are_there_and_closed_to_strangers(name: str) -> None:
    address = reverse(name)
    client = Client()
    client.force_login(person())
    assert client.get(address).status_code == 200
    if name != "account_logout":
        assert Client().get(address)["Location"].startswith(LOGIN)
