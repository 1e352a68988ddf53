/** The chat of a meeting: messages as they arrive, each once and in order, and one's own sent without leaving the page. */

import { ApiError, request } from "../../commons/api";
import { closest, element, find, findAll } from "../../commons/dom";
import { language, t } from "../../commons/i18n";
import { parseMessage, type Message } from "./messages";

/** A reader within so many pixels of the end follows what comes. */
const NEAR_END_PX = 60;

export class Chat {
  constructor(
    private readonly root: HTMLElement,
    private readonly address: string,
    private readonly send: typeof request = request,
  ) {}

  /** Shows a new message in its place, or a known one as it is now. */
  show(message: Message): void {
    const log = this.#log();
    if (!log) return;
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    const row = this.#row(message, log);
    const known = find(`[data-number="${message.number}"]`, HTMLElement, log);
    if (known) known.replaceWith(row);
    else this.#insert(row, message.number, log);
    const empty = find("[data-chat-empty]", HTMLElement, this.root);
    if (empty) empty.hidden = true;
    if (follows) this.scrollToEnd();
  }

  /** Takes the log of the page as the server renders it now. */
  replaceLog(fresh: HTMLElement): void {
    const [log, next] = [this.#log(), find("[data-chat]", HTMLElement, fresh)];
    if (!log || !next) return;
    log.replaceChildren(...next.childNodes);
    this.scrollToEnd();
  }

  scrollToEnd(): void {
    const log = this.#log();
    if (log) log.scrollTop = log.scrollHeight;
  }

  /** Sends what is typed in `form`; refused, it stays, with the reason beside it. */
  async write(form: HTMLFormElement): Promise<void> {
    const field = find("[name=text]", HTMLInputElement, form);
    if (!field || field.value.trim() === "") {
      field?.focus();
      return;
    }
    const typed = field.value;
    try {
      const message = await this.send(this.address, parseMessage, { method: "POST", body: { text: typed } });
      if (field.value === typed) field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      this.#tell(form, "");
      this.show(message);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#tell(form, [error.message, ...Object.values(error.fields).flat()].join(" "));
    }
    field.focus();
  }

  #log(): HTMLElement | null {
    return find("[data-chat]", HTMLElement, this.root);
  }

  #insert(row: HTMLElement, number: number, log: HTMLElement): void {
    const later = findAll("[data-number]", HTMLElement, log).find((one) => Number(one.dataset["number"]) > number);
    log.insertBefore(row, later ?? null);
  }

  #row(message: Message, log: HTMLElement): HTMLElement {
    const attributes = { class: "message", id: `message-${message.number}`, "data-number": String(message.number) };
    const number = element("span", { class: "numeric" }, message.number.toLocaleString(language()));
    if (message.isHidden && message.text === "") {
      const said = element("p", { class: "message__head" }, number, " ", t("meeting.hidden"));
      return element("li", { ...attributes, class: "message message--hidden" }, said);
    }
    const name = element("strong", {}, message.name || t("meeting.nobody"));
    const head = element("p", { class: "message__head" }, number, " ", name, " ", clock(message.writtenAt));
    const row = element("li", attributes, head, element("p", { class: "preserve-lines" }, message.text));
    if (message.isHidden) row.append(element("p", { class: "faint" }, t("meeting.yours")));
    const tools = this.#tools(message, log);
    if (tools) row.append(tools);
    return row;
  }

  /** Links under a message, where the page says that there are any. */
  #tools(message: Message, log: HTMLElement): HTMLElement | null {
    if (message.seat === log.dataset["mine"]) return null;
    const links = [
      [log.dataset["report"]?.replace("00000000-0000-0000-0000-000000000000", message.id), t("meeting.report")],
      [log.dataset["order"]?.replace("00000000-0000-0000-0000-000000000000", message.seat), t("meeting.order")],
    ] as const;
    const shown = links.flatMap(([address, label]) => (address ? [element("a", { href: address }, label)] : []));
    return shown.length > 0 ? element("p", { class: "message__tools" }, ...shown) : null;
  }

  #tell(form: HTMLFormElement, words: string): void {
    find("[data-refusal]", HTMLElement, form)?.remove();
    if (words) form.prepend(element("p", { class: "field__error", role: "alert", "data-refusal": "" }, words));
  }
}

/** The chat's form that an event of `submit` comes from. */
export function chatFormOf(event: Event): HTMLFormElement | null {
  return closest(event, "form[data-chat-form]", HTMLFormElement);
}

function clock(at: string): HTMLElement {
  const shown = new Date(at).toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit", hour12: false });
  return element("time", { datetime: at }, shown);
}
