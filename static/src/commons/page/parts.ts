/** Parts of a page, `[data-live="<name>"]`, taken from the page as the server renders it now. */

import { element, find, findAll, icon, keepFocus } from "../dom";
import { t } from "../i18n";

/** Replaces every part within `root` by the one of the same name in `fresh`. What somebody is writing is left alone. */
export function replaceParts(root: HTMLElement, fresh: HTMLElement, isForced = false): void {
  for (const part of findAll("[data-live]", HTMLElement, root)) replacePart(part, fresh, isForced);
}

function replacePart(part: HTMLElement, fresh: HTMLElement, isForced: boolean): void {
  const next = find(`[data-live="${CSS.escape(part.dataset["live"] ?? "")}"]`, HTMLElement, fresh);
  if (!next || next.innerHTML === part.innerHTML) return;
  if (isBeingWritten(part) && !isForced) offerReload(part);
  else {
    keepFocus(part, "href", () => {
      part.replaceChildren(...next.childNodes);
    });
  }
}

/** Whether somebody is in a field of the part, or has typed or chosen something there. */
function isBeingWritten(part: HTMLElement): boolean {
  return findAll("input:not([type=hidden]), textarea, select", HTMLElement, part).some(
    (field) => field === document.activeElement || isChanged(field),
  );
}

function isChanged(field: HTMLElement): boolean {
  if (field instanceof HTMLSelectElement) return field.selectedIndex !== defaultIndex(field);
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  return ["checkbox", "radio"].includes(field.type)
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
}

/** What a list of choices shows untouched: the option marked so, else the first. */
function defaultIndex(field: HTMLSelectElement): number {
  return Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
}

function offerReload(part: HTMLElement): void {
  if (find("[data-reload]", HTMLElement, part)) return;
  const link = element("a", { href: location.pathname + location.search }, t("page.reload"));
  part.prepend(element("div", { class: "alert", "data-reload": "" }, icon("info"), element("p", {}, t("page.changed"), " ", link)));
}
