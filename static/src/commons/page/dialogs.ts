/** `<a href data-dialog="id">` opens a `<dialog>` instead of the page that asks the same. */

import type { Disposer } from "../disposer";
import { closest } from "../dom";

export function enhanceDialogs(disposer: Disposer): void {
  disposer.listen(document, "click", (event) => {
    const opener = closest(event, "[data-dialog]", HTMLElement);
    const dialog = opener && document.getElementById(opener.dataset["dialog"] ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.showModal();
  });
  // A click on the backdrop reaches the dialog itself.
  disposer.listen(document, "click", (event) => {
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
}
