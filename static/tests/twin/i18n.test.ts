// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";

import { say } from "../../src/twin/i18n";
import { en } from "../../src/twin/i18n/en";
import { ko } from "../../src/twin/i18n/ko";

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

describe("the city's words", () => {
  afterEach(() => {
    document.documentElement.lang = "ko";
  });

  it("are the same keys with the same placeholders in both languages", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
    for (const key of Object.keys(ko) as (keyof typeof ko)[]) expect(placeholders(en[key]), key).toEqual(placeholders(ko[key]));
  });

  it("carry the label of every design as the law of the house wants it", () => {
    expect(ko["idea.label"]).toBe("시민 제안 · 확정된 계획 아님");
    expect(en["idea.label"]).toBe("Citizen's proposal · not an approved plan");
  });

  it("group counts but not years", () => {
    document.documentElement.lang = "ko";
    expect(say("idea.supports", { count: 1412 })).toBe("공감 1,412");
    expect(say("card.year.value", { year: 1998 })).toBe("1998년");
    document.documentElement.lang = "en";
    expect(say("idea.supports", { count: 1412 })).toBe("1,412 supports");
  });
});
