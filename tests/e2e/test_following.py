"""What others do shows at once: in the city, on the map and in the list, wherever they are open."""

import uuid
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.pages import IN_3D, ON_MAP

TITLE = "둔치 계단 옆에 손잡이를 달아 주세요"
PATIENCE_MS = 90_000


def by_api(page: Page, method: str, address: str, told: dict[str, Any] | None = None) -> Any:
    """A request as the page's own scripts would send it."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": page.url}
    answer = page.request.fetch(address, method=method, data=told, headers=headers)
    assert answer.ok, answer.text()
    return answer


def propose(page: Page) -> str:
    """An idea of who visits with `page`, at a place, by its id."""
    told = {"process": "any-time", "title": TITLE, "text": TITLE, "place": {"e": 10.0, "n": -40.0}}
    return str(by_api(page, "POST", "/api/v1/proposals/", told | {"key": str(uuid.uuid4())}).json()["id"])


def test_an_idea_shows_and_counts_and_goes_wherever_people_look(visit: Visit) -> None:
    author = visit("/proposals/new/", account="citizen")
    idea = propose(author)
    supporter = visit(f"/proposals/{idea}/", account="citizen2")
    city = visit(f"/city/?quality=low&idea={idea}", width=800, height=500)
    a_map = visit(f"/map/?idea={idea}")
    a_list = visit("/proposals/")
    city.wait_for_selector(IN_3D, timeout=PATIENCE_MS)
    a_map.wait_for_selector(ON_MAP, timeout=PATIENCE_MS)
    row = a_list.locator(f"[data-idea='{idea}']")
    for page in (city.locator("[data-city-card]"), a_map.locator("[data-map-card]"), row):
        expect(page).to_contain_text(TITLE)

    by_api(supporter, "PUT", f"/api/v1/proposals/{idea}/support/")
    expect(city.locator("[data-city-card]")).to_contain_text("공감 1")
    expect(a_map.locator("[data-map-card]")).to_contain_text("공감 1")
    expect(row.locator("[data-idea-supports]")).to_have_text("1")

    by_api(author, "DELETE", f"/api/v1/proposals/{idea}/")
    gone = "목록에서 내려갔습니다"
    expect(city.locator("[data-city-card]")).to_contain_text(gone)
    expect(city.locator(f"[data-pin='{idea}'], [data-idea='{idea}']")).to_have_count(0)
    expect(city.locator("[data-city-card] a")).to_have_attribute("href", "/proposals/")
    expect(a_map.locator("[data-map-card]")).to_contain_text(gone)
    a_map.locator("[data-map-list]").click()
    expect(a_map.locator(f"[data-idea='{idea}']")).to_have_count(0)
    expect(row).to_have_count(0)
