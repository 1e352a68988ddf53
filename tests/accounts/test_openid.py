"""OpenID Connect: allauth speaks the protocol, this room reads the claims and finds the person."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from metacity.accounts.errors import IdentityIncomplete
from metacity.accounts.identity.base import keyed_hash
from metacity.accounts.identity.openid import attributes_from
from metacity.accounts.models import IdentityCheck, User
from tests.accounts.journeys import JOIN, set_out, text_of, user_id
from tests.factories.accounts import person, signed_in

pytestmark = pytest.mark.django_db

CLAIMS = {
    "sub": "42",
    "ci": "ci-of-anna",
    "name": "김안나",
    "birthdate": "1990-05-01",
    "address": {"locality": "강변동"},
    "email": "anna@example.org",
    "email_verified": True,
}
CALLBACK = "/accounts/oidc/identity/login/callback/"


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An identity server that answers with the claims it is given."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "identity",
                    "name": "간편인증",
                    "client_id": "metacity",
                    "secret": "s",
                    "settings": {"server_url": "https://id.example.org"},
                }
            ],
        }
    }
    told: dict[str, Any] = dict(CLAIMS)
    config = {
        "authorization_endpoint": "https://id.example.org/authorize",
        "token_endpoint": "https://id.example.org/token",
        "userinfo_endpoint": "https://id.example.org/userinfo",
        "issuer": "https://id.example.org",
        "jwks_uri": "https://id.example.org/keys",
    }
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", property(lambda self: config))
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "get_access_token_data", lambda *a, **k: {"access_token": "t"})
    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "_fetch_user_info", lambda self, token: dict(told))
    return told


def come_back(client: Client, next_url: str = "/privacy/") -> Any:
    """To the server and back to the page that takes up the journey."""
    away = set_out(client, provider="openid", next_url=next_url)["Location"]
    assert away.startswith("https://id.example.org/authorize")
    state = parse_qs(urlsplit(away).query)["state"][0]
    return client.get(CALLBACK, {"code": "c", "state": state})


def test_a_newcomer_joins_by_openid(server: dict[str, Any]) -> None:
    client = Client()
    done = come_back(client)["Location"]
    assert client.get(done)["Location"] == reverse("accounts:join")
    assert client.post(reverse("accounts:join"), JOIN)["Location"] == "/privacy/"
    check = IdentityCheck.objects.get()
    assert check.ci_hmac == keyed_hash("ci", "ci-of-anna")
    assert (check.method, check.birth_year, check.district) == ("simple", 1990, "강변동")
    assert User.objects.get().email is None
    assert not SocialAccount.objects.exists()


def test_the_same_person_comes_to_the_same_account(server: dict[str, Any]) -> None:
    first = Client()
    first.get(come_back(first)["Location"])
    first.post(reverse("accounts:join"), JOIN)
    second = Client()
    assert second.get(come_back(second)["Location"])["Location"] == "/privacy/"
    assert user_id(first) == user_id(second)


def test_an_email_account_steps_up_and_stays_itself(server: dict[str, Any]) -> None:
    user = person(identified=False)
    client = signed_in(user)
    client.get(come_back(client)["Location"])
    assert user_id(client) == str(user.pk)
    assert User.objects.get(pk=user.pk).masked_name == "김*나"


def test_an_address_from_outside_opens_no_account(server: dict[str, Any]) -> None:
    owner = person("anna@example.org", identified=False)
    client = Client()
    client.get(come_back(client)["Location"])
    client.post(reverse("accounts:join"), JOIN)
    assert user_id(client) != str(owner.pk)


@pytest.mark.parametrize(
    "told",
    [
        {"ci": ""},
        {"ci": {"nested": 1}},
        {"name": None},
        {"birthdate": "unknown"},
        {"birthdate": "1990-13-45"},
        {"birthdate": "3000-01-01"},
    ],
)
def test_claims_that_say_too_little_lead_back_and_make_nothing(server: dict[str, Any], told: dict[str, Any]) -> None:
    server.update(told)
    client = Client()
    again = come_back(client)["Location"]
    assert again.startswith(reverse("accounts:identity"))
    assert "필요한 정보를 받지 못했습니다" in text_of(client.get(again))
    assert not User.objects.exists()


def test_a_forged_return_is_refused(server: dict[str, Any]) -> None:
    client = Client()
    set_out(client, provider="openid")
    answer = client.get(CALLBACK, {"code": "c", "state": "made-up"})
    assert answer.status_code in {302, 401, 403}
    assert user_id(client) is None
    assert not User.objects.exists()


def test_a_silent_server_is_said_in_words(server: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object) -> dict[str, str]:
        raise requests.ConnectionError

    monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", property(fail))
    answer = set_out(Client(), provider="openid")
    assert answer.status_code == 503


def test_without_a_server_the_way_is_not_offered() -> None:
    assert set_out(Client(), provider="openid").status_code == 404
    assert "간편인증" not in text_of(Client().get(reverse("accounts:identity")))


@pytest.mark.parametrize(("birth", "year"), [("1990-05-01", 1990), ("19900501", 1990), ("1990", 1990)])
def test_birth_dates_are_read_as_servers_write_them(birth: str, year: int) -> None:
    assert attributes_from(CLAIMS | {"birthdate": birth}).birth_year == year


def test_a_claim_may_be_called_otherwise(settings: Settings) -> None:
    settings.IDENTITY_OPENID_CLAIMS = {"ci": "kr.ci", "name": "given", "birth_year": "born"}
    found = attributes_from({"kr": {"ci": "x"}, "given": "김안나", "born": 1990})
    assert (found.ci, found.name, found.birth_year, found.district) == ("x", "김안나", 1990, "")
    with pytest.raises(IdentityIncomplete):
        attributes_from(CLAIMS)
