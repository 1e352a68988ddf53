/**
 * Frames on demand. Nothing runs until somebody asks for a frame; frames follow each other while `onFrame` returns true.
 *
 * With `stepped`, frames come only by the element's `city:step` event (`detail: { elapsed_s }`), so that tests in
 * software WebGL decide when to pay for one.
 */

export interface LoopOptions {
  readonly element: HTMLElement;
  readonly stepped: boolean;
  /** Draws a frame; true while another is due. `elapsed_s` is 0 in the first frame of a series. */
  readonly onFrame: (elapsed_s: number) => boolean;
}

const LONGEST_FRAME_S = 0.25;
export const STEP_EVENT = "city:step";

export class Loop {
  #handle = 0;
  #due = false;
  #last_ms = -1;
  #disposed = false;

  constructor(private readonly options: LoopOptions) {
    if (options.stepped) options.element.addEventListener(STEP_EVENT, this.#step);
    document.addEventListener("visibilitychange", this.#wake);
  }

  get isRunning(): boolean {
    return this.#due;
  }

  request(): void {
    if (this.#due || this.#disposed) return;
    this.#due = true;
    if (!this.options.stepped) this.#handle = requestAnimationFrame(this.#tick);
  }

  dispose(): void {
    this.#disposed = true;
    this.#due = false;
    cancelAnimationFrame(this.#handle);
    this.options.element.removeEventListener(STEP_EVENT, this.#step);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  readonly #tick = (now_ms: number): void => {
    const elapsed_s = this.#last_ms < 0 ? 0 : Math.min(LONGEST_FRAME_S, (now_ms - this.#last_ms) / 1000);
    this.#last_ms = now_ms;
    this.#frame(elapsed_s);
  };

  readonly #step = (event: Event): void => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : null;
    const asked = typeof detail === "object" && detail !== null && "elapsed_s" in detail ? Number(detail.elapsed_s) : 1 / 60;
    this.#frame(Number.isFinite(asked) ? asked : 1 / 60);
  };

  #frame(elapsed_s: number): void {
    this.#due = false;
    if (this.#disposed) return;
    if (this.options.onFrame(elapsed_s)) this.request();
    if (!this.isRunning) this.#last_ms = -1;
  }

  readonly #wake = (): void => {
    if (document.visibilityState === "visible") this.request();
  };
}
