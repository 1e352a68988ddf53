/** The words that stand over every design in the city: a citizen's proposal, not an approved plan. */

import { Vector3 } from "three";

import { element } from "../../commons/dom";
import { extentOf, type Design } from "../designs/design";
import type { Ground } from "../heights";
import { say } from "../i18n";
import type { CityView } from "../view";

export interface Spot {
  readonly e: number;
  readonly n: number;
}

/** Over what is only taken away: about as high as what stood there. */
const REMOVED_M = 12;
const LIFT_M = 4;
/** How near to the picture's edges the words may come, in CSS pixels. */
const EDGE_PX = 8;
const TOP_PX = 44;

export class IdeaTag {
  readonly #tag: HTMLElement;
  readonly #at = new Vector3();
  #extent: { readonly e: number; readonly n: number; readonly z: number; readonly reach_m: number } | null = null;
  #half_px = 0;
  #x = NaN;
  #y = NaN;

  constructor(
    private readonly view: CityView,
    private readonly ground: Ground,
  ) {
    this.#tag = element("p", { class: "idea-tag", hidden: "" }, say("idea.label"));
    view.canvas.after(this.#tag);
  }

  /** Over the design; over `spot` where it only takes away. */
  set(design: Design | null, spot: Spot | null): void {
    const drawn = design && extentOf(design);
    const at = drawn ?? (design ? spot : null);
    const { height_m, reach_m } = drawn ?? { height_m: REMOVED_M, reach_m: 0 };
    this.#extent = at && { e: at.e, n: at.n, z: this.ground.heightAt(at.e, at.n) + height_m + LIFT_M, reach_m };
    this.#tag.hidden = true;
    this.#x = NaN;
  }

  /** Follows the picture; touches only what has moved. */
  place(): void {
    const seen = this.view.showing !== "before" && this.#isSeen();
    if (this.#tag.hidden === seen) this.#tag.hidden = !seen;
    if (!seen) return;
    if (this.#half_px === 0) this.#half_px = this.#tag.offsetWidth / 2;
    // It never leaves the picture: where the design's top is outside, the words stay at the edge.
    const { width } = this.view.size;
    const x = Math.round(Math.min(width - this.#half_px - EDGE_PX, Math.max(this.#half_px + EDGE_PX, this.#at.x)));
    const y = Math.max(TOP_PX, Math.round(this.#at.y));
    if (x === this.#x && y === this.#y) return;
    this.#x = x;
    this.#y = y;
    this.#tag.style.transform = `translate(${x}px, ${y}px) translate(-50%, -100%)`;
  }

  /** Whether the middle of the design or one of its corners is in the picture; writes where. */
  #isSeen(): boolean {
    const extent = this.#extent;
    if (!extent) return false;
    const { e, n, z, reach_m } = extent;
    if (this.view.project(e, n, z, this.#at)) return true;
    for (let corner = 0; corner < 4; corner += 1) {
      const east = corner % 2 === 0 ? reach_m : -reach_m;
      const north = corner < 2 ? reach_m : -reach_m;
      if (this.view.project(e + east, n + north, z, this.#at)) return true;
    }
    return false;
  }

  dispose(): void {
    this.#tag.remove();
  }
}
