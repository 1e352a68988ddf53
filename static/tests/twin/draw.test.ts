// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { DesignEditor, type Chosen } from "../../src/twin/designs/editor";
import { DrawPanel } from "../../src/twin/ui/draw";

const BENCH = { op: "add", kind: "bench", point: [1, 2], rotation_deg: 0 };
const HALL: Chosen = { id: "h", name: "<b>구청</b>", e: 30, n: 40 };

let form: HTMLFormElement;
let editor: DesignEditor;
let panel: DrawPanel;
const building = vi.fn<(id: string) => Promise<Chosen | null>>();
const send = vi.fn<typeof fetch>();
const go = vi.fn();

function get(selector: string): HTMLElement {
  const found = form.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

function field(name: string): HTMLInputElement | HTMLSelectElement {
  const found = get(`[name=${name}]`);
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found;
  throw new Error(`no field ${name}`);
}

function write(name: string, value: string, event = "input"): void {
  field(name).value = value;
  field(name).dispatchEvent(new Event(event, { bubbles: true }));
}

function choose(name: string, value: string): void {
  write(name, value, "change");
}

async function submit(): Promise<void> {
  form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function sent(): { readonly design: unknown; readonly without: unknown } {
  const body = send.mock.calls[0]?.[1]?.body;
  if (!(body instanceof URLSearchParams)) throw new Error("nothing was sent");
  const read = (name: string): unknown => (body.get(name) ? JSON.parse(body.get(name) ?? "") : null);
  return { design: read("design"), without: read("without") };
}

beforeEach(() => {
  document.documentElement.lang = "ko";
  for (const mock of [building, send, go]) mock.mockReset();
  sessionStorage.clear();
  building.mockResolvedValue(HALL);
  send.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ url: "/design/#drawn" }))));
  document.body.innerHTML = `<div id="announcer"></div><form action="/design/" data-e="100" data-n="-20">
    <section data-draw-changes hidden><ul data-draw-list></ul></section><p data-draw-help></p>
    <select name="kind"><option value="bench">긴 의자</option><option value="remove">건물 허물기</option>
      <option value="replace">건물 바꾸기</option><option value="building">새 건물</option></select>
    <div data-for="remove replace"><select name="object"><option value=""></option><option value="h">구청</option></select></div>
    <div data-for="building replace"><input name="storeys"></div><input name="width"><input name="depth"><input name="rotation">
    <input name="east" value="3"><input name="north" value="0"><p data-draw-status></p>
    <button type="button" data-draw="place"></button><button type="button" data-draw="add"></button></form>`;
  const found = document.querySelector("form");
  if (!found) throw new Error("no form");
  form = found;
  form.dataset["kept"] = JSON.stringify([{ change: BENCH, text: "긴 의자를 놓습니다." }]);
  editor = new DesignEditor();
  panel = new DrawPanel({ form, editor, isInside: (e) => e < 500, building, send, go });
});

afterEach(() => {
  panel.dispose();
  editor.dispose();
});

describe("the panel for drawing", () => {
  it("lists what is in the draft, shows it in the picture, and takes it out on demand", async () => {
    expect(get("[data-draw-list]").textContent).toContain("긴 의자를 놓습니다.");
    expect(editor.design?.changes.length).toBe(1);
    get("[data-draw=remove]").click();
    expect(get("[data-draw-changes]").hidden).toBe(true);
    expect(editor.design).toBeNull();
    await submit();
    expect(sent()).toEqual({ design: null, without: [BENCH] });
    expect(go).toHaveBeenCalledWith("/design/#drawn");
  });

  it("sends what was added and what is being drawn, without what was kept already", async () => {
    panel.take({ e: 5, n: 6, object: null });
    get("[data-draw=add]").click();
    expect(form.querySelectorAll("[data-draw-list] li").length).toBe(2);
    get("[data-draw=place]").click();
    await submit();
    const benches = [[5, 6], [103, -20]].map((point) => ({ ...BENCH, point }));
    expect(sent()).toEqual({ design: { changes: benches }, without: [] });
  });

  it("takes a building from the picture, by what the city knows of it", async () => {
    choose("kind", "remove");
    panel.take({ e: 1, n: 1, object: null });
    expect(editor.change).toBeNull();
    panel.take({ e: 1, n: 1, object: "h" });
    await vi.waitFor(() => {
      expect(editor.change).toEqual({ op: "remove", object: "h" });
    });
    expect(field("object").value).toBe("h");
    building.mockResolvedValue(null);
    panel.take({ e: 1, n: 1, object: "a bridge" });
    await vi.waitFor(() => {
      expect(get("[data-draw-status]").textContent).toContain("건물만");
    });
    expect(editor.change).toEqual({ op: "remove", object: "h" });
  });

  it("takes a building from the list, with the sizes of what comes in its stead", async () => {
    choose("kind", "replace");
    expect(get("[data-for='building replace']").hidden).toBe(false);
    choose("object", "h");
    await vi.waitFor(() => {
      expect(editor.change).toMatchObject({ op: "replace", object: "h", storeys: 3 });
    });
    write("storeys", "9");
    expect(editor.change).toMatchObject({ storeys: 9 });
    get("[data-draw=add]").click();
    const row = get("[data-draw-list] li:last-child");
    expect(row.textContent).toBe("건물 바꾸기 · <b>구청</b> · 9층");
    expect(row.querySelector("b")).toBeNull();
  });

  it("keeps what was drawn where the server refuses, and says why", async () => {
    send.mockResolvedValue(
      new Response(JSON.stringify({ code: "design_not_open", message: "그릴 수 없습니다.", fields: { "changes.1": ["사유지입니다."] } }), { status: 409 }),
    );
    panel.take({ e: 5, n: 6, object: null });
    await submit();
    expect(get("[data-draw-status]").textContent).toBe("그릴 수 없습니다. 사유지입니다.");
    expect(editor.design?.changes.length).toBe(2);
    expect(go).not.toHaveBeenCalled();
  });

  it("still has what was not sent when the page is opened again, and no more once it was", async () => {
    get("[data-draw=remove]").click();
    panel.take({ e: 5, n: 6, object: null });
    panel.dispose();
    editor = new DesignEditor();
    panel = new DrawPanel({ form, editor, isInside: () => true, building, send, go });
    expect(get("[data-draw-list]").textContent).toBe("긴 의자");
    expect(get("[data-draw-status]").textContent).toContain("다시 불러왔습니다");
    await submit();
    expect(sent()).toEqual({ design: { changes: [{ ...BENCH, point: [5, 6] }] }, without: [BENCH] });
    expect(sessionStorage.length).toBe(0);
  });

  it("begins with the draft where what was noted down cannot be read", () => {
    sessionStorage.setItem(`drawing ${form.action}`, '{"added": 7}');
    panel.dispose();
    editor = new DesignEditor();
    panel = new DrawPanel({ form, editor, isInside: () => true, building, send, go });
    expect(editor.entries.value.length).toBe(1);
    expect(sessionStorage.length).toBe(0);
  });

  it("sends nothing where nothing was changed or something is missing", async () => {
    await submit();
    panel.take({ e: 900, n: 0, object: null });
    expect(editor.change).toBeNull();
    choose("kind", "building");
    await submit();
    expect(send).not.toHaveBeenCalled();
    expect(get("[data-draw-status]").textContent).toContain("가운데");
  });

  it("listens to nobody afterwards", () => {
    panel.dispose();
    expect(editor.draft.listenerCount).toBe(0);
    expect(editor.entries.listenerCount).toBe(0);
    get("[data-draw=place]").click();
    expect(editor.change).toBeNull();
  });
});
