/** A tileset drawn in paper: loaded by 3DTilesRendererJS into the city's local frame, styled once as each tile arrives. */

import { TilesRenderer } from "3d-tiles-renderer";
import { GLTFExtensionsPlugin } from "3d-tiles-renderer/plugins";
import {
  BufferAttribute,
  BufferGeometry,
  Float32BufferAttribute,
  type Camera,
  Group,
  type Intersection,
  LineSegments,
  Matrix4,
  Mesh,
  type Object3D,
  type Raycaster,
} from "three";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";

import type { Draughtsman } from "../draughtsman";
import type { Drawing } from "../edges";
import type { WallIndex } from "../walls";
import { featuresOf, Marks, readFeatureTable, type FeatureTable } from "./features";
import type { Paper } from "./paper";

/**
 * Objects that shade the sky over others are on this layer too. Trees are not: seen from above, the ground under a crown
 * would be as high and as open as the crown, and shine around each trunk.
 */
export const OCCLUDER_LAYER = 2;

export type Style = "building" | "ground";

/** Coarser than this, a city is no more to be recognised: the screen error in px that a full cache may lead to. */
const COARSEST_PX = 64;
const COARSER = 1.5;

interface Part {
  readonly mesh: Mesh;
  readonly lines: LineSegments | null;
  readonly table: FeatureTable;
  readonly marks: readonly Marks[];
  readonly gone: Set<number>;
}

export interface TilesOptions {
  readonly url: string;
  readonly style: Style;
  readonly paper: Paper;
  readonly draughtsman: Draughtsman;
  readonly walls: WallIndex;
  readonly errorTarget_px: number;
  readonly maxBytes: number;
  readonly onChange: () => void;
  readonly onFailure: (error: Error) => void;
}

/** What a ray met. */
export interface TileHit {
  readonly distance: number;
  readonly e: number;
  readonly n: number;
  readonly z: number;
  readonly object: string | null;
}

export class TilesLayer {
  readonly group = new Group();
  readonly #tiles: TilesRenderer;
  readonly #parts = new Map<Object3D, Part[]>();
  readonly #drawings = new WeakMap<Object3D, Drawing>();
  readonly #options: TilesOptions;
  #removed: ReadonlySet<string> = new Set();
  #loaded = 0;
  #errorTarget_px: number;
  #coarseness = 1;
  #shadowCamera: Camera | null = null;

  constructor(options: TilesOptions) {
    this.#options = options;
    this.#tiles = new TilesRenderer(options.url);
    this.#tiles.errorTarget = this.#errorTarget_px = options.errorTarget_px;
    this.#tiles.displayActiveTiles = true;
    this.#tiles.registerPlugin(new GLTFExtensionsPlugin({ metadata: true, rtc: false, meshoptDecoder: MeshoptDecoder }));
    this.#tiles.registerPlugin(this.#drawingPlugin());
    this.#tiles.addEventListener("load-root-tileset", this.#place);
    this.#tiles.addEventListener("load-model", this.#dress);
    this.#tiles.addEventListener("dispose-model", this.#forget);
    this.#tiles.addEventListener("needs-update", options.onChange);
    this.#tiles.addEventListener("load-tileset", options.onChange);
    this.#tiles.addEventListener("tiles-load-end", options.onChange);
    this.#tiles.addEventListener("tile-visibility-change", options.onChange);
    this.#tiles.addEventListener("load-error", this.#fail);
    this.setMaxBytes(options.maxBytes);
    this.group.add(this.#tiles.group);
  }

  /** The tile cache is shared by all layers of the page; a cap too small would load and drop for ever (#1689). */
  setMaxBytes(bytes: number): void {
    this.#tiles.lruCache.maxBytesSize = bytes;
    this.#tiles.lruCache.minBytesSize = bytes * 0.75;
  }

  set errorTarget_px(value: number) {
    this.#errorTarget_px = value;
    this.#tiles.errorTarget = Math.min(COARSEST_PX, value * this.#coarseness);
  }

  /** Whether the cache holds as much as it may; what is in view and not there is not loaded then. */
  get isFull(): boolean {
    return this.#tiles.lruCache.isFull();
  }

  /** Makes do with coarser tiles from now on: better than none (#1689). False where they are as coarse as they may be. */
  coarsen(): boolean {
    if (this.#tiles.errorTarget >= COARSEST_PX) return false;
    this.#coarseness *= COARSER;
    this.errorTarget_px = this.#errorTarget_px;
    return true;
  }

  /** How many tiles have arrived so far; tells when something new is there. */
  get loadedCount(): number {
    return this.#loaded;
  }

  get isSettled(): boolean {
    return this.#tiles.root !== null && this.#tiles.loadProgress >= 1;
  }

  /** Also keeps what stands in another camera's view, e.g. what throws shadows into this one. */
  setShadowCamera(camera: Camera, resolution_px: number): void {
    this.#shadowCamera = camera;
    this.#tiles.setCamera(camera);
    this.#tiles.setResolution(camera, resolution_px, resolution_px);
  }

  update(camera: Camera, width_px: number, height_px: number): void {
    this.#tiles.setCamera(camera);
    this.#tiles.setResolution(camera, width_px, height_px);
    this.#tiles.update();
  }

  /** Marks these objects as taken away; they vanish wherever `uDesign` is 1. */
  setRemoved(ids: ReadonlySet<string>): void {
    this.#removed = ids;
    for (const parts of this.#parts.values()) for (const part of parts) this.#mark(part);
  }

  /** The nearest surface that the ray meets; taken-away objects count only when `withRemoved`. */
  pick(raycaster: Raycaster, withRemoved: boolean): TileHit | null {
    const hits = raycaster.intersectObject(this.#tiles.group, true);
    for (const hit of hits) {
      const found = this.#identify(hit);
      if (!found || (!withRemoved && found.object !== null && this.#removed.has(found.object))) continue;
      return found;
    }
    return null;
  }

  /** Triangles of an object in the scene's axes, nine numbers each; null where no loaded tile shows it. */
  trianglesOf(id: string): Float32Array | null {
    let best: Float32Array | null = null;
    for (const [scene, parts] of this.#parts) {
      if (scene.parent === null) continue;
      for (const part of parts) {
        const found = extract(part, id);
        if (found && (best === null || found.length > best.length)) best = found;
      }
    }
    return best;
  }

  dispose(): void {
    this.#tiles.removeEventListener("needs-update", this.#options.onChange);
    this.#tiles.removeEventListener("load-tileset", this.#options.onChange);
    this.#tiles.removeEventListener("tiles-load-end", this.#options.onChange);
    this.#tiles.removeEventListener("tile-visibility-change", this.#options.onChange);
    this.#tiles.removeEventListener("load-error", this.#fail);
    for (const camera of [...this.#tiles.cameras]) this.#tiles.deleteCamera(camera);
    this.#tiles.dispose();
    this.#tiles.removeEventListener("load-root-tileset", this.#place);
    this.#tiles.removeEventListener("load-model", this.#dress);
    this.#tiles.removeEventListener("dispose-model", this.#forget);
    for (const scene of [...this.#parts.keys()]) this.#forget({ scene });
    this.#shadowCamera = null;
    this.group.removeFromParent();
  }

  get shadowCamera(): Camera | null {
    return this.#shadowCamera;
  }

  readonly #fail = (event: { error: Error }): void => {
    this.#options.onFailure(event.error);
  };

  /** The root's ENU → ECEF undone, then z up turned to y up: x east, y up, z south. */
  readonly #place = (): void => {
    const transform = this.#tiles.root?.transform;
    const group = this.#tiles.group;
    const matrix = new Matrix4().makeRotationX(-Math.PI / 2);
    if (transform) matrix.multiply(new Matrix4().fromArray(transform).invert());
    matrix.decompose(group.position, group.quaternion, group.scale);
    group.updateMatrixWorld(true);
    this.#options.onChange();
  };

  /** Draws each tile's lines before it is shown, in a worker; they are disposed of with the tile. */
  #drawingPlugin(): object {
    return {
      name: "METACITY_DRAWING",
      processTileModel: async (scene: Object3D): Promise<void> => {
        const meshes: Mesh[] = [];
        scene.traverse((child) => {
          if (child instanceof Mesh) meshes.push(child as Mesh);
        });
        scene.updateMatrixWorld(true);
        for (const mesh of meshes) await this.#prepare(scene, mesh);
      },
    };
  }

  async #prepare(scene: Object3D, mesh: Mesh): Promise<void> {
    const { geometry } = mesh;
    const features = featuresOf(geometry) ?? new Uint32Array(geometry.getAttribute("position").count);
    const table = readFeatureTable(mesh.userData, scene.userData);
    const matrix = this.#tiles.group.matrixWorld.clone().multiply(mesh.matrixWorld);
    const marks = new Marks(features, table);
    geometry.setAttribute("mark", marks.attribute);
    mesh.userData["table"] = table;
    mesh.userData["marks"] = [marks];
    if (this.#options.style === "ground") {
      if (!geometry.hasAttribute("_kind")) {
        geometry.setAttribute("_kind", new BufferAttribute(new Uint8Array(features.length).fill(12), 1));
      }
      return;
    }
    geometry.setAttribute("foot", feet(geometry, features, table, matrix));
    const drawing = await this.#options.draughtsman.draw({
      positions: positionsOf(geometry),
      index: geometry.index ? Uint32Array.from(geometry.index.array) : null,
      features: features.slice(),
      matrix: matrix.elements,
    });
    this.#drawings.set(mesh, drawing);
    const lineGeometry = new BufferGeometry();
    lineGeometry.setAttribute("position", new Float32BufferAttribute(drawing.lines, 3));
    const lineMarks = new Marks(drawing.lineFeatures, table);
    lineGeometry.setAttribute("mark", lineMarks.attribute);
    const lines = new LineSegments(lineGeometry);
    lines.raycast = () => undefined;
    mesh.add(lines);
    mesh.userData["lines"] = lines;
    mesh.userData["marks"] = [marks, lineMarks];
  }

  /** Shared materials only now: what a tile has when it is parsed is disposed of with it. */
  readonly #dress = (event: { scene: Object3D }): void => {
    const { paper, style, walls } = this.#options;
    const parts: Part[] = [];
    event.scene.traverse((child) => {
      if (!(child instanceof Mesh) || child.userData["table"] === undefined) return;
      const mesh = child as Mesh;
      const lines = (mesh.userData["lines"] as LineSegments | undefined) ?? null;
      mesh.material = style === "building" ? paper.building : paper.ground;
      mesh.castShadow = style === "building";
      mesh.receiveShadow = true;
      mesh.layers.enable(OCCLUDER_LAYER);
      if (style === "building") mesh.customDepthMaterial = paper.depth;
      if (lines) {
        lines.material = paper.line;
        lines.renderOrder = 1;
      }
      const part: Part = {
        mesh,
        lines,
        table: mesh.userData["table"] as FeatureTable,
        marks: mesh.userData["marks"] as Marks[],
        gone: new Set(),
      };
      const drawing = this.#drawings.get(mesh);
      if (drawing && drawing.walls.length > 0) {
        walls.add(mesh, drawing.walls, (wall) => part.gone.has(drawing.wallFeatures[wall] ?? -1));
        this.#drawings.delete(mesh);
      }
      if (this.#removed.size > 0) this.#mark(part);
      parts.push(part);
    });
    this.#parts.set(event.scene, parts);
    this.#loaded += 1;
    this.#options.onChange();
  };

  readonly #forget = (event: { scene: Object3D }): void => {
    for (const part of this.#parts.get(event.scene) ?? []) this.#options.walls.remove(part.mesh);
    this.#parts.delete(event.scene);
  };

  #mark(part: Part): void {
    const before = part.gone.size;
    part.gone.clear();
    part.table.ids.forEach((id, feature) => {
      if (this.#removed.has(id)) part.gone.add(feature);
    });
    if (before === 0 && part.gone.size === 0) return;
    for (const marks of part.marks) marks.setGone(part.gone);
  }

  #identify(hit: Intersection): TileHit | null {
    const mesh = hit.object;
    const table = mesh.userData["table"] as FeatureTable | undefined;
    if (!table || !hit.face) return null;
    const marks = mesh.userData["marks"] as Marks[];
    const feature = marks[0]?.features[hit.face.a] ?? -1;
    return {
      distance: hit.distance,
      e: hit.point.x,
      n: -hit.point.z,
      z: hit.point.y,
      object: table.ids[feature] ?? null,
    };
  }
}

function positionsOf(geometry: BufferGeometry): Float32Array {
  const attribute = geometry.getAttribute("position");
  const positions = new Float32Array(attribute.count * 3);
  for (let vertex = 0; vertex < attribute.count; vertex += 1) {
    positions[vertex * 3] = attribute.getX(vertex);
    positions[vertex * 3 + 1] = attribute.getY(vertex);
    positions[vertex * 3 + 2] = attribute.getZ(vertex);
  }
  return positions;
}

/** The height of each vertex's building's foot: parts of one building share the lowest. */
function feet(geometry: BufferGeometry, features: Uint32Array, table: FeatureTable, matrix: Matrix4): BufferAttribute {
  const position = geometry.getAttribute("position");
  const m = matrix.elements;
  const lowest = new Map<string, number>();
  const owner = (feature: number): string => table.ids[feature] ?? String(feature);
  for (let vertex = 0; vertex < features.length; vertex += 1) {
    const y = m[1] * position.getX(vertex) + m[5] * position.getY(vertex) + m[9] * position.getZ(vertex) + m[13];
    const id = owner(features[vertex] ?? 0);
    const known = lowest.get(id);
    if (known === undefined || y < known) lowest.set(id, y);
  }
  const values = new Float32Array(features.length);
  for (let vertex = 0; vertex < features.length; vertex += 1) values[vertex] = lowest.get(owner(features[vertex] ?? 0)) ?? 0;
  return new BufferAttribute(values, 1);
}

function extract(part: Part, id: string): Float32Array | null {
  const wanted = new Set<number>();
  part.table.ids.forEach((other, feature) => {
    if (other === id) wanted.add(feature);
  });
  const features = part.marks[0]?.features;
  const index = part.mesh.geometry.index;
  if (wanted.size === 0 || !features || !index) return null;
  const position = part.mesh.geometry.getAttribute("position");
  const m = part.mesh.matrixWorld.elements;
  const corners: number[] = [];
  for (let at = 0; at < index.count; at += 1) {
    const vertex = index.getX(at);
    if (!wanted.has(features[vertex] ?? -1)) continue;
    const x = position.getX(vertex);
    const y = position.getY(vertex);
    const z = position.getZ(vertex);
    corners.push(
      m[0] * x + m[4] * y + m[8] * z + m[12],
      m[1] * x + m[5] * y + m[9] * z + m[13],
      m[2] * x + m[6] * y + m[10] * z + m[14],
    );
  }
  return corners.length === 0 ? null : Float32Array.from(corners);
}
