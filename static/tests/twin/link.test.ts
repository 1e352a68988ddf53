import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LocalFrame } from "../../src/twin/frame";
import { FlatGround } from "../../src/twin/heights";
import { formatLink, parseLink, parseLocation } from "../../src/twin/link";
import { EYE_M, Rig } from "../../src/twin/rig";
import { placeOf, standsBeforeIdea, travel } from "../../src/twin/travel";

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

describe("travel", () => {
  const ground = new FlatGround(10);
  const frame = new LocalFrame({ lon: 127, lat: 37.5, height_m: 0 });

  function go(source: string): Rig {
    const rig = new Rig(ground, { min: [-500, -500, 0], max: [500, 500, 50] });
    rig.jumpTo({ e: 0, n: 0, z: 10, distance_m: 400, azimuth_deg: 20, pitch_deg: 30 });
    const link = parseLink(source);
    travel(rig, ground, link, placeOf(link, frame, ground), true);
    return rig;
  }

  it("changes what the link says and keeps the rest", () => {
    expect(go("e=40&n=-20&d=90").pose).toMatchObject({ e: 40, n: -20, z: 10, distance_m: 90, azimuth_deg: 20 });
    expect(go("").pose).toMatchObject({ e: 0, n: 0, distance_m: 400 });
  });

  it("stands at eye level where a sent link was made", () => {
    const rig = go(`e=40&n=-20&a=90&p=-10&m=walk&idea=${ID}`);
    expect(rig.mode.value).toBe("walk");
    expect(rig.pose).toMatchObject({ e: 40, n: -20, azimuth_deg: 90, pitch_deg: -10 });
    expect(rig.pose.z).toBeCloseTo(10 + EYE_M);
  });

  it("leaves where to stand before an idea to the sight", () => {
    const link = parseLink(`m=walk&idea=${ID}`);
    expect(standsBeforeIdea(link, null)).toBe(true);
    expect(go(`m=walk&idea=${ID}`).mode.value).toBe("fly");
  });
});
