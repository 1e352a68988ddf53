/** Proposals as pins over the city: real buttons, gathered where they would cover each other. */

import { Vector3 } from "three";

import { Disposer } from "../../commons/disposer";
import { element, icon } from "../../commons/dom";
import { say } from "../i18n";
import type { Pin } from "../messages";
import { cluster, type Boxes } from "../placement";
import type { CityView } from "../view";

const REACH_PX = 46;
const LIFT_M = 3;

interface Marker {
  readonly pin: Pin;
  readonly button: HTMLButtonElement;
  readonly count: HTMLSpanElement;
  x: number;
  y: number;
  size: number;
}

export interface PinListener {
  open(pin: Pin): void;
  /** Several pins in one place: go closer. */
  approach(e: number, n: number): void;
}

export class Pins {
  readonly #disposer = new Disposer();
  readonly #at = new Vector3();
  #markers: Marker[] = [];
  #x = new Float32Array(0);
  #y = new Float32Array(0);
  #leader = new Int32Array(0);
  #size = new Int32Array(0);
  #current: string | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly view: CityView,
    private readonly listener: PinListener,
  ) {
    this.#disposer.listen(host, "click", this.#click);
  }

  /** Shows these pins; those most supported lead where they gather. */
  set(pins: readonly Pin[]): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["pin"] : undefined;
    for (const marker of this.#markers) marker.button.remove();
    this.#markers = [...pins].sort((a, b) => b.supports - a.supports || a.number - b.number).map(makeMarker);
    this.#x = new Float32Array(pins.length);
    this.#y = new Float32Array(pins.length);
    this.#leader = new Int32Array(pins.length);
    this.#size = new Int32Array(pins.length);
    this.host.append(...this.#markers.map((marker) => marker.button));
    this.#markers.find((marker) => marker.pin.id === focused)?.button.focus({ preventScroll: true });
    this.view.request();
  }

  setCurrent(id: string | null): void {
    this.#current = id;
    for (const marker of this.#markers) {
      if (marker.pin.id === id) marker.button.setAttribute("aria-current", "true");
      else marker.button.removeAttribute("aria-current");
    }
  }

  /**
   * Puts every pin where its place is now, and takes its room on the screen; the open idea's own gives way to its
   * design, which carries words. Touches only what has moved.
   */
  place(taken: Boxes): void {
    const count = this.#markers.length;
    for (let index = 0; index < count; index += 1) {
      const pin = this.#markers[index]?.pin;
      const isDrawn = pin?.id === this.#current && this.view.design !== null;
      const seen = pin !== undefined && !isDrawn && this.view.project(pin.e, pin.n, pin.z + LIFT_M, this.#at);
      this.#x[index] = seen ? this.#at.x : NaN;
      this.#y[index] = seen ? this.#at.y : NaN;
    }
    cluster(this.#x, this.#y, count, REACH_PX, this.#leader, this.#size);
    for (let index = 0; index < count; index += 1) {
      const marker = this.#markers[index];
      if (!marker) continue;
      const shown = this.#leader[index] === index;
      if (marker.button.hidden === shown) marker.button.hidden = !shown;
      if (!shown) continue;
      const x = Math.round(this.#x[index] ?? 0);
      const y = Math.round(this.#y[index] ?? 0);
      taken.block(x - 24, y - 64, x + 24, y);
      this.#move(marker, x, y, this.#size[index] ?? 1);
    }
  }

  dispose(): void {
    this.#disposer.dispose();
    for (const marker of this.#markers) marker.button.remove();
    this.#markers = [];
  }

  #move(marker: Marker, x: number, y: number, size: number): void {
    if (marker.x !== x || marker.y !== y) {
      marker.x = x;
      marker.y = y;
      marker.button.style.transform = `translate(${x}px, ${y}px)`;
    }
    if (marker.size === size) return;
    marker.size = size;
    const { pin, button, count } = marker;
    button.classList.toggle("pin--many", size > 1);
    count.textContent = size > 1 ? String(size) : String(pin.supports);
    button.setAttribute(
      "aria-label",
      size > 1 ? say("pin.many", { count: size }) : say("pin.one", { title: pin.title, count: pin.supports }),
    );
  }

  readonly #click = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const marker = this.#markers.find((candidate) => candidate.button === button);
    if (!marker) return;
    if (marker.size > 1 && marker.pin.id !== this.#current) this.listener.approach(marker.pin.e, marker.pin.n);
    else this.listener.open(marker.pin);
  };
}

function makeMarker(pin: Pin): Marker {
  const count = element("span", { class: "pin__count" }, String(pin.supports));
  const title = element("span", { class: "pin__title" }, pin.title);
  const head = element("span", { class: "pin__head" }, icon("idea"), count);
  const button = element("button", { class: "pin", type: "button", hidden: "", "data-pin": pin.id }, head, title);
  return { pin, button, count, x: NaN, y: NaN, size: 0 };
}
