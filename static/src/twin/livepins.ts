/** The proposals that have a place, kept true by the city's room: fetched once, then changed by its events. */

import { Disposer } from "../commons/disposer";
import type { EventStream, RoomEvent } from "../commons/events";
import { ParseError, record, text } from "../commons/parse";
import { Store } from "../commons/store";
import type { CityApi } from "./api";
import { parsePin, type Pin } from "./messages";

export interface PinNews {
  /** A proposal that was not there before. */
  readonly came: (pin: Pin) => void;
  /** One that was there is no longer listed: withdrawn, merged into another, or taken down. */
  readonly went: (pin: Pin) => void;
  /** Another publication of the city is what people see now; this page still shows the one before. */
  readonly renewed: () => void;
}

export class LivePins {
  readonly pins = new Store<readonly Pin[]>([]);
  readonly #disposer = new Disposer();

  constructor(
    private readonly api: CityApi,
    private readonly news: PinNews,
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
          this.#apply(event);
        },
        refetch: async () => {
          const again = await this.api.pins();
          this.#show(again.pins);
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
  #apply(event: RoomEvent): void {
    try {
      const payload = record(event.payload, event.kind);
      if (event.kind === "pin.changed") this.#put(parsePin(payload["pin"]));
      else if (event.kind === "pin.removed") this.#take(text(payload["id"], "pin.id"));
      else if (event.kind === "city.published") this.news.renewed();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
    }
  }

  #put(pin: Pin): void {
    const known = this.pins.value.some((other) => other.id === pin.id);
    this.#show(known ? this.pins.value.map((other) => (other.id === pin.id ? pin : other)) : [...this.pins.value, pin]);
    if (!known) this.news.came(pin);
  }

  /** Ideas without a place never had a pin; that they went changes nothing here. */
  #take(id: string): void {
    if (this.pins.value.some((pin) => pin.id === id)) this.#show(this.pins.value.filter((pin) => pin.id !== id));
  }

  #show(pins: readonly Pin[]): void {
    const shown = new Set(pins.map((pin) => pin.id));
    const gone = this.pins.value.filter((pin) => !shown.has(pin.id));
    this.pins.set(pins);
    for (const pin of gone) this.news.went(pin);
  }
}
