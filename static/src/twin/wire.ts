/** Small readers of wire data: what arrives is `unknown` until one of these has looked at it. */

export type Json = Readonly<Record<string, unknown>>;

/** What arrived does not have the agreed shape. */
export class WireError extends Error {
  override readonly name = "WireError";
}

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function record(value: unknown, what = "object"): Json {
  if (!isRecord(value)) throw new WireError(`${what} is not an object`);
  return value;
}

export function list(value: unknown, what = "list"): readonly unknown[] {
  if (!Array.isArray(value)) throw new WireError(`${what} is not a list`);
  return value as readonly unknown[];
}

export function number(value: unknown, what = "number"): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new WireError(`${what} is not a finite number`);
  return value;
}

export function numberOr<T>(value: unknown, fallback: T): number | T {
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

export function text(value: unknown, what = "text"): string {
  if (typeof value !== "string") throw new WireError(`${what} is not a text`);
  return value;
}

export function textOr<T>(value: unknown, fallback: T): string | T {
  return typeof value === "string" ? value : fallback;
}

/** Three finite numbers, e.g. a point in the city's local frame. */
export function triple(value: unknown, what = "triple"): readonly [number, number, number] {
  const items = list(value, what);
  return [number(items[0], what), number(items[1], what), number(items[2], what)];
}

/** Two finite numbers: east and north, in metres. */
export function pair(value: unknown, what = "pair"): readonly [number, number] {
  const items = list(value, what);
  return [number(items[0], what), number(items[1], what)];
}
