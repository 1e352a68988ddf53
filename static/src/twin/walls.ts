/**
 * Walls that a walking person cannot pass: segments in plan with a foot and a top, in a hashed grid.
 * Queries allocate nothing; sources (a tile, a design) come and go as a whole.
 */

/** Numbers of one wall: e0, n0, e1, n1, foot, top. */
export const WALL_STRIDE = 6;
const CELL_M = 12;

function cellKey(column: number, row: number): number {
  return (column + 32_768) * 65_536 + (row + 32_768);
}

interface Source {
  readonly walls: Float32Array;
  /** Which walls count now, by wall; null where all do. */
  readonly isGone: ((wall: number) => boolean) | null;
  readonly cells: Map<number, Int32Array>;
}

/** Where a push-out is written, so that a query allocates nothing. */
export interface Spot {
  e: number;
  n: number;
}

export class WallIndex {
  readonly #sources = new Map<unknown, Source>();

  /** Adds or replaces what `key` brings. `isGone(wall)` is asked at each query, so that a removed building lets one through. */
  add(key: unknown, walls: Float32Array, isGone: ((wall: number) => boolean) | null = null): void {
    const lists = new Map<number, number[]>();
    for (let wall = 0; wall * WALL_STRIDE < walls.length; wall += 1) {
      const at = wall * WALL_STRIDE;
      const e0 = walls[at] ?? 0;
      const n0 = walls[at + 1] ?? 0;
      const e1 = walls[at + 2] ?? 0;
      const n1 = walls[at + 3] ?? 0;
      for (let column = Math.floor(Math.min(e0, e1) / CELL_M); column <= Math.floor(Math.max(e0, e1) / CELL_M); column += 1) {
        for (let row = Math.floor(Math.min(n0, n1) / CELL_M); row <= Math.floor(Math.max(n0, n1) / CELL_M); row += 1) {
          const cell = cellKey(column, row);
          const list = lists.get(cell);
          if (list) list.push(wall);
          else lists.set(cell, [wall]);
        }
      }
    }
    const cells = new Map<number, Int32Array>();
    for (const [cell, list] of lists) cells.set(cell, Int32Array.from(list));
    this.#sources.set(key, { walls, isGone, cells });
  }

  remove(key: unknown): void {
    this.#sources.delete(key);
  }

  get sourceCount(): number {
    return this.#sources.size;
  }

  /**
   * Moves `spot` out of every wall nearer than `radius` whose height spans `eye` (a band from knee to head). Two rounds,
   * so that a corner holds. True where it touched a wall.
   */
  pushOut(spot: Spot, radius: number, knee: number, head: number): boolean {
    let touched = false;
    for (let round = 0; round < 2; round += 1) {
      for (const source of this.#sources.values()) {
        const reach = Math.ceil(radius / CELL_M);
        const column = Math.floor(spot.e / CELL_M);
        const row = Math.floor(spot.n / CELL_M);
        for (let dc = -reach; dc <= reach; dc += 1) {
          for (let dr = -reach; dr <= reach; dr += 1) {
            const list = source.cells.get(cellKey(column + dc, row + dr));
            if (list && pushFrom(source, list, spot, radius, knee, head)) touched = true;
          }
        }
      }
    }
    return touched;
  }

  /**
   * How many walls stand in the line from (e0, n0, z0) to (e1, n1, z1). Allocates nothing; a wall of two triangles
   * counts twice.
   */
  between(e0: number, n0: number, z0: number, e1: number, n1: number, z1: number): number {
    let count = 0;
    const steps = Math.max(1, Math.ceil(Math.hypot(e1 - e0, n1 - n0) / (CELL_M / 2)));
    for (const source of this.#sources.values()) {
      let last = -1;
      for (let step = 0; step <= steps; step += 1) {
        const share = step / steps;
        const column = Math.floor((e0 + (e1 - e0) * share) / CELL_M);
        const cell = cellKey(column, Math.floor((n0 + (n1 - n0) * share) / CELL_M));
        if (cell === last) continue;
        last = cell;
        const list = source.cells.get(cell);
        if (list) count += crossings(source, list, e0, n0, z0, e1, n1, z1);
      }
    }
    return count;
  }

  dispose(): void {
    this.#sources.clear();
  }
}

function crossings(
  source: Source,
  list: Int32Array,
  e0: number,
  n0: number,
  z0: number,
  e1: number,
  n1: number,
  z1: number,
): number {
  const { walls } = source;
  let count = 0;
  for (const wall of list) {
    if (source.isGone?.(wall)) continue;
    const at = wall * WALL_STRIDE;
    const ae = walls[at] ?? 0;
    const an = walls[at + 1] ?? 0;
    const be = walls[at + 2] ?? 0;
    const bn = walls[at + 3] ?? 0;
    const a = side(e0, n0, e1, n1, ae, an);
    const b = side(e0, n0, e1, n1, be, bn);
    const c = side(ae, an, be, bn, e0, n0);
    const d = side(ae, an, be, bn, e1, n1);
    if (a * b >= 0 || c * d >= 0) continue;
    const height = z0 + (z1 - z0) * (c / (c - d));
    if ((walls[at + 4] ?? 0) <= height && (walls[at + 5] ?? 0) >= height) count += 1;
  }
  return count;
}

/** On which side of the line from a to b a point lies: positive to the left. */
function side(ae: number, an: number, be: number, bn: number, e: number, n: number): number {
  return (be - ae) * (n - an) - (bn - an) * (e - ae);
}

function pushFrom(source: Source, list: Int32Array, spot: Spot, radius: number, knee: number, head: number): boolean {
  let touched = false;
  for (const wall of list) {
    if (source.isGone?.(wall)) continue;
    const at = wall * WALL_STRIDE;
    const { walls } = source;
    if ((walls[at + 4] ?? 0) > head || (walls[at + 5] ?? 0) < knee) continue;
    const e0 = walls[at] ?? 0;
    const n0 = walls[at + 1] ?? 0;
    const de = (walls[at + 2] ?? 0) - e0;
    const dn = (walls[at + 3] ?? 0) - n0;
    const length2 = de * de + dn * dn;
    const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((spot.e - e0) * de + (spot.n - n0) * dn) / length2));
    const awayE = spot.e - (e0 + de * along);
    const awayN = spot.n - (n0 + dn * along);
    const distance = Math.hypot(awayE, awayN);
    if (distance >= radius) continue;
    touched = true;
    if (distance > 1e-6) {
      spot.e += (awayE / distance) * (radius - distance);
      spot.n += (awayN / distance) * (radius - distance);
    } else {
      const length = Math.sqrt(length2) || 1;
      spot.e += (dn / length) * radius;
      spot.n -= (de / length) * radius;
    }
  }
  return touched;
}
