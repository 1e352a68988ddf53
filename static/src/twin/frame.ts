/**
 * The city's local frame in the browser: ENU at the city's origin, metres, on the WGS 84 ellipsoid.
 * The same frame as `twin.mirror.frame`; three.js has x = east, y = up, z = -north.
 */

const SEMI_MAJOR_M = 6_378_137; // WGS 84 (NIMA TR8350.2)
const FLATTENING = 1 / 298.257_223_563;
const ECCENTRICITY2 = FLATTENING * (2 - FLATTENING);
const DEGREE = Math.PI / 180;

export interface Origin {
  readonly lon: number;
  readonly lat: number;
  readonly height_m: number;
}

export type Point3 = readonly [number, number, number];

function toEcef(lon_deg: number, lat_deg: number, height_m: number): Point3 {
  const lon = lon_deg * DEGREE;
  const lat = lat_deg * DEGREE;
  const normal = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY2 * Math.sin(lat) ** 2);
  return [
    (normal + height_m) * Math.cos(lat) * Math.cos(lon),
    (normal + height_m) * Math.cos(lat) * Math.sin(lon),
    (normal * (1 - ECCENTRICITY2) + height_m) * Math.sin(lat),
  ];
}

export class LocalFrame {
  readonly #origin: Point3;
  readonly #east: Point3;
  readonly #north: Point3;
  readonly #up: Point3;

  constructor(readonly origin: Origin) {
    const lon = origin.lon * DEGREE;
    const lat = origin.lat * DEGREE;
    this.#origin = toEcef(origin.lon, origin.lat, origin.height_m);
    this.#east = [-Math.sin(lon), Math.cos(lon), 0];
    this.#north = [-Math.sin(lat) * Math.cos(lon), -Math.sin(lat) * Math.sin(lon), Math.cos(lat)];
    this.#up = [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  }

  /** `[e, n, u]` in metres of a geodetic position (degrees, ellipsoidal height). */
  toLocal(lon: number, lat: number, height_m = this.origin.height_m): Point3 {
    const point = toEcef(lon, lat, height_m);
    const away: Point3 = [point[0] - this.#origin[0], point[1] - this.#origin[1], point[2] - this.#origin[2]];
    return [dot(away, this.#east), dot(away, this.#north), dot(away, this.#up)];
  }

  /** `[lon, lat, height_m]` of a local point; Bowring's fixed-point form, exact to well under a millimetre here. */
  toGeodetic(e: number, n: number, u = 0): Point3 {
    const x = this.#origin[0] + this.#east[0] * e + this.#north[0] * n + this.#up[0] * u;
    const y = this.#origin[1] + this.#east[1] * e + this.#north[1] * n + this.#up[1] * u;
    const z = this.#origin[2] + this.#east[2] * e + this.#north[2] * n + this.#up[2] * u;
    const axis = Math.hypot(x, y);
    let lat = Math.atan2(z, axis * (1 - ECCENTRICITY2));
    let height = 0;
    for (let round = 0; round < 5; round += 1) {
      const normal = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY2 * Math.sin(lat) ** 2);
      height = axis / Math.cos(lat) - normal;
      lat = Math.atan2(z, axis * (1 - (ECCENTRICITY2 * normal) / (normal + height)));
    }
    return [Math.atan2(y, x) / DEGREE, lat / DEGREE, height];
  }
}

function dot(a: Point3, b: Point3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
