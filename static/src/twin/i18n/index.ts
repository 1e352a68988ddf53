/** The city's own texts, apart from the common ones so that no other page carries them. */

import { language } from "../../commons/i18n";
import { en } from "./en";
import { ko } from "./ko";

export type CityKey = keyof typeof ko;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Params<K extends CityKey> = [Placeholders<(typeof ko)[K]>] extends [never]
  ? []
  : [params: Readonly<Record<Placeholders<(typeof ko)[K]>, string | number>>];

/** `say("card.metres", { metres: 24 })` in the page's language. A missing or surplus parameter does not compile. */
export function say<K extends CityKey>(key: K, ...[params]: Params<K>): string {
  const into = language();
  const given: Readonly<Record<string, string | number>> = params ?? {};
  return (into === "en" ? en : ko)[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = given[name];
    if (value === undefined) return whole;
    // A year or a number of storeys is never grouped; counts and metres are.
    return typeof value === "number" ? value.toLocaleString(into, { useGrouping: name !== "year" }) : value;
  });
}
