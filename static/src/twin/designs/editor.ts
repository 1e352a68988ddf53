/** A new design while it is drawn, by clicks or by form fields: state only, so that every way in is the same. */

import { Store } from "../../commons/store";
import { rectangle, signedArea, STOREY_M, type Change, type Design, type Point2, type Roof } from "./design";

export type DrawKind =
  | "building"
  | "park"
  | "trees"
  | "pedestrian_street"
  | "crosswalk"
  | "bus_stop"
  | "bench"
  | "shelter";

export interface Draft {
  readonly kind: DrawKind;
  /** Clicked corners, points of a line, or the one place of a stop. */
  readonly points: readonly Point2[];
  /** The object that the new building stands in for; null adds. */
  readonly replaces: string | null;
  readonly storeys: number;
  readonly roof: Roof;
  readonly use: string;
  readonly width_m: number;
  readonly depth_m: number;
  readonly rotation_deg: number;
  readonly trees: number;
}

export const FRESH: Draft = {
  kind: "building",
  points: [],
  replaces: null,
  storeys: 3,
  roof: "flat",
  use: "",
  width_m: 20,
  depth_m: 14,
  rotation_deg: 0,
  trees: 12,
};

/** What the process lets a citizen draw: the same bounds as `twin.mirror.designs.changes` refuses by. */
export const LIMITS = { storeys: 60, side_m: 200, points: 200, trees: 200 } as const;

const LINES: ReadonlySet<DrawKind> = new Set<DrawKind>(["pedestrian_street", "crosswalk"]);
const SPOTS: ReadonlySet<DrawKind> = new Set<DrawKind>(["bus_stop", "bench", "shelter"]);

export class DesignEditor {
  readonly draft = new Store<Draft>(FRESH);

  set(changes: Partial<Draft>): void {
    this.draft.set({ ...this.draft.value, ...changes });
  }

  /** A click on the ground: a corner more, or the place itself. */
  addPoint(e: number, n: number): void {
    const { kind, points } = this.draft.value;
    const point: Point2 = [Math.round(e * 100) / 100, Math.round(n * 100) / 100];
    if (SPOTS.has(kind)) this.set({ points: [point] });
    else if (kind === "crosswalk" && points.length >= 2) this.set({ points: [point] });
    else if (points.length < LIMITS.points) this.set({ points: [...points, point] });
  }

  undoPoint(): void {
    this.set({ points: this.draft.value.points.slice(0, -1) });
  }

  clear(): void {
    this.set({ points: [] });
  }

  /** The design as far as it is drawn; null while something is missing. */
  get design(): Design | null {
    const change = changeOf(this.draft.value);
    return change ? { changes: [change] } : null;
  }

  dispose(): void {
    this.draft.dispose();
  }
}

/** Three corners or more are the outline; one or two are the middle of a rectangle of the given size. */
function outline(draft: Draft): readonly Point2[] | null {
  const { points } = draft;
  if (points.length >= 3) return Math.abs(signedArea(points)) >= 4 ? points : null;
  const middle = points[0];
  return middle ? rectangle(middle[0], middle[1], draft.width_m, draft.depth_m, draft.rotation_deg) : null;
}

function changeOf(draft: Draft): Change | null {
  const { kind, points } = draft;
  const first = points[0];
  if (kind === "building") {
    const footprint = outline(draft);
    if (!footprint) return null;
    const { storeys, roof, use, replaces } = draft;
    const building = { footprint, storeys, storey_height_m: STOREY_M, roof, use, base_m: null };
    return replaces === null ? { op: "add", kind, ...building } : { op: "replace", object: replaces, ...building };
  }
  if (kind === "park") {
    const area = outline(draft);
    return area ? { op: "add", kind, area, trees: draft.trees } : null;
  }
  if (kind === "trees") return first ? { op: "add", kind, points } : null;
  if (LINES.has(kind)) {
    return points.length >= 2
      ? { op: "add", kind: kind as "crosswalk", line: points, width_m: Math.min(draft.width_m, 30) }
      : null;
  }
  return first ? { op: "add", kind: kind as "bench", point: first, rotation_deg: draft.rotation_deg } : null;
}
