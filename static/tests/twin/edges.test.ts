import { BoxGeometry } from "three";
import { describe, expect, it } from "vitest";

import { draw, type TriangleSoup } from "../../src/twin/edges";
import { WALL_STRIDE } from "../../src/twin/walls";

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function box(width: number, height: number, depth: number, matrix = IDENTITY): TriangleSoup {
  const geometry = new BoxGeometry(width, height, depth).translate(0, height / 2, 0);
  const index = geometry.index;
  return {
    positions: Float32Array.from(geometry.getAttribute("position").array),
    index: index ? Uint32Array.from(index.array) : null,
    features: null,
    matrix,
  };
}

describe("draw", () => {
  it("draws a box's twelve edges and no diagonal", () => {
    expect(draw(box(10, 20, 8)).lines.length).toBe(12 * 6);
  });

  it("leaves out folds under 35°", () => {
    // A roof of two slopes, 10° each: the ridge folds by 20°, the border is open.
    const rise = Math.tan((10 * Math.PI) / 180) * 10;
    const positions = Float32Array.from([-10, 0, 0, -10, 0, 10, 0, rise, 0, 0, rise, 10, 10, 0, 0, 10, 0, 10]);
    const index = Uint32Array.from([0, 1, 2, 2, 1, 3, 2, 3, 4, 4, 3, 5]);
    const { lines } = draw({ positions, index, features: null, matrix: IDENTITY });
    expect(lines.length).toBe(6 * 6);
  });

  it("does not join the edges of two features", () => {
    const one = box(2, 2, 2);
    const both = Float32Array.from([...one.positions, ...one.positions]);
    const count = one.positions.length / 3;
    const index = Uint32Array.from([...(one.index ?? []), ...[...(one.index ?? [])].map((vertex) => vertex + count)]);
    const features = Uint32Array.from({ length: count * 2 }, (_, vertex) => (vertex < count ? 0 : 1));
    const { lines, lineFeatures } = draw({ positions: both, index, features, matrix: IDENTITY });
    expect(lines.length).toBe(2 * 12 * 6);
    expect([...new Set(lineFeatures)]).toEqual([0, 1]);
  });

  it("finds the walls in metres, north up, from foot to top", () => {
    const scaled = [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 100, 30, -50, 1];
    const { walls, wallFeatures } = draw(box(10, 20, 8, scaled));
    expect(walls.length).toBe(8 * WALL_STRIDE);
    expect(wallFeatures.length).toBe(8);
    for (let wall = 0; wall < 8; wall += 1) {
      const [e0 = 0, n0 = 0, e1 = 0, n1 = 0, foot, top] = walls.subarray(wall * WALL_STRIDE, (wall + 1) * WALL_STRIDE);
      expect(Math.abs(e0 - 100)).toBeCloseTo(2.5);
      expect(Math.abs(n0 - 50)).toBeCloseTo(2);
      expect(Math.hypot(e1 - e0, n1 - n0)).toBeGreaterThan(3.9);
      expect(foot).toBeCloseTo(30);
      expect(top).toBeCloseTo(40);
    }
  });

  it("draws nothing from triangles without area", () => {
    const positions = Float32Array.from([0, 0, 0, 1, 0, 0, 2, 0, 0]);
    const drawing = draw({ positions, index: null, features: null, matrix: IDENTITY });
    expect(drawing.lines.length).toBe(0);
    expect(drawing.walls.length).toBe(0);
  });
});
