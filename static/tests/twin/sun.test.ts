import { describe, expect, it } from "vitest";

import { toInstant } from "../../src/twin/clock";
import { daylight, sunPosition } from "../../src/twin/sun";

describe("sunPosition", () => {
  it("stands where the design pages say over Seoul at the winter solstice", () => {
    const at = sunPosition(new Date("2026-12-21T06:20:00Z"), 37.5, 127.03);
    expect(at.azimuth_deg).toBeCloseTo(220.5, 0);
    expect(at.elevation_deg).toBeCloseTo(17.2, 0);
  });

  it("agrees with the published example of NREL's SPA to 0.05°", () => {
    // Reda & Andreas 2004, NREL/TP-560-34302, appendix A.5: zenith 50.11162° with refraction, azimuth 194.34024°.
    const at = sunPosition(new Date("2003-10-17T19:30:30Z"), 39.742476, -105.1786);
    expect(Math.abs(at.azimuth_deg - 194.34024)).toBeLessThan(0.05);
    expect(Math.abs(at.elevation_deg - (90 - 50.11162 - 0.0138))).toBeLessThan(0.05);
  });

  it("is below the horizon at midnight", () => {
    expect(sunPosition(new Date("2026-06-21T15:00:00Z"), 37.5, 127).elevation_deg).toBeLessThan(-20);
  });
});

describe("daylight", () => {
  const minutes = (date: string) => (minute: number) => toInstant({ date, minute }, "Asia/Seoul");

  it("finds rise and set in the city's own clock", () => {
    const winter = daylight(minutes("2026-12-21"), 37.57, 126.98);
    // Seoul, 21 December: the sun rises at 07:43 and sets at 17:17, with refraction (KASI almanac).
    expect(winter?.rise_min).toBeGreaterThan(7 * 60 + 35);
    expect(winter?.rise_min).toBeLessThan(7 * 60 + 55);
    expect(winter?.set_min).toBeGreaterThan(17 * 60);
    expect(winter?.set_min).toBeLessThan(17 * 60 + 20);
  });

  it("knows of days without sun", () => {
    expect(daylight(minutes("2026-12-21"), 80, 15)).toBeNull();
  });
});
