/** The same proposals as the pins, as a list: for the keyboard, for readers, and for whoever likes lists. */

import { Disposer } from "../../commons/disposer";
import { element, find, keepFocus } from "../../commons/dom";
import { say } from "../i18n";
import type { Pin } from "../messages";

export class PinList {
  readonly #disposer = new Disposer();
  readonly #list: HTMLElement | null;
  readonly #count: HTMLElement | null;
  #pins: readonly Pin[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly onOpen: (pin: Pin) => void,
  ) {
    this.#list = find("[data-ideas-list]", HTMLElement, host);
    this.#count = find("[data-ideas-count]", HTMLElement, host);
    this.#disposer.listen(host, "click", this.#click);
    this.#disposer.listen(host, "keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape") this.#close();
    });
  }

  set(pins: readonly Pin[]): void {
    this.#pins = [...pins].sort((a, b) => b.supports - a.supports || a.number - b.number);
    if (this.#count) this.#count.textContent = String(pins.length);
    const rows = this.#pins.map((pin) => {
      const detail = [pin.stateLabel, say("idea.supports", { count: pin.supports })].filter(Boolean).join(" · ");
      const name = element("span", { class: "found__name" }, pin.title);
      const note = element("span", { class: "found__detail" }, detail);
      return element("li", {}, element("button", { type: "button", "data-idea": pin.id, "data-action": "open-idea" }, name, note));
    });
    const content = rows.length > 0 ? element("ul", { class: "found" }, ...rows) : element("p", { class: "found__none" }, say("pins.none"));
    const kept = keepFocus(this.host, "data-idea", () => this.#list?.replaceChildren(content));
    if (!kept) find("summary", HTMLElement, this.host)?.focus();
  }

  dispose(): void {
    this.#disposer.dispose();
    this.#list?.replaceChildren();
  }

  readonly #click = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const pin = this.#pins.find((listed) => listed.id === button?.dataset["idea"]);
    if (!pin) return;
    this.#close();
    this.onOpen(pin);
  };

  #close(): void {
    if (!(this.host instanceof HTMLDetailsElement)) return;
    const hadFocus = this.host.contains(document.activeElement);
    this.host.open = false;
    if (hadFocus) find("summary", HTMLElement, this.host)?.focus();
  }
}
