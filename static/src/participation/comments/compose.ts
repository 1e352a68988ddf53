/** Sending a comment from where one is, without leaving the page. What is refused stays in the form, with the reason. */

import { ApiError, request } from "../../commons/api";
import { element, find, findAll, icon } from "../../commons/dom";
import { t } from "../../commons/i18n";
import { parseComment, type Comment } from "./messages";

export interface Draft {
  readonly text: string;
  readonly scene: string;
  /** The comment that is answered; empty for none. */
  readonly answers: string;
  /** Names the act of sending: the same key again makes nothing new. */
  readonly key: string;
}

export type SendDraft = (draft: Draft) => Promise<Comment>;

/** To the comments of a proposal, at `url` of the API. */
export function sender(url: string): SendDraft {
  return ({ text, scene, answers, key }) =>
    request(url, parseComment, { method: "POST", body: { text, scene, key, ...(answers && { answers }) } });
}

/** A random key; also on plain http, where `crypto.randomUUID` is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Sends what a form holds; null where it is refused or already on its way. Afterwards the form is empty. */
export async function sendForm(form: HTMLFormElement, send: SendDraft): Promise<Comment | null> {
  if (form.dataset["sending"] !== undefined) return null;
  form.dataset["sending"] = "";
  complain(form, null);
  try {
    const comment = await send({
      text: fieldOf(form, "text").value,
      scene: fieldOf(form, "scene").value,
      answers: form.dataset["answers"] ?? "",
      key: fieldOf(form, "key").value,
    });
    empty(form);
    return comment;
  } catch (error) {
    complain(form, error);
    return null;
  } finally {
    delete form.dataset["sending"];
  }
}

/** Nothing typed, nothing refused, and a key of its own. */
export function empty(form: HTMLFormElement): void {
  for (const name of ["text", "scene"]) {
    const field = fieldOf(form, name);
    field.defaultValue = field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  fieldOf(form, "key").value = newKey();
}

/** Says in the form what stands in the way; null takes back what was said before. */
export function complain(form: HTMLFormElement, error: unknown): void {
  for (const said of findAll(".alert, .field__error", HTMLElement, form)) said.remove();
  for (const field of findAll(".field--error", HTMLElement, form)) field.classList.remove("field--error");
  if (error === null) return;
  const fields = error instanceof ApiError ? error.fields : {};
  const reasons = Object.values(fields).flat();
  const message = error instanceof ApiError ? error.message : t("error.unknown");
  const lines = (reasons.length > 0 ? reasons : [message]).map((reason) => element("p", {}, reason));
  form.prepend(
    element("div", { class: "alert alert--danger", role: "alert" }, icon("error"), element("div", { class: "alert__body" }, ...lines)),
  );
  const first = Object.keys(fields)[0];
  if (first === "text" || first === "scene") fieldOf(form, first).focus();
}

export function fieldOf(form: HTMLFormElement, name: string): HTMLInputElement | HTMLTextAreaElement {
  const field = find(`[name="${name}"]`, HTMLTextAreaElement, form) ?? find(`[name="${name}"]`, HTMLInputElement, form);
  if (!field) throw new Error(`the form has no ${name}`);
  return field;
}
