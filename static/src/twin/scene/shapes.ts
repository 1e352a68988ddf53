/** The furniture of the city, cut from card: low-poly geometry with its colours in the vertices. One metre tall or wide. */

import {
  BoxGeometry,
  BufferAttribute,
  type BufferGeometry,
  Color,
  ConeGeometry,
  CylinderGeometry,
  IcosahedronGeometry,
} from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";

import type { InstanceKind } from "../manifest";

const LEAF = "#b4c39a";
const NEEDLE = "#9fb392";
const TRUNK = "#b9a68e";
const STEEL = "#c9c3ba";
const GLASS = "#d8e2e3";
const WOOD = "#d2b893";
const SIGN = "#7f9bb8";
const LAMP = "#f4ead2";

function coloured(geometry: BufferGeometry, colour: string): BufferGeometry {
  const plain = geometry.index ? geometry.toNonIndexed() : geometry;
  if (plain !== geometry) geometry.dispose();
  const { r, g, b } = new Color(colour);
  const count = plain.getAttribute("position").count;
  const colours = new Float32Array(count * 3);
  for (let vertex = 0; vertex < count; vertex += 1) colours.set([r, g, b], vertex * 3);
  plain.setAttribute("color", new BufferAttribute(colours, 3));
  plain.deleteAttribute("uv");
  return plain;
}

function join(parts: BufferGeometry[]): BufferGeometry {
  const merged = mergeGeometries(parts);
  for (const part of parts) part.dispose();
  return merged;
}

function box(width: number, height: number, depth: number, x: number, y: number, z: number, colour: string): BufferGeometry {
  return coloured(new BoxGeometry(width, height, depth).translate(x, y, z), colour);
}

/** A crown like a cut paper ball: not quite round, so that rows of trees do not look stamped. */
function crown(detail: number): BufferGeometry {
  const ball = new IcosahedronGeometry(0.5, detail);
  const position = ball.getAttribute("position");
  for (let vertex = 0; vertex < position.count; vertex += 1) {
    const x = position.getX(vertex);
    const y = position.getY(vertex);
    const z = position.getZ(vertex);
    const dent = 1 + 0.1 * Math.sin(x * 9.1 + z * 5.3) * Math.cos(y * 7.7 + x * 3.1);
    position.setXYZ(vertex, x * dent, y * 0.74 * dent + 0.6, z * dent);
  }
  return coloured(ball, LEAF);
}

function trunk(height: number): BufferGeometry {
  return coloured(new CylinderGeometry(0.035, 0.05, height, 5, 1, true).translate(0, height / 2, 0), TRUNK);
}

/**
 * Trees are one metre tall and one wide, scaled by each tree's height and crown; the rest is in true size and faces
 * north, which is where its z is negative.
 */
export function shapeOf(kind: InstanceKind, detailed: boolean): BufferGeometry {
  switch (kind) {
    case "tree_broadleaf":
      return join([trunk(0.34), crown(detailed ? 1 : 0)]);
    case "tree_conifer":
      return join([
        trunk(0.2),
        coloured(new ConeGeometry(0.5, 0.5, detailed ? 8 : 5, 1, true).translate(0, 0.4, 0), NEEDLE),
        coloured(new ConeGeometry(0.36, 0.5, detailed ? 8 : 5, 1, true).translate(0, 0.75, 0), NEEDLE),
      ]);
    case "bench":
      return join([
        box(1.6, 0.07, 0.45, 0, 0.45, 0, WOOD),
        box(1.6, 0.4, 0.06, 0, 0.72, 0.22, WOOD),
        box(0.08, 0.45, 0.4, -0.65, 0.22, 0, STEEL),
        box(0.08, 0.45, 0.4, 0.65, 0.22, 0, STEEL),
      ]);
    case "shelter":
      return join([
        box(4.2, 0.1, 1.8, 0, 2.55, 0, STEEL),
        box(4.0, 2.1, 0.06, 0, 1.35, 0.8, GLASS),
        box(0.1, 2.5, 0.1, -1.95, 1.25, -0.7, STEEL),
        box(0.1, 2.5, 0.1, 1.95, 1.25, -0.7, STEEL),
        box(3.0, 0.08, 0.4, 0, 0.45, 0.5, WOOD),
      ]);
    case "bus_stop":
      return join([
        box(0.09, 2.7, 0.09, 0, 1.35, 0, STEEL),
        box(0.62, 0.62, 0.06, 0.3, 2.4, 0, SIGN),
        box(0.36, 0.9, 0.05, 0.2, 1.4, 0, GLASS),
      ]);
    case "street_light":
      return join([
        coloured(new CylinderGeometry(0.05, 0.08, 6.5, 5, 1, true).translate(0, 3.25, 0), STEEL),
        box(0.07, 0.07, 1.1, 0, 6.45, -0.5, STEEL),
        box(0.2, 0.1, 0.5, 0, 6.4, -0.95, LAMP),
      ]);
  }
}
