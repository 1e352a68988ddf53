/** A design: what a proposal would add to the city, take away and replace. The same JSON as `twin.mirror.designs`. */

import { isRecord, list, number, numberOr, pair, record, text, textOr, type Json } from "../../commons/parse";

export type Point2 = readonly [number, number];
export type Roof = "flat" | "gable" | "hip";
const ROOFS: readonly Roof[] = ["flat", "gable", "hip"];

export const STOREY_M = 3.3;

export interface Building {
  readonly footprint: readonly Point2[];
  readonly storeys: number;
  readonly storey_height_m: number;
  readonly roof: Roof;
  readonly use: string;
  /** The height of its floor in the local frame; null stands it on the ground. */
  readonly base_m: number | null;
}

export type Change =
  | ({ readonly op: "add"; readonly kind: "building" } & Building)
  | ({ readonly op: "replace"; readonly object: string } & Building)
  | { readonly op: "remove"; readonly object: string }
  | { readonly op: "add"; readonly kind: "park"; readonly area: readonly Point2[]; readonly trees: number }
  | { readonly op: "add"; readonly kind: "trees"; readonly points: readonly Point2[] }
  | { readonly op: "add"; readonly kind: "pedestrian_street" | "crosswalk"; readonly line: readonly Point2[]; readonly width_m: number }
  | {
      readonly op: "add";
      readonly kind: "bus_stop" | "bench" | "shelter";
      readonly point: Point2;
      readonly rotation_deg: number;
    };

export interface Design {
  readonly changes: readonly Change[];
}

function points(value: unknown, what: string, least: number): readonly Point2[] {
  const read = list(value, what).map((entry) => pair(entry, what));
  if (read.length < least) throw new RangeError(`${what} needs at least ${least} points`);
  return read;
}

function building(source: Json): Building {
  return {
    footprint: points(source["footprint"], "footprint", 3),
    storeys: number(source["storeys"], "storeys"),
    storey_height_m: numberOr(source["storey_height_m"], STOREY_M),
    roof: ROOFS.find((roof) => roof === source["roof"]) ?? "flat",
    use: textOr(source["use"], ""),
    base_m: numberOr(source["base_m"], null),
  };
}

/** Null for a change of a kind this version does not know: it is left out, the rest is drawn. */
export function parseChange(value: unknown): Change | null {
  const source = record(value, "change");
  if (source["op"] === "remove") return { op: "remove", object: text(source["object"], "object") };
  if (source["op"] === "replace") {
    return { op: "replace", object: text(source["object"], "object"), ...building(source) };
  }
  const kind = source["kind"];
  switch (kind) {
    case "building":
      return { op: "add", kind, ...building(source) };
    case "park":
      return { op: "add", kind, area: points(source["area"], "area", 3), trees: numberOr(source["trees"], 0) };
    case "trees":
      return { op: "add", kind, points: points(source["points"], "points", 1) };
    case "pedestrian_street":
    case "crosswalk":
      return { op: "add", kind, line: points(source["line"], "line", 2), width_m: numberOr(source["width_m"], 6) };
    case "bus_stop":
    case "bench":
    case "shelter":
      return { op: "add", kind, point: pair(source["point"], "point"), rotation_deg: numberOr(source["rotation_deg"], 0) };
    default:
      return null;
  }
}

export function parseDesign(value: unknown): Design {
  const changes = list(record(value, "design")["changes"], "changes");
  return { changes: changes.filter(isRecord).map(parseChange).filter((entry) => entry !== null) };
}

/** Every object that the design takes out of the city. */
export function removedObjects(design: Design): readonly string[] {
  return design.changes.flatMap((entry) => (entry.op === "add" ? [] : [entry.object]));
}

/** The objects that go without anything in their stead: what stood there is drawn as an outline. */
export function clearedObjects(design: Design): readonly string[] {
  return design.changes.flatMap((entry) => (entry.op === "remove" ? [entry.object] : []));
}

function anchors(entry: Change): readonly Point2[] {
  if (entry.op === "remove") return [];
  if (entry.op === "replace" || entry.kind === "building") return entry.footprint;
  switch (entry.kind) {
    case "park":
      return entry.area;
    case "trees":
      return entry.points;
    case "pedestrian_street":
    case "crosswalk":
      return entry.line;
    default:
      return [entry.point];
  }
}

export interface Extent {
  readonly e: number;
  readonly n: number;
  /** Half the longer side of the box around everything drawn, at least 5 m. */
  readonly reach_m: number;
  /** The tallest building's height. */
  readonly height_m: number;
}

/** Where a design stands; null where it only removes. */
export function extentOf(design: Design): Extent | null {
  const all = design.changes.flatMap(anchors);
  if (all.length === 0) return null;
  const e = all.map((point) => point[0]);
  const n = all.map((point) => point[1]);
  const [west, east, south, north] = [Math.min(...e), Math.max(...e), Math.min(...n), Math.max(...n)];
  const heights = design.changes.map((entry) =>
    "storeys" in entry ? entry.storeys * entry.storey_height_m : "points" in entry ? 8 : 3,
  );
  return {
    e: (west + east) / 2,
    n: (south + north) / 2,
    reach_m: Math.max(5, (east - west) / 2, (north - south) / 2),
    height_m: Math.max(...heights),
  };
}

/** The signed area of a ring in m²; positive when it runs counter-clockwise. */
export function signedArea(ring: readonly Point2[]): number {
  let twice = 0;
  ring.forEach((point, index) => {
    const next = ring[(index + 1) % ring.length] ?? point;
    twice += point[0] * next[1] - next[0] * point[1];
  });
  return twice / 2;
}

export function isInside(point: Point2, ring: readonly Point2[]): boolean {
  let inside = false;
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length] ?? a;
    if (a[1] > point[1] !== b[1] > point[1] && point[0] < ((b[0] - a[0]) * (point[1] - a[1])) / (b[1] - a[1]) + a[0]) {
      inside = !inside;
    }
  });
  return inside;
}

/** A rectangle around a centre: what the form's fields (width, depth, rotation) mean. */
export function rectangle(e: number, n: number, width_m: number, depth_m: number, rotation_deg: number): readonly Point2[] {
  const angle = (-rotation_deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corners: readonly Point2[] = [
    [-width_m / 2, -depth_m / 2],
    [width_m / 2, -depth_m / 2],
    [width_m / 2, depth_m / 2],
    [-width_m / 2, depth_m / 2],
  ];
  return corners.map(([x, y]) => [e + x * cos - y * sin, n + x * sin + y * cos]);
}
