/**
 * The panel for drawing a design. Every field works by keyboard; clicks in the picture only set corners, which the
 * fields "east" and "north" set as well. The design goes into the form's hidden field as JSON, and the form is sent by
 * its own button, so the server decides what becomes of it.
 */

import { announce } from "../../commons/announce";
import { Disposer } from "../../commons/disposer";
import { find, findAll } from "../../commons/dom";
import type { DesignEditor} from "../designs/editor";
import { FRESH, LIMITS, type Draft, type DrawKind } from "../designs/editor";
import type { Roof } from "../designs/design";
import { say } from "../i18n";

type FieldElement = HTMLInputElement | HTMLSelectElement;

function isField(value: Element): value is FieldElement {
  return value instanceof HTMLInputElement || value instanceof HTMLSelectElement;
}

function bounded(value: string, least: number, most: number, fallback: number): number {
  const number = Number(value);
  return Number.isFinite(number) && value.trim() !== "" ? Math.min(most, Math.max(least, number)) : fallback;
}

export class DrawPanel {
  readonly #disposer = new Disposer();
  readonly #hidden: HTMLInputElement | null;
  readonly #status: HTMLElement | null;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly editor: DesignEditor,
    private readonly isInside: (e: number, n: number) => boolean,
  ) {
    this.#hidden = find("input[name=design]", HTMLInputElement, form);
    this.#status = find("[data-draw-status]", HTMLElement, form);
    this.#disposer.listen(form, "input", this.#read);
    this.#disposer.listen(form, "change", this.#read);
    this.#disposer.listen(form, "click", this.#act);
    this.#disposer.listen(form, "submit", this.#submit);
    this.#disposer.add(editor.draft.subscribe(this.#write));
    this.#read();
    this.#write();
  }

  /** A click in the picture: a corner more. */
  addPoint(e: number, n: number): void {
    if (!this.isInside(e, n)) {
      this.#say(say("draw.outside"));
      return;
    }
    this.editor.addPoint(e, n);
    announce(say("draw.corner", { count: this.editor.draft.value.points.length }));
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  #value(name: string): string {
    const field = this.form.elements.namedItem(name);
    return field instanceof Element && isField(field) ? field.value : "";
  }

  readonly #read = (): void => {
    const kind = (this.#value("kind") || FRESH.kind) as DrawKind;
    const changes: Partial<Draft> = {
      kind,
      storeys: Math.round(bounded(this.#value("storeys"), 1, LIMITS.storeys, FRESH.storeys)),
      roof: (this.#value("roof") || FRESH.roof) as Roof,
      use: this.#value("use"),
      width_m: bounded(this.#value("width"), 1, LIMITS.side_m, FRESH.width_m),
      depth_m: bounded(this.#value("depth"), 1, LIMITS.side_m, FRESH.depth_m),
      rotation_deg: bounded(this.#value("rotation"), -360, 360, FRESH.rotation_deg),
      trees: Math.round(bounded(this.#value("trees"), 0, LIMITS.trees, FRESH.trees)),
    };
    this.editor.set(kind === this.editor.draft.value.kind ? changes : { ...changes, points: [] });
    for (const part of findAll("[data-for]", HTMLElement, this.form)) {
      part.hidden = !(part.dataset["for"] ?? "").split(" ").includes(kind);
    }
  };

  readonly #act = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    switch (button?.dataset["draw"]) {
      case "undo":
        this.editor.undoPoint();
        break;
      case "clear":
        this.editor.clear();
        break;
      case "place":
        this.#placeByNumbers();
        break;
      case undefined:
        break;
    }
  };

  #placeByNumbers(): void {
    const e = Number(this.#value("east"));
    const n = Number(this.#value("north"));
    if (this.#value("east") === "" || this.#value("north") === "" || !Number.isFinite(e + n)) this.#say(say("draw.place"));
    else this.addPoint(e, n);
  }

  readonly #write = (): void => {
    const { design } = this.editor;
    if (this.#hidden) this.#hidden.value = design ? JSON.stringify(design) : "";
    if (this.#status) this.#status.textContent = design ? say("draw.ready") : say("draw.place");
  };

  readonly #submit = (event: Event): void => {
    if (this.editor.design) return;
    event.preventDefault();
    this.#say(say("draw.needs"));
  };

  #say(text: string): void {
    if (this.#status) this.#status.textContent = text;
    announce(text);
  }
}
