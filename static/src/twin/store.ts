/** A value that others can watch. `subscribe` returns its undo. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Collects undos and objects with `dispose`, and undoes them once, last first. */
export class Undo {
  readonly #steps: (() => void)[] = [];

  add(step: () => void): void {
    this.#steps.push(step);
  }

  own<T extends { dispose(): void }>(thing: T): T {
    this.#steps.push(() => {
      thing.dispose();
    });
    return thing;
  }

  listen<K extends string>(
    target: EventTarget,
    type: K,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, listener, options);
    this.#steps.push(() => {
      target.removeEventListener(type, listener, options);
    });
  }

  dispose(): void {
    while (this.#steps.length > 0) this.#steps.pop()?.();
  }
}
