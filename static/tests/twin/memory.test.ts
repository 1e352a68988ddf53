// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { heapShareOf, MemoryWatch } from "../../src/twin/memory";
import { Ladder } from "../../src/twin/quality";

const CHECK_MS = 2000;

let use: { tilesAreFull: boolean; coarsest: number; refused: boolean; takeRefusal(): boolean; coarsenTiles(): boolean };
let ladder: Ladder;
let heap: number | null;
let watch: MemoryWatch;
const leave = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  leave.mockReset();
  heap = null;
  ladder = new Ladder("high", false);
  use = {
    tilesAreFull: false,
    coarsest: 3,
    refused: false,
    takeRefusal() {
      const { refused } = this;
      this.refused = false;
      return refused;
    },
    coarsenTiles() {
      this.coarsest -= 1;
      return this.coarsest >= 0;
    },
  };
  watch = new MemoryWatch({ use, stepDown: () => ladder.stepDown("memory"), leave, heapShare: () => heap });
});

afterEach(() => {
  watch.dispose();
  vi.useRealTimers();
});

const checks = (count: number): void => {
  vi.advanceTimersByTime(count * CHECK_MS);
};

describe("the watch over memory", () => {
  it("lets be what fits", () => {
    heap = 0.5;
    checks(50);
    expect([ladder.quality.value, use.coarsest]).toEqual(["high", 3]);
    expect(leave).not.toHaveBeenCalled();
  });

  it("bears a cache that is full for a moment", () => {
    use.tilesAreFull = true;
    checks(1);
    use.tilesAreFull = false;
    checks(1);
    use.tilesAreFull = true;
    checks(1);
    expect(use.coarsest).toBe(3);
  });

  it("makes tiles coarser first, then the picture simpler, and leaves for the map last, once", () => {
    use.tilesAreFull = true;
    checks(4);
    expect([use.coarsest, ladder.quality.value]).toEqual([0, "high"]);
    checks(1);
    expect(ladder.quality.value).toBe("mid");
    checks(4);
    expect(ladder.quality.value).toBe("low");
    expect(leave).not.toHaveBeenCalled();
    checks(40);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it("steps down when the graphics device refuses memory, and gives what is freed time to be free", () => {
    use.refused = true;
    checks(1);
    expect(ladder.quality.value).toBe("mid");
    use.refused = true;
    checks(3);
    expect(ladder.quality.value).toBe("mid");
    use.refused = true;
    checks(1);
    expect(ladder.quality.value).toBe("low");
  });

  it("steps down when the heap is nearly full", () => {
    heap = 0.95;
    checks(1);
    expect([ladder.quality.value, ladder.reason]).toEqual(["mid", "memory"]);
  });

  it("asks nobody any more once it is disposed of", () => {
    expect(vi.getTimerCount()).toBe(1);
    watch.dispose();
    expect(vi.getTimerCount()).toBe(0);
    heap = 0.99;
    checks(10);
    expect(ladder.quality.value).toBe("high");
  });
});

describe("the share of the heap", () => {
  it("is read where the browser tells it", () => {
    expect(heapShareOf({ memory: { usedJSHeapSize: 30, jsHeapSizeLimit: 40 } })).toBe(0.75);
    expect(heapShareOf({})).toBeNull();
    expect(heapShareOf({ memory: { usedJSHeapSize: 30, jsHeapSizeLimit: 0 } })).toBeNull();
  });
});
