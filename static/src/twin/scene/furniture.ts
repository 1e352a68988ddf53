/** Trees, stops, benches, shelters and lights: instances in square chunks, so that what is not seen is not drawn. */

import { Color, Group, InstancedMesh, Matrix4, type PerspectiveCamera, Quaternion, type BufferGeometry, Vector3 } from "three";

import { INSTANCE_KINDS, type InstanceKind, type Instances } from "../manifest";
import type { Paper } from "./paper";
import { shapeOf } from "./shapes";

const CHUNK_M = 320;
/** Small things are not drawn farther away than this. */
const SMALL_REACH_M = 520;
const UP = new Vector3(0, 1, 0);

function isTree(kind: InstanceKind): boolean {
  return kind === "tree_broadleaf" || kind === "tree_conifer";
}

/** A number in [0, 1) that a place always gets again. */
export function noise(e: number, n: number, salt: number): number {
  const value = Math.sin(e * 12.9898 + n * 78.233 + salt * 37.719) * 43_758.5453;
  return value - Math.floor(value);
}

const USUAL_TREE_M = 7;

/** Zero is how the file writes what is not known. */
function known(value: number | undefined, fallback: number): number {
  return value === undefined || value === 0 ? fallback : value;
}

interface Chunk {
  readonly kind: InstanceKind;
  readonly rows: number[];
}

export class Furniture {
  readonly group = new Group();
  readonly #shapes: BufferGeometry[] = [];
  readonly #small: InstancedMesh[] = [];
  readonly #trees: InstancedMesh[] = [];

  constructor(
    instances: Instances,
    private readonly paper: Paper,
    options: { readonly detailed: boolean; readonly shadows: boolean },
  ) {
    const chunks = new Map<string, Chunk>();
    const { values, stride, field } = instances;
    for (let row = 0; row * stride < values.length; row += 1) {
      const at = row * stride;
      const kind = INSTANCE_KINDS.find((known) => known === instances.kinds[values[at + field.kind] ?? -1]);
      if (!kind) continue;
      const column = Math.floor((values[at + field.e] ?? 0) / CHUNK_M);
      const line = Math.floor((values[at + field.n] ?? 0) / CHUNK_M);
      const key = `${kind}/${column}/${line}`;
      const chunk = chunks.get(key);
      if (chunk) chunk.rows.push(row);
      else chunks.set(key, { kind, rows: [row] });
    }
    const shapes = new Map<InstanceKind, BufferGeometry>();
    for (const chunk of chunks.values()) {
      const shape = shapes.get(chunk.kind) ?? shapeOf(chunk.kind, options.detailed);
      shapes.set(chunk.kind, shape);
      this.#plant(chunk, instances, shape, options.shadows);
    }
    this.#shapes.push(...shapes.values());
  }

  setShadows(on: boolean): void {
    for (const mesh of this.#trees) mesh.castShadow = on;
  }

  /** Hides the small things that are too far to be seen. Allocates nothing. */
  update(camera: PerspectiveCamera): void {
    for (const mesh of this.#small) {
      const sphere = mesh.boundingSphere;
      if (sphere) mesh.visible = sphere.center.distanceTo(camera.position) - sphere.radius < SMALL_REACH_M;
    }
  }

  dispose(): void {
    for (const mesh of [...this.#small, ...this.#trees]) mesh.dispose();
    for (const shape of this.#shapes) shape.dispose();
    this.group.removeFromParent();
    this.group.clear();
  }

  #plant(chunk: Chunk, instances: Instances, shape: BufferGeometry, shadows: boolean): void {
    const { values, stride, field, rotationField } = instances;
    const tree = isTree(chunk.kind);
    const mesh = new InstancedMesh(shape, this.paper.card, chunk.rows.length);
    const matrix = new Matrix4();
    const position = new Vector3();
    const turn = new Quaternion();
    const scale = new Vector3(1, 1, 1);
    const tint = new Color();
    chunk.rows.forEach((row, index) => {
      const at = row * stride;
      const e = values[at + field.e] ?? 0;
      const n = values[at + field.n] ?? 0;
      position.set(e, values[at + field.z] ?? 0, -n);
      const told = rotationField < 0 ? -1 : (values[at + rotationField] ?? -1);
      const facing = told < 0 ? noise(e, n, 1) * 360 : told;
      turn.setFromAxisAngle(UP, (-facing * Math.PI) / 180);
      if (tree) {
        const height = known(values[at + field.height_m], USUAL_TREE_M);
        const crown = known(values[at + field.size_m], height * 0.6);
        scale.set(crown, height, crown);
      }
      mesh.setMatrixAt(index, matrix.compose(position, turn, scale));
      const light = 0.93 + 0.14 * noise(e, n, 2);
      mesh.setColorAt(index, tint.setRGB(light, light, 0.95 + 0.1 * noise(e, n, 3)));
    });
    mesh.castShadow = tree && shadows;
    mesh.customDepthMaterial = this.paper.depth;
    mesh.receiveShadow = true;
    mesh.raycast = () => undefined;
    mesh.computeBoundingSphere();
    (tree ? this.#trees : this.#small).push(mesh);
    this.group.add(mesh);
  }
}
