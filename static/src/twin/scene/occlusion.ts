/**
 * How open the sky is over every place, baked once from above: the city's roofs and ground drawn as a height map, then
 * for each texel the horizon in twelve directions. This is the soft shade between buildings and at the foot of walls,
 * at no cost a frame; baked again only when tiles or a design have changed.
 */

import {
  ClampToEdgeWrapping,
  HalfFloatType,
  LinearFilter,
  Mesh,
  NoBlending,
  OrthographicCamera,
  PlaneGeometry,
  RedFormat,
  Scene,
  ShaderMaterial,
  type Texture,
  UnsignedByteType,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";

import type { Bounds } from "../rig";
import type { Paper } from "./paper";
import { OCCLUDER_LAYER } from "./tiles";

const ABOVE_M = 1000;

const AO_FRAGMENT = /* glsl */ `
varying vec2 vUv;
uniform sampler2D heights;
uniform vec2 metres;
const float DIRECTIONS = 12.0;
void main() {
  float here = texture2D(heights, vUv).r;
  float open = 0.0;
  for (float d = 0.0; d < DIRECTIONS; d += 1.0) {
    float angle = (d + 0.25) / DIRECTIONS * 6.2831853;
    vec2 way = vec2(cos(angle), sin(angle)) / metres;
    float slope = 0.0;
    float reach = 1.6;
    for (int s = 0; s < 6; s += 1) {
      float there = texture2D(heights, vUv + way * reach).r;
      slope = max(slope, (there - here - 0.15) / reach);
      reach *= 1.95;
    }
    open += 1.0 / (1.0 + slope * slope);
  }
  gl_FragColor = vec4(mix(0.16, 1.0, open / DIRECTIONS), 0.0, 0.0, 1.0);
}`;

export class Occlusion {
  readonly #target: WebGLRenderTarget;
  readonly #camera: OrthographicCamera;
  readonly #flatCamera = new OrthographicCamera(-1, 1, 1, -1, 0, 1);
  readonly #heightMaterial: ShaderMaterial;
  readonly #bakeMaterial: ShaderMaterial;
  readonly #quad: Mesh<PlaneGeometry, ShaderMaterial>;
  readonly #flatScene = new Scene();

  constructor(
    private readonly bounds: Bounds,
    private readonly size_px: number,
    private readonly paper: Paper,
  ) {
    const [west, south] = bounds.min;
    const [east, north] = bounds.max;
    const [width, depth] = [east - west, north - south];
    this.#camera = new OrthographicCamera(-width / 2, width / 2, depth / 2, -depth / 2, 1, ABOVE_M * 2);
    this.#camera.position.set((west + east) / 2, ABOVE_M, -(south + north) / 2);
    this.#camera.up.set(0, 0, -1);
    this.#camera.lookAt(this.#camera.position.x, 0, this.#camera.position.z);
    this.#camera.layers.set(OCCLUDER_LAYER);
    this.#target = new WebGLRenderTarget(size_px, size_px, {
      format: RedFormat,
      type: UnsignedByteType,
      minFilter: LinearFilter,
      magFilter: LinearFilter,
      wrapS: ClampToEdgeWrapping,
      wrapT: ClampToEdgeWrapping,
      depthBuffer: false,
    });
    this.#heightMaterial = new ShaderMaterial({
      uniforms: { uDesign: paper.uniforms.uDesign },
      vertexShader: `
        uniform float uDesign;
        attribute vec2 mark;
        varying float vHeight;
        void main() {
          vec3 transformed = position;
          #include <project_vertex>
          vec4 world = vec4(transformed, 1.0);
          #ifdef USE_INSTANCING
          world = instanceMatrix * world;
          #endif
          vHeight = (modelMatrix * world).y;
          if (mark.y > 0.5 && uDesign > 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
        }`,
      fragmentShader: "varying float vHeight;\nvoid main() { gl_FragColor = vec4(vHeight, 0.0, 0.0, 1.0); }",
      blending: NoBlending,
    });
    this.#bakeMaterial = new ShaderMaterial({
      uniforms: { heights: { value: null }, metres: { value: new Vector2(width, depth) } },
      vertexShader: "varying vec2 vUv;\nvoid main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }",
      fragmentShader: AO_FRAGMENT,
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
    });
    this.#quad = new Mesh(new PlaneGeometry(2, 2), this.#bakeMaterial);
    this.#quad.frustumCulled = false;
    this.#flatScene.add(this.#quad);
  }

  get texture(): Texture {
    return this.#target.texture;
  }

  /** Bakes what `scene` holds now and hands it to the paper. */
  bake(renderer: WebGLRenderer, scene: Scene): void {
    const [west, south] = this.bounds.min;
    const [east, north] = this.bounds.max;
    const heights = new WebGLRenderTarget(this.size_px, this.size_px, {
      format: RedFormat,
      type: HalfFloatType,
      minFilter: LinearFilter,
      magFilter: LinearFilter,
    });
    const { background, fog } = scene;
    const autoUpdate = renderer.shadowMap.autoUpdate;
    renderer.shadowMap.autoUpdate = false;
    scene.overrideMaterial = this.#heightMaterial;
    scene.background = null;
    scene.fog = null;
    renderer.setRenderTarget(heights);
    renderer.clear();
    renderer.render(scene, this.#camera);
    scene.overrideMaterial = null;
    scene.background = background;
    scene.fog = fog;
    const source = this.#bakeMaterial.uniforms["heights"];
    if (source) source.value = heights.texture;
    renderer.setRenderTarget(this.#target);
    renderer.render(this.#flatScene, this.#flatCamera);
    renderer.setRenderTarget(null);
    renderer.shadowMap.autoUpdate = autoUpdate;
    if (source) source.value = null;
    heights.dispose();
    this.paper.uniforms.uOcclusionFrame.value.set(west, -south, 1 / (east - west), -1 / (north - south));
    this.paper.setOcclusion(this.#target.texture);
  }

  dispose(): void {
    this.paper.setOcclusion(null);
    this.#target.dispose();
    this.#heightMaterial.dispose();
    this.#bakeMaterial.dispose();
    this.#quad.geometry.dispose();
  }
}
