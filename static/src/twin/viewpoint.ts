/** Where a person stands to see something: on free ground, with nothing between. */

import type { Ground } from "./heights";
import { EYE_M } from "./rig";
import type { WallIndex } from "./walls";

export interface Viewpoint {
  readonly e: number;
  readonly n: number;
  readonly azimuth_deg: number;
}

export interface Sight {
  readonly e: number;
  readonly n: number;
  /** Half of its width: walls nearer than this to its middle are its own. */
  readonly reach_m: number;
  readonly height_m: number;
  /** How far from its middle one would like to stand. */
  readonly back_m: number;
  /** The direction one looks in now, which is kept where it can be. */
  readonly azimuth_deg: number;
}

const TURNS_DEG = [0, 15, -15, 30, -30, 45, -45, 70, -70, 95, -95, 120, -120, 150, -150, 180] as const;
const SHARES = [1, 0.8, 1.3, 0.6, 0.45, 0.3] as const;
const DEGREE = Math.PI / 180;
/** Elbow room: so far there should be no wall around. */
const ROOM_M = 7;
/** What hides the sight counts more than any want of room. */
const HIDDEN_COST = 100;

/** The best of a fan of places: from which the sight is free and which has most room, nearest to what was asked for. */
export function findViewpoint(sight: Sight, walls: WallIndex, ground: Ground): Viewpoint {
  let best: Viewpoint = standAt(sight, sight.azimuth_deg, sight.back_m);
  let least = Infinity;
  for (const share of SHARES) {
    const back_m = Math.max(sight.reach_m + 6, sight.back_m * share);
    for (const turn of TURNS_DEG) {
      const place = standAt(sight, sight.azimuth_deg + turn, back_m);
      const cost = costOf(place, sight, back_m, walls, ground);
      if (cost < least) {
        least = cost;
        best = place;
      }
      if (cost === 0) return best;
    }
  }
  return best;
}

function costOf(place: Viewpoint, sight: Sight, back_m: number, walls: WallIndex, ground: Ground): number {
  const eye = ground.heightAt(place.e, place.n) + EYE_M;
  const top = ground.heightAt(sight.e, sight.n) + Math.max(EYE_M, sight.height_m * 0.6);
  // Up to its own walls.
  const share = 1 - (sight.reach_m + 1) / back_m;
  const hidden = walls.between(
    place.e,
    place.n,
    eye,
    place.e + (sight.e - place.e) * share,
    place.n + (sight.n - place.n) * share,
    eye + (top - eye) * share,
  );
  let cost = hidden * HIDDEN_COST;
  for (let ray = 0; ray < 8; ray += 1) {
    const e = place.e + Math.cos((ray * Math.PI) / 4) * ROOM_M;
    const n = place.n + Math.sin((ray * Math.PI) / 4) * ROOM_M;
    if (walls.between(place.e, place.n, eye, e, n, eye) > 0) cost += 1;
  }
  // Walled in on nearly every side: inside a building.
  return cost % HIDDEN_COST >= 6 ? cost + HIDDEN_COST * 10 : cost;
}

function standAt(sight: Sight, azimuth_deg: number, back_m: number): Viewpoint {
  const azimuth = azimuth_deg * DEGREE;
  const e = sight.e - Math.sin(azimuth) * back_m;
  const n = sight.n - Math.cos(azimuth) * back_m;
  return { e, n, azimuth_deg: ((azimuth_deg % 360) + 360) % 360 };
}
