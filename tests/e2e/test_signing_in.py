"""Signing in and joining: by keyboard alone, and without JavaScript."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Begin
from tests.e2e.hands import Hands
from tests.e2e.journeys import Newcomer, confirm_identity, join, sign_in

NEXT = "/accounts/login/?next=/processes/"


def a_newcomer(hands: Hands) -> Newcomer:
    return Newcomer("한새롬" if hands.javascript else "한누리", "19880215", "010-2345-6789")


def test_one_signs_in_by_email_and_goes_on_where_one_was(begin: Begin) -> None:
    hands = begin(NEXT)
    sign_in(hands, "citizen2")
    expect(hands.page).to_have_url(re.compile("/processes/$"))
    expect(hands.page.locator("header form[action='/accounts/logout/']")).to_have_count(1)


def test_a_wrong_password_is_told_and_the_address_is_kept(begin: Begin) -> None:
    hands = begin(NEXT)
    page = hands.page
    hands.write(page.locator("input[name=login]"), "citizen2@example.org")
    hands.write(page.locator("input[name=password]"), "not the password")
    hands.press(page.locator("form:has(input[name=password]) button[type=submit]").first)
    expect(page.locator("main [role=alert]").first).to_be_visible()
    expect(page.locator("input[name=login]")).to_have_value("citizen2@example.org")


def test_one_joins_by_confirming_ones_identity_and_signs_in_with_it_again(begin: Begin) -> None:
    hands = begin(NEXT)
    page = hands.page
    who = a_newcomer(hands)
    hands.press(page.locator("main a[href^='/accounts/identity/']"))
    confirm_identity(hands, who)
    join(hands)
    expect(page).to_have_url(re.compile("/processes/$"))
    page.context.clear_cookies()
    page.goto(NEXT)
    hands.press(page.locator("main a[href^='/accounts/identity/']"))
    confirm_identity(hands, who)
    expect(page).to_have_url(re.compile("/processes/$"))
