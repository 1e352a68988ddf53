/**
 * Watches whether the device's memory holds the city. Where it does not, tiles get coarser, then the picture simpler, and
 * only where nothing simpler is left is 3D left. Asks now and then, never within a frame.
 */

import { Disposer } from "../commons/disposer";
import { isRecord, numberOr } from "../commons/parse";

export interface MemoryUse {
  /** Whether the tile cache is full of what is in view, so that nothing more is loaded (3DTilesRendererJS#1689). */
  readonly tilesAreFull: boolean;
  /** Whether the graphics device has refused memory since this was last asked. */
  takeRefusal(): boolean;
  /** Shows coarser tiles from now on; false where they are as coarse as they may be. */
  coarsenTiles(): boolean;
}

export interface MemoryWatchOptions {
  readonly use: MemoryUse;
  /** A simpler picture; false where there is none. */
  readonly stepDown: () => boolean;
  readonly leave: () => void;
  /** The share of the script heap that is taken; null where the browser does not tell. */
  readonly heapShare?: () => number | null;
}

const CHECK_MS = 2000;
/** What has been let go needs so many checks until it shows. */
const RELIEF_CHECKS = 3;
/** Full caches empty themselves of what is out of view; only one that stays full is too small. */
const FULL_CHECKS = 2;
const MOST_HEAP_SHARE = 0.9;

export class MemoryWatch {
  readonly #disposer = new Disposer();
  #resting = 0;
  #full = 0;

  constructor(private readonly options: MemoryWatchOptions) {
    this.#disposer.interval(this.#check, CHECK_MS);
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  readonly #check = (): void => {
    if (document.hidden) return;
    const { use, heapShare = heapShareOf } = this.options;
    const wasRefused = use.takeRefusal();
    this.#full = use.tilesAreFull ? this.#full + 1 : 0;
    if (this.#resting > 0) this.#resting -= 1;
    else if (wasRefused || (heapShare() ?? 0) > MOST_HEAP_SHARE) this.#simplify();
    else if (this.#full >= FULL_CHECKS && !use.coarsenTiles()) this.#simplify();
  };

  #simplify(): void {
    this.#resting = RELIEF_CHECKS;
    if (this.options.stepDown()) return;
    this.dispose();
    this.options.leave();
  }
}

/** `performance.memory`, which Chromium has: how full the heap of scripts is. */
export function heapShareOf(of: unknown = performance): number | null {
  const memory = typeof of === "object" && of !== null && "memory" in of ? of.memory : null;
  if (!isRecord(memory)) return null;
  const used = numberOr(memory["usedJSHeapSize"], 0);
  const limit = numberOr(memory["jsHeapSizeLimit"], 0);
  return limit > 0 ? used / limit : null;
}
