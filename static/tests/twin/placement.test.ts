import { describe, expect, it } from "vitest";

import { Boxes, cluster, scaleBar } from "../../src/twin/placement";

describe("Boxes", () => {
  it("gives room only once", () => {
    const boxes = new Boxes();
    expect(boxes.take(0, 0, 10, 10)).toBe(true);
    expect(boxes.take(5, 5, 15, 15)).toBe(false);
    expect(boxes.take(10, 0, 20, 10)).toBe(true);
    boxes.clear();
    expect(boxes.take(5, 5, 15, 15)).toBe(true);
  });

  it("grows past its first size", () => {
    const boxes = new Boxes();
    for (let index = 0; index < 200; index += 1) expect(boxes.take(index * 10, 0, index * 10 + 10, 10)).toBe(true);
    expect(boxes.count).toBe(200);
    expect(boxes.take(1995, 0, 1996, 5)).toBe(false);
  });
});

describe("cluster", () => {
  it("gathers what is near, lets the first lead, and leaves out what is not seen", () => {
    const leader = new Int32Array(5);
    const size = new Int32Array(5);
    cluster(Float32Array.from([0, 10, 200, NaN, 205]), Float32Array.from([0, 0, 0, 0, 5]), 5, 40, leader, size);
    expect([...leader]).toEqual([0, 0, 2, -1, 2]);
    expect([...size]).toEqual([2, 0, 2, 0, 0]);
  });
});

describe("scaleBar", () => {
  it("is the longest round number that fits", () => {
    expect(scaleBar(0.4, 110)).toEqual({ metres: 20, width_px: 50 });
    expect(scaleBar(10, 110).metres).toBe(1000);
  });
});
