// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Disposer } from "../../src/commons/disposer";
import { EventStream } from "../../src/commons/events";
import type { Line } from "../../src/commons/events/stream";
import { enhanceDisplay } from "../../src/commons/page/display";
import { countCharacters, enhanceSending, protectUnsaved } from "../../src/commons/page/forms";
import { takeFragment } from "../../src/commons/page/fragment";
import { followRooms } from "../../src/commons/page/live";
import { enhanceDrops, enhanceToggles } from "../../src/commons/page/menu";

let disposer: Disposer;

function the<T extends HTMLElement>(selector: string, kind: new () => T): T;
function the(selector: string): HTMLElement;
function the(selector: string, kind: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${selector}`);
  return found;
}
const show = (html: string): void => {
  document.body.innerHTML = html;
};

beforeEach(() => {
  document.documentElement.lang = "ko";
  disposer = new Disposer();
});

afterEach(() => {
  disposer.dispose();
});

describe("the menu of small screens", () => {
  beforeEach(() => {
    show('<button data-toggle="panel" aria-expanded="false">메뉴</button><div id="panel"><a href="/">홈</a></div>');
    enhanceToggles(disposer);
  });

  it("opens and closes by its button, and says so", () => {
    the("button").click();
    expect(the("button").getAttribute("aria-expanded")).toBe("true");
    expect(the("#panel").hasAttribute("data-open")).toBe(true);
    the("button").click();
    expect(the("#panel").hasAttribute("data-open")).toBe(false);
  });

  it("closes on Escape and gives the focus back", () => {
    the("button").click();
    the("a").focus();
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(the("#panel").hasAttribute("data-open")).toBe(false);
    expect(document.activeElement).toBe(the("button"));
  });
});

describe("a panel that drops down", () => {
  it("closes when something else is clicked, and stays when it is clicked itself", () => {
    show("<details data-drop open><summary>글자</summary><p>안</p></details><p id='else'>밖</p>");
    enhanceDrops(disposer);
    the("details p").click();
    expect(the("details", HTMLDetailsElement).open).toBe(true);
    the("#else").click();
    expect(the("details", HTMLDetailsElement).open).toBe(false);
  });
});

describe("display settings", () => {
  it("change the page at once and are kept by the server", async () => {
    const kept = vi.fn(() => Promise.resolve(new Response(null, { status: 204 })));
    vi.stubGlobal("fetch", kept);
    show(
      `<form method="post" action="/preferences/" data-preferences>
        <button name="contrast" value="normal" aria-pressed="true">기본</button>
        <button name="contrast" value="high" aria-pressed="false">고대비</button></form>`,
    );
    enhanceDisplay(disposer);
    the("form", HTMLFormElement).requestSubmit(the('[value="high"]', HTMLButtonElement));
    await Promise.resolve();
    expect(document.documentElement.dataset["contrast"]).toBe("high");
    expect(the('[value="high"]').getAttribute("aria-pressed")).toBe("true");
    expect(the('[value="normal"]').getAttribute("aria-pressed")).toBe("false");
    expect(kept).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});

describe("a form", () => {
  it("is not sent twice, and may be sent again after coming back", () => {
    show('<form method="post" action="/x/"><button>보내기</button></form>');
    enhanceSending(disposer);
    const send = (): boolean => the("form").dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    expect(send()).toBe(true);
    expect(send()).toBe(false);
    window.dispatchEvent(new Event("pageshow"));
    expect(send()).toBe(true);
  });

  it("warns before what was typed is left, but not when it is sent", () => {
    show('<form method="post" data-protect><input name="title" value="제목"></form>');
    protectUnsaved(disposer);
    enhanceSending(disposer);
    const leave = (): boolean => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    expect(leave()).toBe(true);
    the("input", HTMLInputElement).value = "다른 제목";
    expect(leave()).toBe(false);
    the("form").dispatchEvent(new Event("submit", { bubbles: true }));
    expect(leave()).toBe(true);
  });

  it("counts characters as the server does, and says when there are too many", () => {
    show('<textarea data-count="5"></textarea>');
    countCharacters(disposer);
    const field = the("textarea", HTMLTextAreaElement);
    field.value = "나무🌳";
    field.dispatchEvent(new Event("input"));
    expect(the(".field__count").textContent).toBe("2자 더 쓸 수 있습니다.");
    field.value = "나무를 심자";
    field.dispatchEvent(new Event("input"));
    expect(the(".field__count").textContent).toBe("1자가 넘었습니다.");
    expect(the(".field__count").hasAttribute("data-over")).toBe(true);
  });
});

describe("a live list of ideas", () => {
  const list = (seq: number, ...ideas: readonly string[]): string =>
    `<div data-room="city.gaon" data-seq="${seq}"><div data-live="ideas"><p>${ideas.length}</p>
      ${ideas.map((id) => `<article data-idea="${id}"><a href="/${id}/">${id}</a><b data-idea-supports>1</b></article>`).join("")}
    </div></div>`;
  let line: Line;
  let fetched: number;

  beforeEach(() => {
    vi.useFakeTimers();
    fetched = 0;
    show(list(4, "p1", "p2"));
    line = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined };
    followRooms(disposer, {
      random: () => 0.5,
      openStream: () => new EventStream({ open: () => line }),
      fetchPage: () => {
        fetched++;
        return Promise.resolve(list(6, "p2"));
      },
    });
    line.onopen?.();
  });

  const hear = async (seq: number, kind: string, payload: unknown): Promise<void> => {
    line.onmessage?.({ data: JSON.stringify({ type: "event", room: "city.gaon", seq, kind, payload }) });
    await vi.advanceTimersByTimeAsync(750);
  };

  it("counts supports in the row, without asking the server", async () => {
    await hear(5, "pin.changed", { pin: { id: "p2", supports: 1234 } });
    expect(the("[data-idea=p2] b").textContent).toBe("1,234");
    expect(the("[data-idea=p1] b").textContent).toBe("1");
    expect(fetched).toBe(0);
  });

  it("lets an idea that is withdrawn go at once, and nobody loses their place", async () => {
    the("[data-idea=p2] a").focus();
    await hear(5, "pin.removed", { id: "p1" });
    expect(document.querySelector("[data-idea=p1]")).toBeNull();
    expect(the("p").textContent).toBe("1");
    expect(document.activeElement).toBe(the("[data-idea=p2] a"));
  });

  it("leaves alone what it does not list", async () => {
    await hear(5, "pin.removed", { id: "p9" });
    await hear(6, "pin.changed", { pin: { id: "p9", supports: 3 } });
    expect(fetched).toBe(0);
  });
});

describe("a live page", () => {
  const page = (seq: number, supports: string, inner: string): string =>
    `<article data-room="proposal.1" data-seq="${seq}"><b data-supports>${supports}</b>
      <div data-live="answer">${inner}</div>
      <div data-run="r1"><span class="progress__percent">0%</span><progress max="100" value="0"></progress></div></article>`;
  let line: Line;
  let fetched: number;
  let served: string;

  beforeEach(() => {
    vi.useFakeTimers();
    fetched = 0;
    show(page(4, "12", "<p>검토 중</p>"));
    line = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined };
    followRooms(disposer, {
      random: () => 0.5,
      openStream: () =>
        new EventStream({ open: () => line, replay: (_room, seq) => Promise.resolve({ seq, events: [], gap: true }) }),
      fetchPage: () => {
        fetched++;
        return Promise.resolve(served);
      },
    });
    line.onopen?.();
  });

  const hear = async (seq: number, kind: string, payload: unknown): Promise<void> => {
    line.onmessage?.({ data: JSON.stringify({ type: "event", room: "proposal.1", seq, kind, payload }) });
    await vi.advanceTimersByTimeAsync(750);
  };

  it("shows a new support without asking the server", async () => {
    await hear(5, "proposal.supported", { supports: 1313 });
    expect(the("[data-supports]").textContent).toBe("1,313");
    expect(fetched).toBe(0);
  });

  it("moves a run's bar", async () => {
    await hear(5, "run.progressed", { run: "r1", state: "running", progress: 0.42 });
    expect(the("progress", HTMLProgressElement).value).toBe(42);
    expect(the(".progress__percent").textContent).toBe("42%");
  });

  it("fetches once for several events, and not at the moment in which everybody hears them", async () => {
    const said = (seq: number): void => {
      line.onmessage?.({ data: JSON.stringify({ type: "event", room: "proposal.1", seq, kind: "proposal.changed", payload: {} }) });
    };
    served = page(6, "12", "<p>채택</p>");
    said(5);
    said(6);
    await vi.advanceTimersByTimeAsync(700);
    expect(fetched).toBe(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(fetched).toBe(1);
  });

  it("takes the server's own words for anything else", async () => {
    served = page(5, "12", "<p>채택</p>");
    await hear(5, "proposal.changed", {});
    expect(the('[data-live="answer"]').textContent).toBe("채택");
  });

  it("fetches itself anew when events are missing", async () => {
    served = page(9, "20", "<p>채택</p>");
    await hear(9, "proposal.supported", { supports: 20 });
    expect(fetched).toBe(1);
    expect(the("[data-supports]").textContent).toBe("20");
    await hear(10, "proposal.supported", { supports: 21 });
    expect(the("[data-supports]").textContent).toBe("21");
  });

  it("leaves a part alone in which somebody is writing, and offers the news", async () => {
    the('[data-live="answer"]').innerHTML = "<textarea>쓰는 중</textarea>";
    the("textarea").focus();
    served = page(5, "12", "<p>채택</p>");
    await hear(5, "proposal.changed", {});
    expect(the("textarea", HTMLTextAreaElement).value).toBe("쓰는 중");
    expect(the("[data-reload]").textContent).toContain("새 내용이 있습니다.");
  });
});

describe("a code that comes with the address", () => {
  const arrive = (hash: string): void => {
    history.replaceState(null, "", `/receipt/${hash}`);
    show("<input data-fragment>");
    takeFragment();
  };

  it("is filled in and taken out of the address", () => {
    arrive("#ABCD-EFGH");
    expect(the("input", HTMLInputElement).value).toBe("ABCD-EFGH");
    expect(location.hash).toBe("");
  });

  it("is left alone when it is something else", () => {
    arrive("#%E0%A4%A");
    expect(the("input", HTMLInputElement).value).toBe("");
    expect(location.hash).toBe("#%E0%A4%A");
  });
});
