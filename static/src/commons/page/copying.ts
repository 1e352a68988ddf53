/** `<button data-copy="id" hidden>` appears and copies what the field with that id holds. */

import { toast } from "../announce";
import type { Disposer } from "../disposer";
import { closest, findAll } from "../dom";
import { t } from "../i18n";

export function enhanceCopying(disposer: Disposer): void {
  for (const button of findAll("[data-copy]", HTMLButtonElement)) button.hidden = false;
  disposer.listen(document, "click", (event) => {
    const button = closest(event, "[data-copy]", HTMLButtonElement);
    const field = button && document.getElementById(button.dataset["copy"] ?? "");
    if (field instanceof HTMLInputElement) void copy(field);
  });
}

async function copy(field: HTMLInputElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(field.value);
    toast(t("copy.done"));
  } catch {
    // Plain http and in-app browsers have no clipboard: select it, so that one's own way of copying works.
    field.focus();
    field.select();
    toast(t("copy.failed"), "info");
  }
}
