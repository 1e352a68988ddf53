"""Parts of journeys that several tests walk, for hands of either kind."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.e2e.hands import Hands
from tests.e2e.site import PASSWORD


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom the demonstration's phone check is told of; the same words always stand for the same person."""

    name: str
    birth_date: str
    phone: str


def sign_in(hands: Hands, account: str) -> None:
    """On the page that asks for it."""
    page = hands.page
    hands.write(page.locator("input[name=login]"), f"{account}@example.org")
    hands.write(page.locator("input[name=password]"), PASSWORD)
    hands.press(page.locator("form:has(input[name=password]) button[type=submit]").first)
    expect(page).not_to_have_url(re.compile("/accounts/login"))


def confirm_identity(hands: Hands, who: Newcomer) -> None:
    """From the choice of ways to the end of the check."""
    page = hands.page
    hands.press(page.locator("button[name=provider][value=demo]"))
    hands.write(page.locator("input[name=name]"), who.name)
    hands.write(page.locator("input[name=birth_date]"), who.birth_date)
    hands.write(page.locator("input[name=phone]"), who.phone)
    hands.select_next(page.locator("select[name=district]"))
    hands.press(page.locator("main form.form button[type=submit]"))
    code = page.locator(".big-code").inner_text()
    hands.write(page.locator("input[name=code]"), code)
    hands.press(page.locator("main form.form button[type=submit]"))


def join(hands: Hands) -> None:
    """Agree to what is required, and nothing else."""
    page = hands.page
    expect(page).to_have_url(re.compile("/accounts/identity/join/"))
    for box in page.locator("input[type=checkbox][name^=consent_][required]").all():
        hands.tick(box)
    hands.press(page.locator("main form.form button[type=submit]"))


def say_what(hands: Hands, title: str, text: str) -> None:
    """The first screen, up to the second."""
    page = hands.page
    hands.write(page.locator("input[name=title]"), title)
    hands.write(page.locator("textarea[name=text]"), text)
    hands.press(page.locator("main form.form button[type=submit]:not([name])"))
    expect(page).to_have_url(re.compile("/where/"))


def go_on(hands: Hands) -> None:
    """From the second screen to the third, without a drawing where one is offered."""
    page = hands.page
    hands.press(page.locator("main button[value=next]"))
    expect(page).to_have_url(re.compile("/(design|check)/"))
    if "/design/" in page.url:
        hands.press(page.locator("main .form-actions a[href*='/check/']"))
    expect(hands.page).to_have_url(re.compile("/check/"))


def submit(hands: Hands, title: str) -> None:
    """The third screen, up to the idea's own page."""
    page = hands.page
    hands.tick(page.locator("input[name=public]"))
    hands.press(page.locator("main form.form button[type=submit]"))
    expect(page.locator("h1")).to_have_text(title)
    expect(page).to_have_url(re.compile(r"/proposals/[0-9a-f-]{36}/$"))
