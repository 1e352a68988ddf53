/** The words that stand over every design in the city: a citizen's proposal, not an approved plan. */

import { Vector3 } from "three";

import { element } from "../../commons/dom";
import { extentOf, type Design } from "../designs/design";
import type { Ground } from "../heights";
import { say } from "../i18n";
import type { CityView } from "../view";

export class IdeaTag {
  readonly #tag: HTMLElement;
  readonly #at = new Vector3();
  #place: { readonly e: number; readonly n: number; readonly z: number } | null = null;
  #x = NaN;
  #y = NaN;

  constructor(private readonly view: CityView) {
    this.#tag = element("p", { class: "idea-tag", hidden: "" }, say("idea.label"));
    view.canvas.after(this.#tag);
  }

  set(design: Design | null, ground?: Ground): void {
    const extent = design ? extentOf(design) : null;
    this.#place =
      extent && ground
        ? { e: extent.e, n: extent.n, z: ground.heightAt(extent.e, extent.n) + extent.height_m + 4 }
        : null;
    this.#tag.hidden = true;
    this.#x = NaN;
  }

  /** Follows the picture; touches only what has moved. */
  place(): void {
    const at = this.#place;
    const seen = at !== null && this.view.showing !== "before" && this.view.project(at.e, at.n, at.z, this.#at);
    if (this.#tag.hidden === seen) this.#tag.hidden = !seen;
    if (!seen) return;
    // It never leaves the picture: where the design's top is above it, the words stay at the edge.
    const x = Math.round(this.#at.x);
    const y = Math.max(44, Math.round(this.#at.y));
    if (x === this.#x && y === this.#y) return;
    this.#x = x;
    this.#y = y;
    this.#tag.style.transform = `translate(${x}px, ${y}px) translate(-50%, -100%)`;
  }

  dispose(): void {
    this.#tag.remove();
  }
}
