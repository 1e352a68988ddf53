/**
 * The view as a link, shared by the city and the map: `#lon=127.05123&lat=37.50612&d=620&a=15&p=32&t=2026-12-21T15:20`.
 *
 * `lon`, `lat`: the place looked at (walking: where one stands). `d`: metres to it. `a`: compass direction of view. `p`:
 * degrees down. `t`: the city's date and time. `o`: an object's id. `idea`: a proposal's id. `m=walk`: at eye level. `q`
 * never belongs here: the quality is pinned in the query string. Pages may give the same names in the query string
 * (`/city/?idea=…&m=walk`), `e`, `n` in local metres instead of `lon`, `lat`, and `compare=1` for an idea's before and
 * after; the hash wins.
 */

import { formatCityTime, parseCityTime, type CityTime } from "./clock";

export interface ViewLink {
  readonly lon?: number;
  readonly lat?: number;
  readonly e?: number;
  readonly n?: number;
  readonly distance_m?: number;
  readonly azimuth_deg?: number;
  readonly pitch_deg?: number;
  readonly time?: CityTime;
  readonly object?: string;
  readonly idea?: string;
  readonly walking?: boolean;
  /** Opens an idea with its before and after; never written. */
  readonly comparing?: boolean;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function bounded(params: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const raw = params.get(name);
  if (raw === null || raw.trim() === "") return undefined;
  const value = Number(raw);
  return Number.isFinite(value) && value >= least && value <= most ? value : undefined;
}

function id(params: URLSearchParams, name: string): string | undefined {
  const raw = params.get(name);
  return raw !== null && UUID.test(raw) ? raw.toLowerCase() : undefined;
}

function withoutUndefined(link: Record<string, unknown>): ViewLink {
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}

/** Reads a hash or a query string; whatever is missing or out of range is left out. */
export function parseLink(source: string): ViewLink {
  const params = new URLSearchParams(source.replace(/^[#?]/, ""));
  const azimuth = bounded(params, "a", -720, 720);
  const time = params.get("t");
  return withoutUndefined({
    lon: bounded(params, "lon", -180, 180),
    lat: bounded(params, "lat", -90, 90),
    e: bounded(params, "e", -200_000, 200_000),
    n: bounded(params, "n", -200_000, 200_000),
    distance_m: bounded(params, "d", 0, 50_000),
    azimuth_deg: azimuth === undefined ? undefined : ((azimuth % 360) + 360) % 360,
    pitch_deg: bounded(params, "p", -89, 90),
    time: time === null ? undefined : (parseCityTime(time) ?? undefined),
    object: id(params, "o"),
    idea: id(params, "idea"),
    walking: params.get("m") === "walk" ? true : undefined,
    comparing: params.get("compare") === "1" ? true : undefined,
  });
}

/** The address's link: the query string's values, with the hash's over them. */
export function parseLocation(search: string, hash: string): ViewLink {
  return { ...parseLink(search), ...parseLink(hash) };
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** Without the leading `#`, in a fixed order, so that equal views have equal links. */
export function formatLink(link: ViewLink): string {
  const parts: string[] = [];
  if (link.lon !== undefined) parts.push(`lon=${trim(link.lon, 6)}`);
  if (link.lat !== undefined) parts.push(`lat=${trim(link.lat, 6)}`);
  if (link.e !== undefined) parts.push(`e=${trim(link.e, 1)}`);
  if (link.n !== undefined) parts.push(`n=${trim(link.n, 1)}`);
  if (link.distance_m !== undefined && !link.walking) parts.push(`d=${trim(link.distance_m, 0)}`);
  if (link.azimuth_deg !== undefined) parts.push(`a=${trim(link.azimuth_deg, 1)}`);
  if (link.pitch_deg !== undefined) parts.push(`p=${trim(link.pitch_deg, 1)}`);
  if (link.time !== undefined) parts.push(`t=${formatCityTime(link.time)}`);
  if (link.object !== undefined) parts.push(`o=${link.object}`);
  if (link.idea !== undefined) parts.push(`idea=${link.idea}`);
  if (link.walking) parts.push("m=walk");
  return parts.join("&");
}
