// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import { language, t, translate } from "../../src/commons/i18n";
import { en } from "../../src/commons/i18n/en";
import { ko } from "../../src/commons/i18n/ko";

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "").sort();

describe("the catalogue", () => {
  it("has the same keys in Korean and English", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
  });

  it.each(Object.keys(ko) as (keyof typeof ko)[])("asks for the same parameters in both languages: %s", (key) => {
    expect(placeholders(en[key])).toEqual(placeholders(ko[key]));
  });

  it("leaves no text empty", () => {
    for (const text of [...Object.values(ko), ...Object.values(en)]) expect(text.trim()).not.toBe("");
  });

  it("writes Korean in Korean and English in English", () => {
    for (const text of Object.values(ko)) expect(text).toMatch(/[가-힣]/);
    for (const text of Object.values(en)) expect(text).not.toMatch(/[가-힣]/);
  });
});

describe("t", () => {
  beforeEach(() => {
    document.documentElement.lang = "ko";
  });

  it("speaks the language of the page", () => {
    expect(t("copy.done")).toBe(ko["copy.done"]);
    document.documentElement.lang = "en";
    expect(language()).toBe("en");
    expect(t("copy.done")).toBe(en["copy.done"]);
  });

  it("puts parameters in, with numbers as the language writes them", () => {
    expect(t("support.count", { count: 1234 })).toBe("공감 1,234");
    expect(translate("en", "support.count", { count: "many" })).toBe("Support many");
  });
});
