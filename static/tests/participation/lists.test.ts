// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { parseCompany, type Company } from "../../src/participation/presence/api";
import type { Wire } from "../../src/participation/presence/line";
import { PeoplePage } from "../../src/participation/presence/peoplepage";
import { PeoplePanel } from "../../src/participation/presence/panel";

const SPOT = { place: "가온역", place_id: null, e: 12, n: 34, count: 3, unnamed: 2, named: [{ name: "<b>김*수", badge: "담당 공무원" }] };
const COMPANY: Company = parseCompany({ total: 4, is_known: true, spots: [SPOT], elsewhere: 1, named_elsewhere: [] });

beforeEach(() => {
  vi.useFakeTimers();
  document.documentElement.lang = "ko";
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

function makePanel(go: (e: number, n: number) => void = () => undefined, fetched = vi.fn(() => Promise.resolve(COMPANY))) {
  document.body.innerHTML =
    '<details><summary>사람 <span data-people-count></span></summary><p data-people-total></p><div data-people-list></div></details>';
  const host = document.querySelector("details");
  if (!host) throw new Error("no panel");
  return { host, fetched, panel: new PeoplePanel(host, { slug: "gaon", go, fetchCompany: fetched }) };
}

describe("the panel of people", () => {
  it("counts at once, and asks who they are only when it is open", async () => {
    const { host, fetched, panel } = makePanel();
    panel.tell(4, "지금 4명이 함께 보고 있습니다.");
    expect(host.querySelector("[data-people-count]")?.textContent).toBe("4");
    expect(fetched).not.toHaveBeenCalled();
    host.open = true;
    await vi.advanceTimersByTimeAsync(4000);
    expect(fetched).toHaveBeenCalledOnce();
    expect(host.querySelector("button")?.textContent).toBe("가온역 가까이 3명<b>김*수 (담당 공무원) · 이름 없이 보는 사람 2명");
    expect(host.querySelector("b")).toBeNull();
    panel.dispose();
  });

  it("leads to where people are, and closes with the focus on its button", async () => {
    const went: number[][] = [];
    const { host, panel } = makePanel((e, n) => went.push([e, n]));
    host.open = true;
    panel.tell(4, "");
    await vi.advanceTimersByTimeAsync(4000);
    host.querySelector("button")?.focus();
    host.querySelector("button")?.click();
    expect(went).toEqual([[12, 34]]);
    expect(host.open).toBe(false);
    expect(document.activeElement?.tagName).toBe("SUMMARY");
    panel.dispose();
  });

  it("does not change under somebody's finger", async () => {
    const { host, fetched, panel } = makePanel();
    host.open = true;
    panel.tell(4, "");
    await vi.advanceTimersByTimeAsync(4000);
    const button = host.querySelector("button");
    button?.focus();
    fetched.mockClear();
    panel.tell(5, "");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetched).not.toHaveBeenCalled();
    button?.blur();
    await vi.advanceTimersByTimeAsync(4000);
    expect(fetched).toHaveBeenCalledOnce();
    panel.dispose();
  });

  it("says so where nobody can tell who is here", async () => {
    const { host, panel } = makePanel(undefined, vi.fn(() => Promise.reject(new Error("away"))));
    host.open = true;
    panel.tell(4, "");
    await vi.advanceTimersByTimeAsync(4000);
    expect(host.textContent).toContain("불러오지 못했습니다");
    panel.dispose();
  });
});

describe("the page of people", () => {
  const html = (who: string): string =>
    `<div data-people-page="gaon"><p data-people-status>${who}</p><div data-people-live><a href="/x">${who}</a></div></div>`;

  function makePage() {
    document.body.innerHTML = html("한 명");
    const root = document.querySelector<HTMLElement>("[data-people-page]");
    if (!root) throw new Error("no page");
    const wire: Wire = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined };
    const fetchPage = vi.fn(() => Promise.resolve(html("두 명")));
    const page = new PeoplePage({ root, fetchPage, open: () => wire });
    const count = (): void => wire.onmessage?.({ data: JSON.stringify({ type: "counts", total: 2, spots: [] }) });
    return { root, page, fetchPage, count };
  }

  it("takes over what the server renders when somebody comes or goes, and asks for nothing otherwise", async () => {
    const { root, page, fetchPage, count } = makePage();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetchPage).not.toHaveBeenCalled();
    count();
    await vi.advanceTimersByTimeAsync(4000);
    expect(root.querySelector("[data-people-status]")?.textContent).toBe("두 명");
    expect(root.querySelector("a")?.textContent).toBe("두 명");
    page.dispose();
  });

  it("never takes the focus away", async () => {
    const { root, page, fetchPage, count } = makePage();
    root.querySelector("a")?.focus();
    count();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetchPage).not.toHaveBeenCalled();
    expect(document.activeElement?.textContent).toBe("한 명");
    root.querySelector("a")?.blur();
    await vi.advanceTimersByTimeAsync(4000);
    expect(root.querySelector("a")?.textContent).toBe("두 명");
    page.dispose();
  });
});
