import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { EventStream, type Room, type RoomEvent } from "../../src/commons/events";
import type { Line } from "../../src/commons/events/stream";

class TestLine implements Line {
  onopen: (() => void) | null = null;
  onmessage: ((message: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.isClosed = true;
  }

  hear(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const ROOM = "proposal.1";
let lines: TestLine[];
let stream: EventStream;

const line = (): TestLine => {
  const last = lines.at(-1);
  if (!last) throw new Error("no line was opened");
  return last;
};

const listener = (): Room & { readonly applied: RoomEvent[] } => {
  const applied: RoomEvent[] = [];
  return { seq: 0, applied, apply: (event) => applied.push(event), refetch: () => Promise.resolve(0) };
};

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  stream = new EventStream({
    open: () => {
      lines.push(new TestLine());
      return line();
    },
    replay: (_room, after) => Promise.resolve({ seq: after, events: [], gap: false }),
    random: () => 1,
  });
});

afterEach(() => {
  stream.dispose();
  vi.useRealTimers();
});

describe("the event stream", () => {
  it("joins each room once the line is open, and those that come later at once", () => {
    stream.join(ROOM, listener());
    expect(line().sent).toEqual([]);
    line().onopen?.();
    stream.join("city.gaon", listener());
    expect(line().sent).toEqual([
      { type: "join", room: ROOM },
      { type: "join", room: "city.gaon" },
    ]);
  });

  it("hands an event to its room only", () => {
    const [here, there] = [listener(), listener()];
    stream.join(ROOM, here);
    stream.join("city.gaon", there);
    line().onopen?.();
    line().hear({ type: "event", room: ROOM, seq: 1, kind: "proposal.supported", payload: { supports: 3 } });
    expect(here.applied).toEqual([{ seq: 1, kind: "proposal.supported", payload: { supports: 3 } }]);
    expect(there.applied).toEqual([]);
  });

  it("comes back after a cut, waiting longer each time, and joins its rooms again", () => {
    stream.join(ROOM, listener());
    line().onopen?.();
    line().onclose?.();
    expect(stream.state.value).toBe("lost");
    vi.advanceTimersByTime(499);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(lines).toHaveLength(2);
    line().onclose?.();
    vi.advanceTimersByTime(999);
    expect(lines).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(lines).toHaveLength(3);
    line().onopen?.();
    expect(stream.state.value).toBe("open");
    expect(line().sent).toEqual([{ type: "join", room: ROOM }]);
  });

  it("never waits longer than half a minute", () => {
    const waits_ms: number[] = [];
    for (let cut = 1; cut <= 12; cut++) {
      const cutAt_ms = Date.now();
      line().onclose?.();
      while (lines.length === cut) vi.advanceTimersByTime(250);
      waits_ms.push(Date.now() - cutAt_ms);
    }
    expect(waits_ms).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  });

  it("takes a silent line for dead", () => {
    line().onopen?.();
    vi.advanceTimersByTime(15_000);
    expect(line().sent).toContainEqual({ type: "ping" });
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(10_000);
    expect(lines[0]?.isClosed).toBe(true);
    expect(lines).toHaveLength(2);
  });

  it("keeps a line on which the server goes on speaking", () => {
    line().onopen?.();
    for (let beat = 0; beat < 20; beat++) {
      line().hear({ type: "pong" });
      vi.advanceTimersByTime(5000);
    }
    expect(lines).toHaveLength(1);
  });

  it("tells a room that it was refused, and does not ask again", () => {
    const refused: string[] = [];
    stream.join(ROOM, listener(), (code) => refused.push(code));
    line().onopen?.();
    line().hear({ type: "refused", room: ROOM, code: "forbidden" });
    line().onclose?.();
    vi.advanceTimersByTime(1000);
    line().onopen?.();
    expect(refused).toEqual(["forbidden"]);
    expect(line().sent).toEqual([]);
  });

  it("survives messages that it cannot read", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const room = listener();
    stream.join(ROOM, room);
    line().onopen?.();
    line().onmessage?.({ data: "{" });
    line().hear({ type: "unheard-of" });
    line().hear({ type: "event", room: ROOM, seq: "1" });
    line().hear({ type: "event", room: ROOM, seq: 1, kind: "x.y", payload: null });
    expect(room.applied).toHaveLength(1);
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it("leaves no timer and no line behind", () => {
    const leave = stream.join(ROOM, listener());
    line().onopen?.();
    leave();
    expect(line().sent.at(-1)).toEqual({ type: "leave", room: ROOM });
    stream.dispose();
    expect(line().isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
