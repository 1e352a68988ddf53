/** Texts of one part of the product, apart from the common ones so that no other page carries them. */

import { language } from ".";

type Texts = Readonly<Record<string, string>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export type ParamsOf<C extends Texts, K extends keyof C> = [Placeholders<C[K]>] extends [never]
  ? []
  : [params: Readonly<Record<Placeholders<C[K]>, string | number>>];

/** `say("card.metres", { metres: 24 })` in the page's language. A missing or surplus parameter does not compile. */
export type Say<C extends Texts> = <K extends keyof C & string>(key: K, ...params: ParamsOf<C, K>) => string;

export function speaker<C extends Texts>(ko: C, en: Readonly<Record<keyof C, string>>): Say<C> {
  return (key, ...[params]) => {
    const into = language();
    const given: Readonly<Record<string, string | number>> = params ?? {};
    return (into === "en" ? en : ko)[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given[name];
      if (value === undefined) return whole;
      // A year or a number of storeys is never grouped; counts and metres are.
      return typeof value === "number" ? value.toLocaleString(into, { useGrouping: name !== "year" }) : value;
    });
  };
}
