// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { PoseLine, type Wire } from "../../src/participation/presence/line";
import { FLYING, type Pose, type Word } from "../../src/participation/presence/protocol";

class TestWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((message: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: DataView[] = [];
  isClosed = false;

  send(data: ArrayBuffer): void {
    this.sent.push(new DataView(data));
  }

  close(): void {
    this.isClosed = true;
  }

  kinds(): number[] {
    return this.sent.map((view) => view.getUint8(0));
  }
}

const POSE = 1;
const ECHO = 2;
let wires: TestWire[];
let words: Word[];
let here: Pose;
let line: PoseLine;

function wire(): TestWire {
  const last = wires.at(-1);
  if (!last) throw new Error("no line was opened");
  return last;
}

function say(message: unknown): void {
  wire().onmessage?.({ data: JSON.stringify(message) });
}

function beat(tick: number): void {
  const view = new DataView(new ArrayBuffer(5));
  view.setUint8(0, 2);
  view.setUint32(1, tick, true);
  wire().onmessage?.({ data: view.buffer });
}

function emptyFrame(tick: number): void {
  const view = new DataView(new ArrayBuffer(20));
  view.setUint8(0, 1);
  view.setUint32(4, tick, true);
  wire().onmessage?.({ data: view.buffer });
}

beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
  words = [];
  here = { e: 1, n: 2, z: 3, yaw: 4, state: FLYING };
  line = new PoseLine({
    open: () => {
      wires.push(new TestWire());
      return wire();
    },
    whereAmI: (pose) => {
      Object.assign(pose, here);
      return true;
    },
    onWord: (word) => words.push(word),
    random: () => 1,
  });
});

afterEach(() => {
  line.dispose();
  vi.useRealTimers();
});

describe("the line to the people in the city", () => {
  it("says where one is as soon as it is open", () => {
    expect(wire().sent).toEqual([]);
    wire().onopen?.();
    expect(wire().kinds()).toEqual([POSE]);
    expect(line.state.value).toBe("open");
  });

  it("says nothing more while one rests, and ten times a second at most while one moves", () => {
    wire().onopen?.();
    vi.advanceTimersByTime(1000);
    expect(wire().sent).toHaveLength(1);
    for (let step = 0; step < 100; step += 1) {
      here.e += 1;
      vi.advanceTimersByTime(10);
    }
    expect(wire().sent).toHaveLength(11);
  });

  it("answers a beat at once, a frame by the next clock, and a frame with a pose where one moves", () => {
    wire().onopen?.();
    beat(5);
    expect(wire().kinds()).toEqual([POSE, ECHO]);
    emptyFrame(6);
    expect(wire().kinds()).toEqual([POSE, ECHO]);
    vi.advanceTimersByTime(100);
    expect(wire().kinds()).toEqual([POSE, ECHO, ECHO]);
    emptyFrame(7);
    here.n += 1;
    vi.advanceTimersByTime(100);
    expect(wire().kinds()).toEqual([POSE, ECHO, ECHO, POSE]);
    expect(wire().sent.at(-1)?.getUint32(1, true)).toBe(7);
  });

  it("speaks every few seconds whatever happens", () => {
    wire().onopen?.();
    vi.advanceTimersByTime(2700);
    expect(wire().kinds()).toEqual([POSE, ECHO]);
  });

  it("takes eight seconds of silence for a dead line and comes back by itself", () => {
    wire().onopen?.();
    vi.advanceTimersByTime(8200);
    expect(wires[0]?.isClosed).toBe(true);
    expect(line.state.value).toBe("lost");
    vi.advanceTimersByTime(400);
    expect(wires).toHaveLength(2);
    wire().onopen?.();
    expect(wire().kinds()).toEqual([POSE]);
  });

  it("waits longer with each failure, and no longer once it was welcome", () => {
    for (const delay of [400, 800, 1600]) {
      wire().onclose?.();
      vi.advanceTimersByTime(delay - 1);
      const before = wires.length;
      vi.advanceTimersByTime(1);
      expect(wires).toHaveLength(before + 1);
    }
    wire().onopen?.();
    say({ type: "welcome", id: 1, name: "", look: "unnamed" });
    wire().onclose?.();
    vi.advanceTimersByTime(400);
    expect(wires).toHaveLength(5);
  });

  it("stays away when it was sent away, and comes back after a mere slip", () => {
    wire().onopen?.();
    say({ type: "refused", code: "malformed" });
    expect(line.state.value).toBe("open");
    say({ type: "refused", code: "removed_from_world" });
    expect(line.state.value).toBe("refused");
    vi.advanceTimersByTime(120_000);
    expect(wires).toHaveLength(1);
    expect(words.map((word) => word.type)).toEqual(["refused", "refused"]);
  });

  it("overhears what it cannot read", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    wire().onopen?.();
    wire().onmessage?.({ data: "{" });
    wire().onmessage?.({ data: new ArrayBuffer(3) });
    expect(words).toEqual([]);
    expect(line.state.value).toBe("open");
  });

  it("closes when nobody has seen the page for a minute, and opens when somebody does", () => {
    const hidden = vi.spyOn(document, "hidden", "get");
    wire().onopen?.();
    hidden.mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    for (let second = 0; second < 62; second += 1) {
      beat(second);
      vi.advanceTimersByTime(1000);
    }
    expect(wires[0]?.isClosed).toBe(true);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(wires).toHaveLength(2);
  });

  it("leaves no timer and no listener behind", () => {
    wire().onclose?.();
    line.dispose();
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
