/**
 * The drawing's lines and a walker's walls, from a tile's triangles. Pure arrays, so that it runs in a worker.
 */


export interface TriangleSoup {
  /** Positions as they lie in the buffer, quantised or not: three numbers a vertex. */
  readonly positions: Float32Array;
  /** Null where the vertices come in triples. */
  readonly index: Uint32Array | null;
  /** The feature of each vertex; null where the tile has one. */
  readonly features: Uint32Array | null;
  /** Column-major 4 × 4 from positions to local metres, y up (three.js). */
  readonly matrix: readonly number[];
}

export interface Drawing {
  /** Pairs of end points, three numbers each, in the positions' own units. */
  readonly lines: Float32Array;
  /** The feature of each end point. */
  readonly lineFeatures: Uint32Array;
  /** Walls as `WallIndex` takes them. */
  readonly walls: Float32Array;
  /** The feature of each wall. */
  readonly wallFeatures: Uint32Array;
}

/** Folds at least this sharp are drawn. */
const FOLD_COS = Math.cos((35 * Math.PI) / 180);
/** Vertices nearer than this are one, in metres. */
const WELD_M = 0.02;
/** Under this slope from the vertical (|normal up|) a face stops a walker. */
const STEEP = 0.35;

interface Edge {
  readonly a: number;
  readonly b: number;
  readonly feature: number;
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  drawn: boolean;
  faces: number;
}

/** Local metres of every vertex, y up. */
function toMetres(positions: Float32Array, matrix: readonly number[]): Float64Array {
  const m = (index: number): number => matrix[index] ?? 0;
  const [m0, m1, m2, m4, m5, m6] = [m(0), m(1), m(2), m(4), m(5), m(6)];
  const [m8, m9, m10, m12, m13, m14] = [m(8), m(9), m(10), m(12), m(13), m(14)];
  const metres = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    const x = positions[at] ?? 0;
    const y = positions[at + 1] ?? 0;
    const z = positions[at + 2] ?? 0;
    metres[at] = m0 * x + m4 * y + m8 * z + m12;
    metres[at + 1] = m1 * x + m5 * y + m9 * z + m13;
    metres[at + 2] = m2 * x + m6 * y + m10 * z + m14;
  }
  return metres;
}

/** Vertices of one feature at one place get one number. */
function weld(metres: Float64Array, features: Uint32Array | null): Uint32Array {
  const welded = new Uint32Array(metres.length / 3);
  const seen = new Map<string, number>();
  for (let vertex = 0; vertex < welded.length; vertex += 1) {
    const at = vertex * 3;
    const x = Math.round((metres[at] ?? 0) / WELD_M);
    const y = Math.round((metres[at + 1] ?? 0) / WELD_M);
    const z = Math.round((metres[at + 2] ?? 0) / WELD_M);
    const key = `${features?.[vertex] ?? 0},${x},${y},${z}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, vertex);
    welded[vertex] = first ?? vertex;
  }
  return welded;
}

export function draw(soup: TriangleSoup): Drawing {
  const { positions, index, features } = soup;
  const metres = toMetres(positions, soup.matrix);
  const welded = weld(metres, features);
  const edges = new Map<number, Edge>();
  const walls: number[] = [];
  const wallFeatures: number[] = [];
  const count = index ? index.length : positions.length / 3;
  const vertices = positions.length / 3;
  const corner = [0, 0, 0];
  for (let at = 0; at + 2 < count; at += 3) {
    for (let k = 0; k < 3; k += 1) corner[k] = welded[index ? (index[at + k] ?? 0) : at + k] ?? 0;
    const [a = 0, b = 0, c = 0] = corner;
    if (a === b || b === c || c === a) continue;
    const abx = (metres[b * 3] ?? 0) - (metres[a * 3] ?? 0);
    const aby = (metres[b * 3 + 1] ?? 0) - (metres[a * 3 + 1] ?? 0);
    const abz = (metres[b * 3 + 2] ?? 0) - (metres[a * 3 + 2] ?? 0);
    const acx = (metres[c * 3] ?? 0) - (metres[a * 3] ?? 0);
    const acy = (metres[c * 3 + 1] ?? 0) - (metres[a * 3 + 1] ?? 0);
    const acz = (metres[c * 3 + 2] ?? 0) - (metres[a * 3 + 2] ?? 0);
    let nx = aby * acz - abz * acy;
    let ny = abz * acx - abx * acz;
    let nz = abx * acy - aby * acx;
    const length = Math.hypot(nx, ny, nz);
    if (length < 1e-9) continue;
    nx /= length;
    ny /= length;
    nz /= length;
    const feature = features?.[a] ?? 0;
    for (let k = 0; k < 3; k += 1) {
      const from = corner[k] ?? 0;
      const to = corner[(k + 1) % 3] ?? 0;
      const low = Math.min(from, to);
      const high = Math.max(from, to);
      const key = low * vertices + high;
      const edge = edges.get(key);
      if (!edge) {
        edges.set(key, { a: low, b: high, feature, nx, ny, nz, drawn: false, faces: 1 });
      } else {
        edge.faces += 1;
        if (edge.nx * nx + edge.ny * ny + edge.nz * nz < FOLD_COS) edge.drawn = true;
      }
    }
    if (Math.abs(ny) < STEEP) addWall(metres, corner, feature, walls, wallFeatures);
  }
  return { ...collectLines(positions, edges), walls: Float32Array.from(walls), wallFeatures: Uint32Array.from(wallFeatures) };
}

/** A steep triangle as a segment in plan: its two corners farthest apart, from its lowest to its highest point. */
function addWall(metres: Float64Array, corner: readonly number[], feature: number, walls: number[], owners: number[]): void {
  let best = -1;
  let from = 0;
  let to = 0;
  let foot = Infinity;
  let top = -Infinity;
  for (let k = 0; k < 3; k += 1) {
    const p = (corner[k] ?? 0) * 3;
    const q = (corner[(k + 1) % 3] ?? 0) * 3;
    const gap = Math.hypot((metres[p] ?? 0) - (metres[q] ?? 0), (metres[p + 2] ?? 0) - (metres[q + 2] ?? 0));
    if (gap > best) {
      best = gap;
      from = p;
      to = q;
    }
    foot = Math.min(foot, metres[p + 1] ?? 0);
    top = Math.max(top, metres[p + 1] ?? 0);
  }
  if (best < 0.05 || top - foot < 0.3) return;
  walls.push(metres[from] ?? 0, -(metres[from + 2] ?? 0), metres[to] ?? 0, -(metres[to + 2] ?? 0), foot, top);
  owners.push(feature);
}

function collectLines(positions: Float32Array, edges: Map<number, Edge>): Pick<Drawing, "lines" | "lineFeatures"> {
  let count = 0;
  for (const edge of edges.values()) if (edge.drawn || edge.faces === 1) count += 1;
  const lines = new Float32Array(count * 6);
  const lineFeatures = new Uint32Array(count * 2);
  let at = 0;
  for (const edge of edges.values()) {
    if (!edge.drawn && edge.faces !== 1) continue;
    for (let k = 0; k < 3; k += 1) {
      lines[at * 6 + k] = positions[edge.a * 3 + k] ?? 0;
      lines[at * 6 + 3 + k] = positions[edge.b * 3 + k] ?? 0;
    }
    lineFeatures[at * 2] = edge.feature;
    lineFeatures[at * 2 + 1] = edge.feature;
    at += 1;
  }
  return { lines, lineFeatures };
}

/** Every array of a drawing, to be handed over rather than copied between threads. */
export function transferables(drawing: Drawing): ArrayBuffer[] {
  return [drawing.lines, drawing.lineFeatures, drawing.walls, drawing.wallFeatures].map(
    (array) => array.buffer as ArrayBuffer,
  );
}
