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
  "#fbf6ee", // road
  "#d8d0c4", // railway
  "#f1e9da", // square
  "#b7d0d8", // water
  "#d3dbb8", // plant cover
  "#b9c7a0", // tree
  "#ece6d2", // land use
  "#e8e0d2", // furniture
  "#efe5d4", // terrain
  "#f0e7d8", // generic
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

const SUN_LOW = new Color("#ffb873");
const SUN_HIGH = new Color("#fff0d9");
const SKY_DAY = new Color("#e3e9f2");
const SKY_NIGHT = new Color("#a9b6d6");
const BOUNCE_DAY = new Color("#f6e2c4");
const BOUNCE_NIGHT = new Color("#8d8894");
const HAZE_DAY = new Color("#f6f0e5");
const HAZE_DUSK = new Color("#f1d9bd");
const HAZE_NIGHT = new Color("#5a6178");
const ZENITH_DAY = new Color("#d5e0ea");
const ZENITH_DUSK = new Color("#b8bfd2");
const ZENITH_NIGHT = new Color("#333b52");

/** Writes the light of a sun position. Night dims and cools, but stays readable. */
export function lightOf(sun: SunPosition, into: Daylight): void {
  const height = sun.elevation_deg;
  const day = smooth(-6, 6, height);
  const dusk = smooth(-9, 0, height) * (1 - smooth(4, 16, height));
  into.night = 1 - smooth(-8, 1, height);
  into.sun.lerpColors(SUN_LOW, SUN_HIGH, smooth(1, 26, height));
  into.sunIntensity = 5.3 * smooth(-0.5, 9, height);
  into.sky.lerpColors(SKY_NIGHT, SKY_DAY, day);
  into.bounce.lerpColors(BOUNCE_NIGHT, BOUNCE_DAY, day);
  into.ambientIntensity = 1.15 + 0.62 * day;
  into.haze.lerpColors(HAZE_NIGHT, HAZE_DAY, day).lerp(HAZE_DUSK, dusk * 0.7);
  into.zenith.lerpColors(ZENITH_NIGHT, ZENITH_DAY, day).lerp(ZENITH_DUSK, dusk * 0.7);
}
