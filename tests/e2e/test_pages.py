"""Every page, in both languages: no serious fault of access, room at every width, one heading, one main part."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Visit
from tests.e2e.pages import PAGES, PageSpec, address

# 320 px is 1280 px at 400 %.
WIDTHS = (320, 390, 768, 1440, 1920)
# Faults hardly differ between languages: the second is looked at on a phone alone.
CHECKED_WIDTHS = {"ko": (390, 1440), "en": (390,)}

RUN_AXE = """() => axe.run(document, {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})"""
# Elements wider than the window that nothing around them scrolls or clips.
OVERFLOWING = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
    .map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''}`).slice(0, 8);
}"""


def faults(page: Page, axe_script: str) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_script)
    found: dict[str, Any] = page.evaluate(RUN_AXE)
    return [
        f"{fault['id']}: {node['target'][0]} — {node['failureSummary'].splitlines()[1].strip()}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.name)
def test_a_page_is_open_to_everybody(
    visit: Visit, subjects: dict[str, str], axe_script: str, spec: PageSpec, language: str
) -> None:
    page = visit("about:blank", account=spec.account, language=language)
    answer = page.goto(address(spec, subjects))
    assert answer is not None
    assert answer.status == spec.status
    if spec.waits_for:
        page.wait_for_selector(spec.waits_for, timeout=90_000)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    found: dict[str, list[str]] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        if overflowing := page.evaluate(OVERFLOWING):
            found[f"wider than {width} px"] = overflowing
        if width in CHECKED_WIDTHS[language] and (faulty := faults(page, axe_script)):
            found[f"axe at {width} px"] = faulty
    assert found == {}
