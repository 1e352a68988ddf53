/** Collects undos, and does them once, last first. Whatever owns a listener, timer or socket owns one of these. */
export class Disposer {
  readonly #undos: (() => void)[] = [];
  #isDisposed = false;

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Added after `dispose`, `undo` is done at once: nothing that comes late stays. */
  add(undo: () => void): void {
    if (this.#isDisposed) undo();
    else this.#undos.push(undo);
  }

  own<T extends { dispose(): void }>(thing: T): T {
    this.add(() => {
      thing.dispose();
    });
    return thing;
  }

  listen(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, listener, options);
    this.add(() => {
      target.removeEventListener(type, listener, options);
    });
  }

  timeout(action: () => void, delay_ms: number): void {
    const timer = setTimeout(action, delay_ms);
    this.add(() => {
      clearTimeout(timer);
    });
  }

  interval(action: () => void, every_ms: number): void {
    const timer = setInterval(action, every_ms);
    this.add(() => {
      clearInterval(timer);
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    while (this.#undos.length > 0) this.#undos.pop()?.();
  }
}
