/** A joystick for walking by touch: how far the thumb is from its middle is how fast one walks. */

import { Disposer } from "../../commons/disposer";
import type { Walker } from "../walk";

export class Joystick {
  readonly #disposer = new Disposer();
  #finger = -1;

  constructor(
    private readonly pad: HTMLElement,
    private readonly knob: HTMLElement,
    private readonly walker: Walker,
    private readonly onChange: () => void,
  ) {
    this.#disposer.listen(pad, "pointerdown", (event) => {
      this.#down(event as PointerEvent);
    });
    this.#disposer.listen(pad, "pointermove", (event) => {
      this.#move(event as PointerEvent);
    });
    this.#disposer.listen(pad, "pointerup", this.#release);
    this.#disposer.listen(pad, "pointercancel", this.#release);
  }

  dispose(): void {
    this.#release();
    this.#disposer.dispose();
  }

  #down(event: PointerEvent): void {
    this.pad.setPointerCapture(event.pointerId);
    this.#finger = event.pointerId;
    this.#move(event);
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#finger) return;
    const box = this.pad.getBoundingClientRect();
    const reach = box.width / 2;
    const x = (event.clientX - box.left - reach) / reach;
    const y = (event.clientY - box.top - reach) / reach;
    const length = Math.max(1, Math.hypot(x, y));
    this.walker.stride.right = x / length;
    this.walker.stride.forward = -y / length;
    this.knob.style.transform = `translate(${Math.round((x / length) * reach * 0.6)}px, ${Math.round((y / length) * reach * 0.6)}px)`;
    this.onChange();
  }

  readonly #release = (): void => {
    this.#finger = -1;
    this.walker.stop();
    this.knob.style.transform = "";
  };
}
