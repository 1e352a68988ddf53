/**
 * The city as a picture: scene, camera, light, tiles, furniture, design and the frame that puts them together. Knows
 * nothing of buttons and cards; `app.ts` does.
 */

import {
  ACESFilmicToneMapping,
  Group,
  type Material,
  type Object3D,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  SRGBColorSpace,
  type Vector3,
  WebGLRenderer,
} from "three";

import type { CityClock } from "./clock";
import type { Design } from "./designs/design";
import { Draughtsman } from "./draughtsman";
import type { Ground } from "./heights";
import { Loop } from "./loop";
import type { Instances, Manifest } from "./manifest";
import type { Ladder } from "./quality";
import { EYE_M, type Rig } from "./rig";
import { Comparison, type Showing } from "./scene/comparison";
import { Furniture } from "./scene/furniture";
import { Light } from "./scene/light";
import { Occlusion } from "./scene/occlusion";
import { Outline } from "./scene/outline";
import { SELECTED_INK } from "./scene/palette";
import { Paper } from "./scene/paper";
import { Sight } from "./scene/sight";
import { Sky } from "./scene/sky";
import { TilesLayer, type TileHit } from "./scene/tiles";
import { Disposer } from "../commons/disposer";
import { Store } from "../commons/store";
import { sunPosition, type SunPosition } from "./sun";
import type { Walker } from "./walk";
import type { WallIndex } from "./walls";

export interface ViewOptions {
  readonly canvas: HTMLCanvasElement;
  /** Takes the state (`data-state`) and, when stepped, the step events. */
  readonly root: HTMLElement;
  readonly manifest: Manifest;
  readonly ground: Ground;
  readonly rig: Rig;
  readonly walker: Walker;
  readonly walls: WallIndex;
  readonly clock: CityClock;
  readonly ladder: Ladder;
  readonly stepped: boolean;
}

/** Something that an outer room draws in the city. */
export interface SceneLayer {
  readonly object: Object3D;
  /** Called before each frame; true while it changes by itself. Allocates nothing. */
  step(): boolean;
  dispose(): void;
}

const LENS_DEG = 34;
/** At eye level a 34° lens is a keyhole: a person sees wider. */
const WALK_LENS_DEG = 56;
/** How far around a walker shadows are drawn. */
const WALK_SHADOW_M = 240;
const QUIET_FRAMES = 5;
const ERROR_FLAGS = 6;

export class CityView {
  readonly canvas: HTMLCanvasElement;
  readonly camera = new PerspectiveCamera(LENS_DEG, 1, 1, 9000);
  /** Whether everything in view is there and nothing moves. */
  readonly settled = new Store(false);
  readonly sun: Store<SunPosition>;
  /** Fired after each frame, for what is laid over the picture. */
  readonly frames = new Store(0);
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #undo = new Disposer();
  readonly #loop: Loop;
  readonly #paper: Paper;
  readonly #light: Light;
  readonly #sky: Sky;
  readonly #draughtsman: Draughtsman;
  readonly #layers: TilesLayer[] = [];
  readonly #living = new Set<SceneLayer>();
  readonly #buildings: TilesLayer | null;
  readonly #outline = new Outline(SELECTED_INK, 3.5, { through: true });
  readonly #comparison: Comparison;
  readonly #furnitureGroup = new Group();
  readonly #sight = new Sight(this.camera);
  readonly #options: ViewOptions;
  #furniture: Furniture | null = null;
  #instances: Instances | null = null;
  #occlusion: Occlusion | null = null;
  #occlusionDirty = true;
  #sceneDirty = true;
  #pictureDirty = true;
  #quietFrames = 0;
  #selected: string | null = null;
  #width = 1;
  #height = 1;
  #shadowE = NaN;
  #shadowN = NaN;
  #insetLeft = 0;
  #insetBottom = 0;
  #failure: ((error: Error) => void) | null = null;
  #uploads = -1;

  constructor(options: ViewOptions) {
    this.#options = options;
    const { canvas, manifest, clock, ladder, rig } = options;
    this.canvas = canvas;
    this.sun = new Store(sunPosition(clock.instant, manifest.origin.lat, manifest.origin.lon));
    this.#renderer = new WebGLRenderer({ canvas, antialias: ladder.settings.antialias, powerPreference: "high-performance" });
    this.#renderer.outputColorSpace = SRGBColorSpace;
    this.#renderer.toneMapping = ACESFilmicToneMapping;
    this.#renderer.toneMappingExposure = 1.12;
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = PCFShadowMap;
    this.#renderer.info.autoReset = false;
    this.#paper = this.#undo.own(new Paper());
    this.#sky = this.#undo.own(new Sky());
    this.#light = this.#undo.own(new Light(this.#scene, ladder.settings.shadowMap_px));
    this.#draughtsman = this.#undo.own(new Draughtsman());
    this.#undo.own(this.#outline);
    this.#buildings = this.#addTiles("building");
    this.#comparison = this.#undo.own(
      new Comparison(this.#scene, this.#paper, this.#buildings, options.ground, options.walls),
    );
    this.#addTiles("ground");
    this.#scene.add(
      this.#sky.mesh,
      this.#furnitureGroup,
      this.#outline.lines,
      ...this.#layers.map((layer) => layer.group),
    );
    this.#makeOcclusion();
    this.#loop = this.#undo.own(new Loop({ element: options.root, stepped: options.stepped, onFrame: this.#frame }));
    this.#undo.add(clock.time.subscribe(this.#moveSun));
    this.#undo.add(clock.playing.subscribe(this.request));
    this.#undo.add(rig.mode.subscribe(this.request));
    this.#undo.add(ladder.quality.subscribe(this.#requality));
    this.#moveSun();
  }

  /** Asks for a frame; any number of times, one is drawn. */
  readonly request = (): void => {
    this.settled.set(false);
    this.#quietFrames = 0;
    this.#pictureDirty = true;
    this.#loop.request();
  };

  /** Asks for a frame because something lives in the picture; what is settled stays settled. */
  readonly wake = (): void => {
    this.#loop.request();
  };

  /** Draws what an outer room brings; the undo takes it away and disposes of it. */
  add(layer: SceneLayer): () => void {
    this.#living.add(layer);
    this.#scene.add(layer.object);
    this.request();
    return () => {
      this.#living.delete(layer);
      layer.dispose();
      this.request();
    };
  }

  /** The card of small things in the city: takes colours of vertices and of instances. */
  get card(): Material {
    return this.#paper.card;
  }

  /** Called when a tile cannot be loaded. */
  onFailure(listener: (error: Error) => void): void {
    this.#failure = listener;
  }

  get rendererInfo(): WebGLRenderer["info"] {
    return this.#renderer.info;
  }

  resize(width: number, height: number, deviceRatio: number): void {
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
    this.#sight.width = this.#width;
    this.#sight.height = this.#height;
    this.#renderer.setPixelRatio(Math.min(deviceRatio, this.#options.ladder.settings.pixelRatio));
    this.#renderer.setSize(this.#width, this.#height, false);
    this.camera.aspect = this.#width / this.#height;
    this.#outline.setSize(this.#width, this.#height);
    this.#comparison.setSize(this.#width, this.#height);
    this.#placeCamera();
    this.#sceneDirty = true;
    this.request();
  }

  /** What panels cover of the picture's left and bottom, in CSS pixels: the camera looks at the middle of the rest. */
  setInsets(left: number, bottom: number): void {
    if (left === this.#insetLeft && bottom === this.#insetBottom) return;
    this.#insetLeft = left;
    this.#insetBottom = bottom;
    this.#placeCamera();
    this.#sceneDirty = true;
    this.request();
  }

  setInstances(instances: Instances): void {
    this.#instances = instances;
    this.#plant();
  }

  setSelected(object: string | null): void {
    this.#selected = object;
    this.#outline.setTriangles(object === null ? null : (this.#buildings?.trianglesOf(object) ?? null));
    this.request();
  }

  /** Shows a design, or takes it away. */
  setDesign(design: Design | null): void {
    this.#comparison.set(design);
    this.#occlusionDirty = true;
    this.#sceneDirty = true;
    this.request();
  }

  /** What is drawn of a design: the place as it is, with the design, or both beside a line at `share` of the width. */
  show(showing: Showing, share = 0.5): void {
    this.#comparison.show(showing, share);
    this.#occlusionDirty ||= showing !== "swipe";
    this.#sceneDirty = true;
    this.request();
  }

  get design(): Design | null {
    return this.#comparison.design;
  }

  get showing(): Showing {
    return this.#comparison.showing;
  }

  /** Whether a design has taken an object out of the picture. */
  hides(object: string): boolean {
    return this.#comparison.hides(object);
  }

  /** The surface under a point of the picture, in CSS pixels from its corner. */
  pick(x: number, y: number): TileHit | null {
    return this.#sight.pick(x, y, this.#layers, this.#buildings, this.#comparison.showsRemoved);
  }

  /** Writes where a place is on the picture, in CSS pixels and metres away; false behind the camera or off the picture. */
  project(e: number, n: number, z: number, into: Vector3): boolean {
    return this.#sight.project(e, n, z, into);
  }

  /** Metres that a pixel covers at what is looked at. */
  get metresPerPixel(): number {
    const { rig } = this.#options;
    const distance = Math.max(rig.pose.distance_m, 20);
    return (2 * distance * Math.tan((this.camera.fov * Math.PI) / 360)) / this.#height;
  }

  get tilesAreFull(): boolean {
    return this.#layers.some((layer) => layer.isFull);
  }

  coarsenTiles(): boolean {
    const coarsened = this.#layers.map((layer) => layer.coarsen());
    this.request();
    return coarsened.includes(true);
  }

  /**
   * Whether the graphics device has refused memory since this was last asked. To ask makes it finish what it is doing:
   * it is asked only where something has been given to it since.
   */
  takeRefusal(): boolean {
    const { geometries, textures } = this.#renderer.info.memory;
    const uploads = geometries + textures + this.#layers.reduce((sum, layer) => sum + layer.loadedCount, 0);
    if (uploads === this.#uploads) return false;
    this.#uploads = uploads;
    const gl = this.#renderer.getContext();
    let wasRefused = false;
    // A device keeps one flag of each kind of error.
    for (let flag = 0; flag < ERROR_FLAGS; flag += 1) {
      const error = gl.getError();
      if (error === gl.NO_ERROR) break;
      wasRefused ||= error === gl.OUT_OF_MEMORY;
    }
    return wasRefused;
  }

  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#width, height: this.#height };
  }

  dispose(): void {
    this.#undo.dispose();
    for (const layer of this.#layers) layer.dispose();
    this.#furniture?.dispose();
    this.#occlusion?.dispose();
    this.#scene.clear();
    this.settled.dispose();
    this.sun.dispose();
    this.frames.dispose();
    this.#renderer.renderLists.dispose();
    this.#renderer.dispose();
  }

  #addTiles(style: "building" | "ground"): TilesLayer | null {
    const { manifest, ladder, walls } = this.#options;
    const publication = manifest.publication;
    const path = style === "building" ? publication?.buildings : publication?.ground;
    if (!publication || !path) return null;
    const layer = new TilesLayer({
      url: publication.base_url + path,
      style,
      paper: this.#paper,
      draughtsman: this.#draughtsman,
      walls,
      errorTarget_px: ladder.settings.errorTarget_px,
      maxBytes: ladder.settings.tileBytes,
      onChange: this.#tilesChanged,
      onFailure: (error) => this.#failure?.(error),
    });
    layer.setShadowCamera(this.#light.sun.shadow.camera, 512);
    this.#layers.push(layer);
    return layer;
  }

  readonly #tilesChanged = (): void => {
    this.#sceneDirty = true;
    this.#occlusionDirty = true;
    this.request();
  };

  readonly #moveSun = (): void => {
    const { clock, manifest } = this.#options;
    const position = sunPosition(clock.instant, manifest.origin.lat, manifest.origin.lon);
    this.sun.set(position);
    this.#light.setSun(position, this.#paper, this.#sky);
    this.#sceneDirty = true;
    this.request();
  };

  readonly #requality = (): void => {
    const { settings } = this.#options.ladder;
    this.#light.setShadowMap(settings.shadowMap_px);
    for (const layer of this.#layers) {
      layer.errorTarget_px = settings.errorTarget_px;
      layer.setMaxBytes(settings.tileBytes);
    }
    this.#plant();
    this.#makeOcclusion();
    this.resize(this.#width, this.#height, window.devicePixelRatio);
  };

  #makeOcclusion(): void {
    this.#occlusion?.dispose();
    const { manifest, ladder } = this.#options;
    const size = ladder.settings.occlusion_px;
    this.#occlusion = manifest.publication && size > 0 ? new Occlusion(manifest.publication.bounds, size, this.#paper) : null;
    this.#occlusionDirty = true;
  }

  #plant(): void {
    this.#furniture?.dispose();
    this.#furniture = null;
    const { settings, quality } = this.#options.ladder;
    if (this.#instances && settings.furniture) {
      const detailed = quality.value !== "low";
      this.#furniture = new Furniture(this.#instances, this.#paper, { detailed, shadows: settings.treeShadows });
      this.#furnitureGroup.add(this.#furniture.group);
    }
    this.#tilesChanged();
  }

  /** One frame. Allocates nothing of its own; true while another is due. */
  readonly #frame = (elapsed_s: number): boolean => {
    const { rig, walker, clock, ladder } = this.#options;
    const walking = walker.step(elapsed_s);
    const moving = rig.step(elapsed_s);
    const playing = clock.step(elapsed_s);
    const cameraMoved = rig.takeChanged();
    if (cameraMoved) this.#placeCamera();
    for (const layer of this.#layers) layer.update(this.camera, this.#width, this.#height);
    this.#furniture?.update(this.camera);
    let living = false;
    for (const layer of this.#living) living = layer.step() || living;
    const active = walking || moving || playing;
    if (!active) this.#settle();
    if (this.#sceneDirty || (cameraMoved && this.#hasLeftShadow())) this.#fitShadow();
    if (active || living || this.#pictureDirty) {
      this.#pictureDirty = false;
      this.#renderer.info.reset();
      this.#comparison.render(this.#renderer, this.camera, this.#light, this.#width, this.#height);
      this.frames.set(this.frames.value + 1);
      if (active && elapsed_s > 0) ladder.frameTook(elapsed_s);
    }
    return active || living || !this.settled.value;
  };

  /** Flying, each move changes what is seen; on foot, the shadows around one last for some steps. */
  #hasLeftShadow(): boolean {
    const { rig } = this.#options;
    if (rig.mode.value !== "walk" || rig.moving) return true;
    // Never fitted on foot yet: NaN is not less than anything.
    return !(Math.hypot(rig.pose.e - this.#shadowE, rig.pose.n - this.#shadowN) < WALK_SHADOW_M / 8);
  }

  #fitShadow(): void {
    const { rig, ground } = this.#options;
    const walking = rig.mode.value === "walk" && !rig.moving;
    const reach_m = walking ? WALK_SHADOW_M : Math.min(5200, rig.pose.distance_m * 2.2 + 500);
    this.#light.fit(this.camera, ground.heightAt(rig.pose.e, rig.pose.n), reach_m, walking);
    this.#shadowE = walking ? rig.pose.e : NaN;
    this.#shadowN = rig.pose.n;
    this.#sceneDirty = false;
  }

  #placeCamera(): void {
    const { rig } = this.#options;
    const { camera } = this;
    camera.position.set(rig.eyeE(), rig.eyeZ(), -rig.eyeN());
    const azimuth = (rig.pose.azimuth_deg * Math.PI) / 180;
    const pitch = (rig.pose.pitch_deg * Math.PI) / 180;
    camera.rotation.set(-pitch, -azimuth, 0, "YXZ");
    const share = Math.min(1, rig.pose.distance_m / 80);
    camera.fov = WALK_LENS_DEG + (LENS_DEG - WALK_LENS_DEG) * share;
    const height = Math.max(EYE_M, rig.pose.distance_m * 0.5);
    camera.near = Math.min(20, Math.max(0.25, height * 0.06));
    camera.far = Math.max(3500, rig.pose.distance_m * 4 + 3000);
    // Updates the projection as well.
    camera.setViewOffset(this.#width, this.#height, -this.#insetLeft / 2, this.#insetBottom / 2, this.#width, this.#height);
    camera.updateMatrixWorld();
    this.#light.setReach(rig.pose.distance_m);
    this.#paper.uniforms.uLineFade.value.set(Math.max(60, rig.pose.distance_m * 0.7), Math.max(700, rig.pose.distance_m * 2));
  }

  /**
   * Some quiet frames with everything loaded (a tileset's children are only asked for in the next frame), then the soft
   * shade is baked and drawn, and it rests.
   */
  #settle(): void {
    if (this.#pictureDirty || !this.#layers.every((layer) => layer.isSettled)) return;
    this.#quietFrames += 1;
    if (this.#quietFrames < QUIET_FRAMES) return;
    if (this.#occlusionDirty) {
      this.#occlusionDirty = false;
      this.#pictureDirty = true;
      this.#comparison.settleSide();
      this.#occlusion?.bake(this.#renderer, this.#scene);
      if (this.#selected !== null) this.#outline.setTriangles(this.#buildings?.trianglesOf(this.#selected) ?? null);
      this.#comparison.outlineCleared();
      return;
    }
    this.settled.set(true);
  }
}
