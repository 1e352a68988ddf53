/**
 * Hands on the picture: mouse, touch and keyboard. Flying, one finger or the left button moves the ground, the right
 * button (or Shift or Ctrl) turns, two fingers pinch, turn and tilt. Walking, a drag looks around.
 */

import { Disposer } from "../commons/disposer";
import type { Rig } from "./rig";
import type { Walker } from "./walk";

export interface InputOptions {
  readonly canvas: HTMLCanvasElement;
  readonly rig: Rig;
  readonly walker: Walker;
  /** Metres that a pixel covers at what is looked at. */
  readonly metresPerPixel: () => number;
  /** The ground under a point of the picture; null in the sky. */
  readonly groundAt: (x: number, y: number) => { readonly e: number; readonly n: number } | null;
  readonly onChange: () => void;
  /** A click or tap that was no drag, in CSS pixels from the picture's corner. */
  readonly onTap: (x: number, y: number) => void;
  readonly onLeaveWalk: () => void;
}

interface Finger {
  x: number;
  y: number;
}

const DEGREE = Math.PI / 180;
const TAP_PX = 6;
const TAP_MS = 500;
const TURN_DEG_PER_PX = 0.25;
const LOOK_DEG_PER_PX = 0.16;
const KEY_PAN_PX = 60;
const KEY_TURN_DEG = 7.5;
const WALK_KEYS: Readonly<Record<string, readonly [forward: number, right: number]>> = {
  KeyW: [1, 0],
  ArrowUp: [1, 0],
  KeyS: [-1, 0],
  ArrowDown: [-1, 0],
  KeyA: [0, -1],
  KeyD: [0, 1],
};
/** Walking, these turn the head, so that one hand on the arrows gets anywhere. */
const LOOK_KEYS: Readonly<Record<string, number>> = { ArrowLeft: -KEY_TURN_DEG, ArrowRight: KEY_TURN_DEG, KeyQ: -KEY_TURN_DEG, KeyE: KEY_TURN_DEG };

export class Input {
  readonly #disposer = new Disposer();
  readonly #fingers = new Map<number, Finger>();
  readonly #held = new Set<string>();
  #turning = false;
  #travelled_px = 0;
  #downAt_ms = 0;

  constructor(private readonly options: InputOptions) {
    const { canvas } = options;
    this.#on(canvas, "pointerdown", this.#down);
    this.#on(canvas, "pointermove", this.#move);
    this.#on(canvas, "pointerup", this.#up);
    this.#on(canvas, "pointercancel", this.#cancel);
    this.#disposer.listen(canvas, "wheel", this.#wheel as (event: Event) => void, { passive: false });
    this.#disposer.listen(canvas, "contextmenu", (event) => {
      event.preventDefault();
    });
    this.#disposer.listen(canvas, "keydown", this.#keydown as (event: Event) => void);
    this.#disposer.listen(canvas, "keyup", this.#keyup as (event: Event) => void);
    this.#disposer.listen(canvas, "blur", this.#letGo);
  }

  dispose(): void {
    this.#letGo();
    this.#disposer.dispose();
  }

  #on(target: EventTarget, type: string, listener: (event: PointerEvent) => void): void {
    this.#disposer.listen(target, type, listener as (event: Event) => void);
  }

  readonly #down = (event: PointerEvent): void => {
    const { canvas } = this.options;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    this.options.rig.interrupt();
    this.#fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.#turning = event.button === 2 || event.shiftKey || event.ctrlKey;
    if (this.#fingers.size === 1) {
      this.#travelled_px = 0;
      this.#downAt_ms = event.timeStamp;
    } else {
      this.#travelled_px = Infinity;
    }
  };

  readonly #move = (event: PointerEvent): void => {
    const finger = this.#fingers.get(event.pointerId);
    if (!finger) return;
    const dx = event.offsetX - finger.x;
    const dy = event.offsetY - finger.y;
    this.#travelled_px += Math.abs(dx) + Math.abs(dy);
    if (this.#travelled_px > TAP_PX) {
      if (this.options.rig.mode.value === "walk") this.#look(dx, dy);
      else if (this.#fingers.size === 2) this.#pinch(event.pointerId, event.offsetX, event.offsetY);
      else if (this.#turning) this.options.rig.orbit(dx * TURN_DEG_PER_PX, dy * TURN_DEG_PER_PX);
      else this.#pan(dx, dy);
      this.options.onChange();
    }
    finger.x = event.offsetX;
    finger.y = event.offsetY;
  };

  readonly #up = (event: PointerEvent): void => {
    const wasTap = this.#travelled_px <= TAP_PX && event.timeStamp - this.#downAt_ms < TAP_MS && !this.#turning;
    this.#cancel(event);
    if (wasTap) this.options.onTap(event.offsetX, event.offsetY);
  };

  readonly #cancel = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId);
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { rig } = this.options;
    if (rig.mode.value === "walk") return;
    const ground = this.options.groundAt(event.offsetX, event.offsetY);
    const lines = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    rig.zoom(Math.exp(Math.max(-120, Math.min(120, lines)) * 0.0016), ground?.e, ground?.n);
    this.options.onChange();
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const used = this.options.rig.mode.value === "walk" ? this.#walkKey(event) : this.#flyKey(event);
    if (!used) return;
    event.preventDefault();
    this.options.onChange();
  };

  readonly #keyup = (event: KeyboardEvent): void => {
    this.#held.delete(event.code);
    this.#stride(event.shiftKey);
  };

  readonly #letGo = (): void => {
    this.#held.clear();
    this.#fingers.clear();
    this.options.walker.stop();
  };

  #walkKey(event: KeyboardEvent): boolean {
    const { rig } = this.options;
    if (event.code === "Escape") {
      this.#letGo();
      this.options.onLeaveWalk();
      return true;
    }
    if (event.code in WALK_KEYS) {
      this.#held.add(event.code);
      this.#stride(event.shiftKey);
      return true;
    }
    const turn = LOOK_KEYS[event.code];
    if (turn === undefined) return false;
    rig.orbit(turn, 0);
    return true;
  }

  #stride(running: boolean): void {
    const { stride } = this.options.walker;
    stride.forward = 0;
    stride.right = 0;
    stride.running = running;
    for (const code of this.#held) {
      stride.forward += WALK_KEYS[code]?.[0] ?? 0;
      stride.right += WALK_KEYS[code]?.[1] ?? 0;
    }
  }

  #flyKey(event: KeyboardEvent): boolean {
    const { rig } = this.options;
    const turn = event.shiftKey;
    switch (event.key) {
      case "ArrowLeft":
        if (turn) rig.orbit(-KEY_TURN_DEG, 0);
        else this.#pan(KEY_PAN_PX, 0);
        return true;
      case "ArrowRight":
        if (turn) rig.orbit(KEY_TURN_DEG, 0);
        else this.#pan(-KEY_PAN_PX, 0);
        return true;
      case "ArrowUp":
        if (turn) rig.orbit(0, -KEY_TURN_DEG);
        else this.#pan(0, KEY_PAN_PX);
        return true;
      case "ArrowDown":
        if (turn) rig.orbit(0, KEY_TURN_DEG);
        else this.#pan(0, -KEY_PAN_PX);
        return true;
      case "+":
      case "=":
        rig.goTo({ distance_m: rig.pose.distance_m / 1.4 });
        return true;
      case "-":
      case "_":
        rig.goTo({ distance_m: rig.pose.distance_m * 1.4 });
        return true;
      case "n":
      case "N":
        rig.goTo({ azimuth_deg: 0 });
        return true;
      case "Enter":
        this.options.onTap(this.options.canvas.clientWidth / 2, this.options.canvas.clientHeight / 2);
        return true;
      default:
        return false;
    }
  }

  /** Moves the ground with the hand: `dx`, `dy` are pixels. */
  #pan(dx: number, dy: number): void {
    const { rig } = this.options;
    const scale = this.options.metresPerPixel();
    const azimuth = rig.pose.azimuth_deg * DEGREE;
    const right = -dx * scale;
    const forward = (dy * scale) / Math.max(0.25, Math.sin(rig.pose.pitch_deg * DEGREE));
    rig.pan(Math.cos(azimuth) * right + Math.sin(azimuth) * forward, -Math.sin(azimuth) * right + Math.cos(azimuth) * forward);
  }

  #look(dx: number, dy: number): void {
    this.options.rig.orbit(-dx * LOOK_DEG_PER_PX, -dy * LOOK_DEG_PER_PX);
  }

  #pinch(moved: number, x: number, y: number): void {
    const { rig } = this.options;
    const finger = this.#fingers.get(moved);
    let other: Finger | null = null;
    for (const [id, candidate] of this.#fingers) if (id !== moved) other = candidate;
    if (!finger || !other) return;
    const before = Math.hypot(finger.x - other.x, finger.y - other.y);
    const now = Math.hypot(x - other.x, y - other.y);
    if (before < 1 || now < 1) return;
    const turned = Math.atan2(y - other.y, x - other.x) - Math.atan2(finger.y - other.y, finger.x - other.x);
    const wrapped = Math.atan2(Math.sin(turned), Math.cos(turned));
    rig.zoom(before / now);
    rig.orbit(-wrapped / DEGREE, ((y - finger.y) / 2) * TURN_DEG_PER_PX * 0.6);
  }
}
