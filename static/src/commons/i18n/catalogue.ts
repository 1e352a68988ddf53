import type { ko } from "./ko";

type Korean = typeof ko;

export type Key = keyof Korean;

/** Every key with a text of the same language. */
export type Catalogue = Readonly<Record<Key, string>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The parameters that the text of `K` asks for: none, or each of its placeholders. */
export type Params<K extends Key> = [Placeholders<Korean[K]>] extends [never]
  ? []
  : [params: Readonly<Record<Placeholders<Korean[K]>, string | number>>];
