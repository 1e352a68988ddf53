/** Who is here, beside the city: how many, and by place, each a way to go there. */

import { announce } from "../../commons/announce";
import { Disposer } from "../../commons/disposer";
import { element, find } from "../../commons/dom";
import { company, type Company, type Gathering, type Named } from "./api";
import { say } from "./i18n";

/** Lists that change while one reads them are no help. */
const LIST_EVERY_MS = 4000;

export interface PanelOptions {
  readonly slug: string;
  readonly go: (e: number, n: number) => void;
  readonly fetchCompany?: typeof company;
}

export class PeoplePanel {
  readonly #disposer = new Disposer();
  readonly #list: HTMLElement | null;
  #spots: readonly Gathering[] = [];
  #listedAt_ms = -Infinity;
  #isStale = true;

  constructor(
    private readonly host: HTMLDetailsElement,
    private readonly options: PanelOptions,
  ) {
    this.#list = find("[data-people-list]", HTMLElement, host);
    this.#disposer.listen(host, "toggle", this.#refresh);
    this.#disposer.listen(host, "click", this.#click);
    this.#disposer.listen(host, "keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape") this.#close();
    });
    this.#disposer.interval(this.#refresh, LIST_EVERY_MS);
  }

  /** How many are here, in words; the list follows by and by. */
  tell(count: number, words: string): void {
    const shown = find("[data-people-count]", HTMLElement, this.host);
    if (shown) shown.textContent = String(count);
    this.say(words);
    this.#isStale = true;
    this.#refresh();
  }

  say(words: string): void {
    const total = find("[data-people-total]", HTMLElement, this.host);
    if (total && total.textContent !== words) total.textContent = words;
  }

  dispose(): void {
    this.#disposer.dispose();
    this.#list?.replaceChildren();
  }

  readonly #refresh = (): void => {
    const isDue = this.host.open && this.#isStale && performance.now() - this.#listedAt_ms >= LIST_EVERY_MS;
    // Somebody is about to press one of the buttons: they stay where they are.
    if (!isDue || this.#list?.contains(document.activeElement)) return;
    this.#isStale = false;
    this.#listedAt_ms = performance.now();
    void this.#fetch();
  };

  async #fetch(): Promise<void> {
    try {
      this.#show(await (this.options.fetchCompany ?? company)(this.options.slug));
    } catch {
      this.#list?.replaceChildren(element("p", { class: "found__none" }, say("people.failed")));
    }
  }

  #show(found: Company): void {
    this.#spots = found.spots;
    const rows = found.spots.map((spot, index) =>
      element("li", {}, element("button", { type: "button", "data-spot": String(index) }, ...partsOf(spot))),
    );
    if (found.elsewhere > 0) {
      rows.push(element("li", { class: "found__none" }, say("people.elsewhere", { count: found.elsewhere })));
    }
    this.#list?.replaceChildren(...(rows.length > 0 ? [element("ul", { class: "found" }, ...rows)] : []));
  }

  readonly #click = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button[data-spot]") : null;
    const spot = button instanceof HTMLElement ? this.#spots[Number(button.dataset["spot"])] : undefined;
    if (!spot) return;
    this.#close();
    this.options.go(spot.e, spot.n);
    announce(spot.place ? say("people.went", { place: spot.place }) : say("people.went.apart"));
  };

  #close(): void {
    if (!this.host.open) return;
    const hadFocus = this.host.contains(document.activeElement);
    this.host.open = false;
    if (hadFocus) find("summary", HTMLElement, this.host)?.focus();
  }
}

function partsOf(spot: Gathering): readonly HTMLElement[] {
  const { count, place } = spot;
  const title = place ? say("people.near", { place, count }) : say("people.apart", { count });
  const who = [...spot.named.map(nameOf), ...(spot.unnamed > 0 ? [say("people.unnamed", { count: spot.unnamed })] : [])];
  return [element("span", { class: "found__name" }, title), element("span", { class: "found__detail" }, who.join(" · "))];
}

function nameOf(one: Named): string {
  return one.badge ? `${one.name} (${one.badge})` : one.name;
}
