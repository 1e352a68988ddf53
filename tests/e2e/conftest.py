"""Journeys: one site for all, a fresh visitor for each, and an eye on everything a browser complains of."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.e2e.site import PASSWORD, Site, redis_url, running_site
from tests.services import CHROMIUM, CHROMIUM_FLAGS

Visit = Callable[..., Page]

TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI}`));
"""
# Chromium's own words about software rendering; they say nothing about our pages.
HARMLESS = ("GPU stall", "swiftshader", "GL Driver Message", "Automatic fallback to software WebGL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), redis_url=redis_url()) as running:
        yield running


@pytest.fixture(scope="session")
def browser(site: Site) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = chromium(playwright)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Open a page as a new visitor: `visit("/proposals/", width=390, language="en", javascript=False)`.

    At the end the test fails if any page met a script error, a blocked resource or an error in its console.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str = "/", *, width: int = 1440, language: str = "ko", javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale="ko-KR" if language == "ko" else "en-GB",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_init_script(TELL_VIOLATIONS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _listen(message, complaints))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def sign_in(site: Site) -> Callable[[Page, str], None]:
    """Sign in by e-mail, as the page stands: `sign_in(page, "citizen")`."""

    def enter(page: Page, name: str) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(f"{name}@example.org")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_load_state()
        assert "/accounts/login" not in page.url, page.locator("main").inner_text()

    return enter


@pytest.fixture(scope="session")
def axe_script() -> str:
    return (Path(__file__).parents[2] / "static/node_modules/axe-core/axe.min.js").read_text()


def chromium(playwright: Playwright) -> Browser:
    """Debian's Chromium, headless, with software WebGL."""
    return playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=CHROMIUM_FLAGS)


def _listen(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and not any(words in message.text for words in HARMLESS):
        complaints.append(f"{message.location.get('url', '')}: {message.text}")
