import { describe, expect, it } from "vitest";

import { WallIndex } from "../../src/twin/walls";

/** A house of 10 by 8 m with its corner at the origin, 6 m high. */
const HOUSE = Float32Array.from([
  0, 0, 10, 0, 0, 6, 10, 0, 10, 8, 0, 6, 10, 8, 0, 8, 0, 6, 0, 8, 0, 0, 0, 6,
]);

describe("WallIndex", () => {
  it("pushes a walker out of a wall to arm's length", () => {
    const walls = new WallIndex();
    walls.add("house", HOUSE);
    const spot = { e: 5, n: -0.1 };
    expect(walls.pushOut(spot, 0.45, 0.5, 1.6)).toBe(true);
    expect(spot.n).toBeCloseTo(-0.45, 5);
    expect(spot.e).toBeCloseTo(5, 5);
  });

  it("lets a walker pass under what begins over the head and over what ends under the knee", () => {
    const walls = new WallIndex();
    walls.add("roof", Float32Array.from([0, 0, 10, 0, 3, 6]));
    walls.add("kerb", Float32Array.from([0, 0, 10, 0, 0, 0.2]));
    expect(walls.pushOut({ e: 5, n: 0.1 }, 0.45, 0.5, 1.6)).toBe(false);
  });

  it("lets a walker through a building that a design takes away", () => {
    const walls = new WallIndex();
    let gone = false;
    walls.add("house", HOUSE, () => gone);
    expect(walls.pushOut({ e: 5, n: -0.1 }, 0.45, 0.5, 1.6)).toBe(true);
    gone = true;
    expect(walls.pushOut({ e: 5, n: -0.1 }, 0.45, 0.5, 1.6)).toBe(false);
  });

  it("counts what stands between two places", () => {
    const walls = new WallIndex();
    walls.add("house", HOUSE);
    expect(walls.between(5, 4, 1.6, 5, -40, 1.6)).toBe(1);
    expect(walls.between(5, 40, 1.6, 5, -40, 1.6)).toBe(2);
    expect(walls.between(20, 40, 1.6, 20, -40, 1.6)).toBe(0);
    expect(walls.between(5, -4, 1.6, 5, 40, 60)).toBe(0);
  });

  it("forgets a source as a whole", () => {
    const walls = new WallIndex();
    walls.add("house", HOUSE);
    walls.remove("house");
    expect(walls.sourceCount).toBe(0);
    expect(walls.pushOut({ e: 5, n: -0.1 }, 0.45, 0.5, 1.6)).toBe(false);
  });
});
