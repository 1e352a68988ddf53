/** The ladder of quality: three steps of 3D, and below them the 2D map. */

import { Store } from "../commons/store";

export type Quality = "low" | "mid" | "high";

export interface QualitySettings {
  readonly shadowMap_px: number;
  readonly pixelRatio: number;
  /** Texels on a side of the baked sky occlusion; 0 bakes none. */
  readonly occlusion_px: number;
  /** Screen error in px under which a tile is good enough. */
  readonly errorTarget_px: number;
  readonly tileBytes: number;
  readonly antialias: boolean;
  readonly treeShadows: boolean;
  readonly furniture: boolean;
  readonly labels: number;
}

const MEGABYTE = 2 ** 20;

export const SETTINGS: Readonly<Record<Quality, QualitySettings>> = {
  low: {
    shadowMap_px: 1024,
    pixelRatio: 1,
    occlusion_px: 0,
    errorTarget_px: 24,
    tileBytes: 96 * MEGABYTE,
    antialias: false,
    treeShadows: false,
    furniture: true,
    labels: 24,
  },
  mid: {
    shadowMap_px: 2048,
    pixelRatio: 1.5,
    occlusion_px: 1024,
    errorTarget_px: 12,
    tileBytes: 192 * MEGABYTE,
    antialias: true,
    treeShadows: true,
    furniture: true,
    labels: 48,
  },
  high: {
    shadowMap_px: 4096,
    pixelRatio: 2,
    occlusion_px: 2048,
    errorTarget_px: 6,
    tileBytes: 384 * MEGABYTE,
    antialias: true,
    treeShadows: true,
    furniture: true,
    labels: 64,
  },
};

const ORDER: readonly Quality[] = ["low", "mid", "high"];

/** What is known of a device before anything is drawn. */
export interface Device {
  readonly memory_gb: number | null;
  readonly cores: number | null;
  readonly coarsePointer: boolean;
  readonly saveData: boolean;
}

export function pinnedQuality(search: string): Quality | null {
  const pinned = new URLSearchParams(search).get("quality");
  return ORDER.find((step) => step === pinned) ?? null;
}

export function startQuality(device: Device): Quality {
  if (device.saveData || (device.memory_gb !== null && device.memory_gb <= 2)) return "low";
  if (device.coarsePointer || (device.memory_gb !== null && device.memory_gb <= 4)) return "mid";
  return device.cores !== null && device.cores <= 2 ? "mid" : "high";
}

/** Below this, not even the simplest picture fits beside the browser itself. */
const LEAST_MEMORY_GB = 0.5;

/** Whether a device tells from the start that it cannot hold the city. */
export function isTooSmall(device: Device): boolean {
  return device.memory_gb !== null && device.memory_gb <= LEAST_MEMORY_GB;
}

/** Why the picture was made simpler. */
export type StepReason = "slow" | "memory";

/** Why the 3D view was left. */
export type LeaveReason = "no_webgl" | "context_lost" | "memory" | "save_data" | "failed";

const SLOW_FRAME_S = 0.12;
const SLOW_FRAMES = 12;

/**
 * Steps the quality down while frames stay slow or memory is short, never up again by itself. A pinned ladder stays
 * where it is slow. One step lower than `low` is no 3D at all, which only a lost context or a full memory asks for, never
 * slowness: slow is still usable.
 */
export class Ladder {
  readonly quality: Store<Quality>;
  /** Why the last step was taken. */
  reason: StepReason = "slow";
  #slowFrames = 0;

  constructor(
    start: Quality,
    readonly pinned: boolean,
  ) {
    this.quality = new Store(start);
  }

  get settings(): QualitySettings {
    return SETTINGS[this.quality.value];
  }

  /** Tells how long a frame of a running series took. */
  frameTook(elapsed_s: number): void {
    if (this.pinned) return;
    this.#slowFrames = elapsed_s > SLOW_FRAME_S ? this.#slowFrames + 1 : 0;
    if (this.#slowFrames >= SLOW_FRAMES) {
      this.#slowFrames = 0;
      this.stepDown("slow");
    }
  }

  /** One step down; false where there is none. */
  stepDown(reason: StepReason): boolean {
    const lower = ORDER[ORDER.indexOf(this.quality.value) - 1];
    if (lower === undefined) return false;
    this.reason = reason;
    this.quality.set(lower);
    return true;
  }

  dispose(): void {
    this.quality.dispose();
  }
}
