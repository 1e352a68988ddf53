"""The office's first page."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from metacity.accounts import office
from metacity.accounts.models import User
from metacity.accounts.office import Item, Tray, register_tray
from tests.factories.accounts import person, signed_in

pytestmark = pytest.mark.django_db
SINCE = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def trays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_trays", [])


def a_tray(*items: Item) -> None:
    def build(official: User, now: dt.datetime) -> Tray:
        return Tray("reports", "신고된 글", len(items), list(items), "/office/reports/")

    register_tray(("moderator",), build)


def inbox(*roles: str) -> str:
    return signed_in(person(roles=roles, second_factor=True)).get(reverse("accounts:office")).content.decode()


def test_the_inbox_shows_what_waits_for_ones_roles_with_what_is_late() -> None:
    a_tray(Item("시끄러운 글", "/office/reports/1/", SINCE, note="신고 3건", due=SINCE, is_late=True))
    page = inbox("moderator")
    assert all(words in page for words in ("신고된 글", "시끄러운 글", "신고 3건", "기한 지남", "/office/reports/1/"))
    assert "신고된 글" not in inbox("official")


def test_an_empty_tray_says_that_nothing_waits() -> None:
    a_tray()
    assert "기다리는 일이 없습니다." in inbox("moderator")


def test_the_inbox_leads_to_the_other_pages_of_the_office() -> None:
    assert reverse("accounts:desk") in inbox("official")
    assert reverse("accounts:desk") not in inbox("clerk")
    assert reverse("mirror:cities") in inbox("official")
    assert reverse("mirror:cities") not in inbox("clerk")


def test_the_inbox_is_the_offices_alone() -> None:
    address = reverse("accounts:office")
    assert Client().get(address).status_code == 302
    assert signed_in(person()).get(address).status_code == 403
    without_second_factor = signed_in(person(roles=["official"])).get(address)
    assert reverse("accounts:second_factor") in without_second_factor["Location"]


def test_the_way_to_the_office_is_shown_to_those_who_work_there() -> None:
    assert reverse("accounts:office") in signed_in(person(roles=["clerk"])).get("/me/").content.decode()
    assert reverse("accounts:office") not in signed_in(person()).get("/me/").content.decode()
