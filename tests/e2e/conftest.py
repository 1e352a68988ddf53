"""Journeys: one site for all, a fresh visitor for each, and an eye on everything a browser complains of."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.e2e.hands import KINDS, Hands
from tests.e2e.pages import TOLD_BY, subjects_of
from tests.e2e.site import PASSWORD, Site, redis_url, running_site
from tests.services import CHROMIUM, CHROMIUM_FLAGS

Visit = Callable[..., Page]
Begin = Callable[..., Hands]
SignedIn = Callable[[str], Any]

TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI}`));
"""
# Chromium's own words about software rendering; they say nothing about our pages.
HARMLESS = ("GPU stall", "swiftshader", "GL Driver Message", "Automatic fallback to software WebGL")
# Two processors may be shared with a compiler and a database.
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), redis_url=redis_url()) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        expect.set_options(timeout=PATIENCE_MS)
        yield running


@pytest.fixture(scope="session")
def browser(site: Site, playwright: Playwright) -> Iterator[Browser]:
    running = chromium(playwright)
    yield running
    running.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> SignedIn:
    """The cookies of an account of the demo, e.g. `signed_in("citizen")`; it signs in once."""
    states: dict[str, Any] = {}

    def state_of(account: str) -> Any:
        if account and account not in states:
            context = browser.new_context(base_url=site.url, locale="ko-KR")
            page = context.new_page()
            page.goto("/accounts/login/")
            enter(page, account)
            states[account] = context.storage_state()
            context.close()
        return states.get(account)

    return state_of


@pytest.fixture(scope="session")
def subjects(browser: Browser, site: Site, signed_in: SignedIn) -> dict[str, str]:
    """What the addresses of `pages` name: an idea, a place, a project, a draft of the citizen's, an import's report…"""
    found: dict[str, str] = {}
    for account, tell in TOLD_BY:
        context = browser.new_context(base_url=site.url, locale="ko-KR", storage_state=signed_in(account))
        found |= tell(context.new_page())
        context.close()
    context = browser.new_context(base_url=site.url)
    found |= subjects_of(context.request)
    context.close()
    return found


@pytest.fixture
def visit(browser: Browser, site: Site, signed_in: SignedIn) -> Iterator[Visit]:
    """Open a page as a new visitor: `visit("/proposals/", width=390, language="en", javascript=False)`.

    At the end the test fails if any page met a script error, a blocked resource or an error in its console.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str = "/", *, account: str = "", **how: Any) -> Page:
        context = a_visitor(browser, site, state=signed_in(account), **how)
        contexts.append(context)
        page = context.new_page()
        watch(page, complaints)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture(params=sorted(KINDS))
def begin(request: pytest.FixtureRequest, visit: Visit) -> Begin:
    """Visit a page with the keyboard alone, and again with a pointer and without JavaScript."""
    kind = KINDS[request.param]

    def hands_on(path: str, **how: Any) -> Hands:
        return kind(visit(path, javascript=kind.javascript, **how))

    return hands_on


@pytest.fixture(scope="session")
def axe_script() -> str:
    return (Path(__file__).parents[2] / "static/node_modules/axe-core/axe.min.js").read_text()


def chromium(playwright: Playwright, flags: list[str] | None = None) -> Browser:
    """Debian's Chromium, headless, with software WebGL unless other flags are given."""
    return playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=flags or CHROMIUM_FLAGS)


def a_visitor(
    browser: Browser,
    site: Site,
    *,
    width: int = 1440,
    height: int = 0,
    language: str = "ko",
    javascript: bool = True,
    state: Any = None,
) -> BrowserContext:
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": height or (844 if width < 600 else 900)},
        locale="ko-KR" if language == "ko" else "en-GB",
        java_script_enabled=javascript,
        reduced_motion="reduce",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(TELL_VIOLATIONS)
    return context


def enter(page: Page, account: str) -> None:
    """Sign in by e-mail on the page that asks for it."""
    page.locator("input[name=login]").fill(f"{account}@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_load_state()
    assert "/accounts/login" not in page.url, page.locator("main").inner_text()


def watch(page: Page, complaints: list[str]) -> None:
    """Note down whatever the page complains of."""
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda message: _listen(page, message, complaints))


def _listen(page: Page, message: ConsoleMessage, complaints: list[str]) -> None:
    address = str(message.location.get("url", ""))
    # A page that is answered with 404 or 403 on purpose; what it loads counts.
    is_the_page = message.text.startswith("Failed to load resource") and address == page.url
    if message.type == "error" and not is_the_page and not any(words in message.text for words in HARMLESS):
        complaints.append(f"{address}: {message.text}")
