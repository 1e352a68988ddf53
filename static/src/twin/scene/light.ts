/** One sun with a shadow map fitted to what the camera sees, a cool sky and a warm bounce. */

import {
  DirectionalLight,
  Fog,
  HemisphereLight,
  Matrix4,
  type PerspectiveCamera,
  type Scene,
  Vector3,
} from "three";

import type { SunPosition } from "../sun";
import { lightOf, makeDaylight, type Daylight } from "./palette";
import type { Paper } from "./paper";
import type { Sky } from "./sky";

const DEGREE = Math.PI / 180;
/** Shadows are drawn from a sun at least this high: below, they are longer than any city. */
const LEAST_SHADOW_DEG = 2.5;
/** The tallest thing that may throw a shadow into the view, over the lowest ground. */
const HEADROOM_M = 240;

export class Light {
  readonly sun = new DirectionalLight();
  readonly sky = new HemisphereLight();
  readonly fog = new Fog("#ffffff", 100, 4000);
  readonly daylight: Daylight = makeDaylight();
  readonly #toSun = new Vector3(0, 1, 0);
  readonly #view = new Matrix4();
  readonly #turn = new Matrix4();
  readonly #corner = new Vector3();
  readonly #ray = new Vector3();
  readonly #least = new Vector3();
  readonly #most = new Vector3();
  readonly #up = new Vector3(0, 1, 0);
  readonly #origin = new Vector3();

  constructor(
    private readonly scene: Scene,
    shadowMap_px: number,
  ) {
    this.sun.castShadow = true;
    this.sun.shadow.mapSize.set(shadowMap_px, shadowMap_px);
    this.sun.shadow.camera.matrixAutoUpdate = true;
    this.sun.shadow.autoUpdate = false;
    this.sun.shadow.intensity = 0.92;
    scene.add(this.sun, this.sun.target, this.sky);
    scene.fog = this.fog;
  }

  /** A unit vector to the sun, in three's axes. */
  get toSun(): Readonly<Vector3> {
    return this.#toSun;
  }

  setSun(position: SunPosition, paper: Paper, sky: Sky): void {
    const elevation = Math.max(position.elevation_deg, LEAST_SHADOW_DEG) * DEGREE;
    const azimuth = position.azimuth_deg * DEGREE;
    this.#toSun.set(
      Math.sin(azimuth) * Math.cos(elevation),
      Math.sin(elevation),
      -Math.cos(azimuth) * Math.cos(elevation),
    );
    lightOf(position, this.daylight);
    const { daylight } = this;
    this.sun.color.copy(daylight.sun);
    this.sun.intensity = daylight.sunIntensity;
    this.sun.castShadow = daylight.sunIntensity > 0.01;
    this.sky.color.copy(daylight.sky);
    this.sky.groundColor.copy(daylight.bounce);
    this.sky.intensity = daylight.ambientIntensity;
    this.fog.color.copy(daylight.haze);
    paper.uniforms.uNight.value = daylight.night;
    sky.set(daylight, this.#toSun);
    this.sun.shadow.needsUpdate = true;
  }

  setShadowMap(shadowMap_px: number): void {
    this.sun.shadow.mapSize.set(shadowMap_px, shadowMap_px);
    this.sun.shadow.map?.dispose();
    this.sun.shadow.map = null;
    this.sun.shadow.needsUpdate = true;
  }

  /** Haze that begins behind what one looks at. */
  setReach(distance_m: number): void {
    this.fog.near = Math.max(160, distance_m * 1.1);
    this.fog.far = Math.max(1500, distance_m * 2.6 + 2300);
  }

  /**
   * Fits the shadow's box around the part of the ground (`floor` metres high, and what stands on it) that the camera
   * sees up to `reach_m` (or, `around`, that lies so near), in steps of whole texels so that edges do not swim. Allocates nothing.
   */
  fit(camera: PerspectiveCamera, floor: number, reach_m: number, around: boolean): void {
    this.#view.lookAt(this.#toSun, this.#origin, this.#up);
    this.#turn.copy(this.#view).invert();
    this.#least.setScalar(Infinity);
    this.#most.setScalar(-Infinity);
    if (around) this.#includeAround(camera, floor, reach_m);
    else this.#includeView(camera, floor, reach_m);
    this.#lay();
  }

  /** Everything about a person on foot, who turns the head more than they move: the box stays while they turn. */
  #includeAround(camera: PerspectiveCamera, floor: number, reach_m: number): void {
    const { x, z } = camera.position;
    for (let index = 0; index < 4; index += 1) {
      for (const height of HEIGHTS) {
        this.#include(x + (index & 1 ? reach_m : -reach_m), floor + height, z + (index & 2 ? reach_m : -reach_m));
      }
    }
  }

  #includeView(camera: PerspectiveCamera, floor: number, reach_m: number): void {
    const start = this.#corner.setFromMatrixPosition(camera.matrixWorld);
    this.#include(start.x, Math.min(start.y, floor + 60), start.z);
    for (let index = 0; index < 4; index += 1) {
      this.#ray.set(index & 1 ? 1 : -1, index & 2 ? 1 : -1, 0.5).unproject(camera);
      this.#ray.sub(this.#corner.setFromMatrixPosition(camera.matrixWorld)).normalize();
      for (const height of HEIGHTS) this.#includeAlong(camera, floor + height, reach_m);
    }
  }

  /** Lays the shadow's box around what is included. */
  #lay(): void {
    const { shadow } = this.sun;
    const margin = 12;
    const width = this.#most.x - this.#least.x + 2 * margin;
    const depth = this.#most.y - this.#least.y + 2 * margin;
    const texel = Math.max(width, depth) / shadow.mapSize.x;
    const x = Math.round((this.#least.x + this.#most.x) / 2 / texel) * texel;
    const y = Math.round((this.#least.y + this.#most.y) / 2 / texel) * texel;
    const climb = HEADROOM_M / Math.max(0.12, this.#toSun.y);
    const top = this.#most.z + climb;
    const box = shadow.camera;
    box.left = -width / 2;
    box.right = width / 2;
    box.bottom = -depth / 2;
    box.top = depth / 2;
    box.near = 1;
    box.far = top - this.#least.z + 60;
    box.updateProjectionMatrix();
    this.sun.position.set(x, y, top).applyMatrix4(this.#view);
    this.sun.target.position.copy(this.sun.position).sub(this.#toSun);
    this.sun.updateMatrixWorld();
    this.sun.target.updateMatrixWorld();
    // About a hand's width of half-shade, whatever the box: teeth of single texels never show.
    shadow.radius = Math.min(3.5, Math.max(1.2, 0.35 / texel));
    shadow.normalBias = Math.min(1.2, texel * 1.5);
    shadow.bias = -0.00035;
    shadow.needsUpdate = true;
  }

  dispose(): void {
    this.scene.remove(this.sun, this.sun.target, this.sky);
    this.scene.fog = null;
    this.sun.dispose();
    this.sky.dispose();
  }

  #includeAlong(camera: PerspectiveCamera, height: number, reach_m: number): void {
    const eye = this.#corner.setFromMatrixPosition(camera.matrixWorld);
    const drop = height - eye.y;
    const toward = this.#ray.y === 0 ? -1 : drop / this.#ray.y;
    const along = toward > 0 ? Math.min(toward, reach_m) : reach_m;
    this.#include(
      eye.x + this.#ray.x * along,
      Math.min(Math.max(eye.y + this.#ray.y * along, height - 20), height + HEIGHTS[1]),
      eye.z + this.#ray.z * along,
    );
  }

  #include(x: number, y: number, z: number): void {
    const point = this.#point.set(x, y, z).applyMatrix4(this.#turn);
    this.#least.min(point);
    this.#most.max(point);
  }

  readonly #point = new Vector3();
}

/** The ground, and roofs of usual height, in metres over the floor. */
const HEIGHTS = [0, 45] as const;
