import { describe, expect, it } from "vitest";

import { FlatGround } from "../../src/twin/heights";
import { EYE_M, Rig, turn_deg } from "../../src/twin/rig";
import { Walker } from "../../src/twin/walk";
import { WallIndex } from "../../src/twin/walls";

const BOUNDS = { min: [-1000, -1000, 0], max: [1000, 1000, 100] } as const;

function makeRig(reduced = false): Rig {
  const rig = new Rig(new FlatGround(20), BOUNDS, () => reduced);
  rig.jumpTo({ e: 0, n: 0, z: 20, distance_m: 500, azimuth_deg: 0, pitch_deg: 30 });
  return rig;
}

describe("turn_deg", () => {
  it("takes the short way round", () => {
    expect(turn_deg(350, 10)).toBe(20);
    expect(turn_deg(10, 350)).toBe(-20);
    expect(turn_deg(0, 180)).toBe(180);
  });
});

describe("Rig", () => {
  it("looks from behind and above what it looks at", () => {
    const rig = makeRig();
    expect(rig.eyeE()).toBeCloseTo(0);
    expect(rig.eyeN()).toBeCloseTo(-433.01, 1);
    expect(rig.eyeZ()).toBeCloseTo(270);
  });

  it("never goes under the ground", () => {
    const rig = makeRig();
    rig.jumpTo({ z: -400 });
    expect(rig.eyeZ()).toBeCloseTo(20 + EYE_M);
  });

  it("moves in under a second, and gives up when a hand takes over", () => {
    const rig = makeRig();
    rig.goTo({ e: 100 });
    expect(rig.step(0.2)).toBe(true);
    const onTheWay = rig.pose.e;
    expect(onTheWay).toBeGreaterThan(0);
    expect(onTheWay).toBeLessThan(100);
    rig.pan(0, 0);
    expect(rig.step(1)).toBe(false);
    expect(rig.pose.e).toBe(onTheWay);
  });

  it("cuts with reduced motion", () => {
    const rig = makeRig(true);
    rig.goTo({ e: 100, azimuth_deg: 90 });
    expect(rig.moving).toBe(false);
    expect(rig.pose).toMatchObject({ e: 100, azimuth_deg: 90 });
  });

  it("stays over the city and within its distances", () => {
    const rig = makeRig();
    rig.pan(1e6, -1e6);
    expect(rig.pose.e).toBe(1300);
    expect(rig.pose.n).toBe(-1300);
    rig.zoom(1e-9);
    expect(rig.pose.distance_m).toBe(12);
    rig.orbit(0, 500);
    expect(rig.pose.pitch_deg).toBe(89.5);
  });

  it("zooms toward the place under the pointer", () => {
    const rig = makeRig();
    rig.zoom(0.5, 100, 40);
    expect(rig.pose).toMatchObject({ e: 50, n: 20, distance_m: 250 });
  });

  it("walks at eye level and comes back up over the same place", () => {
    const rig = makeRig(true);
    rig.startWalk(30, 40);
    expect(rig.eyeE()).toBeCloseTo(30);
    expect(rig.eyeZ()).toBeCloseTo(20 + EYE_M);
    rig.endWalk();
    expect(rig.mode.value).toBe("fly");
    expect(rig.pose).toMatchObject({ e: 30, n: 40, z: 20, distance_m: 500 });
  });
});

describe("Walker", () => {
  function makeWalker(walls = new WallIndex()): { rig: Rig; walker: Walker } {
    const rig = makeRig(true);
    rig.startWalk(0, 0, 0);
    return { rig, walker: new Walker(rig, new FlatGround(20), walls) };
  }

  it("goes forward in the direction of view, at most a body's length into anything", () => {
    const { rig, walker } = makeWalker();
    walker.stride.forward = 1;
    expect(walker.step(0.5)).toBe(true);
    expect(rig.pose.n).toBeCloseTo(2.1);
    expect(rig.pose.e).toBeCloseTo(0);
  });

  it("stops at a wall even in a slow frame, and slides along it", () => {
    const walls = new WallIndex();
    walls.add("wall", Float32Array.from([-500, 1, 500, 1, 20, 30]));
    const { rig, walker } = makeWalker(walls);
    walker.stride.forward = 1;
    walker.stride.right = 1;
    walker.stride.running = true;
    for (let frame = 0; frame < 20; frame += 1) walker.step(0.5);
    expect(rig.pose.n).toBeLessThanOrEqual(0.56);
    expect(rig.pose.e).toBeGreaterThan(5);
  });

  it("stands still without a wish, and never flies", () => {
    const { rig, walker } = makeWalker();
    expect(walker.step(1)).toBe(false);
    walker.stride.forward = 1;
    rig.endWalk();
    expect(walker.step(1)).toBe(false);
  });
});
