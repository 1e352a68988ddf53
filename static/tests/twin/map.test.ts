// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";

import { MapCard } from "../../src/twin/map/card";
import type { Idea, Pin } from "../../src/twin/messages";

const PIN: Pin = { id: "p1", number: 1, title: "나무", stateLabel: "접수", supports: 5, url: "/p/", hasDesign: false, e: 0, n: 0, z: 0 };
const IDEA: Idea = { id: "p1", title: "나무", summary: "심자", supports: 5, design: null, effects: "", room: "", seq: 0 };

let root: HTMLElement;
let card: MapCard;
const opened = vi.fn();

function get(selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

beforeEach(() => {
  opened.mockReset();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  card = new MapCard(root, (key, values = {}) => [key, ...Object.values(values)].join(" "), opened);
});

describe("the card beside the map", () => {
  it("counts on without moving who reads it", () => {
    card.showIdea(IDEA, PIN);
    get("a").focus();
    card.renewIdea({ ...PIN, supports: 6 });
    expect(root.textContent).toContain("supports 6");
    expect(document.activeElement).toBe(get("a"));
  });

  it("says that an idea has gone, with a way on", () => {
    card.showIdea(IDEA, PIN);
    get("a").focus();
    card.showGone(PIN.title);
    expect(root.textContent).toContain("gone");
    expect(get("a").getAttribute("href")).toBe("ideasUrl");
    expect(document.activeElement).toBe(get("h2"));
  });

  it("keeps one's place in the list while ideas come and go", () => {
    card.showList([PIN, { ...PIN, id: "p2", title: "그늘" }]);
    get("[data-idea=p2]").focus();
    card.showList([{ ...PIN, id: "p2", title: "그늘" }]);
    expect(document.activeElement).toBe(get("[data-idea=p2]"));
    get("[data-idea=p2]").click();
    expect(opened).toHaveBeenCalledWith("p2");
  });
});
