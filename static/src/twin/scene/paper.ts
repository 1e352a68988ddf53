/**
 * Paper: the materials of everything in the city, made once and shared by all tiles. Three's Lambert shader, with what
 * it lacks put in by `onBeforeCompile`: storeys scored into the card, the shade at the foot of walls, and objects that a
 * design takes away, which leave colour, shadow and occlusion alike because their triangles collapse in the vertex shader.
 */

import {
  Color,
  DoubleSide,
  LineBasicMaterial,
  type Material,
  MeshDepthMaterial,
  MeshLambertMaterial,
  type Texture,
  Vector2,
  Vector4,
  type WebGLProgramParametersWithUniforms,
} from "three";

import { GROUND, IDEA, KIND_COUNT, KIND_WATER, LINE_INK, ROOF, WALL } from "./palette";
import { whiteTexture } from "./textures";

/** Values that all paper shares; set them here and every material follows. */
export interface PaperUniforms {
  /** 1 while the design is shown: what it removes is gone. */
  readonly uDesign: { value: number };
  readonly uOcclusion: { value: Texture };
  /** West and north edge, and one over width and depth, of what the occlusion covers, in three's x and z. */
  readonly uOcclusionFrame: { value: Vector4 };
  readonly uNight: { value: number };
  /** Metres from the eye at which lines begin to fade and are gone. */
  readonly uLineFade: { value: Vector2 };
  readonly uGround: { value: readonly Color[] };
  readonly uRoof: { value: Color };
}

/** How a marked feature is drawn: the second byte of the `mark` attribute. */
export const MARK_GONE = 255;

const GONE_PARS = /* glsl */ `
uniform float uDesign;
attribute vec2 mark;
`;
// All corners in one point outside the view: no fragment is left, in any pass.
const GONE = /* glsl */ `
if (mark.y > 0.5 && uDesign > 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
`;
const WORLD_PARS = /* glsl */ `
varying vec3 vPaper;
`;
const WORLD = /* glsl */ `
#ifdef USE_INSTANCING
vPaper = (modelMatrix * instanceMatrix * vec4(transformed, 1.0)).xyz;
#else
vPaper = (modelMatrix * vec4(transformed, 1.0)).xyz;
#endif
`;
const OCCLUSION_PARS = /* glsl */ `
varying vec3 vPaper;
uniform sampler2D uOcclusion;
uniform vec4 uOcclusionFrame;
uniform float uNight;
float openSky(vec2 plan) {
  vec2 at = (plan - uOcclusionFrame.xy) * uOcclusionFrame.zw;
  return (at.x < 0.0 || at.y < 0.0 || at.x > 1.0 || at.y > 1.0) ? 1.0 : texture2D(uOcclusion, at).r;
}
`;
/** `sky` is how open the place is; it dims the sky's light fully and the sun's a little, as paper does. */
const DIM = /* glsl */ `
reflectedLight.indirectDiffuse *= sky;
reflectedLight.directDiffuse *= mix(1.0, sky, 0.3);
`;

const BUILDING_FRAGMENT_PARS = /* glsl */ `
${OCCLUSION_PARS}
uniform vec3 uRoof;
varying vec2 vCard;
float hash12(vec2 p) {
  vec3 q = fract(vec3(p.xyx) * 0.1031);
  q += dot(q, q.yzx + 33.33);
  return fract((q.x + q.y) * q.z);
}
`;
// The card's own tint, roofs cooler than walls, and storeys scored faintly where they are wide enough to see.
const BUILDING_COLOUR = /* glsl */ `
vec3 paperUp = normalize((viewMatrix * vec4(0.0, 1.0, 0.0, 0.0)).xyz);
vec3 faceWorld = inverseTransformDirection(normal, viewMatrix);
float slope = dot(normal, paperUp);
float roofness = smoothstep(0.3, 0.6, slope);
diffuseColor.rgb = mix(diffuseColor.rgb, uRoof, roofness);
float shade = vCard.x - 0.5;
diffuseColor.rgb *= 1.0 + 0.07 * shade;
diffuseColor.rgb += vec3(0.012, 0.0, -0.02) * shade;
float above = vPaper.y - vCard.y;
float storey = above / 3.3;
float blur = fwidth(storey);
float score = 1.0 - smoothstep(0.02 + blur, 0.06 + 1.6 * blur, abs(fract(storey + 0.5) - 0.5));
float wallness = 1.0 - smoothstep(0.15, 0.35, abs(slope));
score *= wallness * (1.0 - smoothstep(0.1, 0.3, blur)) * step(1.2, above);
diffuseColor.rgb *= 1.0 - 0.11 * score;
`;
// Lit windows: only at night, only near enough to make out, a third of them.
const BUILDING_WINDOWS = /* glsl */ `
if (uNight > 0.01) {
  vec2 along = normalize(vec2(faceWorld.z, -faceWorld.x) + vec2(1e-5, 0.0));
  vec2 cell = vec2(dot(vPaper.xz, along) / 3.4, storey);
  vec2 inside = abs(fract(cell) - 0.5);
  vec2 soft = fwidth(cell) + 0.02;
  float pane = (1.0 - smoothstep(0.24 - soft.x, 0.24 + soft.x, inside.x)) * (1.0 - smoothstep(0.26 - soft.y, 0.26 + soft.y, inside.y));
  float lit = step(0.66, hash12(floor(cell) + floor(vCard.x * 255.0 + 0.5) * 7.0));
  float far = smoothstep(0.25, 0.9, max(soft.x, soft.y));
  totalEmissiveRadiance += uNight * wallness * step(0.4, above) * vec3(1.0, 0.72, 0.4) * mix(pane * lit * 0.75, 0.055, far);
}
`;
const BUILDING_SKY = /* glsl */ `
float street = mix(openSky(vPaper.xz + faceWorld.xz * 2.4), openSky(vPaper.xz), roofness);
float lift = 1.0 - exp(-max(above, 0.0) / 13.0);
float sky = mix(mix(street, 1.0, lift * 0.85), street, roofness);
sky *= 1.0 - 0.32 * wallness * exp(-max(above, 0.0) / 1.5);
${DIM}
`;

const GROUND_COLOUR = /* glsl */ `
diffuseColor.rgb = vGround;
if (vKind > ${KIND_WATER}.0 - 0.5 && vKind < ${KIND_WATER}.0 + 0.5) {
  vec3 toEye = normalize(vViewPosition);
  float graze = pow(1.0 - clamp(dot(normal, toEye), 0.0, 1.0), 3.0);
  diffuseColor.rgb = mix(diffuseColor.rgb, vec3(0.9, 0.93, 0.94), graze * 0.6);
}
`;
const GROUND_SKY = /* glsl */ `
float sky = openSky(vPaper.xz);
${DIM}
`;

type Shader = WebGLProgramParametersWithUniforms;

function replace(source: string, chunk: string, by: string): string {
  const include = `#include <${chunk}>`;
  if (!source.includes(include)) throw new Error(`three's shader has no ${chunk}`);
  return source.replace(include, by);
}

function after(source: string, chunk: string, code: string): string {
  return replace(source, chunk, `#include <${chunk}>\n${code}`);
}

export class Paper {
  readonly uniforms: PaperUniforms;
  readonly building: MeshLambertMaterial;
  /** For whatever throws a shadow: three's own would keep its programs after everything is disposed of. */
  readonly depth: MeshDepthMaterial;
  readonly ground: MeshLambertMaterial;
  readonly card: MeshLambertMaterial;
  readonly line: LineBasicMaterial;
  readonly #blank = whiteTexture();

  constructor() {
    this.uniforms = {
      uDesign: { value: 0 },
      uOcclusion: { value: this.#blank },
      uOcclusionFrame: { value: new Vector4(0, 0, 0, 0) },
      uNight: { value: 0 },
      uLineFade: { value: new Vector2(500, 2200) },
      uGround: { value: GROUND },
      uRoof: { value: ROOF },
    };
    this.building = this.#building();
    this.depth = this.#depth();
    this.ground = this.#ground();
    this.card = this.#card();
    this.line = this.#line();
  }

  /** Shows the baked openness of the sky; without a texture, every place is open. */
  setOcclusion(texture: Texture | null): void {
    this.uniforms.uOcclusion.value = texture ?? this.#blank;
  }

  dispose(): void {
    const all: readonly Material[] = [this.building, this.depth, this.ground, this.card, this.line];
    for (const material of all) material.dispose();
    this.#blank.dispose();
  }

  /** The materials whose programs stay the same; compiled once. */
  #patch(material: Material, name: string, patch: (shader: Shader) => void): void {
    material.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.uniforms);
      patch(shader);
    };
    material.customProgramCacheKey = () => `metacity-${name}`;
  }

  #building(): MeshLambertMaterial {
    const material = new MeshLambertMaterial({ color: WALL, flatShading: true, polygonOffset: true });
    material.polygonOffsetFactor = 1;
    material.polygonOffsetUnits = 1;
    material.shadowSide = DoubleSide;
    this.#patch(material, "building", (shader) => {
      shader.vertexShader = after(shader.vertexShader, "common", `${GONE_PARS}${WORLD_PARS}attribute float foot;\nvarying vec2 vCard;`);
      shader.vertexShader = after(shader.vertexShader, "project_vertex", `${GONE}${WORLD}vCard = vec2(mark.x, foot);`);
      shader.fragmentShader = after(shader.fragmentShader, "common", BUILDING_FRAGMENT_PARS);
      shader.fragmentShader = after(shader.fragmentShader, "emissivemap_fragment", BUILDING_COLOUR + BUILDING_WINDOWS);
      shader.fragmentShader = after(shader.fragmentShader, "aomap_fragment", BUILDING_SKY);
    });
    return material;
  }

  #depth(): MeshDepthMaterial {
    const material = new MeshDepthMaterial();
    material.side = DoubleSide;
    this.#patch(material, "depth", (shader) => {
      shader.vertexShader = after(shader.vertexShader, "common", GONE_PARS);
      shader.vertexShader = after(shader.vertexShader, "project_vertex", GONE);
    });
    return material;
  }

  #ground(): MeshLambertMaterial {
    // The ground's tiles carry normals: narrow triangles along kerbs would catch the light, shaded flat.
    // As far behind the lines as walls are, and no farther: a road on a bridge is ground just above the deck.
    const material = new MeshLambertMaterial({ polygonOffset: true });
    material.polygonOffsetFactor = 1;
    material.polygonOffsetUnits = 1;
    this.#patch(material, "ground", (shader) => {
      const pars = `${GONE_PARS}${WORLD_PARS}uniform vec3 uGround[${KIND_COUNT}];\nattribute float _kind;\nvarying vec3 vGround;\nvarying float vKind;`;
      const colour = "vKind = _kind;\nvGround = uGround[int(_kind + 0.5)];";
      shader.vertexShader = after(shader.vertexShader, "common", pars);
      shader.vertexShader = after(shader.vertexShader, "project_vertex", `${GONE}${WORLD}${colour}`);
      shader.fragmentShader = after(shader.fragmentShader, "common", `${OCCLUSION_PARS}varying vec3 vGround;\nvarying float vKind;`);
      shader.fragmentShader = after(shader.fragmentShader, "emissivemap_fragment", GROUND_COLOUR);
      shader.fragmentShader = after(shader.fragmentShader, "aomap_fragment", GROUND_SKY);
    });
    return material;
  }

  /** Trees and street furniture: card of their own colour. */
  #card(): MeshLambertMaterial {
    const material = new MeshLambertMaterial({ vertexColors: true, flatShading: true });
    this.#patch(material, "card", (shader) => {
      shader.vertexShader = after(shader.vertexShader, "common", WORLD_PARS);
      shader.vertexShader = after(shader.vertexShader, "project_vertex", WORLD);
      shader.fragmentShader = after(shader.fragmentShader, "common", OCCLUSION_PARS);
      shader.fragmentShader = after(
        shader.fragmentShader,
        "aomap_fragment",
        `float sky = mix(0.82, 1.0, clamp(normal.y * 0.5 + 0.5, 0.0, 1.0));\n${DIM}`,
      );
    });
    return material;
  }

  #line(): LineBasicMaterial {
    const material = new LineBasicMaterial({ color: LINE_INK, transparent: true, opacity: 0.55, depthWrite: false });
    this.#patch(material, "line", (shader) => {
      shader.vertexShader = after(shader.vertexShader, "common", `${GONE_PARS}varying float vAway;`);
      shader.vertexShader = after(shader.vertexShader, "project_vertex", `${GONE}vAway = length(mvPosition.xyz);`);
      shader.fragmentShader = after(shader.fragmentShader, "common", "varying float vAway;\nuniform vec2 uLineFade;\nuniform float uNight;");
      shader.fragmentShader = after(
        shader.fragmentShader,
        "color_fragment",
        "diffuseColor.a *= (1.0 - 0.9 * smoothstep(uLineFade.x, uLineFade.y, vAway)) * (1.0 - 0.35 * uNight);",
      );
    });
    return material;
  }
}

/** Orange card with diagonal hatching: a proposal is told by its pattern too, not by its colour alone. */
export function makeIdeaMaterial(): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ color: IDEA, flatShading: true, side: DoubleSide, polygonOffset: true });
  material.polygonOffsetFactor = -1;
  material.polygonOffsetUnits = -1;
  material.emissive = new Color(IDEA).multiplyScalar(0.18);
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = after(shader.vertexShader, "common", WORLD_PARS);
    shader.vertexShader = after(shader.vertexShader, "project_vertex", WORLD);
    shader.fragmentShader = after(shader.fragmentShader, "common", WORLD_PARS);
    shader.fragmentShader = after(
      shader.fragmentShader,
      "emissivemap_fragment",
      `float band = (vPaper.x - vPaper.z + vPaper.y) / 3.0;
       float hatch = 1.0 - smoothstep(0.06, 0.06 + 1.5 * fwidth(band), abs(fract(band) - 0.5) * 0.9 - 0.02);
       hatch *= 1.0 - smoothstep(0.25, 0.6, fwidth(band));
       diffuseColor.rgb *= 1.0 - 0.34 * hatch;`,
    );
  };
  material.customProgramCacheKey = () => "metacity-idea";
  return material;
}
