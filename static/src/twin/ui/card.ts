/** What somebody has chosen: a building, a place or a proposal, as a card beside the city and a sheet on a phone. */

import { Disposer } from "../../commons/disposer";
import { element, icon, keepFocus } from "../../commons/dom";
import { say, type CityKey } from "../i18n";
import type { Idea, ObjectCard, Pin } from "../messages";

export interface CardAction {
  /** What it does, by its names in the parity registry. */
  readonly name: string;
  readonly label: CityKey;
  readonly icon: string;
  readonly primary?: boolean;
  /** An address to go to, or what to do. */
  readonly act: string | (() => void);
}

export interface CardContent {
  readonly label?: string;
  readonly title: string;
  readonly note?: string;
  /** A sentence or two of its own. */
  readonly text?: string;
  readonly facts?: readonly (readonly [CityKey, string])[];
  readonly actions: readonly CardAction[];
  /** Below everything else; the same element stays the same through every showing. */
  readonly part?: HTMLElement | undefined;
}

export class Card {
  readonly #disposer = new Disposer();
  #buttons = new Disposer();
  #returnTo: HTMLElement | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly onClose: () => void,
  ) {
    this.#disposer.listen(host, "keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape") this.close();
    });
  }

  get isOpen(): boolean {
    return !this.host.hidden;
  }

  /**
   * Shows the content. Focus follows only when a key or a button led here, never under a moving finger; who stands in
   * the card stays in it.
   */
  show(content: CardContent, takeFocus: boolean): void {
    if (this.host.hidden) {
      this.#returnTo = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    }
    this.#buttons.dispose();
    this.#buttons = new Disposer();
    const title = element("h2", { class: "city-card__title", tabindex: "-1", id: "city-card-title" }, content.title);
    const close = element("button", { class: "city-card__close", type: "button", "data-action": "put-away", "aria-label": say("card.close") }, icon("close"));
    this.#buttons.listen(close, "click", () => {
      this.close();
    });
    const parts: Node[] = [close];
    if (content.label) parts.push(element("span", { class: "proposal-label" }, content.label));
    parts.push(title);
    if (content.note) parts.push(element("p", { class: "city-card__note" }, content.note));
    if (content.text) parts.push(element("p", {}, content.text));
    if (content.facts?.length) parts.push(this.#facts(content.facts));
    parts.push(element("div", { class: "city-card__actions" }, ...content.actions.map((action) => this.#action(action))));
    if (content.part) parts.push(content.part);
    const kept = keepFocus(this.host, "data-action", () => {
      this.host.replaceChildren(...parts);
    });
    this.host.hidden = false;
    if (takeFocus || !kept) title.focus({ preventScroll: true });
  }

  close(): void {
    if (this.host.hidden) return;
    const hadFocus = this.host.contains(document.activeElement);
    this.host.hidden = true;
    this.host.replaceChildren();
    if (hadFocus) this.#returnTo?.focus({ preventScroll: true });
    this.onClose();
  }

  dispose(): void {
    this.#buttons.dispose();
    this.#disposer.dispose();
    this.host.replaceChildren();
    this.host.hidden = true;
  }

  #facts(facts: readonly (readonly [CityKey, string])[]): HTMLElement {
    return element(
      "dl",
      { class: "city-card__facts" },
      ...facts.map(([key, value]) =>
        element("div", {}, element("dt", {}, say(key as "card.height")), element("dd", {}, value)),
      ),
    );
  }

  #action(action: CardAction): HTMLElement {
    const style = action.primary ? "button" : "button button--tertiary";
    const words = say(action.label as "card.copy");
    if (typeof action.act === "string") {
      return element("a", { class: style, href: action.act, "data-action": action.name }, icon(action.icon), words);
    }
    const button = element("button", { class: style, type: "button", "data-action": action.name }, icon(action.icon), words);
    this.#buttons.listen(button, "click", action.act);
    return button;
  }
}

/** The facts of an object that are known; height always, because it is what a maquette shows. */
export function factsOf(card: ObjectCard): readonly (readonly [CityKey, string])[] {
  const facts: (readonly [CityKey, string])[] = [];
  if (card.useLabel) facts.push(["card.use", card.useLabel]);
  const height = card.height_m === null ? say("card.unknown") : say("card.metres", { metres: Number(card.height_m.toFixed(1)) });
  facts.push(["card.height", height]);
  if (card.storeys !== null) facts.push(["card.storeys", say("card.storeys.value", { storeys: card.storeys })]);
  if (card.year !== null) facts.push(["card.year", say("card.year.value", { year: card.year })]);
  if (card.address) facts.push(["card.address", card.address]);
  const source = [card.source, card.surveyDate].filter(Boolean).join(", ");
  facts.push(["card.source", source || say("card.unknown")]);
  return facts;
}

export function ideaNote(idea: Idea | null, pin: Pin): string {
  const supports = say("idea.supports", { count: idea?.supports ?? pin.supports });
  return [say("idea.number", { number: pin.number }), pin.stateLabel, supports].filter(Boolean).join(" · ");
}
