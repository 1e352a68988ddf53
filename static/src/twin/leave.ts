/** The way down from 3D: says why, keeps the place, and leads to the map. */

import { announce } from "../commons/announce";
import { Disposer } from "../commons/disposer";
import { element } from "../commons/dom";
import { say } from "./i18n";
import type { LeaveReason } from "./quality";

/** Long enough to read two sentences; the link goes at once. */
const READ_MS = 4000;

export interface LeaveOptions {
  readonly host: HTMLElement;
  readonly mapUrl: string;
  /** The view as a link, without `#`. */
  readonly link: () => string;
  readonly go?: (url: string) => void;
}

export class Leave {
  readonly #disposer = new Disposer();
  #left = false;

  constructor(private readonly options: LeaveOptions) {}

  get url(): string {
    const link = this.options.link();
    return this.options.mapUrl + (link ? `#${link}` : "");
  }

  /** Goes to the same place on the map, once, after saying why. */
  leave(reason: Exclude<LeaveReason, "save_data">): void {
    if (this.#left) return;
    this.#left = true;
    const words = say(`leave.${reason}`);
    this.#panel(words, element("a", { class: "button", href: this.url }, say("leave.go")));
    announce(words);
    const { url } = this;
    this.#disposer.timeout(() => {
      (this.options.go ?? goTo)(url);
    }, READ_MS);
  }

  /** Somebody saves data: asks before anything heavy is fetched. Resolves when 3D is wanted all the same. */
  ask(bytes: number): Promise<void> {
    const megabytes = Math.max(1, Math.round(bytes / 1_000_000));
    return new Promise((resolve) => {
      const stay = element("button", { class: "button button--tertiary", type: "button" }, say("leave.stay", { megabytes }));
      this.#disposer.listen(stay, "click", () => {
        this.options.host.hidden = true;
        resolve();
      });
      const map = element("a", { class: "button", href: this.url }, say("leave.go"));
      const words = say("leave.save_data", { megabytes });
      this.#panel(words, map, stay);
      announce(words);
    });
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  #panel(words: string, ...actions: readonly HTMLElement[]): void {
    this.options.host.replaceChildren(
      element("p", { class: "city__leave-words" }, words),
      element("div", { class: "city-card__actions" }, ...actions),
    );
    this.options.host.hidden = false;
  }
}

function goTo(url: string): void {
  window.location.assign(url);
}
