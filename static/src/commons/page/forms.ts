/** Help around forms: sent once, not left by mistake, characters counted, mistakes found. Nothing depends on it. */

import type { Disposer } from "../disposer";
import { element, find, findAll } from "../dom";
import { t } from "../i18n";

/** A form that is on its way is not sent twice. Coming back to the page frees it. */
export function enhanceSending(disposer: Disposer): void {
  disposer.listen(document, "submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset["sending"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sending"] = "";
    if (event instanceof SubmitEvent) event.submitter?.setAttribute("data-busy", "");
  });
  disposer.listen(window, "pageshow", () => {
    for (const form of findAll("form[data-sending]", HTMLFormElement)) delete form.dataset["sending"];
    for (const button of findAll("[data-busy]", HTMLElement)) button.removeAttribute("data-busy");
  });
}

/** `<form data-protect>`: the browser asks before what was typed is left behind. */
export function protectUnsaved(disposer: Disposer): void {
  disposer.listen(window, "beforeunload", (event) => {
    if (findAll("form[data-protect]:not([data-sending])", HTMLFormElement).some(isChanged)) event.preventDefault();
  });
}

function isChanged(form: HTMLFormElement): boolean {
  return [...form.elements].some((field) => {
    if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
    if (field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)) return field.checked !== field.defaultChecked;
    const isTyped = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== "hidden");
    return isTyped && field.value !== field.defaultValue;
  });
}

/** `<textarea data-count="3000">`: how much is left, shown always and said when little is. */
export function countCharacters(disposer: Disposer, root: ParentNode = document): void {
  for (const field of findAll("[data-count]", HTMLElement, root)) {
    if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) continue;
    const most = Number(field.dataset["count"]);
    const counter = element("p", { class: "field__count" });
    const update = (): void => {
      // Code points, as the server counts.
      const left = most - Array.from(field.value).length;
      counter.textContent = left < 0 ? t("text.over", { over: -left }) : t("text.left", { left });
      counter.toggleAttribute("data-over", left < 0);
      counter.setAttribute("aria-live", left < 50 ? "polite" : "off");
    };
    field.after(counter);
    disposer.listen(field, "input", update);
    disposer.add(() => {
      counter.remove();
    });
    update();
  }
}

/** After a refusal the summary of what is wrong has the focus. */
export function focusMistakes(): void {
  find("[data-focus-first]", HTMLElement)?.focus();
}
