"""`python -m tests.e2e.screens`: pictures of every page into var/screens/, and the contrast of rendered frames.

Each page is taken 1440 and 390 pixels wide, in Korean and in English, on a site of its own with the sample district.
Ends with a failure where what has to be told apart in the city is not. `--readme` makes the README's two pictures
instead.
"""

import argparse
import dataclasses
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import contrast
from tests.e2e.conftest import a_visitor, chromium, enter
from tests.e2e.pages import IN_3D, PAGES, PageSpec, address, draft_of, report_of, subjects_of
from tests.e2e.site import ROOT, Site, redis_url, running_site

FOLDER = ROOT / "var" / "screens"
PICTURES = ROOT / "static" / "public" / "pictures"
WIDTHS = (1440, 390)
LANGUAGES = ("ko", "en")
PATIENCE_MS = 240_000
WIDE = {"width": 1440, "height": 810}
MOST_BYTES = 250_000
IDEA = "/city/?quality=high&idea={designed}&t=2026-12-21T16:00"

# Beside the pages: what is seen of a design.
VIEWS = (
    PageSpec("city-idea", IDEA, waits_for=IN_3D, fills_window=True),
    PageSpec("city-before-after", IDEA, waits_for=IN_3D, fills_window=True),
    PageSpec("city-eye-level", f"{IDEA}&m=walk", waits_for=IN_3D, fills_window=True),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true", help="make the README's pictures instead")
    parser.add_argument("--only", default="", help="pages whose name begins so; without measuring contrast")
    arguments = parser.parse_args()
    with _studio() as (site, browser):
        subjects = _subjects(site, browser)
        if arguments.readme:
            _readme(site, browser, subjects)
            return 0
        _take_all(site, browser, subjects, arguments.only)
        return 0 if arguments.only else _contrast(site, browser)


@contextmanager
def _studio() -> Iterator[tuple[Site, Browser]]:
    with (
        tempfile.TemporaryDirectory(prefix="metacity-screens-") as folder,
        running_site(Path(folder), redis_url=redis_url()) as site,
        sync_playwright() as playwright,
    ):
        browser = chromium(playwright)
        yield site, browser
        browser.close()


def _subjects(site: Site, browser: Browser) -> dict[str, str]:
    """What the addresses name, each told by who may see it."""
    found: dict[str, str] = {}
    for account, name, tell in (("citizen", "draft", draft_of), ("official", "report", report_of)):
        with a_visitor(browser, site, state=_state(site, browser, account)) as context:
            found[name] = tell(context.new_page())
    with a_visitor(browser, site) as context:
        found |= subjects_of(context.request)
    return found


_states: dict[str, Any] = {}


def _state(site: Site, browser: Browser, account: str) -> Any:
    if account and account not in _states:
        with a_visitor(browser, site) as context:
            page = context.new_page()
            page.goto("/accounts/login/")
            enter(page, account)
            _states[account] = context.storage_state()
    return _states.get(account)


def _take_all(site: Site, browser: Browser, subjects: dict[str, str], only: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for spec in (*PAGES, *VIEWS):
        if not spec.name.startswith(only):
            continue
        for language in LANGUAGES:
            for width in WIDTHS:
                how = {"width": width, "language": language, "state": _state(site, browser, spec.account)}
                with a_visitor(browser, site, **how) as context:
                    page = context.new_page()
                    _visit(page, spec, subjects)
                    picture = FOLDER / f"{spec.name}-{width}-{language}.png"
                    page.screenshot(
                        path=picture, full_page=not spec.fills_window, animations="disabled", timeout=PATIENCE_MS
                    )
        print(f"  {spec.name}", flush=True)
    print(f"Pictures: {FOLDER}")


def _visit(page: Page, spec: PageSpec, subjects: dict[str, str]) -> None:
    finer = dataclasses.replace(spec, path=spec.path.replace("quality=low", "quality=high"))
    page.goto(address(finer, subjects))
    if spec.waits_for:
        page.wait_for_selector(spec.waits_for, timeout=PATIENCE_MS)
    if "idea=" in spec.path and spec.waits_for == IN_3D:
        page.wait_for_selector("[data-city-card] [data-action=compare]")
    if spec.name == "city-before-after":
        page.locator("[data-city-card] [data-action=compare]").click()
    if "m=walk" in spec.path:
        page.wait_for_url(re.compile("#.*m=walk"), timeout=PATIENCE_MS)
    if spec.waits_for == IN_3D:
        page.wait_for_selector(IN_3D, timeout=PATIENCE_MS)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_load_state("networkidle")


def _contrast(site: Site, browser: Browser) -> int:
    with a_visitor(browser, site) as context:
        ratios = contrast.measure(site, context.new_page())
    print("Contrast on rendered frames, 21 December, 15:20")
    print(contrast.shown(ratios))
    if low := contrast.too_low(ratios):
        print(f"Below {contrast.LEAST_RATIO:.0f} : 1: {', '.join(low)}", file=sys.stderr)
        return 1
    return 0


def _readme(site: Site, browser: Browser, subjects: dict[str, str]) -> None:
    city = PageSpec("city", f"/city/?quality=high#t={contrast.TIME}", waits_for=IN_3D)
    idea = PageSpec("idea", "/map/?idea={designed}", waits_for="[data-map-page][data-state=ready]")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for spec in (city, idea):
        with a_visitor(browser, site, width=WIDE["width"], height=WIDE["height"]) as context:
            page = context.new_page()
            _visit(page, spec, subjects)
            path = PICTURES / f"{spec.name}.jpg"
            path.write_bytes(_as_jpeg(page.screenshot(animations="disabled")))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def _as_jpeg(picture: bytes) -> bytes:
    """As good as fits."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in range(92, 40, -4):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise ValueError(f"The picture does not fit {MOST_BYTES} bytes.")


if __name__ == "__main__":
    sys.exit(main())
