"""What people do on the pages of this room, as steps that tests share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from metacity.accounts.models import User

PHONE = {"name": "홍길동", "birth_date": "19900501", "phone": "010-1234-5678", "district": "가온1동"}
JOIN = {f"consent_{item}": "on" for item in ("terms", "account", "opinions", "identity")}
DEMO = reverse("accounts:identity_complete", args=["demo"])
DESK = reverse("accounts:identity_complete", args=["desk"])


def set_out(client: Client, provider: str = "demo", next_url: str = "/privacy/", **more: str) -> Any:
    """Press the button of one way to identify."""
    return client.post(reverse("accounts:identity"), {"provider": provider, "next": next_url, **more})


def phone(client: Client, **changes: str) -> Any:
    """Identify by the demo's phone, code included."""
    client.post(DEMO, PHONE | changes)
    return client.post(DEMO, {"code": client.session["identity_demo"]["code"]})


def join(client: Client, **changes: str) -> Any:
    """From the login page to an account, as one who was never here."""
    set_out(client)
    phone(client, **changes)
    return client.post(reverse("accounts:join"), JOIN)


def user_id(client: Client) -> str | None:
    value: str | None = client.session.get("_auth_user_id")
    return value


def account(client: Client) -> User:
    """The account that is signed in."""
    return User.objects.get(pk=client.session["_auth_user_id"])


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text
