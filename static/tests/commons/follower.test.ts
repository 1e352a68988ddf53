import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Follower, type Replay, type RoomEvent } from "../../src/commons/events";

/** A server that keeps only its last `kept` events, and a state made of all of them. */
class Server {
  readonly events: RoomEvent[] = [];

  constructor(readonly kept: number) {}

  get seq(): number {
    return this.events.length;
  }

  announce(payload: unknown): RoomEvent {
    const event = { seq: this.seq + 1, kind: "test.changed", payload };
    this.events.push(event);
    return event;
  }

  replay(after: number): Replay {
    const gap = this.seq - after > this.kept;
    return { seq: this.seq, events: gap ? [] : this.events.slice(after), gap };
  }

  /** What a reader shows who has seen everything up to `seq`; filtered events change nothing. */
  state(seq = this.seq): unknown[] {
    return this.events.slice(0, seq).flatMap((event) => (event.payload === null ? [] : [event.payload]));
  }
}

class Reader {
  shown: unknown[];
  readonly applied: number[] = [];
  readonly follower: Follower;

  constructor(
    private readonly server: Server,
    replay: (after: number) => Promise<Replay>,
    pause: () => Promise<void>,
  ) {
    this.shown = server.state();
    this.follower = new Follower(
      {
        seq: server.seq,
        apply: (event) => {
          this.applied.push(event.seq);
          if (event.payload !== null) this.shown.push(event.payload);
        },
        refetch: async () => {
          const seq = this.server.seq;
          const state = this.server.state(seq);
          await pause();
          this.shown = state;
          return seq;
        },
      },
      replay,
    );
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
};

type Step =
  | { readonly kind: "announce"; readonly payload: number | null; readonly copies: number; readonly late: number }
  | { readonly kind: "latest" }
  | { readonly kind: "wait" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("announce" as const),
      payload: fc.option(fc.nat(999), { nil: null, freq: 4 }),
      copies: fc.constantFrom(0, 1, 1, 1, 2), // lost, once, twice
      late: fc.constantFrom(0, 0, 0, 1, 3, 8), // how many steps it is overtaken by
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("latest" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
);

describe("state + events = refetched state", () => {
  it("whatever the line loses, repeats or swaps, and however much the server has forgotten", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.nat(6), // events before the reader came
        fc.constantFrom(2, 5, 1000), // how many events the server keeps
        fc.array(fc.boolean(), { maxLength: 10 }), // which replays fail
        async (steps, earlier, kept, failures) => {
          const server = new Server(kept);
          for (let count = 0; count < earlier; count++) server.announce(count);
          const failing = [...failures];
          const reader = new Reader(
            server,
            async (after) => {
              const answer = server.replay(after);
              await Promise.resolve();
              if (failing.shift()) throw new Error("the line was cut");
              return answer;
            },
            () => Promise.resolve(),
          );

          const underway: { due: number; event: RoomEvent }[] = [];
          for (const [now, each] of steps.entries()) {
            if (each.kind === "announce") {
              const event = server.announce(each.payload);
              for (let copy = 0; copy < each.copies; copy++) underway.push({ due: now + each.late + copy, event });
            } else if (each.kind === "latest") reader.follower.latest(server.seq);
            else await settled();
            for (const sent of underway.filter(({ due }) => due === now)) reader.follower.deliver(sent.event);
          }

          for (let beat = 0; beat <= failures.length; beat++) {
            reader.follower.latest(server.seq);
            await settled();
          }
          expect(reader.shown).toEqual(server.state());
          expect(reader.follower.seq).toBe(server.seq);
          expect(reader.applied).toEqual([...new Set(reader.applied)].sort((a, b) => a - b));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a follower", () => {
  const event = (seq: number): RoomEvent => ({ seq, kind: "test.changed", payload: seq });
  const never = (): Promise<Replay> => new Promise(() => undefined);

  it("applies the next event at once, without asking the server", () => {
    const applied: number[] = [];
    let asked = 0;
    const room = { seq: 4, apply: (one: RoomEvent) => applied.push(one.seq), refetch: () => Promise.resolve(0) };
    const follower = new Follower(room, () => {
      asked++;
      return never();
    });
    follower.deliver(event(5));
    follower.deliver(event(6));
    expect(applied).toEqual([5, 6]);
    expect(asked).toBe(0);
  });

  it("asks once while a gap is open, however many events arrive", () => {
    let asked = 0;
    const follower = new Follower({ seq: 0, apply: () => undefined, refetch: () => Promise.resolve(0) }, () => {
      asked++;
      return never();
    });
    for (let seq = 5; seq < 2000; seq++) follower.deliver(event(seq));
    expect(asked).toBe(1);
    expect(follower.isBehind).toBe(true);
  });

  it("applies nothing after it has been disposed of, not even an answer that was under way", async () => {
    const applied: number[] = [];
    let answer: (replay: Replay) => void = () => undefined;
    const room = { seq: 0, apply: (one: RoomEvent) => applied.push(one.seq), refetch: () => Promise.resolve(0) };
    const follower = new Follower(room, () => new Promise((resolve) => (answer = resolve)));
    follower.latest(1);
    follower.dispose();
    answer({ seq: 1, events: [event(1)], gap: false });
    await settled();
    follower.deliver(event(1));
    expect(applied).toEqual([]);
  });

  it("says when catching up failed, and tries again at the next number", async () => {
    const failures: unknown[] = [];
    let fails = true;
    const follower = new Follower(
      { seq: 0, apply: () => undefined, refetch: () => Promise.resolve(0) },
      () => (fails ? Promise.reject(new Error("cut")) : Promise.resolve({ seq: 1, events: [event(1)], gap: false })),
      (error) => failures.push(error),
    );
    follower.latest(1);
    await settled();
    expect(failures).toHaveLength(1);
    fails = false;
    follower.latest(1);
    await settled();
    expect(follower.seq).toBe(1);
  });
});
