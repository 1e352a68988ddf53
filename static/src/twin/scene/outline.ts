/** Fat outlines: of the building somebody has chosen, and of what a proposal would build. */

import { EdgesGeometry, BufferAttribute, BufferGeometry, Color } from "three";
import { LineMaterial } from "three/addons/lines/LineMaterial.js";
import { LineSegments2 } from "three/addons/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/addons/lines/LineSegmentsGeometry.js";
import { mergeVertices } from "three/addons/utils/BufferGeometryUtils.js";

const FOLD_DEG = 25;

/** The sharp edges of a surface, six numbers each. Positions are in the scene's axes. */
export function sharpEdges(surface: BufferGeometry): Float32Array {
  const edges = new EdgesGeometry(surface, FOLD_DEG);
  const found = Float32Array.from(edges.getAttribute("position").array);
  edges.dispose();
  return found;
}

export class Outline {
  readonly lines: LineSegments2;
  readonly #material: LineMaterial;

  constructor(colour: string, width_px: number, options: { readonly through: boolean }) {
    this.#material = new LineMaterial({ linewidth: width_px, transparent: options.through });
    this.#material.color = new Color(colour);
    this.#material.depthTest = !options.through;
    this.#material.opacity = options.through ? 0.9 : 1;
    this.#material.polygonOffset = true;
    this.#material.polygonOffsetFactor = -4;
    this.#material.polygonOffsetUnits = -4;
    this.#material.toneMapped = false;
    this.#material.fog = false;
    this.lines = new LineSegments2(new LineSegmentsGeometry(), this.#material);
    this.lines.visible = false;
    this.lines.renderOrder = 5;
    this.lines.raycast = () => undefined;
    this.lines.frustumCulled = false;
  }

  setSize(width_px: number, height_px: number): void {
    this.#material.resolution.set(width_px, height_px);
  }

  /** Shows these edges, six numbers each; null hides the outline. */
  set(edges: Float32Array | null): void {
    this.lines.geometry.dispose();
    this.lines.visible = edges !== null && edges.length > 0;
    this.lines.geometry = new LineSegmentsGeometry();
    if (this.lines.visible && edges) this.lines.geometry.setPositions(edges);
  }

  /** Shows the sharp edges of loose triangles, nine numbers each. */
  setTriangles(triangles: Float32Array | null): void {
    if (!triangles) {
      this.set(null);
      return;
    }
    const loose = new BufferGeometry();
    loose.setAttribute("position", new BufferAttribute(triangles, 3));
    const welded = mergeVertices(loose, 0.03);
    this.set(sharpEdges(welded));
    loose.dispose();
    welded.dispose();
  }

  dispose(): void {
    this.lines.removeFromParent();
    this.lines.geometry.dispose();
    this.#material.dispose();
  }
}
