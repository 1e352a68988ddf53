/** Readers of what comes from outside: it is `unknown` until one of these has looked at it. */

export type Json = Readonly<Record<string, unknown>>;

/** What arrived does not have the agreed shape. */
export class ParseError extends Error {
  override readonly name = "ParseError";
}

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function record(value: unknown, what = "object"): Json {
  if (!isRecord(value)) throw new ParseError(`${what} is not an object`);
  return value;
}

export function list(value: unknown, what = "list"): readonly unknown[] {
  if (!Array.isArray(value)) throw new ParseError(`${what} is not a list`);
  return value as readonly unknown[];
}

export function number(value: unknown, what = "number"): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ParseError(`${what} is not a finite number`);
  return value;
}

export function numberOr<T>(value: unknown, fallback: T): number | T {
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

export function text(value: unknown, what = "text"): string {
  if (typeof value !== "string") throw new ParseError(`${what} is not a text`);
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

export function boolean(value: unknown, what = "boolean"): boolean {
  if (typeof value !== "boolean") throw new ParseError(`${what} is not a boolean`);
  return value;
}

/** One of a few known words. */
export function oneOf<T extends string>(value: unknown, words: readonly T[], what = "word"): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new ParseError(`${what} is none of ${words.join(", ")}`);
  return found;
}
