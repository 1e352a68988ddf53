/** The shapes a design is drawn with: plain numbers in the scene's axes (x east, y up, z south), nine a triangle. */

import { ShapeUtils, Vector2 } from "three";

import type { Ground } from "../heights";
import { signedArea, type Building, type Point2 } from "./design";

/** How steep pitched roofs are: rise over half the span, and the most they rise. */
const PITCH = 0.55;
const MOST_RISE_M = 6;
/** Flat things lie this much over the ground, clear of what is drawn on it. */
const LIFT_M = 0.12;

type Triangles = number[];

function push(into: Triangles, a: readonly number[], b: readonly number[], c: readonly number[]): void {
  into.push(...a, ...b, ...c);
}

function at(point: Point2, height: number): readonly [number, number, number] {
  return [point[0], height, -point[1]];
}

export function counterClockwise(ring: readonly Point2[]): readonly Point2[] {
  return signedArea(ring) < 0 ? [...ring].reverse() : ring;
}

/** Triangles over a ring, wound to face up. */
function lid(ring: readonly Point2[], height: (point: Point2) => number, into: Triangles): void {
  const faces = ShapeUtils.triangulateShape(
    ring.map((point) => new Vector2(point[0], point[1])),
    [],
  );
  for (const face of faces) {
    const [a, b, c] = face.map((index) => ring[index]);
    if (!a || !b || !c) continue;
    const upward = signedArea([a, b, c]) > 0;
    push(into, at(a, height(a)), at(upward ? b : c, height(upward ? b : c)), at(upward ? c : b, height(upward ? c : b)));
  }
}

/** The height of a building's floor: where it says, or the lowest ground under its corners. */
export function floorOf(building: Building, ground: Ground): number {
  return building.base_m ?? Math.min(...building.footprint.map(([e, n]) => ground.heightAt(e, n)));
}

export function buildingTriangles(building: Building, ground: Ground): Float32Array {
  const ring = counterClockwise(building.footprint);
  const floor = floorOf(building, ground);
  const eaves = floor + building.storeys * building.storey_height_m;
  const into: Triangles = [];
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length] ?? a;
    push(into, at(a, floor), at(b, floor), at(b, eaves));
    push(into, at(a, floor), at(b, eaves), at(a, eaves));
  });
  if (building.roof === "flat" || ring.length !== 4) {
    if (building.roof === "flat") lid(ring, () => eaves, into);
    else tent(ring, eaves, into);
  } else {
    pitched(ring as readonly [Point2, Point2, Point2, Point2], eaves, building.roof, into);
  }
  return Float32Array.from(into);
}

function middle(a: Point2, b: Point2): Point2 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function length(a: Point2, b: Point2): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** Every footprint but a quadrangle gets a hipped tent over its centre. */
function tent(ring: readonly Point2[], eaves: number, into: Triangles): void {
  const centre: Point2 = [
    ring.reduce((sum, point) => sum + point[0], 0) / ring.length,
    ring.reduce((sum, point) => sum + point[1], 0) / ring.length,
  ];
  const reach = Math.min(...ring.map((point) => length(point, centre)));
  const top = at(centre, eaves + Math.min(MOST_RISE_M, reach * PITCH));
  ring.forEach((a, index) => {
    push(into, at(a, eaves), at(ring[(index + 1) % ring.length] ?? a, eaves), top);
  });
}

function pitched(ring: readonly [Point2, Point2, Point2, Point2], eaves: number, roof: "gable" | "hip", into: Triangles): void {
  // The ridge runs along the longer sides: a-b and c-d.
  const [a, b, c, d] = length(ring[0], ring[1]) >= length(ring[1], ring[2]) ? ring : [ring[1], ring[2], ring[3], ring[0]];
  const span = length(b, c);
  const ridge = eaves + Math.min(MOST_RISE_M, (span / 2) * PITCH);
  const west = middle(d, a);
  const east = middle(b, c);
  const long = length(west, east) || 1;
  const inset = roof === "hip" ? Math.min(span / 2, long * 0.45) / long : 0;
  const from: Point2 = [west[0] + (east[0] - west[0]) * inset, west[1] + (east[1] - west[1]) * inset];
  const to: Point2 = [east[0] - (east[0] - west[0]) * inset, east[1] - (east[1] - west[1]) * inset];
  push(into, at(a, eaves), at(b, eaves), at(to, ridge));
  push(into, at(a, eaves), at(to, ridge), at(from, ridge));
  push(into, at(c, eaves), at(d, eaves), at(from, ridge));
  push(into, at(c, eaves), at(from, ridge), at(to, ridge));
  push(into, at(b, eaves), at(c, eaves), at(to, ridge));
  push(into, at(d, eaves), at(a, eaves), at(from, ridge));
}

/** An area laid on the ground. */
export function areaTriangles(area: readonly Point2[], ground: Ground): Float32Array {
  const into: Triangles = [];
  lid(counterClockwise(area), (point) => ground.heightAt(point[0], point[1]) + LIFT_M, into);
  return Float32Array.from(into);
}

/** A band along a line, cut every few metres so that it follows the ground. */
export function bandTriangles(line: readonly Point2[], width_m: number, ground: Ground): Float32Array {
  const into: Triangles = [];
  eachPiece(line, 6, (a, b, side) => {
    quad(a, b, side, width_m / 2, ground, into);
  });
  return Float32Array.from(into);
}

/** The stripes of a crossing: bars of 0.5 m along the way of walking, as painted on Korean streets. */
export function stripeTriangles(line: readonly Point2[], width_m: number, ground: Ground): Float32Array {
  const into: Triangles = [];
  let odd = false;
  eachPiece(line, 0.5, (a, b, side) => {
    odd = !odd;
    if (odd) quad(a, b, side, width_m / 2, ground, into);
  });
  return Float32Array.from(into);
}

function eachPiece(line: readonly Point2[], step_m: number, piece: (a: Point2, b: Point2, side: Point2) => void): void {
  for (let index = 0; index + 1 < line.length; index += 1) {
    const start = line[index];
    const end = line[index + 1];
    if (!start || !end) continue;
    const whole = length(start, end);
    if (whole === 0) continue;
    const side: Point2 = [-(end[1] - start[1]) / whole, (end[0] - start[0]) / whole];
    const count = Math.max(1, Math.round(whole / step_m));
    const along = (share: number): Point2 => [
      start[0] + (end[0] - start[0]) * share,
      start[1] + (end[1] - start[1]) * share,
    ];
    for (let part = 0; part < count; part += 1) piece(along(part / count), along((part + 1) / count), side);
  }
}

function quad(a: Point2, b: Point2, side: Point2, half: number, ground: Ground, into: Triangles): void {
  const corner = (point: Point2, sign: number): readonly [number, number, number] => {
    const moved: Point2 = [point[0] + side[0] * half * sign, point[1] + side[1] * half * sign];
    return at(moved, ground.heightAt(moved[0], moved[1]) + LIFT_M);
  };
  push(into, corner(a, -1), corner(b, -1), corner(b, 1));
  push(into, corner(a, -1), corner(b, 1), corner(a, 1));
}

/** Evenly spread places inside an area, the same ones each time: a jittered grid. */
export function spread(area: readonly Point2[], count: number, inside: (point: Point2) => boolean): readonly Point2[] {
  if (count <= 0) return [];
  const step = Math.sqrt(Math.abs(signedArea(area)) / count);
  const e = area.map((point) => point[0]);
  const n = area.map((point) => point[1]);
  const found: Point2[] = [];
  let row = 0;
  for (let y = Math.min(...n) + step / 2; y < Math.max(...n); y += step) {
    row += 1;
    for (let x = Math.min(...e) + (row % 2 === 0 ? step / 2 : step); x < Math.max(...e); x += step) {
      const jitter = Math.sin(x * 12.9898 + y * 78.233) * 0.25 * step;
      const point: Point2 = [x + jitter, y - jitter];
      if (inside(point)) found.push(point);
    }
  }
  return found.slice(0, count);
}
