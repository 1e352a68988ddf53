"""Two ways to operate a page: by keyboard alone, and by pointer where there is no JavaScript. Same words for both."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_KEYS = 150

IS_FOCUSED = "(element) => element === document.activeElement"
SHOWS_FOCUS = """(element) => {
  if (!element.matches(':focus-visible')) return false;
  const candidates = [element, ...(element.labels ?? []), element.parentElement];
  return candidates.some((one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
  });
}"""


class Hands(Protocol):
    page: Page
    javascript: bool

    def press(self, target: Locator) -> None:
        """Press a button or follow a link."""

    def write(self, target: Locator, text: str) -> None:
        """Replace what a field holds."""

    def tick(self, target: Locator) -> None:
        """Tick a box."""

    def choose(self, target: Locator) -> None:
        """Choose one of a group of radio buttons."""

    def select_next(self, target: Locator) -> None:
        """Take the option after the one that is selected."""


class Pointer:
    """Clicks; the pages have no JavaScript."""

    javascript = False

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def tick(self, target: Locator) -> None:
        target.check()

    def choose(self, target: Locator) -> None:
        target.check()

    def select_next(self, target: Locator) -> None:
        values = target.locator("option").evaluate_all("options => options.map((one) => one.value)")
        target.select_option(values[values.index(target.input_value()) + 1])


class Keyboard:
    """Nothing is clicked, and one always sees where one is."""

    javascript = True

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Tab to the target, which must show that it has the focus."""
        for _ in range(MOST_KEYS):
            if target.evaluate(IS_FOCUSED):
                assert target.evaluate(SHOWS_FOCUS), f"{target} does not show its focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} was not reached within {MOST_KEYS} tabs on {self.page.url}")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def tick(self, target: Locator) -> None:
        self.reach(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")
        assert target.is_checked()

    def choose(self, target: Locator) -> None:
        """Tab into the group and go down to the target with the arrows."""
        group = f"input[type=radio][name={target.get_attribute('name')}]"
        checked = self.page.locator(f"{group}:checked")
        self.reach(checked if checked.count() else self.page.locator(group).first)
        for _ in range(MOST_KEYS):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{target} cannot be chosen with the arrows")

    def select_next(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("ArrowDown")


KINDS: dict[str, type[Pointer] | type[Keyboard]] = {"keyboard": Keyboard, "no-javascript": Pointer}
