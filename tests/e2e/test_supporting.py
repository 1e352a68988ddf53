"""Supporting an idea: by keyboard alone, without JavaScript, and seen by others at once."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Begin, Visit
from tests.e2e.journeys import sign_in


def count_on(page: Page) -> int:
    return int(page.locator("[data-supports]").inner_text())


def button_on(page: Page) -> Locator:
    return page.locator("#support form button[type=submit]")


def test_a_support_is_given_and_taken_back(begin: Begin, subjects: dict[str, str]) -> None:
    hands = begin(f"/proposals/{subjects['idea']}/", account="citizen2")
    page = hands.page
    before, was_given = count_on(page), button_on(page).get_attribute("aria-pressed") == "true"
    step = -1 if was_given else 1
    hands.press(button_on(page))
    expect(page.locator("[data-supports]")).to_have_text(str(before + step))
    page.reload()
    expect(page.locator("[data-supports]")).to_have_text(str(before + step))
    hands.press(button_on(page))
    expect(page.locator("[data-supports]")).to_have_text(str(before))


def test_one_who_wants_to_support_signs_in_and_is_back_at_the_idea(begin: Begin, subjects: dict[str, str]) -> None:
    hands = begin(f"/proposals/{subjects['placeless_idea']}/")
    page = hands.page
    hands.press(page.locator("#support a.button"))
    sign_in(hands, "citizen2")
    expect(page).to_have_url(re.compile(subjects["placeless_idea"]))
    expect(button_on(page)).to_be_visible()


def test_a_support_appears_on_the_page_that_somebody_else_has_open(visit: Visit, subjects: dict[str, str]) -> None:
    address = f"/proposals/{subjects['idea']}/"
    reader, supporter = visit(address), visit(address, account="citizen")
    reader.evaluate("() => { window.stillTheSamePage = true; }")
    before, was_given = count_on(supporter), button_on(supporter).get_attribute("aria-pressed") == "true"
    after = before + (-1 if was_given else 1)
    button_on(supporter).click()
    expect(supporter.locator("[data-supports]")).to_have_text(str(after))
    expect(reader.locator("[data-supports]")).to_have_text(str(after))
    assert reader.evaluate("() => window.stillTheSamePage")
