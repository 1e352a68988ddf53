import { beforeEach, describe, expect, it } from "vitest";

import { Crowd, type Person } from "../../src/participation/presence/crowd";
import { FLYING, STANDING, WALKING } from "../../src/participation/presence/protocol";

const DELAY_MS = 170;
let now_ms = 0;
let crowd: Crowd;

beforeEach(() => {
  now_ms = 10_000;
  crowd = new Crowd(() => now_ms);
});

function frame(...rows: readonly (readonly [id: number, e: number, n: number, state?: number])[]): void {
  for (const [id, e, n, state] of rows) crowd.hear(id, e, n, 0, 0, state ?? WALKING);
  crowd.settle(0);
}

function at(later_ms: number): Person {
  now_ms += later_ms;
  crowd.step();
  const [first] = crowd.people;
  if (!first) throw new Error("nobody is here");
  return first;
}

describe("people in view", () => {
  it("stand where they were first told", () => {
    frame([1, 5, 6, STANDING]);
    expect(at(0)).toMatchObject({ e: 5, n: 6 });
  });

  it("move evenly between two words, a little behind them", () => {
    frame([1, 0, 0]);
    now_ms += 100;
    frame([1, 1, 0]);
    expect(at(DELAY_MS - 50).e).toBeCloseTo(0.5);
    expect(at(50).e).toBeCloseTo(1);
  });

  it("go on for a tenth of a second where the next word is late, and no farther", () => {
    frame([1, 0, 0]);
    now_ms += 100;
    frame([1, 1, 0]);
    expect(at(DELAY_MS + 60).e).toBeCloseTo(1.6);
    expect(at(5000).e).toBeCloseTo(2);
  });

  it("do not slide on when they stand still or look from above", () => {
    for (const state of [STANDING, FLYING]) {
      crowd.clear();
      frame([1, 0, 0, state]);
      now_ms += 100;
      frame([1, 1, 0, state]);
      expect(at(5000).e).toBeCloseTo(1);
    }
  });

  it("set off after a rest without a leap", () => {
    frame([1, 0, 0, STANDING]);
    at(60_000);
    frame([1, 1, 0]);
    expect(at(DELAY_MS - 100).e).toBeCloseTo(0);
    expect(at(50).e).toBeCloseTo(0.5);
  });

  it("are put down at once where they could not have walked", () => {
    frame([1, 0, 0]);
    now_ms += 100;
    frame([1, 500, 0]);
    expect(at(0).e).toBe(500);
    expect(at(0).walked_m).toBe(0);
  });

  it("turn the shorter way round", () => {
    crowd.hear(1, 0, 0, 0, 250, STANDING);
    now_ms += 100;
    crowd.hear(1, 0, 0, 0, 6, STANDING);
    expect(Math.cos(at(DELAY_MS - 50).yaw)).toBeCloseTo(1);
  });

  it("are gone a moment after frames leave them out, and not before", () => {
    frame([1, 0, 0], [2, 5, 5]);
    now_ms += 100;
    frame([2, 5, 5]);
    crowd.step();
    expect(crowd.people.map((person) => person.id)).toEqual([1, 2]);
    now_ms += 400;
    crowd.step();
    expect(crowd.people.map((person) => person.id)).toEqual([2]);
  });

  it("are not gone when one frame alone leaves them out", () => {
    frame([1, 0, 0]);
    now_ms += 100;
    frame();
    now_ms += 100;
    frame([1, 1, 0]);
    now_ms += 1000;
    crowd.step();
    expect(crowd.people).toHaveLength(1);
  });

  it("carry names whenever these come, and lose them with a new word", () => {
    crowd.name(1, "김*수", "official");
    frame([1, 0, 0]);
    expect(at(0)).toMatchObject({ name: "김*수", badge: "official" });
    crowd.name(1, "", "");
    expect(at(0)).toMatchObject({ name: "", badge: "" });
  });

  it("are everybody but oneself", () => {
    crowd.self = 1;
    frame([1, 0, 0], [2, 5, 5]);
    expect(crowd.people.map((person) => person.id)).toEqual([2]);
  });

  it("let the picture rest once everybody has arrived", () => {
    frame([1, 0, 0]);
    now_ms += 100;
    frame([1, 1, 0, STANDING]);
    expect(crowd.step()).toBe(true);
    now_ms += DELAY_MS + 20;
    crowd.step();
    now_ms += 20;
    expect(crowd.step()).toBe(false);
  });
});
