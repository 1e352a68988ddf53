"""People in the city: two in 3D see each other move, a reader sees both listed, and each chooses how to be seen."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Begin, Visit, a_visitor
from tests.e2e.journeys import sign_in
from tests.e2e.site import Site

WIDTH, HEIGHT = 640, 400
PATIENCE_MS = 90_000
HERE = "/city/?quality=low&e=60&n=40&m=walk#t=2026-06-21T15:20"

# What the page heard last of each person in a frame, straight from its socket: id, then east, north and state.
OVERHEAR = """
window.heard = {};
const Real = window.WebSocket;
window.WebSocket = class extends Real {
  constructor(...told) {
    super(...told);
    if (!String(told[0]).includes('/ws/poses/')) return;
    this.addEventListener('message', async ({ data }) => {
      if (typeof data === 'string') {
        const word = JSON.parse(data);
        if (word.type === 'welcome') window.me = word.id;
        return;
      }
      const view = new DataView(data);
      if (view.getUint8(0) !== 1) return;
      window.heard = {};
      for (let at = 20; at < view.byteLength; at += 12) {
        const e = (view.getInt32(8, true) + view.getInt16(at + 4, true)) / 100;
        const n = (view.getInt32(12, true) + view.getInt16(at + 6, true)) / 100;
        window.heard[view.getUint32(at, true)] = { e, n, state: view.getUint8(at + 11) };
      }
    });
  }
};
"""


def in_city(browser: Browser, site: Site, state: Any = None) -> Page:
    context = a_visitor(browser, site, width=WIDTH, height=HEIGHT, state=state)
    context.add_init_script(OVERHEAR)
    page = context.new_page()
    page.goto(HERE)
    page.wait_for_selector("[data-city][data-state=ready]", timeout=PATIENCE_MS)
    page.wait_for_function("() => window.me", timeout=PATIENCE_MS)
    return page


def test_two_in_the_city_see_each_other_move_and_a_reader_sees_both_in_the_list(
    browser: Browser, site: Site, visit: Visit, signed_in: Any
) -> None:
    reader = visit("/people/")
    reader.evaluate("() => { window.stillTheSamePage = true; }")
    one, other = in_city(browser, site, signed_in("official")), in_city(browser, site)
    number = one.evaluate("() => window.me")
    other.wait_for_function(f"() => window.heard[{number}]?.state === 0", timeout=PATIENCE_MS)
    before = other.evaluate(f"() => window.heard[{number}]")
    one.locator("[data-city-canvas]").focus()
    one.keyboard.down("ArrowUp")
    other.wait_for_function(
        f"([e, n]) => Math.hypot(window.heard[{number}].e - e, window.heard[{number}].n - n) > 1",
        arg=[before["e"], before["n"]],
        timeout=PATIENCE_MS,
    )
    one.keyboard.up("ArrowUp")
    other.wait_for_function(f"() => window.heard[{number}].state === 0", timeout=PATIENCE_MS)
    expect(other.locator("[data-people-count]")).to_have_text("3", timeout=PATIENCE_MS)
    expect(reader.locator("[data-people-live]")).to_contain_text(re.compile("가까이 2명"), timeout=PATIENCE_MS)
    expect(reader.locator("[data-people-status]")).to_contain_text("3명")
    assert reader.evaluate("() => window.stillTheSamePage")
    for page in (one, other):
        page.context.close()
    expect(reader.locator("[data-people-live]")).not_to_contain_text("가까이", timeout=PATIENCE_MS)


def test_from_the_panel_one_goes_to_where_people_are_by_keyboard(browser: Browser, site: Site) -> None:
    one, other = in_city(browser, site), in_city(browser, site)
    other.locator("[data-city-canvas]").press("Escape")
    panel = other.locator("[data-city-people]")
    panel.locator("summary").press("Enter")
    spot = panel.locator("button[data-spot]").first
    expect(spot).to_contain_text("명", timeout=PATIENCE_MS)
    spot.press("Enter")
    expect(panel.locator("summary")).to_be_focused()
    expect(other).to_have_url(re.compile(r"#.*d=90"), timeout=PATIENCE_MS)
    for page in (one, other):
        page.context.close()


def test_one_hides_in_the_city_and_is_asked_no_more(browser: Browser, site: Site) -> None:
    one, other = in_city(browser, site), in_city(browser, site)
    number = one.evaluate("() => window.me")
    other.wait_for_function(f"() => window.heard[{number}]", timeout=PATIENCE_MS)
    one.locator("[data-people-told] button[value=hidden]").press("Enter")
    expect(one.locator("[data-people-told]")).to_have_count(0)
    other.wait_for_function(f"() => !window.heard[{number}]", timeout=PATIENCE_MS)
    expect(other.locator("[data-people-count]")).to_have_text("1", timeout=PATIENCE_MS)
    one.reload()
    expect(one.locator("[data-people-told]")).to_have_count(0)
    expect(one.locator("[data-city-people] button[value=hidden]")).to_have_attribute("aria-pressed", "true")
    for page in (one, other):
        page.context.close()


def test_how_one_is_seen_is_chosen_on_the_page(begin: Begin) -> None:
    hands = begin("/people/")
    page = hands.page
    hide = page.locator("[data-people-look] button[value=hidden]")
    hands.press(hide)
    expect(hide).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(hide).to_have_attribute("aria-pressed", "true")
    hands.press(page.locator("[data-people-look] button[value=unnamed]"))
    expect(hide).to_have_attribute("aria-pressed", "false")


def test_who_signs_in_may_be_seen_with_a_name(begin: Begin) -> None:
    hands = begin("/accounts/login/?next=/people/")
    page = hands.page
    sign_in(hands, "citizen2")
    named = page.locator("[data-people-look] button[value=named]")
    hands.press(named)
    expect(named).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(named).to_have_attribute("aria-pressed", "true")
    hands.press(page.locator("[data-people-look] button[value=unnamed]"))


def test_from_the_list_of_places_one_finds_the_people(begin: Begin) -> None:
    hands = begin("/places/")
    hands.press(hands.page.locator("main a[href='/people/']"))
    expect(hands.page.locator("h1")).to_have_text("지금 함께 보는 사람")
