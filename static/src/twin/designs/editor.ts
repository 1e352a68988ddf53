/** A drawing in the making, by clicks or by form fields: state only, so that every way in is the same. */

import { Store } from "../../commons/store";
import { rectangle, signedArea, STOREY_M, type Building, type Change, type Design, type Point2, type Roof } from "./design";

export const DRAW_KINDS = [
  "building",
  "replace",
  "remove",
  "park",
  "trees",
  "pedestrian_street",
  "crosswalk",
  "bus_stop",
  "bench",
  "shelter",
] as const;
export type DrawKind = (typeof DRAW_KINDS)[number];

/** What a kind is drawn by: an outline or the middle of a rectangle, points, a line, one spot, or a building alone. */
export type Shape = "outline" | "points" | "line" | "spot" | "building";

interface KindFacts {
  readonly shape: Shape;
  /** Whether it begins with a building of the city. */
  readonly takesBuilding?: boolean;
  /** Sizes that it starts with; the same as the form's. */
  readonly start?: Partial<Draft>;
}

export const KINDS: Readonly<Record<DrawKind, KindFacts>> = {
  building: { shape: "outline", start: { width_m: 16, depth_m: 12 } },
  replace: { shape: "outline", takesBuilding: true, start: { width_m: 16, depth_m: 12 } },
  remove: { shape: "building", takesBuilding: true },
  park: { shape: "outline", start: { width_m: 30, depth_m: 20 } },
  trees: { shape: "points" },
  pedestrian_street: { shape: "line", start: { width_m: 6 } },
  crosswalk: { shape: "line", start: { width_m: 4 } },
  bus_stop: { shape: "spot" },
  bench: { shape: "spot" },
  shelter: { shape: "spot" },
};

/** A building of the city that makes way. */
export interface Chosen {
  readonly id: string;
  readonly name: string;
  readonly e: number;
  readonly n: number;
}

export interface Draft {
  readonly kind: DrawKind;
  /** Clicked corners, points of a line, or the one place of a stop. */
  readonly points: readonly Point2[];
  readonly building: Chosen | null;
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
  building: null,
  storeys: 3,
  roof: "flat",
  use: "",
  width_m: 16,
  depth_m: 12,
  rotation_deg: 0,
  trees: 12,
};

/** The same bounds as `twin.mirror.designs.changes` refuses by. */
export const LIMITS = { storeys: 120, side_m: 400, width_m: 60, points: 200, trees: 500 } as const;

/** A change of the drawing, in words; `wire` is the server's own record of one that it has kept already. */
export interface Entry {
  readonly change: Change;
  readonly text: string;
  readonly wire: unknown;
}

export class DesignEditor {
  /** The change being drawn. */
  readonly draft = new Store<Draft>(FRESH);
  /** What is in the drawing already. */
  readonly entries = new Store<readonly Entry[]>([]);
  #gone: readonly unknown[] = [];

  set(changes: Partial<Draft>): void {
    this.draft.set({ ...this.draft.value, ...changes });
  }

  /** Another kind begins anew, at its own usual size. */
  setKind(kind: DrawKind): void {
    this.set({ kind, points: [], building: null, ...KINDS[kind].start });
  }

  /** Whether a building of the city is what has to be chosen next. */
  get wantsBuilding(): boolean {
    const { kind, building } = this.draft.value;
    return KINDS[kind].shape === "building" || (KINDS[kind].takesBuilding === true && building === null);
  }

  /** A click on the ground: a point more, or the place itself. */
  addPoint(e: number, n: number): void {
    const { kind, points } = this.draft.value;
    const point: Point2 = [Math.round(e * 100) / 100, Math.round(n * 100) / 100];
    const startsAnew = KINDS[kind].shape === "spot" || (kind === "crosswalk" && points.length >= 2);
    if (startsAnew) this.set({ points: [point] });
    else if (points.length < LIMITS.points) this.set({ points: [...points, point] });
  }

  undoPoint(): void {
    const { points } = this.draft.value;
    if (points.length > 0) this.set({ points: points.slice(0, -1) });
    else this.set({ building: null });
  }

  clear(): void {
    this.set({ points: [], building: null });
  }

  /** The change being drawn; null while something is missing. */
  get change(): Change | null {
    return changeOf(this.draft.value);
  }

  /** Whether something has been begun that is no change yet. */
  get isUnfinished(): boolean {
    const { points, building } = this.draft.value;
    return this.change === null && (points.length > 0 || building !== null);
  }

  /** Whether anything has been drawn or taken away since the server last kept the drawing. */
  get isChanged(): boolean {
    return this.change !== null || this.#gone.length > 0 || this.added.length > 0;
  }

  /** Puts the change being drawn into the drawing and begins another of its kind; false while something is missing. */
  add(text: string): boolean {
    const { change } = this;
    if (!change) return false;
    this.clear();
    this.entries.set([...this.entries.value, { change, text, wire: null }]);
    return true;
  }

  remove(index: number): void {
    const entry = this.entries.value[index];
    if (!entry) return;
    if (entry.wire !== null) this.#gone = [...this.#gone, entry.wire];
    this.entries.set(this.entries.value.filter((other) => other !== entry));
  }

  /** The changes that the server does not have yet. */
  get added(): readonly Change[] {
    return this.entries.value.flatMap((entry) => (entry.wire === null ? [entry.change] : []));
  }

  /** The server's records of the changes that go. */
  get gone(): readonly unknown[] {
    return this.#gone;
  }

  /** Everything drawn, with the change being drawn as far as it is there; null for nothing. */
  get design(): Design | null {
    const changes = this.entries.value.map((entry) => entry.change);
    const all = this.change ? [...changes, this.change] : changes;
    return all.length > 0 ? { changes: all } : null;
  }

  dispose(): void {
    this.draft.dispose();
    this.entries.dispose();
  }
}

/** Three corners or more are the outline; fewer are the middle of a rectangle of the given size. */
function outline(draft: Draft): readonly Point2[] | null {
  const { points, building } = draft;
  if (points.length >= 3) return Math.abs(signedArea(points)) >= 4 ? points : null;
  const [e, n] = points[0] ?? (building ? [building.e, building.n] : []);
  if (e === undefined || n === undefined) return null;
  return rectangle(e, n, draft.width_m, draft.depth_m, draft.rotation_deg);
}

function buildingOf(draft: Draft): Building | null {
  const footprint = outline(draft);
  const { storeys, roof, use } = draft;
  return footprint && { footprint, storeys, storey_height_m: STOREY_M, roof, use, base_m: null };
}

function changeOf(draft: Draft): Change | null {
  const { kind, points, building, width_m, rotation_deg } = draft;
  switch (kind) {
    case "building": {
      const built = buildingOf(draft);
      return built && { op: "add", kind, ...built };
    }
    case "replace": {
      const built = building && buildingOf(draft);
      return built && { op: "replace", object: building.id, ...built };
    }
    case "remove":
      return building && { op: "remove", object: building.id };
    case "park": {
      const area = outline(draft);
      return area && { op: "add", kind, area, trees: draft.trees };
    }
    case "trees":
      return points.length > 0 ? { op: "add", kind, points } : null;
    case "pedestrian_street":
    case "crosswalk":
      return points.length >= 2 ? { op: "add", kind, line: points, width_m: Math.min(width_m, LIMITS.width_m) } : null;
    default: {
      const [point] = points;
      return point ? { op: "add", kind, point, rotation_deg } : null;
    }
  }
}
