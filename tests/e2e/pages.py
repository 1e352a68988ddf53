"""Every page of the site with somebody to visit it: what the checks of access and the pictures go through."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext, Page

NOBODY = ""
PLACED_DRAFT = {"wish": "proposal", "title": "골목길에 긴 의자", "text": "어르신이 쉬어 가실 곳이 필요합니다."}


@dataclass(frozen=True, slots=True)
class PageSpec:
    name: str
    path: str
    """With the subjects of `subjects_of` in braces."""
    account: str = NOBODY
    status: int = 200
    waits_for: str = ""
    """What has to be on the page before it is looked at."""
    fills_window: bool = False
    """The 3D city and the map: one screen, without a footer."""


IN_3D, ON_MAP = "[data-city][data-state=ready]", "[data-map-page][data-state=ready]"
TIME = "t=2026-12-21T15:20"

PAGES = (
    PageSpec("home", "/"),
    PageSpec("city", f"/city/?quality=low#{TIME}", waits_for=IN_3D, fills_window=True),
    PageSpec("map", "/map/", waits_for=ON_MAP, fills_window=True),
    PageSpec("map-idea", "/map/?idea={idea}", waits_for=ON_MAP, fills_window=True),
    PageSpec("places", "/places/"),
    PageSpec("places-none", "/places/?q=없는곳"),
    PageSpec("place", "/places/{place}/"),
    PageSpec("ideas", "/proposals/"),
    PageSpec("ideas-none", "/proposals/?q=없는말"),
    PageSpec("idea", "/proposals/{idea}/"),
    PageSpec("idea-citizen", "/proposals/{idea}/", "citizen"),
    PageSpec("idea-drawn", "/proposals/{designed}/"),
    PageSpec("idea-whole-district", "/proposals/{placeless_idea}/"),
    PageSpec("idea-versions", "/proposals/{idea}/versions/"),
    PageSpec("new", "/proposals/new/"),
    PageSpec("new-what", "/proposals/drafts/{draft}/what/?look=1", "citizen"),
    PageSpec("new-where", "/proposals/drafts/{draft}/where/?q=학교", "citizen"),
    PageSpec("new-design", "/proposals/drafts/{draft}/design/?kind=building", "citizen"),
    PageSpec("draw", "/city/?quality=low&draw={draft}", "citizen", waits_for=IN_3D, fills_window=True),
    PageSpec("new-check", "/proposals/drafts/{draft}/check/", "citizen"),
    PageSpec("drafts", "/proposals/drafts/"),
    PageSpec("drafts-citizen", "/proposals/drafts/", "citizen"),
    PageSpec("mine", "/proposals/mine/", "citizen"),
    PageSpec("projects", "/processes/"),
    PageSpec("project", "/processes/{process}/"),
    PageSpec("meetings", "/meetings/"),
    PageSpec("meeting", "/meetings/{meeting}/"),
    PageSpec("meeting-citizen", "/meetings/{meeting}/", "citizen"),
    PageSpec("meeting-chair", "/meetings/{meeting}/", "official"),
    PageSpec("meeting-past", "/meetings/{past_meeting}/"),
    PageSpec("meeting-minutes", "/meetings/{past_meeting}/minutes/"),
    PageSpec("meetings-office", "/office/meetings/", "official"),
    PageSpec("meeting-plan", "/office/meetings/new/", "official"),
    PageSpec("sign-in", "/accounts/login/"),
    PageSpec("join", "/accounts/signup/"),
    PageSpec("password", "/accounts/password/reset/"),
    PageSpec("identity", "/accounts/identity/"),
    PageSpec("me", "/me/", "citizen"),
    PageSpec("leave", "/me/delete/", "citizen"),
    PageSpec("privacy", "/privacy/"),
    PageSpec("mailbox", "/demo/mail/"),
    PageSpec("desk", "/office/desk/", "official"),
    PageSpec("cities", "/office/cities/", "official"),
    PageSpec("imports", "/office/cities/gaon/imports/", "official"),
    PageSpec("import-report", "{report}", "official"),
    PageSpec("not-found", "/nothing-here/", status=404),
    PageSpec("forbidden", "/office/cities/", "citizen", status=403),
    PageSpec("styleguide", "/styleguide/"),
)


def spec(name: str) -> PageSpec:
    return next(page for page in PAGES if page.name == name)


def subjects_of(request: APIRequestContext) -> dict[str, str]:
    """Ids of the sample district's things that addresses name, as its own API tells them."""
    ideas = [idea for page in (1, 2) for idea in request.get(f"/api/v1/proposals/?page={page}").json()["results"]]
    placed = [idea for idea in ideas if idea["place"]["kind"] != "none" and idea["state"] == "submitted"]
    most_supported = max(placed, key=lambda idea: idea["supports"])
    named = request.get("/api/v1/cities/gaon/search/?q=가온구 구청로 2").json()["results"]
    meetings = {each["state"]: each["id"] for each in request.get("/api/v1/meetings/").json()["results"]}
    return {
        "idea": most_supported["id"],
        "placeless_idea": next(idea["id"] for idea in ideas if idea["place"]["kind"] == "none"),
        "process": most_supported["process"],
        "meeting": meetings["open"],
        "past_meeting": meetings["published"],
        "designed": idea_with_a_building(request)[0],
        "place": next(thing["id"] for thing in named if thing["kind"] == "building"),
    }


def idea_with_a_building(request: APIRequestContext) -> tuple[str, dict[str, Any]]:
    """The most supported idea that would build something, and what it would build."""
    pins = request.get("/api/v1/cities/gaon/pins/").json()["pins"]
    for pin in sorted(pins, key=lambda pin: -pin["supports"]):
        if pin["has_design"]:
            design = request.get(f"/api/v1/proposals/{pin['id']}/").json()["design"]
            change = design.get("data", design)["changes"][0]
            if change["op"] == "add" and change["kind"] == "building":
                return pin["id"], change
    raise LookupError("The sample district has no idea with a building.")


def report_of(page: Page) -> str:
    """The address of the latest import's report; `page` belongs to an official."""
    page.goto("/office/cities/gaon/imports/")
    return str(page.locator("main a[href*='/imports/']").last.get_attribute("href"))


def draft_of(page: Page) -> str:
    """A draft of who visits with `page`, with its text and a place."""
    page.goto("/proposals/new/")
    page.locator("input[name=title]").fill(PLACED_DRAFT["title"])
    page.locator("textarea[name=text]").fill(PLACED_DRAFT["text"])
    page.locator("main form.form button[type=submit]:not([name])").click()
    page.wait_for_url(re.compile(r"/where/"))
    page.locator("input[name=choice][value^='object|']").first.check()
    page.locator("main button[value=next]").click()
    page.wait_for_url(re.compile(r"/(design|check)/"))
    found = re.search(r"/drafts/([0-9a-f-]{36})/", page.url)
    assert found
    return found[1]


def address(page: PageSpec, subjects: Mapping[str, str]) -> str:
    return page.path.format_map(subjects)
