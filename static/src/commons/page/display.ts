/** `<form data-preferences>`: text size and contrast change at once, without losing what was typed in the page. */

import { announce } from "../announce";
import { csrfToken } from "../api";
import type { Disposer } from "../disposer";
import { findAll } from "../dom";
import { t } from "../i18n";

const ATTRIBUTES: Readonly<Record<string, string>> = { text_size: "textSize", contrast: "contrast" };

export function enhanceDisplay(disposer: Disposer): void {
  for (const form of findAll("form[data-preferences]", HTMLFormElement)) {
    disposer.listen(form, "submit", (event) => {
      const button = event instanceof SubmitEvent ? event.submitter : null;
      const attribute = button instanceof HTMLButtonElement ? ATTRIBUTES[button.name] : undefined;
      if (!(button instanceof HTMLButtonElement) || attribute === undefined) return;
      event.preventDefault();
      document.documentElement.dataset[attribute] = button.value;
      for (const other of findAll(`button[name="${button.name}"]`, HTMLButtonElement, form)) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      announce(t("display.changed"));
      void keep(form.action, button);
    });
  }
}

async function keep(url: string, button: HTMLButtonElement): Promise<void> {
  try {
    await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: new URLSearchParams({ [button.name]: button.value }),
      keepalive: true,
    });
  } catch {
    // The page shows the choice already; without a line it is only forgotten on the next page.
  }
}
