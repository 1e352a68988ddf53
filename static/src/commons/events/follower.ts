/** One room's events in order, each once, whatever the line loses, repeats or swaps. Knows no socket and no clock. */

/** A numbered event of a room. `payload` is null where this reader may not see it: its number still counts. */
export interface RoomEvent {
  readonly seq: number;
  readonly kind: string;
  readonly payload: unknown;
}

/** What the server kept after a number. With `gap`, it no longer has all of them: the state must be fetched. */
export interface Replay {
  readonly seq: number;
  readonly events: readonly RoomEvent[];
  readonly gap: boolean;
}

export interface Room {
  /** The number that the state shown stands at. */
  readonly seq: number;
  /** Applies one event to the state shown; called in order, each number at most once. */
  apply(event: RoomEvent): void;
  /** Fetches the state anew, shows it, and answers the number it stands at. */
  refetch(): Promise<number>;
}

/** How many events may wait while an earlier one is missing, before they are dropped and asked for again. */
const MOST_WAITING = 1000;

export class Follower {
  #seq: number;
  #known: number;
  #isCatchingUp = false;
  #isDisposed = false;
  readonly #waiting = new Map<number, RoomEvent>();

  constructor(
    private readonly room: Room,
    private readonly replay: (after: number) => Promise<Replay>,
    /** Called when catching up failed; the next number that arrives tries again. */
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.#seq = this.#known = room.seq;
  }

  /** The number that the state shown stands at. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether some event is known to be missing. */
  get isBehind(): boolean {
    return this.#seq < this.#known;
  }

  /** An event has arrived: at once applied if it is the next, kept if later, dropped if known. */
  deliver(event: RoomEvent): void {
    if (event.seq <= this.#seq || this.#isDisposed) return;
    if (this.#waiting.size < MOST_WAITING) this.#waiting.set(event.seq, event);
    this.#known = Math.max(this.#known, event.seq);
    this.#settle();
  }

  /** The room's latest number has arrived: what is missing up to it is fetched. */
  latest(seq: number): void {
    if (this.#isDisposed) return;
    this.#known = Math.max(this.#known, seq);
    this.#settle();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting.clear();
  }

  #settle(): void {
    if (this.#isCatchingUp) return;
    this.#applyWaiting();
    if (this.isBehind) void this.#catchUp();
  }

  #applyWaiting(): void {
    for (let next = this.#take(); next; next = this.#take()) {
      this.#seq = next.seq;
      this.room.apply(next);
    }
    for (const seq of this.#waiting.keys()) if (seq <= this.#seq) this.#waiting.delete(seq);
  }

  #take(): RoomEvent | undefined {
    const next = this.#waiting.get(this.#seq + 1);
    this.#waiting.delete(this.#seq + 1);
    return next;
  }

  async #catchUp(): Promise<void> {
    this.#isCatchingUp = true;
    try {
      // An answer may be older than what has arrived meanwhile: go on as long as it brings us forward.
      while (this.isBehind && !this.#isDisposed && (await this.#advance()));
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.#isCatchingUp = false;
    }
  }

  /** One look at the server; says whether it brought anything new. */
  async #advance(): Promise<boolean> {
    const before = this.#seq;
    const kept = await this.replay(before);
    if (this.#isDisposed) return false;
    if (kept.gap) this.#seq = await this.room.refetch();
    else for (const event of kept.events) if (event.seq > this.#seq) this.#waiting.set(event.seq, event);
    if (this.isDisposed) return false;
    this.#known = Math.max(this.#known, kept.seq, this.#seq);
    this.#applyWaiting();
    return this.#seq > before;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }
}
