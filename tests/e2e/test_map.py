"""The flat map: ideas and places by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.hands import Keyboard

PATIENCE_MS = 60_000


def open_map(visit: Visit, link: str = "", width: int = 1024) -> Page:
    page = visit(f"/map/{link}", width=width)
    page.wait_for_selector("[data-map-page][data-state=ready]", timeout=PATIENCE_MS)
    return page


def test_an_idea_is_opened_from_the_list_and_leads_to_its_page(visit: Visit) -> None:
    page = open_map(visit)
    hands = Keyboard(page)
    first = page.locator("[data-map-card] .map-card__idea").first
    title = first.evaluate("(button) => button.firstChild.textContent")
    hands.press(first)
    expect(page.locator("[data-map-card] h2")).to_have_text(title)
    expect(page.locator("[data-map-card] h2")).to_be_focused()
    hands.press(page.locator("[data-map-card] a.button[href^='/proposals/']"))
    expect(page.locator("h1")).to_have_text(title)


def test_the_middle_is_chosen_with_enter(visit: Visit, subjects: dict[str, str]) -> None:
    page = open_map(visit)
    card = page.request.get(f"/api/v1/cities/gaon/objects/{subjects['place']}/").json()
    page.goto("about:blank")
    page.goto(f"/map/#lon={card['lon']}&lat={card['lat']}&d=120")
    page.wait_for_selector("[data-map-page][data-state=ready]", timeout=PATIENCE_MS)
    Keyboard(page).press(page.locator("[data-map-canvas] canvas"))
    expect(page.locator("[data-map-card] h2")).to_have_text(card["name"])
    propose = page.locator("[data-map-card] a[href*='/proposals/new/']")
    expect(propose).to_have_attribute("href", re.compile(f"object={subjects['place']}"))


def test_the_ground_is_chosen_with_a_button_and_carried_into_a_proposal(visit: Visit) -> None:
    page = open_map(visit, "#lon=126.1058&lat=37.4656&d=60")
    hands = Keyboard(page)
    hands.press(page.locator("[data-map-middle]"))
    hands.press(page.locator("[data-map-card] a[href*='/proposals/new/']"))
    expect(page).to_have_url(re.compile(r"/proposals/new/\?e=-?\d"))
    expect(page.locator("input[type=hidden][name=e]")).to_have_count(1)


def test_the_ways_keep_the_place(visit: Visit) -> None:
    page = open_map(visit, "#lon=126.1012&lat=37.4688&d=300")
    way = page.locator("[data-ways] a[href*='/city/']")
    expect(way).to_have_attribute("href", re.compile(r"/city/#lon=126\.1012"))


def test_an_idea_stands_open_where_a_link_says_so(visit: Visit, subjects: dict[str, str]) -> None:
    page = open_map(visit, f"?idea={subjects['idea']}", width=390)
    idea = page.request.get(f"/api/v1/proposals/{subjects['idea']}/").json()
    expect(page.locator("[data-map-card] h2")).to_have_text(idea["title"])
