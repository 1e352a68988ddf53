/** Words for screen readers and short notes at the edge of the window. Neither moves the focus. */

import { element, find, icon } from "./dom";

const TOAST_MS = 6000;

/** Says `text` through the page's live region. The same text twice is said twice. */
export function announce(text: string): void {
  const region = find("#announcer", HTMLElement);
  if (!region) return;
  region.textContent = "";
  // A region that changes back within one task says nothing.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/** Shows `text` for six seconds, and says it. */
export function toast(text: string, iconName = "success"): void {
  const region = find("#toasts", HTMLElement);
  if (!region) return;
  const note = element("p", { class: "toast" }, icon(iconName), text);
  region.append(note);
  setTimeout(() => {
    note.remove();
  }, TOAST_MS);
}
