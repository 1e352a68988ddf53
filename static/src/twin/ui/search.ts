/** Search for a place, with its results as a list under the field. Works as a plain form without scripts. */

import { Disposer } from "../../commons/disposer";
import { element, find } from "../../commons/dom";
import { announce } from "../../commons/announce";
import { say } from "../i18n";
import type { SearchResult } from "../messages";

export class Search {
  readonly #disposer = new Disposer();
  readonly #field: HTMLInputElement | null;
  #request: AbortController | null = null;
  #results: readonly SearchResult[] = [];

  constructor(
    form: HTMLFormElement,
    private readonly list: HTMLElement,
    private readonly ask: (words: string, signal: AbortSignal) => Promise<readonly SearchResult[]>,
    private readonly onChoose: (result: SearchResult) => void,
  ) {
    this.#field = find("input[type=search]", HTMLInputElement, form);
    this.#disposer.listen(form, "submit", (event) => {
      event.preventDefault();
      void this.#search();
    });
    this.#disposer.listen(list, "click", this.#choose);
    this.#disposer.listen(form.parentElement ?? form, "keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape") this.#close(true);
    });
    if (this.#field) this.#disposer.listen(this.#field, "input", () => {
      if (this.#field?.value === "") this.#close(false);
    });
  }

  dispose(): void {
    this.#request?.abort();
    this.#disposer.dispose();
    this.#close(false);
  }

  async #search(): Promise<void> {
    const words = this.#field?.value.trim() ?? "";
    if (!words) return;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    try {
      this.#show(await this.ask(words, request.signal));
    } catch {
      if (!request.signal.aborted) this.#say(say("search.failed"));
    }
  }

  #show(results: readonly SearchResult[]): void {
    this.#results = results;
    if (results.length === 0) {
      this.#say(say("search.none"));
      return;
    }
    const items = results.map((result, index) => {
      const detail = [result.kindLabel, result.place].filter(Boolean).join(" · ");
      const name = element("span", { class: "found__name" }, result.name);
      const button = element("button", { type: "button", "data-result": String(index), "data-action": "go-to-place" }, name);
      if (detail) button.append(element("span", { class: "found__detail" }, detail));
      return element("li", {}, button);
    });
    this.list.replaceChildren(element("ul", { class: "found" }, ...items));
    this.list.hidden = false;
    announce(say("search.found", { count: results.length }));
  }

  #say(text: string): void {
    this.#results = [];
    this.list.replaceChildren(element("p", { class: "found__none" }, text));
    this.list.hidden = false;
    announce(text);
  }

  #close(refocus: boolean): void {
    this.list.hidden = true;
    this.list.replaceChildren();
    if (refocus) this.#field?.focus();
  }

  readonly #choose = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const result = this.#results[Number(button?.dataset["result"] ?? -1)];
    if (!result) return;
    this.#close(false);
    this.onChoose(result);
  };
}
