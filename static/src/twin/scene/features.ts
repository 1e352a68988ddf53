/** Which features of a loaded tile are which objects, and what a design or a reader has marked. */

import { BufferAttribute, type BufferGeometry } from "three";

import { isRecord } from "../../commons/parse";

/** What the metadata of a mesh can be asked; the plugin's classes, as far as they are used here. */
export interface FeatureTable {
  readonly count: number;
  /** The object that a feature belongs to; empty where the tile does not say. */
  readonly ids: readonly string[];
}

const EMPTY: FeatureTable = { count: 0, ids: [] };

/**
 * Reads the ids of a mesh's features. The plugin's own `MeshFeatures.getFeatures` is avoided: it reads textures through
 * a second WebGL context even where the ids are vertex attributes, as ours are.
 */
export function readFeatureTable(meshData: unknown, sceneData: unknown): FeatureTable {
  const metadata = structuralMetadata(meshData) ?? structuralMetadata(sceneData);
  const table = metadata?.tableAccessors[0];
  if (!table) return EMPTY;
  const ids: string[] = [];
  for (let feature = 0; feature < table.count; feature += 1) {
    const id = table.getPropertyValue("id", feature);
    ids.push(typeof id === "string" ? id : "");
  }
  return { count: table.count, ids };
}

interface TableAccessor {
  readonly count: number;
  getPropertyValue(name: string, row: number): unknown;
}

function structuralMetadata(userData: unknown): { readonly tableAccessors: readonly TableAccessor[] } | null {
  if (!isRecord(userData) || typeof userData["structuralMetadata"] !== "object") return null;
  return userData["structuralMetadata"] as { readonly tableAccessors: readonly TableAccessor[] } | null;
}

/** The attribute GLTFLoader makes of `_FEATURE_ID_0`. */
const FEATURE_ATTRIBUTE = "_feature_id_0";

/** The feature of each vertex; null where the mesh has none. */
export function featuresOf(geometry: BufferGeometry): Uint32Array | null {
  const attribute = geometry.getAttribute(FEATURE_ATTRIBUTE) as BufferAttribute | undefined;
  if (!attribute) return null;
  const features = new Uint32Array(attribute.count);
  for (let vertex = 0; vertex < attribute.count; vertex += 1) features[vertex] = attribute.getX(vertex);
  return features;
}

/** A stable byte for an object, so that its card keeps its tint in every level of detail. */
export function tintOf(id: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 16_777_619);
  return (hash ^ (hash >>> 15)) & 255;
}

/** Four bytes a vertex: tint, gone, and two unused, so that vertices stay aligned. */
export const MARK_SIZE = 4;

export class Marks {
  readonly attribute: BufferAttribute;

  constructor(
    readonly features: Uint32Array,
    table: FeatureTable,
  ) {
    const bytes = new Uint8Array(features.length * MARK_SIZE);
    const tints = table.ids.map(tintOf);
    for (let vertex = 0; vertex < features.length; vertex += 1) bytes[vertex * MARK_SIZE] = tints[features[vertex] ?? 0] ?? 128;
    this.attribute = new BufferAttribute(bytes, MARK_SIZE, true);
  }

  /** Marks the vertices of these features, and only these, as gone. */
  setGone(gone: ReadonlySet<number>): void {
    const bytes = this.attribute.array;
    for (let vertex = 0; vertex < this.features.length; vertex += 1) {
      bytes[vertex * MARK_SIZE + 1] = gone.has(this.features[vertex] ?? -1) ? 255 : 0;
    }
    this.attribute.needsUpdate = true;
  }
}
