"""The desk: a paper confirmed by an official, a printed code, and what the code can and cannot do."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from metacity.accounts.models import DeskVoucher, IdentityCheck, User
from metacity.accounts.services.identity import attach_identity
from metacity.commons.models import LedgerEntry
from tests.accounts.journeys import DESK, JOIN, account, join, phone, set_out, text_of, user_id
from tests.factories.accounts import person, sealed, signed_in

pytestmark = pytest.mark.django_db

PAPER = {
    "action": "issue",
    "kind": "resident_card",
    "name": "오창구",
    "birth_date": "19550505",
    "district": "뫼산동",
    "namesake": "1",
    "seen": "on",
}


@pytest.fixture
def official() -> Client:
    return signed_in(person(roles=["official"], second_factor=True))


def printed(official: Client, **changes: str) -> str:
    """The code on the sheet that the official hands out."""
    sheet = official.post(reverse("accounts:desk"), PAPER | changes)
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", text_of(sheet))
    assert found, text_of(sheet)
    return found.group()


def enter(client: Client, code: str) -> Any:
    set_out(client, provider="desk")
    return client.post(DESK, {"desk_code": code})


def test_a_person_without_phone_joins_with_the_printed_code(official: Client) -> None:
    code, client = printed(official), Client()
    assert enter(client, code.lower().replace("-", " "))["Location"] == reverse("accounts:join")
    client.post(reverse("accounts:join"), JOIN)
    user = account(client)
    check = IdentityCheck.objects.get(user=user)
    assert (user.masked_name, user.birth_year, user.district) == ("오*구", 1955, "뫼산동")
    assert (check.method, str(check.checked_by_id)) == ("desk", user_id(official))


def test_a_code_works_once_and_is_emptied(official: Client) -> None:
    code, client = printed(official), Client()
    enter(client, code)
    client.post(reverse("accounts:join"), JOIN)
    voucher = DeskVoucher.objects.get()
    assert voucher.used_at
    assert (voucher.ci_hmac, voucher.masked_name, voucher.district) == ("", "", "")
    assert enter(Client(), code).status_code == 400


def test_a_code_entered_but_not_used_still_works(official: Client) -> None:
    code = printed(official)
    enter(Client(), code)
    assert enter(Client(), code)["Location"] == reverse("accounts:join")


def test_two_with_one_code_end_in_one_account(official: Client) -> None:
    code = printed(official)
    first, second = Client(), Client()
    enter(first, code)
    enter(second, code)
    first.post(reverse("accounts:join"), JOIN)
    assert second.post(reverse("accounts:join"), JOIN)["Location"].startswith(reverse("accounts:identity"))
    assert IdentityCheck.objects.filter(method="desk").count() == 1
    assert user_id(second) is None


def test_phone_and_desk_know_the_same_person(official: Client) -> None:
    client = Client()
    join(client, name="오창구", birth_date="19550505")
    other = Client()
    enter(other, printed(official))
    assert user_id(other) == user_id(client)


def test_without_a_ci_service_the_phone_replaces_the_desks_check(official: Client, settings: Settings) -> None:
    settings.DESK_CI_RESOLVER = "metacity.accounts.services.desk.identity_of_paper"
    client = Client()
    enter(client, printed(official))
    client.post(reverse("accounts:join"), JOIN)
    user = account(client)
    before = user.identity_check.ci_hmac
    attach_identity(user=user, sealed=sealed("오창구", date(1955, 5, 5)))
    after = IdentityCheck.objects.get(user=user)
    assert (after.method, after.ci_hmac != before) == ("phone", True)


def test_namesakes_are_told_apart_by_their_number(official: Client) -> None:
    clients = [Client(), Client()]
    for number, client in enumerate(clients, start=1):
        enter(client, printed(official, namesake=str(number)))
        client.post(reverse("accounts:join"), JOIN)
    assert user_id(clients[0]) != user_id(clients[1])


def test_a_code_for_an_account_is_that_accounts_alone(official: Client) -> None:
    user = person("walker@example.org", identified=False)
    found = official.post(reverse("accounts:desk"), {"action": "search", "email": "Walker@example.org"})
    assert str(user.pk) in text_of(found)
    code = printed(official, account=str(user.pk))
    assert enter(Client(), code).status_code == 409
    assert enter(signed_in(person(identified=False)), code).status_code == 409
    assert enter(signed_in(user), code)["Location"] == "/privacy/"
    assert User.objects.get(pk=user.pk).masked_name == "오*구"


def test_a_person_with_an_account_is_not_confirmed_on_another(official: Client) -> None:
    join(Client(), name="오창구", birth_date="19550505")
    other = person(identified=False)
    page = official.post(reverse("accounts:desk"), PAPER | {"account": str(other.pk)})
    assert page.status_code == 409
    assert "오창구" in text_of(page)
    assert not DeskVoucher.objects.exists()


def test_a_code_expires(official: Client) -> None:
    code = printed(official)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert enter(Client(), code).status_code == 400


def test_a_new_code_for_a_person_ends_the_old_one(official: Client) -> None:
    first, second = printed(official), printed(official)
    assert enter(Client(), first).status_code == 400
    assert enter(Client(), second).status_code == 302


def test_a_cancelled_code_does_not_work(official: Client) -> None:
    code = printed(official)
    official.post(reverse("accounts:desk_revoke", args=[DeskVoucher.objects.get().pk]))
    assert enter(Client(), code).status_code == 400


def test_guessing_codes_is_stopped(official: Client) -> None:
    code, client = printed(official), Client()
    for _attempt in range(10):
        assert enter(client, "AAAAA-AAAAA").status_code == 400
    assert enter(client, code).status_code == 429


def test_the_code_itself_is_not_kept(official: Client) -> None:
    code = printed(official)
    row = str(DeskVoucher.objects.values().get())
    assert code not in row
    assert code.replace("-", "") not in row
    assert code not in text_of(official.get(reverse("accounts:desk")))


@pytest.mark.parametrize("missing", ["seen", "name", "birth_date", "district", "kind"])
def test_an_incomplete_paper_makes_no_code(official: Client, missing: str) -> None:
    page = official.post(reverse("accounts:desk"), {k: v for k, v in PAPER.items() if k != missing})
    assert page.status_code == 400
    assert not DeskVoucher.objects.exists()


def test_searches_and_codes_are_recorded_without_personal_data(official: Client) -> None:
    official.post(reverse("accounts:desk"), {"action": "search", "email": "nobody@example.org"})
    printed(official)
    actor = account(official).actor_id
    entries = LedgerEntry.objects.filter(action__startswith="desk.").order_by("number")
    assert [(e.action, e.actor, e.facts) for e in entries] == [
        ("desk.searched", actor, {}),
        ("desk.confirmed", actor, {"paper": "resident_card"}),
    ]


@pytest.mark.parametrize("role", ["citizen", "moderator", "clerk", "operator"])
def test_only_officials_work_at_the_desk(role: str) -> None:
    client = signed_in(person(roles=[] if role == "citizen" else [role], second_factor=True))
    assert client.post(reverse("accounts:desk"), PAPER).status_code == 403
    assert not DeskVoucher.objects.exists()


def test_an_official_with_a_citizens_code_does_not_become_the_citizen(official: Client) -> None:
    join(Client(), name="오창구", birth_date="19550505")
    assert enter(official, printed(official)).status_code in {302, 409}
    assert phone(Client()).status_code == 302
    assert account(official).masked_name != "오*구"
