"""'본인확인하고 계속': the demo's phone, joining, stepping up, and one account a person."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from metacity.accounts.errors import IdentityDiffers, IdentityIncomplete, IdentityTaken
from metacity.accounts.identity.base import SealedAttributes, keyed_hash, seal
from metacity.accounts.identity.demo import demo_ci
from metacity.accounts.identity.journey import SEALED_FOR_S
from metacity.accounts.models import Consent, IdentityCheck, User
from metacity.accounts.services.identity import attach_identity, join_with_identity
from metacity.accounts.signals import signed_in_with_session
from metacity.commons.models import LedgerEntry
from tests.accounts.journeys import DEMO, JOIN, PHONE, account, join, phone, set_out, text_of, user_id
from tests.factories.accounts import ADULT, PASSWORD, add_second_factor, person, sealed, signed_in, verified

pytestmark = pytest.mark.django_db


def test_a_newcomer_identifies_agrees_and_goes_on_where_they_were() -> None:
    client = Client()
    assert set_out(client, next_url="/privacy/?a=1")["Location"] == DEMO
    assert phone(client)["Location"] == reverse("accounts:join")
    assert "홍*동" in text_of(client.get(reverse("accounts:join")))
    answer = client.post(reverse("accounts:join"), JOIN | {"alias": "강변 산책가", "consent_news": "on"})
    assert answer["Location"] == "/privacy/?a=1"
    user = account(client)
    assert (user.alias, user.masked_name, user.email, user.is_identified) == ("강변 산책가", "홍*동", None, True)
    assert (user.birth_year, user.district) == (1990, "가온1동")
    given = set(Consent.objects.standing().filter(user=user).values_list("item", flat=True))
    assert given == {"terms", "account", "opinions", "identity", "news"}


def test_only_hashes_and_a_masked_name_are_kept() -> None:
    client = Client()
    join(client)
    check = IdentityCheck.objects.get()
    ci = demo_ci("홍길동", ADULT)
    assert check.ci_hmac == keyed_hash("ci", ci)
    kept = "".join(str(Session.objects.get(pk=s.pk).get_decoded()) for s in Session.objects.all())
    rows = "".join(str(row) for model in (User, IdentityCheck) for row in model.objects.values())
    for secret in (ci, "홍길동", "19900501", "01012345678", "010-1234-5678"):
        assert secret not in kept + rows


def test_the_same_person_twice_comes_to_the_same_account() -> None:
    first, second = Client(), Client()
    join(first)
    set_out(second, next_url="/privacy/")
    answer = phone(second, phone="010-9999-0000", name="홍 길동")
    assert answer["Location"] == "/privacy/"
    assert user_id(first) == user_id(second)
    assert User.objects.count() == 1


def test_two_joining_at_once_with_one_identity_end_in_one_account() -> None:
    clients = [Client(), Client()]
    for client in clients:
        set_out(client)
        assert phone(client)["Location"] == reverse("accounts:join")
    for client in clients:
        assert client.post(reverse("accounts:join"), JOIN).status_code == 302
    assert len({user_id(client) for client in clients}) == 1
    assert User.objects.count() == IdentityCheck.objects.count() == 1
    assert LedgerEntry.objects.filter(action="identity.checked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_only_one_of_two_simultaneous_accounts_be() -> None:
    barrier, joined = threading.Barrier(2), []

    def run() -> None:
        try:
            barrier.wait(timeout=10)
            joined.append(join_with_identity(sealed=sealed(), alias="", consents=["terms"]).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(joined) == 2
    assert len(set(joined)) == 1
    assert User.objects.count() == 1


def test_the_session_gets_a_new_key_and_the_old_one_is_announced() -> None:
    heard: list[tuple[str | None, User]] = []

    def listen(sender: object, old_session_key: str | None, user: User, **kwargs: object) -> None:
        heard.append((old_session_key, user))

    signed_in_with_session.connect(listen)
    try:
        client = Client()
        set_out(client)
        before = client.session.session_key
        phone(client)
        client.post(reverse("accounts:join"), JOIN)
    finally:
        signed_in_with_session.disconnect(listen)
    assert client.session.session_key != before
    assert [(key, str(user.pk)) for key, user in heard] == [(before, user_id(client))]


def test_an_email_account_is_confirmed_by_stepping_up() -> None:
    user = person(identified=False)
    client = signed_in(user)
    refused = set_out(client, next_url="/privacy/")
    Consent.objects.filter(user=user, item="identity").delete()
    assert refused.status_code == 302
    assert set_out(client).status_code == 400
    assert set_out(client, next_url="/privacy/", consent_identity="on").status_code == 302
    assert phone(client)["Location"] == "/privacy/"
    assert User.objects.get(pk=user.pk).masked_name == "홍*동"
    assert User.objects.count() == 1


def test_an_identity_of_another_account_is_not_taken_over() -> None:
    join(Client())
    user = person(identified=False)
    client = signed_in(user)
    set_out(client)
    answer = phone(client)
    assert answer["Location"].startswith(reverse("accounts:identity"))
    assert "다른 계정에서 본인확인을" in text_of(client.get(answer["Location"]))
    assert not User.objects.get(pk=user.pk).is_identified
    with pytest.raises(IdentityTaken):
        attach_identity(user=user, sealed=sealed())


def test_an_account_stays_with_its_person() -> None:
    user = person()
    before = user.identity_check.ci_hmac
    with pytest.raises(IdentityDiffers):
        attach_identity(user=user, sealed=sealed("김다른"))
    assert IdentityCheck.objects.get(user=user).ci_hmac == before


def test_a_repeated_check_refreshes_the_neighbourhood() -> None:
    user = person(identified=False)
    attach_identity(user=user, sealed=sealed(district="가온1동"))
    attach_identity(user=user, sealed=sealed(district="뫼산동"))
    assert User.objects.get(pk=user.pk).district == "뫼산동"


def test_a_second_factor_is_asked_for_after_identifying_too() -> None:
    user = person(identified=False, roles=["official"])
    attach_identity(user=user, sealed=sealed())
    add_second_factor(user)
    client = Client()
    set_out(client)
    assert phone(client)["Location"] == "/accounts/2fa/authenticate/"
    assert user_id(client) is None


def test_nothing_typed_is_lost_when_something_is_wrong() -> None:
    client = Client()
    set_out(client)
    page = client.post(DEMO, PHONE | {"birth_date": "19901332"})
    assert page.status_code == 400
    assert all(value in text_of(page) for value in ("홍길동", "19901332", "010-1234-5678"))
    client.post(DEMO, PHONE)
    assert "홍길동" in text_of(client.get(DEMO))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "<script>alert(1)</script>"),
        ("name", "홍"),
        ("name", "1234"),
        ("name", "홍\x00길동"),
        ("name", "가" * 5000),
        ("birth_date", "20990101"),
        ("birth_date", "18991231"),
        ("birth_date", "٠١٢٣٤٥٦٧"),
        ("phone", "02-123-4567"),
        ("phone", "010-1234-56789012345"),
        ("district", "없는동"),
        ("district", ""),
    ],
)
def test_hostile_or_wrong_details_are_refused_in_words(field: str, value: str) -> None:
    client = Client()
    set_out(client)
    page = client.post(DEMO, PHONE | {field: value})
    assert page.status_code == 400
    assert "<script>alert" not in text_of(page)
    assert "identity_demo" not in client.session


def test_a_wrong_code_is_refused_and_five_wrong_ones_end_it() -> None:
    client = Client()
    set_out(client)
    client.post(DEMO, PHONE)
    code = client.session["identity_demo"]["code"]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _attempt in range(5):
        assert client.post(DEMO, {"code": wrong}).status_code == 400
    assert client.post(DEMO, {"code": code}).status_code == 400
    assert user_id(client) is None
    assert client.post(DEMO, {"code": "12ab56"}).status_code == 400


def test_a_code_expires() -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        set_out(client)
        client.post(DEMO, PHONE)
        clock.shift(timedelta(seconds=181))
        page = client.post(DEMO, {"code": client.session["identity_demo"]["code"]})
    assert page.status_code == 400
    assert "유효 시간이 지난" in text_of(page)


def test_a_code_without_details_leads_back_to_them() -> None:
    client = Client()
    assert client.post(DEMO, {"code": "123456"})["Location"] == DEMO


def test_codes_for_one_phone_are_limited() -> None:
    for attempt in range(6):
        client = Client()
        set_out(client)
        page = client.post(DEMO, PHONE)
        assert page.status_code == (302 if attempt < 5 else 429)
    assert "시도 횟수가 너무 많습니다" in text_of(page)


def test_a_confirmed_identity_does_not_wait_for_ever() -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        set_out(client)
        phone(client)
        clock.shift(timedelta(seconds=SEALED_FOR_S + 1))
        answer = client.post(reverse("accounts:join"), JOIN)
    assert answer["Location"].startswith(reverse("accounts:identity"))
    assert not User.objects.exists()


def test_joining_without_having_identified_leads_back() -> None:
    assert Client().get(reverse("accounts:join"))["Location"].startswith(reverse("accounts:identity"))


@pytest.mark.parametrize("missing", sorted(JOIN))
def test_without_a_required_consent_nobody_joins(missing: str) -> None:
    client = Client()
    set_out(client)
    phone(client)
    agreed = {name: value for name, value in JOIN.items() if name != missing}
    page = client.post(reverse("accounts:join"), agreed | {"alias": "강변 산책가"})
    assert page.status_code == 400
    assert "강변 산책가" in text_of(page)
    assert not User.objects.exists()


def test_a_taken_alias_is_refused_and_the_identity_kept() -> None:
    person(alias="강변 산책가")
    client = Client()
    set_out(client)
    phone(client)
    assert client.post(reverse("accounts:join"), JOIN | {"alias": "강변 산책가"}).status_code == 400
    assert client.post(reverse("accounts:join"), JOIN).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", "http:evil"]
)
def test_going_on_never_leaves_the_site(target: str) -> None:
    client = Client()
    set_out(client, next_url=target)
    phone(client)
    assert client.post(reverse("accounts:join"), JOIN)["Location"] == "/"


def test_setting_out_needs_a_post_with_a_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert set_out(client).status_code == 403
    assert client.post(DEMO, PHONE).status_code == 403


def test_an_unknown_provider_is_not_found() -> None:
    assert set_out(Client(), provider="carrier-pigeon").status_code == 404
    assert Client().get("/accounts/identity/carrier-pigeon/complete/").status_code in {302, 404}


def test_the_demo_provider_does_not_exist_in_production(settings: Settings) -> None:
    settings.MODE = "production"
    assert set_out(Client()).status_code == 404


@pytest.mark.parametrize(
    ("born", "is_child", "is_adult"),
    [
        (date(2012, 11, 24), True, False),
        (date(2012, 11, 23), False, False),
        (date(2007, 11, 23), False, True),
        (date(2007, 11, 24), False, False),
        (date(2012, 2, 29), False, False),
    ],
)
@time_machine.travel("2026-11-23T03:00:00Z", tick=False)
def test_the_ages_of_14_and_19_are_told_to_the_day(born: date, is_child: bool, is_adult: bool) -> None:
    found = sealed(birth_date=born)
    assert (found.guardian_until is not None, found.is_adult) == (is_child, is_adult)


@time_machine.travel("2026-11-23T03:00:00Z", tick=False)
def test_a_year_of_birth_alone_counts_as_its_last_day() -> None:
    assert seal(replace(verified(), birth_year=2012, birth_date=None)).guardian_until == date(2026, 12, 31)
    assert seal(replace(verified(), birth_year=2011, birth_date=None)).guardian_until is None


@pytest.mark.parametrize(
    "told", [{"ci": " "}, {"name": ""}, {"birth_year": 1800}, {"birth_year": 2999}, {"method": "guess"}]
)
def test_attributes_that_say_too_little_are_refused(told: dict[str, Any]) -> None:
    with pytest.raises(IdentityIncomplete):
        sealed(**told)


def test_sealed_attributes_survive_a_session() -> None:
    for found in (sealed(), sealed(birth_date=timezone.localdate() - timedelta(days=4000))):
        assert SealedAttributes.from_session(found.as_session()) == found


def test_the_ledger_stays_whole_through_it_all() -> None:
    join(Client())
    call_command("verify_ledger")


def test_an_identified_person_is_not_asked_again() -> None:
    assert signed_in(person()).get(reverse("accounts:identity"), {"next": "/privacy/"})["Location"] == "/privacy/"


def test_the_password_is_no_part_of_it() -> None:
    client = Client()
    join(client)
    user = account(client)
    assert not user.has_usable_password()
    assert not user.check_password(PASSWORD)
