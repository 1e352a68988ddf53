"""Drawing into a draft in the 3D city, by keyboard: kept, seen again, mended; and what is refused stays drawn."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import SignedIn, Visit, a_visitor
from tests.e2e.pages import IN_3D, draft_of
from tests.e2e.site import Site

PATIENCE_MS = 90_000
PROPOSED = "시민 제안 · 확정된 계획 아님"


def draw_into_a_draft(page: Page) -> Page:
    """The city, with a fresh draft of who visits with `page` to draw into."""
    page.goto(f"/proposals/drafts/{draft_of(page)}/design/")
    return to_the_city(page)


def to_the_city(page: Page) -> Page:
    """From the page with the fields of a drawing."""
    page.goto((page.locator("a[href*='draw=']").get_attribute("href") or "") + "&quality=low")
    page.wait_for_selector(IN_3D, timeout=PATIENCE_MS)
    return page


@pytest.fixture
def drawn_in(visit: Visit) -> Page:
    return draw_into_a_draft(visit("/", account="citizen", width=800, height=700))


def panel(page: Page) -> Locator:
    return page.locator("[data-city-draw]")


def put_bench(page: Page, east: float, north: float) -> None:
    """At metres from the place of the idea."""
    panel(page).locator("#draw-kind").select_option("bench")
    if not panel(page).locator("#draw-east").is_visible():
        panel(page).locator("details > summary").press("Enter")
    panel(page).locator("#draw-east").fill(f"{east:.1f}")
    panel(page).locator("#draw-north").fill(f"{north:.1f}")
    panel(page).locator("[data-draw=place]").press("Enter")


def test_a_drawing_is_kept_seen_again_and_mended(drawn_in: Page) -> None:
    page, changes = drawn_in, panel(drawn_in).locator("[data-draw-list] li")
    expect(panel(page)).to_contain_text(PROPOSED)
    put_bench(page, 0, 0)
    expect(page.locator(".idea-tag")).to_have_text(PROPOSED)
    panel(page).locator("[data-draw=add]").press("Enter")
    expect(changes).to_have_count(1)
    put_bench(page, 3, 0)
    panel(page).locator("button[type=submit]").press("Enter")
    expect(page).to_have_url(re.compile(r"/design/#drawn$"))
    expect(page.locator("#drawn li")).to_have_count(2)

    to_the_city(page)
    expect(changes).to_have_count(2)
    expect(page.locator(".idea-tag")).to_be_visible()
    changes.first.locator("button").press("Enter")
    expect(changes).to_have_count(1)
    panel(page).locator("button[type=submit]").press("Enter")
    expect(page.locator("#drawn li")).to_have_count(1)


def test_a_point_is_set_in_the_middle_of_the_picture_by_keyboard(drawn_in: Page) -> None:
    panel(drawn_in).locator("#draw-kind").select_option("trees")
    drawn_in.locator("[data-city-canvas]").press("Enter")
    expect(panel(drawn_in).locator("[data-draw-status]")).not_to_be_empty()
    panel(drawn_in).locator("[data-draw=add]").press("Enter")
    expect(panel(drawn_in).locator("[data-draw-list] li")).to_contain_text("1그루")


def test_what_is_refused_stays_drawn_and_says_why(browser: Browser, site: Site, signed_in: SignedIn) -> None:
    """Without the eye on the console, where browsers note down every refusal that a script meets."""
    with a_visitor(browser, site, width=800, height=700, state=signed_in("citizen")) as context:
        page = draw_into_a_draft(context.new_page())
        found = page.request.get("/api/v1/cities/gaon/search/?q=물빛마을 1단지 105동").json()["results"]
        home = next(thing for thing in found if thing["kind"] == "building")
        middle = [float(panel(page).get_attribute(name) or "") for name in ("data-e", "data-n")]
        put_bench(page, home["e"] - middle[0], home["n"] - middle[1])
        panel(page).locator("[data-draw=add]").press("Enter")
        panel(page).locator("button[type=submit]").press("Enter")
        expect(panel(page).locator("[data-draw-status]")).to_contain_text("공공")
        expect(panel(page).locator("[data-draw-list] li")).to_have_count(1)
        expect(page).to_have_url(re.compile("/city/"))
