/** The paper sky: haze at the horizon, a cooler zenith, a glow around the sun. Drawn first, behind everything. */

import { BackSide, Color, Mesh, ShaderMaterial, SphereGeometry, Vector3 } from "three";

import type { Daylight } from "./palette";

export class Sky {
  readonly mesh: Mesh<SphereGeometry, ShaderMaterial>;

  constructor() {
    const material = new ShaderMaterial({
      side: BackSide,
      depthWrite: false,
      depthTest: false,
      fog: false,
      uniforms: {
        haze: { value: new Color() },
        zenith: { value: new Color() },
        glow: { value: new Color() },
        toSun: { value: new Vector3(0, 1, 0) },
      },
      vertexShader: `
        varying vec3 vDirection;
        void main() {
          vDirection = position;
          vec4 at = projectionMatrix * mat4(mat3(viewMatrix)) * vec4(position, 1.0);
          gl_Position = at.xyww;
        }`,
      fragmentShader: `
        varying vec3 vDirection;
        uniform vec3 haze;
        uniform vec3 zenith;
        uniform vec3 glow;
        uniform vec3 toSun;
        void main() {
          vec3 direction = normalize(vDirection);
          float up = clamp(direction.y, 0.0, 1.0);
          vec3 colour = mix(haze, zenith, 1.0 - exp(-up * 3.2));
          float near = max(dot(direction, toSun), 0.0);
          colour += glow * (0.10 * pow(near, 8.0) + 0.30 * pow(near, 220.0));
          gl_FragColor = vec4(colour, 1.0);
          #include <colorspace_fragment>
        }`,
    });
    this.mesh = new Mesh(new SphereGeometry(1, 32, 16), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = -1000;
    this.mesh.matrixAutoUpdate = false;
  }

  set(daylight: Daylight, toSun: Vector3): void {
    const { uniforms } = this.mesh.material;
    (uniforms["haze"]?.value as Color).copy(daylight.haze);
    (uniforms["zenith"]?.value as Color).copy(daylight.zenith);
    (uniforms["glow"]?.value as Color).copy(daylight.sun).multiplyScalar(Math.min(1, daylight.sunIntensity / 3));
    (uniforms["toSun"]?.value as Vector3).copy(toSun);
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
