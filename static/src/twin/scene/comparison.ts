/** A proposal in the picture, and the same place without it: alone, or both beside a line across the picture. */

import type { PerspectiveCamera, Scene, WebGLRenderer } from "three";

import { clearedObjects, removedObjects, type Design } from "../designs/design";
import { DesignLayer } from "../designs/layer";
import type { Ground } from "../heights";
import type { WallIndex } from "../walls";
import type { Light } from "./light";
import { Outline } from "./outline";
import { IDEA_INK } from "./palette";
import type { Paper } from "./paper";
import type { TilesLayer } from "./tiles";

/** Which part of a comparison is drawn: both sides of the swipe, or one alone. */
export type Showing = "before" | "after" | "swipe";

/** No camera looks at it. */
const HIDDEN_LAYER = 31;
const NOTHING_REMOVED: ReadonlySet<string> = new Set();

export class Comparison {
  readonly #layer: DesignLayer;
  readonly #cleared = new Outline(IDEA_INK, 2, { through: true });
  #design: Design | null = null;
  #removed = NOTHING_REMOVED;
  #showing: Showing = "after";
  #share = 0.5;

  constructor(
    private readonly scene: Scene,
    private readonly paper: Paper,
    private readonly buildings: TilesLayer | null,
    ground: Ground,
    walls: WallIndex,
  ) {
    this.#layer = new DesignLayer(ground, walls, paper);
    scene.add(this.#layer.group, this.#cleared.lines);
  }

  get design(): Design | null {
    return this.#design;
  }

  /** Swiped to the very right, nothing is left of the design. */
  get showing(): Showing {
    return this.#showing === "swipe" && this.#share >= 1 ? "before" : this.#showing;
  }

  /** Whether an object is gone from the picture, all of it. */
  hides(object: string): boolean {
    return this.showing === "after" && this.#removed.has(object);
  }

  /** Whether what the design removes can still be seen and touched. */
  get showsRemoved(): boolean {
    return this.#design === null || this.#showing === "before";
  }

  setSize(width_px: number, height_px: number): void {
    this.#layer.setSize(width_px, height_px);
    this.#cleared.setSize(width_px, height_px);
  }

  set(design: Design | null): void {
    this.#design = design;
    this.#showing = "after";
    this.#layer.set(design);
    this.#removed = design ? new Set(removedObjects(design)) : NOTHING_REMOVED;
    this.buildings?.setRemoved(this.#removed);
    this.outlineCleared();
    this.settleSide();
  }

  show(showing: Showing, share: number): void {
    this.#showing = showing;
    this.#share = Math.min(1, Math.max(0, share));
  }

  /** Draws around what goes without anything in its stead, as far as its tiles are there. */
  outlineCleared(): void {
    const ids = this.#design ? clearedObjects(this.#design) : [];
    const parts = ids.map((id) => this.buildings?.trianglesOf(id)).filter((found) => found instanceof Float32Array);
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    this.#cleared.setTriangles(all.length === 0 ? null : all);
  }

  /** Puts the city into the state that counts while nothing is swiped: for the baked shade, and for picking. */
  settleSide(): void {
    this.#setSide(this.#showing !== "before");
  }

  /** Draws the picture, in two halves with a shadow of their own while swiping. Allocates nothing. */
  render(renderer: WebGLRenderer, camera: PerspectiveCamera, light: Light, width: number, height: number): void {
    if (!this.#design || this.#showing !== "swipe") {
      this.settleSide();
      renderer.render(this.scene, camera);
      return;
    }
    const split = Math.round(width * this.#share);
    renderer.setScissorTest(true);
    for (let half = 0; half < 2; half += 1) {
      const left = half === 0 ? 0 : split;
      const right = half === 0 ? split : width;
      if (right <= left) continue;
      this.#setSide(half === 1);
      light.sun.shadow.needsUpdate = true;
      renderer.setScissor(left, 0, right - left, height);
      renderer.render(this.scene, camera);
    }
    renderer.setScissorTest(false);
  }

  dispose(): void {
    this.#layer.dispose();
    this.#cleared.dispose();
  }

  #setSide(after: boolean): void {
    const shown = after && this.#design !== null;
    this.paper.uniforms.uDesign.value = shown ? 1 : 0;
    this.#layer.group.visible = shown;
    this.#cleared.lines.layers.set(shown ? 0 : HIDDEN_LAYER);
  }
}
