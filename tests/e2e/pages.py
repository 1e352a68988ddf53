"""Every page of the site with somebody to visit it: what the checks of access and the pictures go through."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import APIRequestContext, Page

from tests.factories.photos import a_photo

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
    PageSpec("people", "/people/"),
    PageSpec("people-citizen", "/people/", "citizen"),
    PageSpec("ideas", "/proposals/"),
    PageSpec("ideas-none", "/proposals/?q=없는말"),
    PageSpec("idea", "/proposals/{idea}/"),
    PageSpec("idea-citizen", "/proposals/{idea}/", "citizen"),
    PageSpec("idea-drawn", "/proposals/{designed}/"),
    PageSpec("idea-whole-district", "/proposals/{placeless_idea}/"),
    PageSpec("idea-photos", "/proposals/{photographed}/"),
    PageSpec("idea-photos-versions", "/proposals/{photographed}/versions/"),
    PageSpec("idea-versions", "/proposals/{idea}/versions/"),
    PageSpec("comments", "/proposals/{discussed}/comments/", "citizen"),
    PageSpec("comments-old", "/proposals/{discussed}/comments/?order=old"),
    PageSpec("comment-thread", "/proposals/{discussed}/comments/{comment}/", "citizen"),
    PageSpec("comments-mine", "/comments/mine/", "citizen"),
    PageSpec("idea-clocked", "/proposals/{clocked_idea}/"),
    PageSpec("idea-built", "/proposals/{built_idea}/"),
    PageSpec("idea-supplement", "/proposals/{asked_idea}/", "citizen"),
    PageSpec("deadlines", "/rules/deadlines/"),
    PageSpec("new", "/proposals/new/"),
    PageSpec("new-what", "/proposals/drafts/{draft}/what/?look=1", "citizen"),
    PageSpec("new-photos", "/proposals/drafts/{photo_draft}/what/", "citizen"),
    PageSpec("new-where", "/proposals/drafts/{draft}/where/?q=학교", "citizen"),
    PageSpec("new-design", "/proposals/drafts/{draft}/design/?kind=building", "citizen"),
    PageSpec("draw", "/city/?quality=low&draw={draft}", "citizen", waits_for=IN_3D, fills_window=True),
    PageSpec("new-check", "/proposals/drafts/{draft}/check/", "citizen"),
    PageSpec("drafts", "/proposals/drafts/"),
    PageSpec("drafts-citizen", "/proposals/drafts/", "citizen"),
    PageSpec("mine", "/proposals/mine/", "citizen"),
    PageSpec("projects", "/processes/"),
    PageSpec("project", "/processes/{process}/"),
    PageSpec("votes", "/votes/"),
    PageSpec("vote", "/votes/{open_vote}/"),
    PageSpec("vote-citizen", "/votes/{open_vote}/", "citizen"),
    PageSpec("vote-coming", "/votes/{coming_vote}/", "citizen"),
    PageSpec("vote-result", "/votes/{past_vote}/"),
    PageSpec("ballot", "/votes/{open_vote}/ballot/", "citizen"),
    PageSpec("ballot-visitor", "/votes/{open_vote}/ballot/"),
    PageSpec("receipt", "/votes/{past_vote}/receipt/"),
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
    PageSpec("rules", "/rules/"),
    PageSpec("report-guest", "/report/proposal/{idea}/"),
    PageSpec("report", "/report/proposal/{idea}/", "citizen"),
    PageSpec("idea-hidden", "/proposals/{hidden_idea}/", "citizen2"),
    PageSpec("my-moderation", "/me/moderation/", "citizen2"),
    PageSpec("decision", "/me/moderation/{decision}/", "citizen2"),
    PageSpec("moderation", "/office/moderation/", "moderator"),
    PageSpec("moderation-case", "/office/moderation/{case}/", "moderator"),
    PageSpec("moderation-appeals", "/office/moderation/appeals/", "moderator"),
    PageSpec("moderation-appeal", "/office/moderation/appeals/{appeal}/", "moderator"),
    PageSpec("moderation-hidden", "/office/moderation/hidden/", "moderator"),
    PageSpec("inbox", "/office/", "official"),
    PageSpec("office-ideas", "/office/proposals/", "official"),
    PageSpec("office-ideas-none", "/office/proposals/?q=없는말", "official"),
    PageSpec("handling", "/office/proposals/{idea}/", "official"),
    PageSpec("handling-late", "/office/proposals/{clocked_idea}/", "official"),
    PageSpec("approving", "/office/proposals/{waiting_idea}/", "approver"),
    PageSpec("desk", "/office/desk/", "official"),
    PageSpec("cities", "/office/cities/", "official"),
    PageSpec("imports", "/office/cities/gaon/imports/", "official"),
    PageSpec("import-report", "{report}", "official"),
    PageSpec("hand-in", "/office/deliveries/new/", "official"),
    PageSpec("delivery-columns", "{delivery}", "official"),
    PageSpec("office-votes", "/office/votes/", "official"),
    PageSpec("office-vote", "/office/votes/{open_vote}/", "official"),
    PageSpec("office-vote-new", "/office/votes/new/?proposal={idea}", "official"),
    PageSpec("not-found", "/nothing-here/", status=404),
    PageSpec("forbidden", "/office/cities/", "citizen", status=403),
    PageSpec("styleguide", "/styleguide/"),
)


def spec(name: str) -> PageSpec:
    return next(page for page in PAGES if page.name == name)


def subjects_of(request: APIRequestContext) -> dict[str, str]:
    """Ids of the sample district's things that addresses name, as its own API tells them."""
    ideas = [idea for page in (1, 2, 3) for idea in request.get(f"/api/v1/proposals/?page={page}").json()["results"]]
    placed = [idea for idea in ideas if idea["place"]["kind"] != "none" and idea["state"] == "submitted"]
    votes = {vote["state"]: vote["id"] for vote in request.get("/api/v1/votes/").json()["results"]}
    most_supported = max(placed, key=lambda idea: idea["supports"])
    named = request.get("/api/v1/cities/gaon/search/?q=가온구 구청로 2").json()["results"]
    meetings = {each["state"]: each["id"] for each in request.get("/api/v1/meetings/").json()["results"]}
    return {
        "idea": most_supported["id"],
        **discussed_by(request, ideas),
        "clocked_idea": titled(ideas, "낡은 음수대"),
        "built_idea": titled(ideas, "주민센터 앞에 휠체어"),
        "asked_idea": titled(ideas, "동네마다 헌 옷"),
        "waiting_idea": titled(ideas, "한여름 버스 정류장"),
        "placeless_idea": next(idea["id"] for idea in ideas if idea["place"]["kind"] == "none"),
        "process": most_supported["process"],
        "photographed": max(ideas, key=lambda idea: len(idea["photos"]))["id"],
        "open_vote": votes["open"],
        "coming_vote": votes["announced"],
        "past_vote": votes["published"],
        "meeting": meetings["open"],
        "past_meeting": meetings["published"],
        "designed": idea_with_a_building(request)[0],
        "place": next(thing["id"] for thing in named if thing["kind"] == "building"),
    }


def discussed_by(request: APIRequestContext, ideas: list[dict[str, Any]]) -> dict[str, str]:
    """An idea about which people and the office talk, and a comment there that was answered."""
    discussed = next(idea["id"] for idea in ideas if idea["title"].startswith("가온초 정문"))
    comments = request.get(f"/api/v1/proposals/{discussed}/comments/").json()["results"]
    return {"discussed": discussed, "comment": next(comment["id"] for comment in comments if comment["replies"])}


def titled(ideas: list[dict[str, Any]], start: str) -> str:
    return str(next(idea["id"] for idea in ideas if idea["title"].startswith(start)))


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


def delivery_of(page: Page) -> str:
    """The address of a table that waits for its columns; `page` belongs to an official."""
    page.goto("/office/deliveries/new/")
    ring = [[127.0, 37.5], [127.0001, 37.5], [127.0001, 37.5001], [127.0, 37.5001], [127.0, 37.5]]
    house = {"type": "Polygon", "coordinates": [ring]}
    properties = {"BLD_TXT": "마을회관", "HGT_VAL": 9.5, "FLR": 3}
    table = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "id": "h1", "properties": properties, "geometry": house}],
    }
    file = {"name": "건물.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(table).encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("select[name=city]").select_option("gaon")
    page.locator("input[name=source]").fill("columns")
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/deliveries/[0-9a-f-]{36}/"))
    return urlsplit(page.url).path


def measure_against(page: Page) -> dict[str, str]:
    """What was hidden of what the visitor with `page` wrote, and the decision about it, as the API tells them."""
    decision = page.request.get("/api/v1/decisions/").json()["results"][0]
    return {"decision": decision["id"], "hidden_idea": decision["subject"]}


def waiting_for(page: Page) -> dict[str, str]:
    """A case and an objection that wait for the moderator who visits with `page`."""
    lists = {"case": "cases", "appeal": "appeals"}
    told = {name: page.request.get(f"/api/v1/moderation/{path}/").json() for name, path in lists.items()}
    return {name: answer["results"][0]["id"] for name, answer in told.items()}


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


def photo_draft_of(page: Page) -> str:
    """A draft of who visits with `page`, with two photos, one of them described."""
    page.goto("/proposals/new/")
    page.locator("input[name=title]").fill("담장 아래에 꽃을 심어요")
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": a_photo(seed=n, width=900)} for n in (1, 2)]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    page.locator("button[value=photos]").click()
    page.wait_for_url(re.compile(r"/what/"))
    page.locator("input[name^=alt-]").first.fill("꽃이 없는 담장")
    page.locator("button[value^=photo-later]").click()
    found = re.search(r"/drafts/([0-9a-f-]{36})/", page.url)
    assert found
    return found[1]


# What only some accounts can tell of the things that addresses name.
TOLD_BY: tuple[tuple[str, Callable[[Page], dict[str, str]]], ...] = (
    ("citizen", lambda page: {"draft": draft_of(page)}),
    ("citizen", lambda page: {"photo_draft": photo_draft_of(page)}),
    ("official", lambda page: {"report": report_of(page)}),
    ("official", lambda page: {"delivery": delivery_of(page)}),
    ("citizen2", measure_against),
    ("moderator", waiting_for),
)


def address(page: PageSpec, subjects: Mapping[str, str]) -> str:
    return page.path.format_map(subjects)
