/** From the picture to the city and back. */

import { type PerspectiveCamera, Raycaster, Vector2, type Vector3 } from "three";

import type { TileHit, TilesLayer } from "./tiles";

export class Sight {
  readonly #raycaster = new Raycaster();
  readonly #point = new Vector2();
  width = 1;
  height = 1;

  constructor(private readonly camera: PerspectiveCamera) {}

  /** The nearest surface under a point of the picture, in CSS pixels from its corner. Only `named` layers tell objects. */
  pick(x: number, y: number, layers: readonly TilesLayer[], named: TilesLayer | null, withRemoved: boolean): TileHit | null {
    this.#point.set((x / this.width) * 2 - 1, 1 - (y / this.height) * 2);
    this.#raycaster.setFromCamera(this.#point, this.camera);
    let nearest: TileHit | null = null;
    for (const layer of layers) {
      const hit = layer.pick(this.#raycaster, withRemoved);
      if (!hit || (nearest !== null && hit.distance >= nearest.distance)) continue;
      nearest = layer === named ? hit : { ...hit, object: null };
    }
    return nearest;
  }

  /** Writes where a place is on the picture, in CSS pixels and metres away; false behind the camera or off the picture. */
  project(e: number, n: number, z: number, into: Vector3): boolean {
    into.set(e, z, -n);
    const away = into.distanceTo(this.camera.position);
    into.project(this.camera);
    const seen = into.z < 1 && into.z > -1 && Math.abs(into.x) < 1.1 && Math.abs(into.y) < 1.1;
    into.set(((into.x + 1) / 2) * this.width, ((1 - into.y) / 2) * this.height, away);
    return seen;
  }
}
