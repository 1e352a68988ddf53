/** A design standing in the city: what it adds, in orange with hatching and a dark outline. */

import { BufferAttribute, BufferGeometry, Color, Group, InstancedMesh, Matrix4, Mesh, type MeshLambertMaterial, Quaternion, Vector3 } from "three";

import type { Ground } from "../heights";
import type { InstanceKind } from "../manifest";
import { noise } from "../scene/furniture";
import { IDEA, IDEA_INK } from "../scene/palette";
import { Outline, sharpEdges } from "../scene/outline";
import { makeIdeaMaterial, type Paper } from "../scene/paper";
import { shapeOf } from "../scene/shapes";
import { OCCLUDER_LAYER } from "../scene/tiles";
import { WALL_STRIDE, type WallIndex } from "../walls";
import { isInside, type Building, type Change, type Design, type Point2 } from "./design";
import { areaTriangles, bandTriangles, buildingTriangles, counterClockwise, floorOf, spread, stripeTriangles } from "./solids";

const TREE_M = 7.5;
const UP = new Vector3(0, 1, 0);

export class DesignLayer {
  readonly group = new Group();
  readonly #material: MeshLambertMaterial = makeIdeaMaterial();
  readonly #outline = new Outline(IDEA_INK, 2.5, { through: false });
  readonly #owned: { dispose(): void }[] = [];

  constructor(
    private readonly ground: Ground,
    private readonly walls: WallIndex,
    private readonly paper: Paper,
  ) {
    this.group.add(this.#outline.lines);
  }

  setSize(width_px: number, height_px: number): void {
    this.#outline.setSize(width_px, height_px);
  }

  /** Draws this design instead of the one before; null takes it away. */
  set(design: Design | null): void {
    this.#clear();
    if (!design) return;
    const edges: number[] = [];
    const walls: number[] = [];
    for (const change of design.changes) this.#draw(change, edges, walls);
    this.#outline.set(Float32Array.from(edges));
    if (walls.length > 0) this.walls.add(this, Float32Array.from(walls));
  }

  dispose(): void {
    this.#clear();
    this.#outline.dispose();
    this.#material.dispose();
    this.group.removeFromParent();
  }

  #clear(): void {
    this.walls.remove(this);
    this.#outline.set(null);
    for (const owned of this.#owned.splice(0)) owned.dispose();
    this.group.clear();
    this.group.add(this.#outline.lines);
  }

  #draw(change: Change, edges: number[], walls: number[]): void {
    if (change.op === "remove") return;
    if (change.op === "replace" || change.kind === "building") {
      this.#solid(buildingTriangles(change, this.ground), edges, true);
      addWalls(change, this.ground, walls);
      return;
    }
    switch (change.kind) {
      case "park":
        this.#solid(areaTriangles(change.area, this.ground), edges, false);
        this.#stand("tree_broadleaf", spread(change.area, change.trees, (point) => isInside(point, change.area)), 0);
        break;
      case "trees":
        this.#stand("tree_broadleaf", change.points, 0);
        break;
      case "pedestrian_street":
        this.#solid(bandTriangles(change.line, change.width_m, this.ground), edges, false);
        break;
      case "crosswalk":
        this.#solid(stripeTriangles(change.line, change.width_m, this.ground), edges, false);
        break;
      default:
        this.#stand(change.kind, [change.point], change.rotation_deg);
    }
  }

  #solid(triangles: Float32Array, edges: number[], casts: boolean): void {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(triangles, 3));
    const mesh = new Mesh(geometry, this.#material);
    mesh.castShadow = casts;
    mesh.customDepthMaterial = this.paper.depth;
    mesh.receiveShadow = true;
    if (casts) mesh.layers.enable(OCCLUDER_LAYER);
    for (const value of sharpEdges(geometry)) edges.push(value);
    this.#owned.push(geometry);
    this.group.add(mesh);
  }

  #stand(kind: InstanceKind, points: readonly Point2[], rotation_deg: number): void {
    if (points.length === 0) return;
    const shape = shapeOf(kind, true);
    const orange = new Color(IDEA);
    const colours = shape.getAttribute("color");
    for (let vertex = 0; vertex < colours.count; vertex += 1) colours.setXYZ(vertex, orange.r, orange.g, orange.b);
    const mesh = new InstancedMesh(shape, this.#material, points.length);
    const matrix = new Matrix4();
    const turn = new Quaternion();
    const scale = new Vector3(1, 1, 1);
    points.forEach(([e, n], index) => {
      turn.setFromAxisAngle(UP, (-rotation_deg * Math.PI) / 180);
      if (kind === "tree_broadleaf") {
        const height = TREE_M * (0.85 + 0.3 * noise(e, n, 4));
        scale.set(height * 0.65, height, height * 0.65);
      }
      mesh.setMatrixAt(index, matrix.compose(new Vector3(e, this.ground.heightAt(e, n), -n), turn, scale));
    });
    mesh.castShadow = true;
    mesh.customDepthMaterial = this.paper.depth;
    mesh.receiveShadow = true;
    this.#owned.push(shape, mesh);
    this.group.add(mesh);
  }
}

function addWalls(building: Building, ground: Ground, walls: number[]): void {
  const floor = floorOf(building, ground);
  const top = floor + building.storeys * building.storey_height_m;
  const ring = counterClockwise(building.footprint);
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length] ?? a;
    const wall = [a[0], a[1], b[0], b[1], floor, top];
    if (wall.length === WALL_STRIDE) walls.push(...wall);
  });
}
