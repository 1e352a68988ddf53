"""The 3D city at its lowest quality: found, chosen, walked, linked to; left for the map where it cannot be drawn."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.e2e.conftest import Visit, a_visitor, chromium, watch
from tests.e2e.site import Site
from tests.services import CHROMIUM_FLAGS

WIDTH, HEIGHT = 800, 500
CITY = "/city/?quality=low"
TIME = "2026-12-21T15:20"
PATIENCE_MS = 90_000
WITHOUT_WEBGL = [*[flag for flag in CHROMIUM_FLAGS if "gl" not in flag], "--disable-3d-apis", "--disable-gpu"]

NAMELESS = """() => [...document.querySelectorAll('[data-city] :is(a, button, input, select, summary, [tabindex="0"])')]
  .filter((one) => one.type !== 'hidden' && !one.closest('[data-action]')).map((one) => one.outerHTML)"""
LOSE_CONTEXT = """() => document.querySelector('[data-city-canvas]').getContext('webgl2')
  .getExtension('WEBGL_lose_context').loseContext()"""


@pytest.fixture(scope="module")
def open_city(browser: Browser, site: Site) -> Iterator[Page]:
    """One city for all: to open it costs more than anything done in it."""
    complaints: list[str] = []
    with a_visitor(browser, site, width=WIDTH, height=HEIGHT) as context:
        page = context.new_page()
        watch(page, complaints)
        page.goto(f"{CITY}#t={TIME}")
        ready(page)
        yield page
    assert complaints == []


@pytest.fixture
def city(open_city: Page) -> Page:
    """The city, flown over, with nothing chosen, looked at as it is at first."""
    if open_city.locator("[data-city]").get_attribute("data-mode") == "walk":
        open_city.locator("[data-city-canvas]").press("Escape")
    if card(open_city).is_visible():
        open_city.locator("[data-action=put-away]").click()
    open_city.evaluate(f"() => {{ location.hash = 'lon=126.1058&lat=37.4656&d=700&a=20&p=40&t={TIME}'; }}")
    ready(open_city)
    return open_city


def ready(page: Page) -> None:
    page.wait_for_selector("[data-city][data-state=ready]", timeout=PATIENCE_MS)


def card(page: Page) -> Locator:
    return page.locator("[data-city-card]")


def link_of(page: Page) -> dict[str, str]:
    """The view as the address tells it."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).fragment).items()}


def until_linked(page: Page, part: str) -> None:
    expect(page).to_have_url(re.compile(f"#.*{part}"), timeout=PATIENCE_MS)


def a_building(page: Page) -> tuple[str, dict[str, str]]:
    found = page.request.get("/api/v1/cities/gaon/search/?q=가온구 구청로 2").json()["results"]
    thing = next(thing for thing in found if thing["kind"] == "building")
    return thing["name"], {name: str(thing[name]) for name in ("id", "lon", "lat", "place")}


def test_what_is_in_the_middle_is_chosen_by_keyboard_and_put_away_again(city: Page) -> None:
    name, building = a_building(city)
    city.evaluate(f"() => {{ location.hash = 'lon={building['lon']}&lat={building['lat']}&d=160&p=60&t={TIME}'; }}")
    until_linked(city, "d=160")
    ready(city)
    city.locator("[data-city-canvas]").press("Enter")
    expect(card(city)).to_contain_text(name, timeout=PATIENCE_MS)
    expect(card(city).locator("dl")).to_contain_text(re.compile(r"\d m"))
    assert link_of(city)["o"] == building["id"]
    propose = card(city).locator("[data-action=propose]").get_attribute("href") or ""
    assert f"object={building['id']}" in propose
    card(city).press("Escape")
    expect(card(city)).to_be_hidden()


def test_a_place_is_picked_with_the_pointer(city: Page) -> None:
    canvas = city.locator("[data-city-canvas]")
    box = canvas.bounding_box() or {"width": 0, "height": 0}
    canvas.click(position={"x": box["width"] * 0.55, "y": box["height"] * 0.5})
    expect(card(city)).to_be_visible()
    expect(card(city).locator("[data-action=propose]")).to_have_attribute("href", re.compile(r"/proposals/new/\?.*e="))


def test_a_search_flies_to_what_it_found(city: Page) -> None:
    name, building = a_building(city)
    before = link_of(city)
    city.locator("[data-action=search] input").fill(building["place"])
    city.keyboard.press("Enter")
    city.locator("[data-action=go-to-place]").first.press("Enter")
    expect(card(city)).to_contain_text(name)
    until_linked(city, f"o={building['id']}")
    ready(city)
    after = link_of(city)
    assert after["lon"] != before["lon"]
    assert abs(float(after["lon"]) - float(building["lon"])) < 0.0005
    assert abs(float(after["lat"]) - float(building["lat"])) < 0.0005
    assert after["t"] == TIME


def test_an_idea_opens_from_the_list_and_leads_to_its_page(city: Page) -> None:
    city.locator("[data-action=list-ideas] summary").press("Enter")
    first = city.locator("[data-ideas-list] [data-action=open-idea]").first
    title = first.locator(".found__name").inner_text()
    first.press("Enter")
    expect(card(city)).to_contain_text(title)
    expect(card(city).locator(".proposal-label")).to_be_visible()
    expect(card(city).locator("[data-action~=support]")).to_have_attribute("href", re.compile("/proposals/"))
    until_linked(city, "idea=")


def test_one_walks_with_the_keyboard_and_comes_back(city: Page) -> None:
    root, button = city.locator("[data-city]"), city.locator("[data-action=walk][aria-pressed]")
    button.press("Enter")
    expect(root).to_have_attribute("data-mode", "walk")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(city.locator("#announcer")).not_to_be_empty()
    ready(city)
    before = link_of(city)
    canvas = city.locator("[data-city-canvas]")
    canvas.focus()
    city.keyboard.down("w")
    expect(root).to_have_attribute("data-state", "moving")
    city.wait_for_timeout(1500)
    city.keyboard.up("w")
    ready(city)
    after = link_of(city)
    assert (after["lon"], after["lat"]) != (before["lon"], before["lat"])
    assert after["m"] == "walk"
    canvas.press("Escape")
    expect(root).to_have_attribute("data-mode", "fly")


def test_the_sun_is_set_by_keyboard(city: Page) -> None:
    slider, told = city.locator("[data-sun-time]"), city.locator("[data-sun-told]")
    words = told.inner_text()
    slider.focus()
    city.keyboard.press("Home")
    until_linked(city, "t=2026-12-21T00:00")
    assert told.inner_text() != words
    city.locator("[data-sun-date]").fill("2026-06-21")
    until_linked(city, "t=2026-06-21T00:00")


def test_everything_one_can_operate_names_its_action_also_what_scripts_made(city: Page) -> None:
    city.locator("[data-city-canvas]").press("Enter")
    expect(card(city)).to_be_visible()
    assert city.evaluate(NAMELESS) == []


def test_a_link_restores_place_time_and_object(visit: Visit) -> None:
    page = visit("about:blank", width=WIDTH, height=HEIGHT)
    page.goto("/")
    name, building = a_building(page)
    link = f"lon={building['lon']}&lat={building['lat']}&d=240&a=75&p=35&t=2026-07-01T09:30&o={building['id']}"
    page.goto(f"{CITY}#{link}")
    ready(page)
    expect(card(page)).to_contain_text(name)
    found = link_of(page)
    told = {name: values[0] for name, values in parse_qs(link).items()}
    assert {name: found[name] for name in ("d", "a", "p", "t", "o")} == {
        name: told[name] for name in ("d", "a", "p", "t", "o")
    }
    assert abs(float(found["lon"]) - float(told["lon"])) < 2e-6
    assert abs(float(found["lat"]) - float(told["lat"])) < 2e-6
    expect(page.locator("[data-sun-date]")).to_have_value("2026-07-01")
    expect(page.locator("[data-sun-clock]")).to_have_text("09:30")


def test_a_lost_context_is_told_and_leads_to_the_same_place_on_the_map(visit: Visit) -> None:
    page = visit(f"{CITY}#lon=126.1012&lat=37.4688&d=300&t={TIME}", width=WIDTH, height=HEIGHT)
    ready(page)
    page.evaluate(LOSE_CONTEXT)
    expect(page.locator("[data-city-leave]")).to_be_visible()
    expect(page.locator("#announcer")).not_to_be_empty()
    page.wait_for_url(re.compile("/map/#"), timeout=PATIENCE_MS)
    page.wait_for_selector("[data-map-page][data-state=ready]", timeout=PATIENCE_MS)
    found = link_of(page)
    assert abs(float(found["lon"]) - 126.1012) < 1e-4
    assert abs(float(found["lat"]) - 37.4688) < 1e-4


def test_without_webgl_the_city_leads_to_the_map_and_the_map_to_the_list(playwright: Playwright, site: Site) -> None:
    browser = chromium(playwright, WITHOUT_WEBGL)
    with a_visitor(browser, site, width=WIDTH, height=HEIGHT) as context:
        page = context.new_page()
        # It leaves by itself after some seconds, which a slow machine may need to load the page.
        page.goto(f"/city/#lon=126.1012&lat=37.4688&d=300&t={TIME}", wait_until="commit")
        expect(page.locator("[data-city-leave]")).to_be_visible()
        expect(page.locator("[data-city-leave] a")).to_have_attribute("href", re.compile("/map/#.*lon=126.1012"))
        page.wait_for_url(re.compile("/map/#.*lon=126.1012"))
        expect(page.locator("[data-map-failed]")).to_be_visible()
        page.locator("[data-map-failed] a").click()
        expect(page).to_have_url(re.compile("/places/$"))
    browser.close()
