import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatLink, parseLink, parseLocation } from "../../src/twin/link";

const ID = "b04965e6-a9bb-591f-8f8a-1adcb2c8dc39";

describe("links of a view", () => {
  it("hold place, camera, time, object and mode", () => {
    const hash = `#lon=127.05123&lat=37.50612&d=620&a=15&p=32&t=2026-12-21T15:20&o=${ID}`;
    const link = parseLink(hash);
    expect(link).toEqual({
      lon: 127.05123,
      lat: 37.50612,
      distance_m: 620,
      azimuth_deg: 15,
      pitch_deg: 32,
      time: { date: "2026-12-21", minute: 920 },
      object: ID,
    });
    expect(`#${formatLink(link)}`).toBe(hash);
  });

  it("leave out what is missing, out of range or no id", () => {
    expect(parseLink("#lon=999&lat=abc&d=-1&t=yesterday&o=<script>&m=drive&idea=1")).toEqual({});
  });

  it("take the hash over the query string", () => {
    const link = parseLocation(`?idea=${ID}&m=walk&a=10`, "#a=350");
    expect(link).toEqual({ idea: ID, walking: true, azimuth_deg: 350 });
  });

  it("come back the same from every view", () => {
    const view = fc.record({
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      azimuth_deg: fc.double({ min: 0, max: 359.9, noNaN: true }),
      pitch_deg: fc.double({ min: -80, max: 89, noNaN: true }),
    });
    fc.assert(
      fc.property(view, (link) => {
        const once = formatLink(link);
        expect(formatLink(parseLink(once))).toBe(once);
      }),
    );
  });
});
