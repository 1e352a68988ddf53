/** What scripts say to people, in the language of the page. Numbers are written as that language writes them. */

import type { Catalogue, Key, Params } from "./catalogue";
import { en } from "./en";
import { ko } from "./ko";

export type { Key } from "./catalogue";
export type Language = "ko" | "en";

/** The language of the page, from `<html lang>`. */
export function language(): Language {
  return document.documentElement.lang.startsWith("en") ? "en" : "ko";
}

/** `t("support.count", { count: 12 })` → "공감 12". A missing or surplus parameter does not compile. */
export function t<K extends Key>(key: K, ...[params]: Params<K>): string {
  return translate(language(), key, params);
}

export function translate(into: Language, key: Key, params: Readonly<Record<string, string | number>> = {}): string {
  const catalogue: Catalogue = into === "en" ? en : ko;
  return catalogue[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(into) : value;
  });
}
