/** The maquette's colours, by what a thing is and by how high the sun stands. */

import { Color } from "three";

import type { SunPosition } from "../sun";

export const PAPER = "#fffaf1";
/** Citizens' proposals, and nothing else. */
export const IDEA = "#f28c28";
export const IDEA_INK = "#5a2a00";
export const SELECTED_INK = "#0b50d0";
export const LINE_INK = "#3b332b";

export const WALL = new Color(PAPER);
export const ROOF = new Color("#f6f1ea");

/**
 * Ground colours by a tile's kind number: `KINDS` of `twin.mirror.tiles.metadata`. Roads are a shade lighter than the
 * ground, water and green are quiet.
 */
const GROUND_BY_KIND = [
  "#fffaf1", // building
  "#fffaf1", // building part
  "#f4efe6", // bridge
  "#d9d2c6", // tunnel
  "#f7f2ea", // road
  "#d8d0c4", // railway
  "#f1e9da", // square
  "#b9cfd6", // water
  "#ccd8b6", // plant cover
  "#b9c7a0", // tree
  "#e6e3cf", // land use
  "#e8e0d2", // furniture
  "#e9e1d3", // terrain
  "#ebe3d6", // generic
] as const;

export const KIND_WATER = 7;
export const KIND_COUNT = GROUND_BY_KIND.length;
export const GROUND: readonly Color[] = GROUND_BY_KIND.map((colour) => new Color(colour));

/** Everything about the light that changes with the hour. The colours are written into, never replaced. */
export interface Daylight {
  readonly sun: Color;
  sunIntensity: number;
  readonly sky: Color;
  readonly bounce: Color;
  ambientIntensity: number;
  readonly haze: Color;
  readonly zenith: Color;
  /** 0 by day, 1 in full night. */
  night: number;
}

export function makeDaylight(): Daylight {
  return {
    sun: new Color(),
    sunIntensity: 0,
    sky: new Color(),
    bounce: new Color(),
    ambientIntensity: 0,
    haze: new Color(),
    zenith: new Color(),
    night: 0,
  };
}

function smooth(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

const SUN_LOW = new Color("#ffb169");
const SUN_HIGH = new Color("#fff1dc");
const SKY_DAY = new Color("#dbe6f3");
const SKY_NIGHT = new Color("#8ea0c4");
const BOUNCE_DAY = new Color("#f3e3cb");
const BOUNCE_NIGHT = new Color("#6f6c78");
const HAZE_DAY = new Color("#f6f0e5");
const HAZE_DUSK = new Color("#f1d9bd");
const HAZE_NIGHT = new Color("#454c61");
const ZENITH_DAY = new Color("#d5e0ea");
const ZENITH_DUSK = new Color("#b8bfd2");
const ZENITH_NIGHT = new Color("#232a3d");

/** Writes the light of a sun position. Night dims and cools, but stays readable. */
export function lightOf(sun: SunPosition, into: Daylight): void {
  const height = sun.elevation_deg;
  const day = smooth(-6, 6, height);
  const dusk = smooth(-9, 0, height) * (1 - smooth(4, 16, height));
  into.night = 1 - smooth(-8, 1, height);
  into.sun.lerpColors(SUN_LOW, SUN_HIGH, smooth(1, 26, height));
  into.sunIntensity = 4.1 * smooth(-0.5, 9, height);
  into.sky.lerpColors(SKY_NIGHT, SKY_DAY, day);
  into.bounce.lerpColors(BOUNCE_NIGHT, BOUNCE_DAY, day);
  into.ambientIntensity = 0.62 + 1.5 * day;
  into.haze.lerpColors(HAZE_NIGHT, HAZE_DAY, day).lerp(HAZE_DUSK, dusk * 0.7);
  into.zenith.lerpColors(ZENITH_NIGHT, ZENITH_DAY, day).lerp(ZENITH_DUSK, dusk * 0.7);
}
