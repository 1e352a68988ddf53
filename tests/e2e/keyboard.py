"""Hands on the keyboard alone: nothing is clicked, and one always sees where one is."""

from playwright.sync_api import Locator, Page

MOST_TABS = 150

IS_FOCUSED = "(element) => element === document.activeElement"
SHOWS_FOCUS = """(element) => {
  if (!element.matches(':focus-visible')) return false;
  const candidates = [element, ...(element.labels ?? []), element.parentElement];
  return candidates.some((one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
  });
}"""


def reach(page: Page, target: Locator) -> Locator:
    """Tab to the target, which must show that it has the focus."""
    for _ in range(MOST_TABS):
        if target.evaluate(IS_FOCUSED):
            assert target.evaluate(SHOWS_FOCUS), f"{target} does not show its focus"
            return target
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} was not reached within {MOST_TABS} tabs on {page.url}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach a button or a link and press it."""
    reach(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    """Reach a field, empty it and type."""
    reach(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def tick(page: Page, target: Locator) -> None:
    if not target.is_checked():
        press(page, target, "Space")
    assert target.is_checked()


def choose(page: Page, group: str, target: Locator) -> None:
    """Reach a group of radio buttons and go down to the target with the arrows."""
    checked = page.locator(f"input[type=radio][name={group}]:checked")
    reach(page, checked if checked.count() else page.locator(f"input[type=radio][name={group}]").first)
    for _ in range(MOST_TABS):
        if target.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{target} cannot be chosen with the arrows")
