import { describe, expect, it, vi } from "vitest";

import { isTooSmall, Ladder, pinnedQuality, startQuality } from "../../src/twin/quality";

const DESK = { memory_gb: 16, cores: 8, coarsePointer: false, saveData: false };

describe("the ladder of quality", () => {
  it("begins high on a desk, lower on phones and small devices", () => {
    expect(startQuality(DESK)).toBe("high");
    expect(startQuality({ ...DESK, coarsePointer: true })).toBe("mid");
    expect(startQuality({ ...DESK, memory_gb: 2 })).toBe("low");
    expect(startQuality({ ...DESK, saveData: true })).toBe("low");
    expect(startQuality({ ...DESK, memory_gb: null, cores: null })).toBe("high");
  });

  it("is pinned by the address, and only to a step it has", () => {
    expect(pinnedQuality("?quality=low")).toBe("low");
    expect(pinnedQuality("?quality=ultra")).toBeNull();
  });

  it("steps down after a series of slow frames, once a series, down to low", () => {
    const ladder = new Ladder("high", false);
    const told = vi.fn();
    ladder.quality.subscribe(told);
    for (let frame = 0; frame < 11; frame += 1) ladder.frameTook(0.3);
    ladder.frameTook(0.01);
    expect(told).not.toHaveBeenCalled();
    for (let frame = 0; frame < 60; frame += 1) ladder.frameTook(0.3);
    expect(told.mock.calls.map(([step]) => step as string)).toEqual(["mid", "low"]);
    expect(ladder.reason).toBe("slow");
    expect(ladder.stepDown("memory")).toBe(false);
  });

  it("is not entered by a device that cannot hold it", () => {
    expect(isTooSmall({ ...DESK, memory_gb: 0.5 })).toBe(true);
    expect(isTooSmall({ ...DESK, memory_gb: 1 })).toBe(false);
    expect(isTooSmall({ ...DESK, memory_gb: null })).toBe(false);
  });

  it("goes down where memory is short, also where it is pinned", () => {
    const ladder = new Ladder("high", true);
    expect(ladder.stepDown("memory")).toBe(true);
    expect([ladder.quality.value, ladder.reason]).toEqual(["mid", "memory"]);
  });

  it("stays where it is pinned, however slow it is", () => {
    const ladder = new Ladder("high", true);
    for (let frame = 0; frame < 60; frame += 1) ladder.frameTook(0.3);
    expect(ladder.quality.value).toBe("high");
  });
});
