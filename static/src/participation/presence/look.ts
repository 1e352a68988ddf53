/** The buttons that say how others see one: they work as a form, and without leaving the page where there is a script. */

import { toast } from "../../commons/announce";
import type { Disposer } from "../../commons/disposer";
import { find, findAll } from "../../commons/dom";
import { chooseLook } from "./api";
import { say } from "./i18n";
import { LOOKS, type Look } from "./protocol";

export function enhanceLook(disposer: Disposer, root: ParentNode, onChosen: (look: Look) => void): void {
  for (const form of findAll("form[data-people-look]", HTMLFormElement, root)) {
    disposer.listen(form, "submit", (event) => {
      const button = event instanceof SubmitEvent ? event.submitter : null;
      const look = button instanceof HTMLButtonElement ? LOOKS.find((one) => one === button.value) : undefined;
      if (!look) return;
      event.preventDefault();
      void choose(root, look, onChosen);
    });
  }
}

async function choose(root: ParentNode, look: Look, onChosen: (look: Look) => void): Promise<void> {
  try {
    await chooseLook(look);
  } catch {
    toast(say("look.failed"), "warning");
    return;
  }
  toast(say(`look.${look}`));
  pressLook(root, look);
  // Whoever has chosen has been told.
  find("[data-people-told]", HTMLElement, root)?.remove();
  onChosen(look);
}

/** Presses the button of what holds. */
export function pressLook(root: ParentNode, look: Look): void {
  for (const button of findAll("[data-people-look] button[name=look]", HTMLButtonElement, root)) {
    button.setAttribute("aria-pressed", String(button.value === look));
  }
}
