"""A child under 14, and the adult who agrees."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.access import require_identified
from metacity.accounts.errors import GuardianRequired
from metacity.accounts.models import GuardianConsent, User
from metacity.accounts.services.guardian import declare_child
from metacity.commons.models import LedgerEntry
from tests.accounts.journeys import DEMO, JOIN, PHONE, account, phone, set_out, text_of
from tests.factories.accounts import person, signed_in

pytestmark = [pytest.mark.django_db]

CHILD = {"name": "이아이", "birth_date": f"{timezone.localdate().year - 10}0301"}
PARENT = {"name": "이부모", "birth_date": "19820714"}


@pytest.fixture
def child() -> Client:
    client = Client()
    set_out(client)
    phone(client, **CHILD)
    answer = client.post(reverse("accounts:join"), JOIN)
    assert answer["Location"] == "/accounts/guardian/?next=%2Fprivacy%2F"
    return client


def ask(client: Client, capture: Any) -> str:
    """The link in the guardian's mail."""
    with capture(execute=True):
        client.post(reverse("accounts:guardian"), {"contact": "parent@example.org", "next": "/privacy/"})
    found = re.search(r"/accounts/guardian/[\w-]+/", str(mail.outbox[-1].body))
    assert found
    return found.group()


def answer(link: str, **who: str) -> Any:
    client = Client()
    client.post(link, {"provider": "demo"})
    return phone(client, **who)


def test_a_child_reads_and_does_not_write_until_the_guardian_agrees(
    child: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(GuardianRequired):
        require_identified(account(child))
    link = ask(child, django_capture_on_commit_callbacks)
    assert "이*이" in text_of(Client().get(link))
    assert "고맙습니다" in text_of(answer(link, **PARENT))
    assert require_identified(account(child))
    consent = GuardianConsent.objects.get()
    assert (consent.contact, bool(consent.guardian_hmac), consent.guardian_method) == ("", True, "phone")
    assert LedgerEntry.objects.filter(action="guardian.agreed").count() == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize("who", [CHILD, {"name": "이언니", "birth_date": f"{timezone.localdate().year - 18}0301"}])
def test_neither_the_child_nor_another_minor_is_a_guardian(
    child: Client, django_capture_on_commit_callbacks: Any, who: dict[str, str]
) -> None:
    link = ask(child, django_capture_on_commit_callbacks)
    assert answer(link, **who).status_code == 302
    assert account(child).waits_for_guardian


def test_the_guardian_can_withdraw_and_nobody_else(child: Client, django_capture_on_commit_callbacks: Any) -> None:
    link = ask(child, django_capture_on_commit_callbacks)
    answer(link, **PARENT)
    answer(link, name="박남남", birth_date="19700101")
    assert not account(child).waits_for_guardian
    assert "철회했습니다" in text_of(answer(link, **PARENT))
    assert account(child).waits_for_guardian
    assert Client().get(link).status_code == 410


def test_a_new_link_ends_the_old_one(child: Client, django_capture_on_commit_callbacks: Any) -> None:
    first = ask(child, django_capture_on_commit_callbacks)
    second = ask(child, django_capture_on_commit_callbacks)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_a_link_expires(child: Client, django_capture_on_commit_callbacks: Any) -> None:
    link = ask(child, django_capture_on_commit_callbacks)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert Client().get(link).status_code == 410
    assert Client().get("/accounts/guardian/made-up/").status_code == 410


def test_mails_to_a_guardian_are_limited_and_the_address_stays_typed(child: Client) -> None:
    for _mail in range(5):
        child.post(reverse("accounts:guardian"), {"contact": "parent@example.org"})
    page = child.post(reverse("accounts:guardian"), {"contact": "other@example.org"})
    assert page.status_code == 400
    assert "other@example.org" in text_of(page)


@pytest.mark.parametrize("contact", ["", "no address", "a@b.kr\nBcc: c@d.kr", "<script>@x"])
def test_what_is_no_address_is_refused(child: Client, contact: str) -> None:
    assert child.post(reverse("accounts:guardian"), {"contact": contact}).status_code == 400
    assert not mail.outbox


def test_the_fourteenth_birthday_ends_the_need(child: Client) -> None:
    user = account(child)
    with time_machine.travel(date(timezone.localdate().year + 5, 1, 1), tick=False):
        assert not User.objects.get(pk=user.pk).waits_for_guardian


def test_one_who_said_to_be_a_child_and_is_not_needs_no_guardian() -> None:
    user = person(identified=False)
    declare_child(user=user)
    client = signed_in(User.objects.get(pk=user.pk))
    set_out(client)
    assert client.post(DEMO, PHONE).status_code == 302
    client.post(DEMO, {"code": client.session["identity_demo"]["code"]})
    assert not User.objects.get(pk=user.pk).waits_for_guardian


def test_an_adult_has_no_page_to_ask_a_guardian() -> None:
    assert signed_in(person()).get(reverse("accounts:guardian"))["Location"] == "/"
