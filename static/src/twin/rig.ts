/**
 * Where the camera is, without three.js: a target on or over the ground, and the eye at a distance from it. Walking is
 * the same with the target in the eye (distance 0). Moves are short, eased and given up as soon as a hand takes over.
 */

import type { Ground } from "./heights";
import { Store } from "../commons/store";

export type Mode = "fly" | "walk";

export interface Pose {
  /** What is looked at, or the eye when walking: metres in the local frame. */
  e: number;
  n: number;
  z: number;
  distance_m: number;
  /** The compass direction of view. */
  azimuth_deg: number;
  /** Degrees below the horizon; negative looks up. */
  pitch_deg: number;
}

export interface Bounds {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}

export const EYE_M = 1.6;
const DEGREE = Math.PI / 180;
const MOVE_S = 0.7;
const LEAST_DISTANCE_M = 12;
const MOST_DISTANCE_M = 6000;
const LEAST_FLY_PITCH_DEG = 4;
/** How far past its edge the city may be looked at. */
const MARGIN_M = 300;

/** The shortest way from one direction to another, in (-180, 180]. */
export function turn_deg(from: number, to: number): number {
  const turn = (((to - from) % 360) + 360) % 360;
  return turn > 180 ? turn - 360 : turn;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

export class Rig {
  readonly pose: Pose = { e: 0, n: 0, z: 0, distance_m: 500, azimuth_deg: 0, pitch_deg: 35 };
  readonly mode = new Store<Mode>("fly");
  readonly #from: Pose = { ...this.pose };
  readonly #to: Pose = { ...this.pose };
  readonly #beforeWalk: Pose = { ...this.pose };
  #progress = 1;
  #changed = true;

  constructor(
    private readonly ground: Ground,
    private readonly bounds: Bounds,
    private readonly reducedMotion: () => boolean = () => false,
  ) {}

  get moving(): boolean {
    return this.#progress < 1;
  }

  eyeE(): number {
    const { e, azimuth_deg, pitch_deg, distance_m } = this.pose;
    return e - Math.sin(azimuth_deg * DEGREE) * Math.cos(pitch_deg * DEGREE) * distance_m;
  }

  eyeN(): number {
    const { n, azimuth_deg, pitch_deg, distance_m } = this.pose;
    return n - Math.cos(azimuth_deg * DEGREE) * Math.cos(pitch_deg * DEGREE) * distance_m;
  }

  /** Never under the ground it flies over. */
  eyeZ(): number {
    const { z, pitch_deg, distance_m } = this.pose;
    const height = z + Math.sin(pitch_deg * DEGREE) * distance_m;
    return Math.max(height, this.ground.heightAt(this.eyeE(), this.eyeN()) + EYE_M);
  }

  /** Ends a move where it is: a hand has taken over. */
  interrupt(): void {
    this.#progress = 1;
  }

  /** Ends a move where it leads to. */
  arrive(): void {
    this.step(MOVE_S);
  }

  /** Goes there in one short move, or at once with reduced motion. */
  goTo(pose: Partial<Pose>): void {
    Object.assign(this.#from, this.pose);
    Object.assign(this.#to, this.pose, pose);
    this.#limit(this.#to);
    this.#progress = 0;
    this.#changed = true;
    if (this.reducedMotion()) this.arrive();
  }

  /** Is there at once. */
  jumpTo(pose: Partial<Pose>): void {
    Object.assign(this.pose, pose);
    this.#limit(this.pose);
    this.#progress = 1;
    this.#changed = true;
  }

  pan(east_m: number, north_m: number): void {
    this.interrupt();
    this.pose.e += east_m;
    this.pose.n += north_m;
    this.pose.z = this.ground.heightAt(this.pose.e, this.pose.n);
    this.#limit(this.pose);
    this.#changed = true;
  }

  orbit(azimuth_deg: number, pitch_deg: number): void {
    this.interrupt();
    this.pose.azimuth_deg = (((this.pose.azimuth_deg + azimuth_deg) % 360) + 360) % 360;
    this.pose.pitch_deg += pitch_deg;
    this.#limit(this.pose);
    this.#changed = true;
  }

  /** Nearer (factor < 1) or farther; `toward` stays where it is on the screen. */
  zoom(factor: number, towardE?: number, towardN?: number): void {
    this.interrupt();
    const { pose } = this;
    const before = pose.distance_m;
    pose.distance_m = clamp(before * factor, LEAST_DISTANCE_M, MOST_DISTANCE_M);
    const share = 1 - pose.distance_m / before;
    if (towardE !== undefined && towardN !== undefined) {
      pose.e += (towardE - pose.e) * share;
      pose.n += (towardN - pose.n) * share;
      pose.z = this.ground.heightAt(pose.e, pose.n);
    }
    this.#limit(pose);
    this.#changed = true;
  }

  /** Down to eye level. Without a place, where one looks. */
  startWalk(e = this.pose.e, n = this.pose.n, azimuth_deg = this.pose.azimuth_deg, pitch_deg = -4): void {
    if (this.mode.value === "fly") Object.assign(this.#beforeWalk, this.pose);
    this.mode.set("walk");
    this.goTo({ e, n, z: this.ground.heightAt(e, n) + EYE_M, distance_m: 0, azimuth_deg, pitch_deg });
  }

  /** Back up, over the place where one stood. */
  endWalk(): void {
    if (this.mode.value === "fly") return;
    this.mode.set("fly");
    const { e, n, azimuth_deg } = this.pose;
    const distance_m = clamp(this.#beforeWalk.distance_m, 120, 900);
    const pitch_deg = Math.max(this.#beforeWalk.pitch_deg, 25);
    this.goTo({ e, n, z: this.ground.heightAt(e, n), distance_m, azimuth_deg, pitch_deg });
  }

  /** Moves on by a frame; true while it is on its way. Allocates nothing. */
  step(elapsed_s: number): boolean {
    if (this.#progress >= 1) return false;
    this.#progress = Math.min(1, this.#progress + elapsed_s / MOVE_S);
    const t = this.#progress;
    const eased = t < 0.5 ? 4 * t * t * t : 1 - (-2 * t + 2) ** 3 / 2;
    const from = this.#from;
    const to = this.#to;
    const { pose } = this;
    pose.e = from.e + (to.e - from.e) * eased;
    pose.n = from.n + (to.n - from.n) * eased;
    pose.z = from.z + (to.z - from.z) * eased;
    pose.distance_m = from.distance_m + (to.distance_m - from.distance_m) * eased;
    pose.pitch_deg = from.pitch_deg + (to.pitch_deg - from.pitch_deg) * eased;
    pose.azimuth_deg = (from.azimuth_deg + turn_deg(from.azimuth_deg, to.azimuth_deg) * eased + 360) % 360;
    this.#changed = true;
    return this.#progress < 1;
  }

  /** Where a walker's eyes are now. Allocates nothing. */
  stand(e: number, n: number, z: number): void {
    this.pose.e = e;
    this.pose.n = n;
    this.pose.z = z;
    this.#limit(this.pose);
    this.#changed = true;
  }

  /** True once after each change. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  dispose(): void {
    this.mode.dispose();
  }

  #limit(pose: Pose): void {
    const { min, max } = this.bounds;
    pose.e = clamp(pose.e, min[0] - MARGIN_M, max[0] + MARGIN_M);
    pose.n = clamp(pose.n, min[1] - MARGIN_M, max[1] + MARGIN_M);
    if (this.mode.value === "walk") {
      pose.pitch_deg = clamp(pose.pitch_deg, -80, 80);
    } else {
      pose.pitch_deg = clamp(pose.pitch_deg, LEAST_FLY_PITCH_DEG, 89.5);
      pose.distance_m = clamp(pose.distance_m, LEAST_DISTANCE_M, MOST_DISTANCE_M);
    }
  }
}
