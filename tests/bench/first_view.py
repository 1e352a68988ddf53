"""The first view: how long until the city stands, and on a phone until an idea is read and supported.

Runs a site of its own with the sample district (`--city gangnam`: with Gangnam's footprints, which METACITY_DATA has)
and visits it in headless Chromium with software WebGL at 1280 × 720, quality `mid`, with an empty cache.

`seconds_to_complete_view` runs from the address to the view's being complete; `bytes_total` is what came over the wire,
headers apart; `js_kb_compressed` is the scripts' share of the city page; `heap_growth_mb` is how much more the page's
heap holds after a minute of walking, garbage collected before and after.

With `--phone`: 390 px, the processor slowed four times, 1.6 Mbit/s and 150 ms: a signed-in citizen follows a link to an
idea, has it on the screen and gives support. `seconds_to_read_and_support` runs until the page shows the support.
"""

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.bench import figures
from tests.bench.data import data_file
from tests.e2e.conftest import chromium
from tests.e2e.site import PASSWORD, Site, redis_url, running_site

CITIES = {"gangnam": "cities/seoul_gangnam_osm_buildings/buildings.geojson"}
SAMPLE = "gaon"
WALK_S = 60.0
PATIENCE_MS = 240_000


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--city", default=SAMPLE, choices=[SAMPLE, *CITIES])
    parser.add_argument("--phone", action="store_true")
    parser.add_argument("--walk", type=float, default=WALK_S, help="seconds of walking")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="metacity-bench-") as folder,
        running_site(Path(folder), redis_url=redis_url()) as site,
        sync_playwright() as playwright,
    ):
        if arguments.city in CITIES:
            figures.tell(f"Importing {arguments.city}")
            site.manage("import_city", str(data_file(CITIES[arguments.city])), "--slug", arguments.city)
        browser = chromium(playwright)
        found = _phone(site, browser) if arguments.phone else _city(site, browser, arguments.city, arguments.walk)
        figures.show(found)
    return 0


class Wire:
    """Counts what comes over the wire, as the browser's own network log tells it."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes_total = 0
        self.script_bytes = 0
        self._kinds: dict[str, str] = {}
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        path = urlsplit(event["response"]["url"]).path
        self._kinds[event["requestId"]] = "script" if path.endswith(".js") else ""

    def _finished(self, event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        self.bytes_total += size
        if self._kinds.get(event["requestId"]) == "script":
            self.script_bytes += size


def _city(site: Site, browser: Browser, slug: str, walk_s: float) -> dict[str, Any]:
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 720}, locale="ko-KR")
    page = context.new_page()
    session = context.new_cdp_session(page)
    wire = Wire(session)
    started = time.perf_counter()
    page.goto(f"/c/{slug}/city/?quality=mid#t=2026-12-21T15:20")
    page.wait_for_selector("[data-city][data-state=ready]", timeout=PATIENCE_MS)
    seconds = time.perf_counter() - started
    found = {
        "city": slug,
        "seconds_to_complete_view": round(seconds, 2),
        "bytes_total": wire.bytes_total,
        "js_kb_compressed": round(wire.script_bytes / 1000, 1),
    }
    figures.tell(f"The view is complete after {seconds:.1f} s; walking")
    found["heap_growth_mb"] = round(_heap_growth(page, session, walk_s), 2)
    return found


def _heap_growth(page: Page, session: CDPSession, walk_s: float) -> float:
    page.locator("[data-go=walk]").click()
    page.locator("[data-city-canvas]").focus()
    page.wait_for_timeout(3000)
    before = _heap_mb(session)
    end = time.perf_counter() + walk_s
    turn = 0
    while time.perf_counter() < end:
        key = ("w", "d", "w", "a")[turn % 4]
        page.keyboard.down(key)
        page.wait_for_timeout(1500)
        page.keyboard.up(key)
        turn += 1
    page.wait_for_timeout(1000)
    return _heap_mb(session) - before


def _heap_mb(session: CDPSession) -> float:
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 2**20


def _phone(site: Site, browser: Browser) -> dict[str, Any]:
    state = _signed_in(site, browser)
    link = _an_idea(site, browser)
    context = browser.new_context(
        base_url=site.url, viewport={"width": 390, "height": 844}, locale="ko-KR", storage_state=state, has_touch=True
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    wire = Wire(session)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750},
    )
    started = time.perf_counter()
    page.goto(link, wait_until="commit")
    button = page.locator("form[action$='/support/'] button[type=submit]").first
    button.wait_for(state="visible", timeout=PATIENCE_MS)
    readable = time.perf_counter() - started
    was = button.inner_text()
    button.click()
    page.wait_for_function(
        """was => { const button = document.querySelector("form[action$='/support/'] button[type=submit]");
                    return button && button.innerText !== was; }""",
        arg=was,
        timeout=PATIENCE_MS,
    )
    return {
        "seconds_to_read": round(readable, 2),
        "seconds_to_read_and_support": round(time.perf_counter() - started, 2),
        "bytes_total": wire.bytes_total,
    }


def _signed_in(site: Site, browser: Browser) -> Any:
    context = browser.new_context(base_url=site.url, locale="ko-KR")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("citizen@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_load_state()
    return _closed(context)


def _closed(context: BrowserContext) -> Any:
    state = context.storage_state()
    context.close()
    return state


def _an_idea(site: Site, browser: Browser) -> str:
    """The newest idea that takes supports and that the citizen has not supported."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/api/v1/proposals/?state=submitted")
    found = re.search(r'"id":\s*"([0-9a-f-]{36})"', page.inner_text("body"))
    context.close()
    if not found:
        sys.exit("The sample district has no open idea.")
    return f"/proposals/{found[1]}/"


if __name__ == "__main__":
    sys.exit(main())
