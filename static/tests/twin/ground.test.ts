import { describe, expect, it } from "vitest";

import { LocalFrame } from "../../src/twin/frame";
import { HeightGrid } from "../../src/twin/heights";
import { findViewpoint } from "../../src/twin/viewpoint";
import { FlatGround } from "../../src/twin/heights";
import { WallIndex } from "../../src/twin/walls";

describe("HeightGrid", () => {
  const shape = { step_m: 10, min_e: 100, min_n: 200, columns: 3, rows: 2, scale_m: 0.1, offset_m: 50 };
  const grid = new HeightGrid(shape, Int16Array.from([0, 10, 20, 100, 110, 120]).buffer);

  it("has its first row in the south and its first column in the west", () => {
    expect(grid.heightAt(100, 200)).toBeCloseTo(50);
    expect(grid.heightAt(120, 200)).toBeCloseTo(52);
    expect(grid.heightAt(100, 210)).toBeCloseTo(60);
  });

  it("is bilinear between, and keeps its border's height outside", () => {
    expect(grid.heightAt(105, 205)).toBeCloseTo(55.5);
    expect(grid.heightAt(-1e6, -1e6)).toBeCloseTo(50);
    expect(grid.heightAt(1e6, 1e6)).toBeCloseTo(62);
  });

  it("refuses a file that is cut off", () => {
    expect(() => new HeightGrid(shape, new ArrayBuffer(10))).toThrow(RangeError);
  });
});

describe("LocalFrame", () => {
  const frame = new LocalFrame({ lon: 127.03, lat: 37.5, height_m: 30 });

  it("has its origin at nought, east east and north north", () => {
    for (const value of frame.toLocal(127.03, 37.5)) expect(value).toBeCloseTo(0, 6);
    const [e, n] = frame.toLocal(127.04, 37.5);
    expect(e).toBeCloseTo(884.1, 0);
    expect(Math.abs(n)).toBeLessThan(1);
    expect(frame.toLocal(127.03, 37.51)[1]).toBeCloseTo(1109.9, 0);
  });

  it("comes back to the same place", () => {
    const [lon, lat, height] = frame.toGeodetic(812.25, -640.5, 12);
    const [e, n, u] = frame.toLocal(lon, lat, height);
    expect(e).toBeCloseTo(812.25, 4);
    expect(n).toBeCloseTo(-640.5, 4);
    expect(u).toBeCloseTo(12, 4);
  });
});

describe("findViewpoint", () => {
  const ground = new FlatGround(0);
  const sight = { e: 0, n: 0, reach_m: 5, height_m: 10, back_m: 40, azimuth_deg: 0 };

  it("stands where one looks from when nothing is between", () => {
    const place = findViewpoint(sight, new WallIndex(), ground);
    expect(place.e).toBeCloseTo(0);
    expect(place.n).toBeCloseTo(-40);
  });

  it("goes round what hides the sight", () => {
    const walls = new WallIndex();
    walls.add("screen", Float32Array.from([-12, -20, 12, -20, 0, 30]));
    const place = findViewpoint(sight, walls, ground);
    expect(walls.between(place.e, place.n, 1.6, 0, 0, 6)).toBe(0);
  });

  it("does not stand inside a house", () => {
    const walls = new WallIndex();
    walls.add(
      "house",
      Float32Array.from([-4, -44, 4, -44, 0, 3, 4, -44, 4, -36, 0, 3, 4, -36, -4, -36, 0, 3, -4, -36, -4, -44, 0, 3]),
    );
    const place = findViewpoint({ ...sight, height_m: 80 }, walls, ground);
    expect(Math.abs(place.e) < 4 && place.n > -44 && place.n < -36).toBe(false);
  });
});
