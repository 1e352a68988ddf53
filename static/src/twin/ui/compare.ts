/** Before and after beside each other: a slider that a mouse, a finger and a keyboard move alike. */

import { Disposer } from "../../commons/disposer";
import { find } from "../../commons/dom";
import { say } from "../i18n";

export class Compare {
  readonly #disposer = new Disposer();
  readonly #slider: HTMLInputElement | null;

  constructor(
    private readonly host: HTMLElement,
    private readonly onMove: (share: number) => void,
    onEnd: () => void,
  ) {
    this.#slider = find("input[type=range]", HTMLInputElement, host);
    const end = find("[data-compare-end]", HTMLButtonElement, host);
    if (this.#slider) this.#disposer.listen(this.#slider, "input", this.#move);
    if (end) this.#disposer.listen(end, "click", onEnd);
  }

  get isOpen(): boolean {
    return !this.host.hidden;
  }

  open(): void {
    this.host.hidden = false;
    if (this.#slider) this.#slider.value = "50";
    this.#move();
    this.#slider?.focus({ preventScroll: true });
  }

  close(): void {
    this.host.hidden = true;
  }

  dispose(): void {
    this.close();
    this.#disposer.dispose();
  }

  readonly #move = (): void => {
    const percent = Number(this.#slider?.value ?? 50);
    this.host.style.setProperty("--split", `${percent}%`);
    this.#slider?.setAttribute("aria-valuetext", say("compare.value", { left: percent }));
    this.onMove(percent / 100);
  };
}
