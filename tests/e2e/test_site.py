"""What holds on every page: languages, sizes, addresses of cities, refusals that help on."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Begin, Visit


def test_the_language_is_switched_and_the_page_stays(begin: Begin) -> None:
    hands = begin("/proposals/?q=의자")
    page = hands.page
    hands.press(page.locator("button[name=language]"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("input#filter-q")).to_have_value("의자")
    expect(page.locator("h1")).to_have_text("Ideas")
    page.goto("/processes/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_text_is_made_larger_and_stays_so(begin: Begin) -> None:
    hands = begin("/")
    page = hands.page
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    assert before >= 17
    hands.press(page.locator("summary:has(+ .drop__panel [data-preferences])"))
    hands.press(page.locator("button[name=text_size][value=largest]"))
    page.wait_for_load_state("networkidle")
    expect(page.locator("html")).to_have_attribute("data-text-size", "largest")
    page.goto("/proposals/")
    expect(page.locator("html")).to_have_attribute("data-text-size", "largest")
    assert page.evaluate(size) > before


def test_contrast_is_raised_and_stays_so(begin: Begin) -> None:
    hands = begin("/")
    page = hands.page
    hands.press(page.locator("summary:has(+ .drop__panel [data-preferences])"))
    hands.press(page.locator("button[name=contrast][value=high]"))
    page.wait_for_load_state("networkidle")
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")
    page.goto("/places/")
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")


def test_the_content_is_one_key_away(visit: Visit) -> None:
    page = visit("/proposals/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-links a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(visit: Visit) -> None:
    page = visit("/", width=390)
    toggle, panel = page.locator("[data-toggle=header-panel]"), page.locator("#header-panel")
    expect(panel).to_be_hidden()
    toggle.press("Enter")
    expect(panel).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    toggle.press("Enter")
    expect(panel).to_be_hidden()


def test_a_city_answers_at_its_own_address(visit: Visit) -> None:
    page = visit("/c/gaon/")
    for path in ("proposals/", "processes/", "places/", "city/?quality=low", "map/"):
        answer = page.goto(f"/c/gaon/{path}")
        assert answer is not None
        assert answer.status == 200
        expect(page.locator("h1")).to_have_count(1)
    answer = page.goto("/c/nowhere/proposals/")
    assert answer is not None
    assert answer.status == 404


def test_a_page_that_is_not_there_leads_on(visit: Visit) -> None:
    page = visit("/nothing-here/")
    expect(page.locator("h1")).not_to_be_empty()
    page.locator("main a[href='/']").first.click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_the_report_of_an_import_is_for_the_office_alone(visit: Visit, subjects: dict[str, str]) -> None:
    report = visit(subjects["report"], account="official")
    expect(report.locator("main table").first).to_be_visible()
    citizen = visit("/", account="citizen")
    answer = citizen.goto(subjects["report"])
    assert answer is not None
    assert answer.status == 403
    expect(citizen.locator("main table")).to_have_count(0)
    stranger = visit(subjects["report"])
    expect(stranger).to_have_url(re.compile("/accounts/login/"))
