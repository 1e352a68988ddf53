/** The menu of small screens, and panels that drop down: open, close, Escape, a click elsewhere. */

import type { Disposer } from "../disposer";
import { closest, find, findAll } from "../dom";

/** `<button data-toggle="id" aria-expanded>` shows and hides the element with that id. */
export function enhanceToggles(disposer: Disposer): void {
  disposer.listen(document, "click", (event) => {
    const button = closest(event, "[data-toggle]", HTMLButtonElement);
    const panel = button && document.getElementById(button.dataset["toggle"] ?? "");
    if (button && panel) setOpen(button, panel, button.getAttribute("aria-expanded") !== "true");
  });
  disposer.listen(document, "keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Escape") return;
    const button = find('[data-toggle][aria-expanded="true"]', HTMLButtonElement);
    const panel = button && document.getElementById(button.dataset["toggle"] ?? "");
    if (!button || !panel?.contains(document.activeElement) || find("[data-drop][open]", HTMLDetailsElement)) return;
    setOpen(button, panel, false);
    button.focus();
  });
}

function setOpen(button: HTMLButtonElement, panel: HTMLElement, isOpen: boolean): void {
  button.setAttribute("aria-expanded", String(isOpen));
  panel.toggleAttribute("data-open", isOpen);
}

/** `<details data-drop>` closes on Escape, on a click elsewhere, and when the focus moves on. */
export function enhanceDrops(disposer: Disposer): void {
  const closeOthers = (event: Event): void => {
    for (const drop of openDrops()) if (!(event.target instanceof Node && drop.contains(event.target))) drop.open = false;
  };
  disposer.listen(document, "click", closeOthers);
  disposer.listen(document, "focusin", closeOthers);
  disposer.listen(document, "keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Escape") return;
    for (const drop of openDrops()) {
      const hadFocus = drop.contains(document.activeElement);
      drop.open = false;
      if (hadFocus) find("summary", HTMLElement, drop)?.focus();
    }
  });
}

function openDrops(): readonly HTMLDetailsElement[] {
  return findAll("[data-drop][open]", HTMLDetailsElement);
}
