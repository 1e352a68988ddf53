// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { CityApi } from "../../src/twin/api";
import { CityClock } from "../../src/twin/clock";
import { Leave } from "../../src/twin/leave";
import { LivePins } from "../../src/twin/livepins";
import type { Pin, SearchResult } from "../../src/twin/messages";
import { Card, factsOf } from "../../src/twin/ui/card";
import { Compare } from "../../src/twin/ui/compare";
import { PinList } from "../../src/twin/ui/pinlist";
import { Search } from "../../src/twin/ui/search";
import { SunPanel } from "../../src/twin/ui/sunpanel";
import { Store } from "../../src/commons/store";

const PIN: Pin = {
  id: "p1",
  number: 1,
  title: "<b>나무</b>",
  stateLabel: "검토 중",
  supports: 5,
  url: "/proposals/p1/",
  hasDesign: false,
  e: 0,
  n: 0,
  z: 0,
};

function html(markup: string): HTMLElement {
  document.body.innerHTML = `<div id="announcer"></div><div id="toasts"></div><div id="host">${markup}</div>`;
  const host = document.querySelector<HTMLElement>("#host");
  if (!host) throw new Error("no host");
  return host;
}

function get(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

beforeEach(() => {
  document.documentElement.lang = "ko";
});

afterEach(() => {
  document.body.replaceChildren();
});

describe("Card", () => {
  it("shows text as text, does what its buttons say, and gives the focus back", () => {
    const host = html('<button id="before">x</button><section id="card" hidden></section>');
    const closed = vi.fn();
    const act = vi.fn();
    const card = new Card(get("#card"), closed);
    get("#before").focus();
    card.show({ title: PIN.title, actions: [{ name: "stand", label: "card.stand", icon: "eye", act }] }, true);
    expect(host.querySelector("b")).toBeNull();
    expect(get("#card h2").textContent).toBe("<b>나무</b>");
    expect(document.activeElement).toBe(get("#card h2"));
    get(".city-card__actions button").click();
    expect(act).toHaveBeenCalledTimes(1);
    get("#card").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(card.isOpen).toBe(false);
    expect(closed).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(get("#before"));
    card.dispose();
  });

  it("keeps the focus where it is when what it shows changes, and in the card when that is gone", () => {
    html('<section id="card" hidden></section>');
    const card = new Card(get("#card"), vi.fn());
    const share = { name: "share", label: "card.copy", icon: "link", act: vi.fn() } as const;
    card.show({ title: "나무", note: "공감 1", actions: [share] }, false);
    expect(document.activeElement).toBe(document.body);
    get("[data-action=share]").focus();
    card.show({ title: "나무", note: "공감 2", actions: [share] }, false);
    expect(document.activeElement).toBe(get("[data-action=share]"));
    card.show({ title: "나무", note: "내려간 제안", actions: [] }, false);
    expect(document.activeElement).toBe(get("#card h2"));
    card.dispose();
  });

  it("names the source, and says what is not known", () => {
    const facts = factsOf({
      id: "a",
      kind: "building",
      kindLabel: "건물",
      name: "",
      useLabel: "",
      height_m: null,
      storeys: null,
      year: 1998,
      address: "",
      source: "",
      surveyDate: "",
      place: "",
      e: 0,
      n: 0,
      z: 0,
    });
    expect(facts).toEqual([
      ["card.height", "정보 없음"],
      ["card.year", "1998년"],
      ["card.source", "정보 없음"],
    ]);
  });
});

describe("Search", () => {
  const markup = '<div><form role="search"><input type="search"><button>찾기</button></form><div id="found" hidden></div></div>';
  const found: SearchResult = { id: "a", name: "가온시장", kindLabel: "시장", place: "가온1동", e: 1, n: 2, z: 3 };

  function submit(words: string): void {
    const field = document.querySelector("input");
    if (field) field.value = words;
    get("form").dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
  }

  it("lists what it finds and leads there", async () => {
    html(markup);
    const chosen = vi.fn();
    const search = new Search(get("form") as HTMLFormElement, get("#found"), () => Promise.resolve([found]), chosen);
    submit("시장");
    await vi.waitFor(() => {
      expect(get("#found").hidden).toBe(false);
    });
    get("#found button").click();
    expect(chosen).toHaveBeenCalledWith(found);
    expect(get("#found").hidden).toBe(true);
    search.dispose();
  });

  it("says what to do when nothing is found or the line fails, and keeps the words", async () => {
    html(markup);
    const ask = vi.fn().mockResolvedValueOnce([]).mockRejectedValueOnce(new Error("line"));
    const search = new Search(get("form") as HTMLFormElement, get("#found"), ask, vi.fn());
    submit("없는 곳");
    await vi.waitFor(() => {
      expect(get("#found").textContent).toContain("찾은 곳이 없습니다");
    });
    submit("없는 곳");
    await vi.waitFor(() => {
      expect(get("#found").textContent).toContain("다시 시도");
    });
    expect(document.querySelector("input")?.value).toBe("없는 곳");
    search.dispose();
  });
});

describe("SunPanel", () => {
  const markup =
    '<input type="date" data-sun-date><input type="range" min="0" max="1439" step="5" data-sun-time><output data-sun-clock></output><p data-sun-told></p><button data-sun-play></button><button data-sun-now></button>';

  it("shows and sets the sun's hour, and lets go of the clock afterwards", () => {
    const host = html(markup);
    const clock = new CityClock("Asia/Seoul", { date: "2026-12-21", minute: 920 });
    const sun = new Store({ azimuth_deg: 220.5, elevation_deg: 17.2 });
    const panel = new SunPanel(host, clock, { lon: 127, lat: 37.5, height_m: 0 }, sun);
    expect(get("output").textContent).toBe("15:20");
    expect(get("[data-sun-told]").textContent).toBe("해 높이 17.2°, 방위 220.5°");
    const slider = get("[data-sun-time]") as HTMLInputElement;
    slider.value = "600";
    slider.dispatchEvent(new Event("input"));
    expect(clock.time.value.minute).toBe(600);
    expect(slider.getAttribute("aria-valuetext")).toContain("10:00");
    sun.set({ azimuth_deg: 0, elevation_deg: -5 });
    expect(get("[data-sun-told]").textContent).toBe("해가 진 뒤입니다");
    get("[data-sun-play]").click();
    expect(clock.playing.value).toBe(true);
    panel.dispose();
    expect(clock.time.listenerCount + clock.playing.listenerCount + sun.listenerCount).toBe(0);
  });
});

describe("Compare", () => {
  it("is moved by the slider's keys as by a hand, and tells where it stands", () => {
    const host = html('<div id="compare" hidden><input type="range" min="0" max="100" value="50"><button data-compare-end></button></div>');
    const moved = vi.fn();
    const ended = vi.fn();
    const compare = new Compare(host.querySelector<HTMLElement>("#compare") ?? host, moved, ended);
    compare.open();
    expect(moved).toHaveBeenLastCalledWith(0.5);
    const slider = get("input") as HTMLInputElement;
    slider.value = "20";
    slider.dispatchEvent(new Event("input"));
    expect(moved).toHaveBeenLastCalledWith(0.2);
    expect(slider.getAttribute("aria-valuetext")).toBe("왼쪽 20%는 현재, 오른쪽은 제안 반영 후");
    get("[data-compare-end]").click();
    expect(ended).toHaveBeenCalledTimes(1);
    compare.dispose();
  });
});

describe("PinList", () => {
  it("lists the proposals, most supported first, and says how to begin where there are none", () => {
    const host = html("<details open><summary>제안 <span data-ideas-count></span></summary><div data-ideas-list></div></details>");
    const opened = vi.fn();
    const list = new PinList(host.querySelector("details") ?? host, opened);
    list.set([]);
    expect(host.textContent).toContain("첫 제안");
    list.set([PIN, { ...PIN, id: "p2", number: 2, supports: 9 }]);
    expect(get("[data-ideas-count]").textContent).toBe("2");
    get("[data-ideas-list] button").click();
    expect((opened.mock.calls[0] as [Pin])[0].id).toBe("p2");
    list.dispose();
  });
});

describe("Leave", () => {
  it("says why, keeps the place and goes to the map, once", () => {
    vi.useFakeTimers();
    const host = html('<div id="leave" hidden></div>');
    const go = vi.fn();
    const leave = new Leave({ host: get("#leave"), mapUrl: "/map/", link: () => "lon=127&lat=37", go });
    leave.leave("context_lost");
    leave.leave("memory");
    expect(host.textContent).toContain("그래픽 장치가 멈추었습니다");
    expect(host.querySelector("a")?.getAttribute("href")).toBe("/map/#lon=127&lat=37");
    vi.advanceTimersByTime(10_000);
    expect(go).toHaveBeenCalledTimes(1);
    expect(go).toHaveBeenCalledWith("/map/#lon=127&lat=37");
    leave.dispose();
    vi.useRealTimers();
  });

  it("asks before it spends somebody's data", async () => {
    html('<div id="leave" hidden></div>');
    const leave = new Leave({ host: get("#leave"), mapUrl: "/map/", link: () => "" });
    const wanted = leave.ask(7_400_000);
    expect(get("#leave").textContent).toContain("약 7 MB");
    get("#leave button").click();
    await wanted;
    expect(get("#leave").hidden).toBe(true);
    leave.dispose();
  });
});

describe("LivePins", () => {
  it("follows the city's room: new, changed, gone, unreadable, and refetched", async () => {
    const wire = { id: "p1", number: 1, title: "나무", supports: 1, e: 0, n: 0, z: 0, url: "/p/" };
    const send = vi.fn(() => Promise.resolve(new Response(JSON.stringify({ pins: [wire], room: "city.gaon", seq: 3 }))));
    interface Room {
      readonly seq: number;
      apply(event: { seq: number; kind: string; payload: unknown }): void;
      refetch(): Promise<number>;
    }
    const rooms: Room[] = [];
    const leave = vi.fn();
    const stream = {
      join: (_: string, joined: Room) => {
        rooms.push(joined);
        return leave;
      },
    };
    const came = vi.fn();
    const renewed = vi.fn();
    const went = vi.fn();
    const live = new LivePins(new CityApi("gaon", send), { came, went, renewed });
    await live.start(() => stream as never, new AbortController().signal);
    const room = rooms[0];
    expect(room?.seq).toBe(3);
    room?.apply({ seq: 4, kind: "pin.changed", payload: { pin: { ...wire, supports: 2 } } });
    expect(live.pins.value.map((pin) => pin.supports)).toEqual([2]);
    expect(came).not.toHaveBeenCalled();
    room?.apply({ seq: 5, kind: "pin.changed", payload: { pin: { ...wire, id: "p2" } } });
    expect(live.pins.value.map((pin) => pin.id)).toEqual(["p1", "p2"]);
    expect(came).toHaveBeenCalledTimes(1);
    room?.apply({ seq: 6, kind: "pin.changed", payload: { pin: { id: 7 } } });
    room?.apply({ seq: 7, kind: "something.else", payload: null });
    room?.apply({ seq: 8, kind: "pin.removed", payload: { id: "an idea without a place" } });
    expect(live.pins.value.length).toBe(2);
    expect(went).not.toHaveBeenCalled();
    room?.apply({ seq: 9, kind: "pin.removed", payload: { id: "p1" } });
    expect(live.pins.value.map((pin) => pin.id)).toEqual(["p2"]);
    expect(went.mock.calls.map(([pin]) => (pin as Pin).title)).toEqual(["나무"]);
    // What went while the line was broken is told as well.
    expect(await room?.refetch()).toBe(3);
    expect(live.pins.value.map((pin) => [pin.id, pin.supports])).toEqual([["p1", 1]]);
    expect(went.mock.calls.map(([pin]) => (pin as Pin).id)).toEqual(["p1", "p2"]);
    room?.apply({ seq: 10, kind: "city.published", payload: { publication: "p", number: 2 } });
    expect(renewed).toHaveBeenCalledTimes(1);
    live.dispose();
    expect(leave).toHaveBeenCalledTimes(1);
  });
});
