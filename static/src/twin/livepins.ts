/** The proposals that have a place, kept true by the city's room: fetched once, then changed by its events. */

import { Disposer } from "../commons/disposer";
import type { EventStream } from "../commons/events";
import { Store } from "../commons/store";
import type { CityApi } from "./api";
import { parsePin, type Pin } from "./messages";

export class LivePins {
  readonly pins = new Store<readonly Pin[]>([]);
  readonly #disposer = new Disposer();

  constructor(
    private readonly api: CityApi,
    /** Told of a proposal that was not there before. */
    private readonly onNew: (pin: Pin) => void,
  ) {}

  /** Fetches the pins and follows them; without a room they stay as they are. */
  async start(connect: () => EventStream, signal: AbortSignal): Promise<EventStream | null> {
    const first = await this.api.pins(signal);
    this.pins.set(first.pins);
    if (!first.room || signal.aborted) return null;
    const stream = connect();
    this.#disposer.add(
      stream.join(first.room, {
        seq: first.seq,
        apply: (event) => {
          if (event.kind === "pin.changed") this.#change(event.payload);
        },
        refetch: async () => {
          const again = await this.api.pins();
          this.pins.set(again.pins);
          return again.seq;
        },
      }),
    );
    return stream;
  }

  dispose(): void {
    this.#disposer.dispose();
    this.pins.dispose();
  }

  /** An event this version cannot read is left out; the next full fetch will have it. */
  #change(payload: unknown): void {
    let pin: Pin;
    try {
      pin = parsePin(payload);
    } catch {
      return;
    }
    const others = this.pins.value.filter((known) => known.id !== pin.id);
    const isNew = others.length === this.pins.value.length;
    this.pins.set([...others, pin]);
    if (isNew) this.onNew(pin);
  }
}
