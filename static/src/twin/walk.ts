/** A person on foot: eyes 1.6 m over the ground, stopped by walls, carried over kerbs and steps. */

import type { Ground } from "./heights";
import { EYE_M, type Rig } from "./rig";
import type { Spot, WallIndex } from "./walls";

const BODY_RADIUS_M = 0.45;
/** Brisk, because a city is large: about three times walking pace. */
export const PACE_M_S = 4.2;
export const RUN_M_S = 12;
/** No further in one go than a body's radius, so that nobody passes through a wall in a slow frame. */
const LONGEST_STEP_M = BODY_RADIUS_M * 0.8;
const KNEE_M = 0.5;
const DEGREE = Math.PI / 180;

/** What the hands want: -1 to 1, forward and to the right. */
export interface Stride {
  forward: number;
  right: number;
  running: boolean;
}

export class Walker {
  readonly stride: Stride = { forward: 0, right: 0, running: false };
  readonly #spot: Spot = { e: 0, n: 0 };
  #settles = false;

  constructor(
    private readonly rig: Rig,
    private readonly ground: Ground,
    private readonly walls: WallIndex,
  ) {}

  stop(): void {
    this.stride.forward = 0;
    this.stride.right = 0;
  }

  /** Moves on by a frame; true while somebody wants to go on. Allocates nothing. */
  step(elapsed_s: number): boolean {
    const { stride, rig } = this;
    if (this.#settles && !rig.moving) {
      this.#settles = false;
      if (rig.mode.value === "walk") this.#stepOnce(0, 0);
    }
    const wish = Math.hypot(stride.forward, stride.right);
    if (rig.mode.value !== "walk" || wish < 0.05) return false;
    rig.interrupt();
    const pace = (stride.running ? RUN_M_S : PACE_M_S) * Math.min(1, wish);
    let left_m = pace * Math.min(elapsed_s, 0.5);
    const azimuth = rig.pose.azimuth_deg * DEGREE;
    const e = (Math.sin(azimuth) * stride.forward + Math.cos(azimuth) * stride.right) / wish;
    const n = (Math.cos(azimuth) * stride.forward - Math.sin(azimuth) * stride.right) / wish;
    while (left_m > 0) {
      const stepLength = Math.min(left_m, LONGEST_STEP_M);
      left_m -= stepLength;
      this.#stepOnce(e * stepLength, n * stepLength);
    }
    return true;
  }

  /** Somebody is put down here: once there, out of any wall they would stand in. */
  settleWhenArrived(): void {
    this.#settles = true;
  }

  #stepOnce(e: number, n: number): void {
    const { pose } = this.rig;
    const spot = this.#spot;
    spot.e = pose.e + e;
    spot.n = pose.n + n;
    const feet = this.ground.heightAt(spot.e, spot.n);
    this.walls.pushOut(spot, BODY_RADIUS_M, feet + KNEE_M, feet + EYE_M);
    this.rig.stand(spot.e, spot.n, this.ground.heightAt(spot.e, spot.n) + EYE_M);
  }
}
