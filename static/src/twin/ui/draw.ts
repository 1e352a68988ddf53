/**
 * The panel for drawing a design. Every field works by keyboard; clicks in the picture only choose a building or set
 * points, which the fields do as well. What is drawn goes to the server as JSON when the form is sent: refused, it stays
 * here with the reason; taken, its own page shows it.
 */

import { announce } from "../../commons/announce";
import { ApiError, request } from "../../commons/api";
import { Disposer } from "../../commons/disposer";
import { closest, element, find, findAll, icon, keepFocus } from "../../commons/dom";
import { list, record, text } from "../../commons/parse";
import { parseChange, type Roof } from "../designs/design";
import { DRAW_KINDS, FRESH, KINDS, LIMITS, type Chosen, type DesignEditor, type Draft, type Entry } from "../designs/editor";
import { Unsaved } from "../designs/unsaved";
import { say, type CityKey } from "../i18n";

type FieldElement = HTMLInputElement | HTMLSelectElement;

export interface DrawOptions {
  readonly form: HTMLFormElement;
  readonly editor: DesignEditor;
  readonly isInside: (e: number, n: number) => boolean;
  /** What the city knows of a building; null where it is none. */
  readonly building: (id: string) => Promise<Chosen | null>;
  readonly send?: typeof fetch;
  readonly go?: (url: string) => void;
}

const HELP = {
  outline: "draw.help.outline",
  points: "draw.help.points",
  line: "draw.help.line",
  spot: "draw.help.spot",
  building: "draw.help.building",
} as const satisfies Readonly<Record<string, CityKey>>;

function isField(value: Element): value is FieldElement {
  return value instanceof HTMLInputElement || value instanceof HTMLSelectElement;
}

function bounded(value: string, least: number, most: number, fallback: number): number {
  const number = Number(value);
  return Number.isFinite(number) && value.trim() !== "" ? Math.min(most, Math.max(least, number)) : fallback;
}

/** The changes that the page came with, each as the server keeps it and in a sentence. */
export function parseKept(json: string): readonly Entry[] {
  return list(JSON.parse(json), "kept").flatMap((entry) => {
    const told = record(entry, "kept");
    const change = parseChange(told["change"]);
    return change ? [{ change, text: text(told["text"], "kept.text"), wire: told["change"] }] : [];
  });
}

export class DrawPanel {
  readonly #disposer = new Disposer();
  readonly #options: DrawOptions;
  readonly #status: HTMLElement | null;
  readonly #help: HTMLElement | null;
  readonly #unsaved: Unsaved;

  constructor(options: DrawOptions) {
    this.#options = options;
    const { form, editor } = options;
    this.#status = find("[data-draw-status]", HTMLElement, form);
    this.#help = find("[data-draw-help]", HTMLElement, form);
    this.#unsaved = new Unsaved(`drawing ${form.action}`);
    editor.entries.set(parseKept(form.dataset["kept"] ?? "[]"));
    const isRestored = this.#unsaved.restore(editor);
    this.#disposer.listen(form, "input", this.#read);
    this.#disposer.listen(form, "change", this.#choose);
    this.#disposer.listen(form, "click", this.#act);
    this.#disposer.listen(form, "submit", this.#submit);
    this.#disposer.add(editor.draft.subscribe(this.#tell));
    this.#disposer.add(editor.entries.subscribe(this.#list));
    this.#begin();
    this.#list();
    if (isRestored) this.#say(say("draw.restored"));
    for (const store of [editor.draft, editor.entries]) this.#disposer.add(store.subscribe(this.#note));
  }

  /** A click in the picture: the building that is meant, or a point more. */
  take(hit: { readonly e: number; readonly n: number; readonly object: string | null }): void {
    const { editor } = this.#options;
    if (!editor.wantsBuilding) this.#addPoint(hit.e, hit.n);
    else if (hit.object) void this.#takeBuilding(hit.object);
    else this.#say(say("draw.help.building"));
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  #addPoint(e: number, n: number): void {
    const { editor, isInside } = this.#options;
    if (!isInside(e, n)) {
      this.#say(say("draw.outside"));
      return;
    }
    editor.addPoint(e, n);
    announce(say("draw.points", { count: editor.draft.value.points.length }));
  }

  async #takeBuilding(id: string): Promise<void> {
    try {
      const building = await this.#options.building(id);
      if (this.#disposer.isDisposed || !this.#options.editor.wantsBuilding) return;
      if (building) {
        this.#options.editor.set({ building, points: [] });
        announce(say("draw.chosen", { name: building.name }));
      } else this.#say(say("draw.no_building"));
    } catch (error) {
      this.#say(error instanceof ApiError ? error.message : say("card.failed"));
    }
  }

  #field(name: string): FieldElement | null {
    const field = this.#options.form.elements.namedItem(name);
    return field instanceof Element && isField(field) ? field : null;
  }

  #value(name: string): string {
    return this.#field(name)?.value ?? "";
  }

  #write(name: string, value: string): void {
    const field = this.#field(name);
    if (field) field.value = value;
  }

  /** Begins with the kind that the form shows, at its usual size. */
  #begin(): void {
    const { form, editor } = this.#options;
    editor.setKind(DRAW_KINDS.find((kind) => kind === this.#value("kind")) ?? FRESH.kind);
    const draft = editor.draft.value;
    for (const part of findAll("[data-for]", HTMLElement, form)) {
      part.hidden = !(part.dataset["for"] ?? "").split(" ").includes(draft.kind);
    }
    const shown = { storeys: draft.storeys, width: draft.width_m, depth: draft.depth_m, rotation: draft.rotation_deg, trees: draft.trees };
    for (const [name, value] of Object.entries(shown)) this.#write(name, String(value));
    this.#tell();
  }

  readonly #choose = (event: Event): void => {
    const field = event.target;
    if (field === this.#field("kind")) this.#begin();
    else if (field === this.#field("object")) {
      const id = this.#value("object");
      this.#options.editor.clear();
      if (id) void this.#takeBuilding(id);
    } else this.#read(event);
  };

  readonly #read = (event: Event): void => {
    if (event.target === this.#field("kind") || event.target === this.#field("object")) return;
    this.#options.editor.set({
      storeys: Math.round(bounded(this.#value("storeys"), 1, LIMITS.storeys, FRESH.storeys)),
      roof: (this.#value("roof") || FRESH.roof) as Roof,
      use: this.#value("use"),
      width_m: bounded(this.#value("width"), 1, LIMITS.side_m, FRESH.width_m),
      depth_m: bounded(this.#value("depth"), 1, LIMITS.side_m, FRESH.depth_m),
      rotation_deg: bounded(this.#value("rotation"), -360, 360, FRESH.rotation_deg),
      trees: Math.round(bounded(this.#value("trees"), 0, LIMITS.trees, FRESH.trees)),
    });
  };

  readonly #act = (event: Event): void => {
    // The way back without changes.
    if (closest(event, "a", HTMLAnchorElement)) this.#unsaved.forget();
    const button = closest(event, "button", HTMLButtonElement);
    const { editor } = this.#options;
    switch (button?.dataset["draw"]) {
      case "undo":
        editor.undoPoint();
        break;
      case "clear":
        editor.clear();
        break;
      case "place":
        this.#placeByNumbers();
        break;
      case "add":
        if (!editor.add(this.#words())) this.#say(this.#needs());
        break;
      case "remove":
        editor.remove(Number(button.dataset["entry"]));
        announce(say("draw.removed"));
        break;
      case undefined:
        break;
    }
  };

  /** As the form has it: metres from the place of the idea. */
  #placeByNumbers(): void {
    const { form } = this.#options;
    const e = Number(form.dataset["e"]) + Number(this.#value("east"));
    const n = Number(form.dataset["n"]) + Number(this.#value("north"));
    if (Number.isFinite(e + n)) this.#addPoint(e, n);
  }

  readonly #note = (): void => {
    this.#unsaved.keep(this.#options.editor, this.#words());
  };

  /** What the change being drawn is, in the words of the form. */
  #words(): string {
    const kind = this.#field("kind");
    const label = kind instanceof HTMLSelectElement ? (kind.selectedOptions[0]?.text ?? "") : "";
    const { change } = this.#options.editor;
    const { building } = this.#options.editor.draft.value;
    const details = [label];
    if (building) details.push(building.name);
    if (change && "storeys" in change) details.push(say("card.storeys.value", { storeys: change.storeys }));
    if (change && "points" in change) details.push(say("draw.trees", { count: change.points.length }));
    return details.join(" · ");
  }

  #needs(): string {
    return say(this.#options.editor.wantsBuilding ? HELP.building : HELP[KINDS[this.#options.editor.draft.value.kind].shape]);
  }

  readonly #tell = (): void => {
    const { editor } = this.#options;
    this.#showBuilding(editor.draft.value);
    if (this.#help) this.#help.textContent = this.#needs();
    if (this.#status) this.#status.textContent = editor.change ? say("draw.ready") : "";
  };

  /** The chosen building in the list of buildings, wherever it was chosen. */
  #showBuilding({ building }: Draft): void {
    const choice = this.#field("object");
    if (!(choice instanceof HTMLSelectElement)) return;
    if (building && ![...choice.options].some((option) => option.value === building.id)) {
      choice.append(element("option", { value: building.id }, building.name));
    }
    choice.value = building?.id ?? "";
  }

  readonly #list = (): void => {
    const { form, editor } = this.#options;
    const rows = find("[data-draw-list]", HTMLElement, form);
    const section = find("[data-draw-changes]", HTMLElement, form);
    if (!rows || !section) return;
    const made = editor.entries.value.map((entry, index) => {
      const words = { type: "button", "data-draw": "remove", "data-entry": String(index), "aria-label": say("draw.remove", { change: entry.text }) };
      const remove = element("button", { class: "city__draw-remove", ...words }, icon("trash"));
      return element("li", {}, element("span", {}, entry.text), remove);
    });
    const kept = keepFocus(rows, "data-entry", () => {
      rows.replaceChildren(...made);
    });
    section.hidden = made.length === 0;
    if (!kept) this.#field("kind")?.focus();
    this.#tell();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const { editor } = this.#options;
    if (editor.isUnfinished || !editor.isChanged) this.#say(this.#needs());
    else void this.#save();
  };

  async #save(): Promise<void> {
    const { form, editor, send = fetch, go = goTo } = this.#options;
    const changes = editor.change ? [...editor.added, editor.change] : editor.added;
    const body = new URLSearchParams({
      design: changes.length > 0 ? JSON.stringify({ changes }) : "",
      without: JSON.stringify(editor.gone),
    });
    try {
      const next = await request(form.action, (told) => text(record(told)["url"], "url"), { method: "POST", body, send });
      this.#unsaved.forget();
      go(next);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say([error.message, ...Object.values(error.fields).flat()].join(" "));
    }
  }

  #say(words: string): void {
    if (this.#status) this.#status.textContent = words;
    announce(words);
  }
}

function goTo(url: string): void {
  window.location.assign(url);
}
