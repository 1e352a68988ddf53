/** The page of people here now, kept true while it is open. Whoever reads it is here as well. */

import { Disposer } from "../../commons/disposer";
import { find } from "../../commons/dom";
import { opener, PoseLine } from "./line";
import { enhanceLook } from "./look";
import type { Word } from "./protocol";

/** Not more often, so that a reader and a screen reader can follow. */
const EVERY_MS = 4000;

export interface PeoplePageOptions {
  readonly root: HTMLElement;
  readonly fetchPage?: () => Promise<string>;
  readonly open?: ConstructorParameters<typeof PoseLine>[0]["open"];
}

export class PeoplePage {
  readonly #disposer = new Disposer();
  #isStale = false;
  #isFetching = false;

  constructor(private readonly options: PeoplePageOptions) {
    const { root } = options;
    const open = options.open ?? opener(root.dataset["peoplePage"] ?? "");
    const line = this.#disposer.own(new PoseLine({ open, onWord: this.#hear }));
    this.#disposer.interval(() => {
      void this.#refresh();
    }, EVERY_MS);
    enhanceLook(this.#disposer, root, () => {
      line.reconnect();
    });
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  readonly #hear = (word: Word): void => {
    if (word.type === "counts") this.#isStale = true;
  };

  async #refresh(): Promise<void> {
    const { root } = this.options;
    const live = find("[data-people-live]", HTMLElement, root);
    // A list with the focus in it stays as it is until the focus has gone on.
    if (!live || !this.#isStale || this.#isFetching || live.contains(document.activeElement)) return;
    this.#isStale = false;
    this.#isFetching = true;
    try {
      this.#show(new DOMParser().parseFromString(await (this.options.fetchPage ?? fetchThisPage)(), "text/html"));
    } catch (error) {
      this.#isStale = true;
      console.warn("people: the page could not be fetched", error);
    } finally {
      this.#isFetching = false;
    }
  }

  #show(fresh: Document): void {
    for (const part of ["[data-people-live]", "[data-people-status]"]) {
      const shown = find(part, HTMLElement, this.options.root);
      const next = find(part, HTMLElement, fresh);
      if (shown && next && shown.innerHTML !== next.innerHTML) shown.replaceChildren(...next.childNodes);
    }
  }
}

async function fetchThisPage(): Promise<string> {
  const answer = await fetch(location.pathname + location.search, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
  return answer.text();
}
