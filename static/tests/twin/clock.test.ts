import { describe, expect, it, vi } from "vitest";

import { CityClock, formatCityTime, fromInstant, parseCityTime, toInstant } from "../../src/twin/clock";

describe("city time", () => {
  it("goes to an instant and back in the city's own zone", () => {
    const time = { date: "2026-12-21", minute: 15 * 60 + 20 };
    expect(toInstant(time, "Asia/Seoul").toISOString()).toBe("2026-12-21T06:20:00.000Z");
    expect(fromInstant(toInstant(time, "Asia/Seoul"), "Asia/Seoul")).toEqual(time);
  });

  it("knows summer time", () => {
    const summer = { date: "2026-07-01", minute: 720 };
    expect(toInstant(summer, "Europe/Amsterdam").toISOString()).toBe("2026-07-01T10:00:00.000Z");
    const winter = { date: "2026-01-01", minute: 720 };
    expect(toInstant(winter, "Europe/Amsterdam").toISOString()).toBe("2026-01-01T11:00:00.000Z");
  });

  it("is written and read as in links, and refuses what is no date", () => {
    expect(parseCityTime("2026-12-21T15:20")).toEqual({ date: "2026-12-21", minute: 920 });
    expect(formatCityTime({ date: "2026-12-21", minute: 920 })).toBe("2026-12-21T15:20");
    for (const wrong of ["2026-02-30T10:00", "2026-12-21T24:00", "soon", ""]) expect(parseCityTime(wrong)).toBeNull();
  });
});

describe("CityClock", () => {
  const start = { date: "2026-12-21", minute: 600 };

  it("plays the day on, and stands still otherwise", () => {
    const clock = new CityClock("Asia/Seoul", start);
    expect(clock.step(1)).toBe(false);
    clock.play(true);
    expect(clock.step(0.5)).toBe(true);
    expect(clock.time.value.minute).toBe(630);
  });

  it("moves in cuts with reduced motion", () => {
    const clock = new CityClock("Asia/Seoul", start, () => true);
    clock.play(true);
    clock.step(0.25);
    expect(clock.time.value.minute).toBe(600);
    clock.step(0.25);
    expect(clock.time.value.minute).toBe(630);
  });

  it("begins the same day again after midnight", () => {
    const clock = new CityClock("Asia/Seoul", { date: "2026-12-21", minute: 1439 });
    clock.play(true);
    clock.step(0.1);
    expect(clock.time.value).toEqual({ date: "2026-12-21", minute: 5 });
  });

  it("tells only of changes", () => {
    const clock = new CityClock("Asia/Seoul", start);
    const told = vi.fn();
    clock.time.subscribe(told);
    clock.setMinute(600);
    clock.setDate("2026-12-21");
    clock.setDate("not a date");
    expect(told).not.toHaveBeenCalled();
    clock.setMinute(5000);
    expect(clock.time.value.minute).toBe(1439);
    expect(told).toHaveBeenCalledTimes(1);
  });
});
