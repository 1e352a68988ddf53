/** People as paper figures: a few rigid parts cut from card, placed by instance matrices. Those above are small kites. */

import {
  BoxGeometry,
  BufferAttribute,
  type BufferGeometry,
  Color,
  CylinderGeometry,
  Euler,
  Group,
  IcosahedronGeometry,
  InstancedMesh,
  type Material,
  Matrix4,
  OctahedronGeometry,
  Quaternion,
  Vector3,
} from "three";

import type { SceneLayer } from "../../twin/view";
import type { Crowd, Person } from "./crowd";

/** The server tells at most so many at once; some more may be on their way out. */
const MOST = 64;
const HIP_M = 0.82;
const SHOULDER_M = 1.36;
const SWING = 0.55;
/** Metres of a step and a half, in which the legs swing there and back. */
const STRIDE_M = 1.5;
/** So high over what they look at, kites fly. */
const KITE_M = 9;

const HEAD = "#f3e3cf";
const GUEST = new Color("#e9e1d3");
const BADGE = new Color("#3f6ea8");
/** Calm, and apart from the orange that is for ideas alone. */
const COATS = ["#8fb3a6", "#a9b8c9", "#b9a7c4", "#c9b79a", "#9fb4c4", "#b4c39a"].map((colour) => new Color(colour));

function card(geometry: BufferGeometry, colour = "#ffffff"): BufferGeometry {
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

function coatOf(person: Person): Color {
  if (person.badge) return BADGE;
  if (!person.name) return GUEST;
  return COATS[person.id % COATS.length] ?? GUEST;
}

export class Figures implements SceneLayer {
  readonly object = new Group();
  readonly #coats: InstancedMesh;
  readonly #heads: InstancedMesh;
  readonly #limbs: InstancedMesh;
  readonly #kites: InstancedMesh;
  readonly #place = new Matrix4();
  readonly #part = new Matrix4();
  readonly #at = new Vector3();
  readonly #turn = new Quaternion();
  readonly #euler = new Euler();
  readonly #one = new Vector3(1, 1, 1);

  constructor(
    private readonly crowd: Crowd,
    material: Material,
  ) {
    const torso = new CylinderGeometry(0.17, 0.25, 0.68, 6, 1).scale(1, 1, 0.68).translate(0, HIP_M + 0.3, 0);
    const limb = new BoxGeometry(0.13, HIP_M, 0.15).translate(0, -HIP_M / 2, 0);
    this.#coats = this.#mesh(card(torso), material, MOST);
    this.#heads = this.#mesh(card(new IcosahedronGeometry(0.15, 1).translate(0, 1.6, 0), HEAD), material, MOST);
    this.#limbs = this.#mesh(card(limb), material, 4 * MOST);
    this.#kites = this.#mesh(card(new OctahedronGeometry(1.1).scale(1, 0.7, 1)), material, MOST);
  }

  /** Called by the view for each frame; true while somebody moves. Allocates nothing. */
  step(): boolean {
    if (!this.crowd.step()) return false;
    let standing = 0;
    let flying = 0;
    for (const person of this.crowd.people) {
      if (person.isFlying && flying < MOST) this.#fly(person, flying++);
      else if (!person.isFlying && standing < MOST) this.#stand(person, standing++);
    }
    this.#show(this.#coats, standing);
    this.#show(this.#heads, standing);
    this.#show(this.#limbs, standing * 4);
    this.#show(this.#kites, flying);
    return true;
  }

  dispose(): void {
    for (const mesh of [this.#coats, this.#heads, this.#limbs, this.#kites]) {
      mesh.geometry.dispose();
      mesh.dispose();
    }
    this.object.removeFromParent();
    this.object.clear();
  }

  #mesh(geometry: BufferGeometry, material: Material, most: number): InstancedMesh {
    const mesh = new InstancedMesh(geometry, material, most);
    mesh.setColorAt(0, GUEST);
    mesh.count = 0;
    // People are everywhere; a few triangles too many cost less than a sphere around them in each frame.
    mesh.frustumCulled = false;
    mesh.raycast = () => undefined;
    this.object.add(mesh);
    return mesh;
  }

  #stand(person: Person, index: number): void {
    const coat = coatOf(person);
    this.#face(person.e, person.z, -person.n, person.yaw);
    this.#coats.setMatrixAt(index, this.#place);
    this.#coats.setColorAt(index, coat);
    this.#heads.setMatrixAt(index, this.#place);
    this.#heads.setColorAt(index, GUEST);
    const swing = Math.sin((person.walked_m / STRIDE_M) * 2 * Math.PI) * SWING * (person.state === 1 ? 1 : 0);
    this.#limb(index * 4, -0.1, HIP_M, swing, coat);
    this.#limb(index * 4 + 1, 0.1, HIP_M, -swing, coat);
    this.#limb(index * 4 + 2, -0.28, SHOULDER_M, -swing, coat);
    this.#limb(index * 4 + 3, 0.28, SHOULDER_M, swing, coat);
  }

  #fly(person: Person, index: number): void {
    this.#face(person.e, person.z + KITE_M, -person.n, person.yaw);
    this.#kites.setMatrixAt(index, this.#place);
    this.#kites.setColorAt(index, coatOf(person));
  }

  #face(x: number, y: number, z: number, yaw: number): void {
    this.#turn.setFromEuler(this.#euler.set(0, -yaw, 0));
    this.#place.compose(this.#at.set(x, y, z), this.#turn, this.#one);
  }

  #limb(index: number, side_m: number, height_m: number, swing: number, coat: Color): void {
    this.#turn.setFromEuler(this.#euler.set(swing, 0, 0));
    this.#part.compose(this.#at.set(side_m, height_m, 0), this.#turn, this.#one);
    this.#limbs.setMatrixAt(index, this.#part.premultiply(this.#place));
    this.#limbs.setColorAt(index, coat);
  }

  #show(mesh: InstancedMesh, count: number): void {
    mesh.count = count;
    mesh.instanceMatrix.needsUpdate = true;
    if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
  }
}
