import { expect, it } from "vitest";

import { en } from "../../src/participation/presence/i18n/en";
import { ko } from "../../src/participation/presence/i18n/ko";

const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "").sort();

it("both languages say the same of people", () => {
  expect(Object.keys(en)).toEqual(Object.keys(ko));
  for (const key of Object.keys(ko) as (keyof typeof ko)[]) {
    expect(placeholders(en[key])).toEqual(placeholders(ko[key]));
  }
});
