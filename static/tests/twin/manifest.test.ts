import { describe, expect, it } from "vitest";

import { parseInstances, parseLabels, parseManifest } from "../../src/twin/manifest";
import { hourOf, parseBallotUrl, parseCard, parseIdea, parseMeeting, parsePin, sameOrigin } from "../../src/twin/messages";

const MANIFEST = {
  slug: "gaon",
  name: { ko: "가온구", en: "" },
  time_zone: "Asia/Seoul",
  origin: { lon: 127, lat: 37.5, height_m: 20 },
  publication: null,
  start: { target: [0, 0, 20], distance_m: 600, azimuth_deg: 20, pitch_deg: 30 },
  attribution: [{ text: "MetaCity", url: "" }],
  room: "city.gaon",
  seq: 4,
};

describe("the wire", () => {
  it("gives a manifest, with or without a publication", () => {
    expect(parseManifest(MANIFEST)).toMatchObject({ slug: "gaon", name: { ko: "가온구", en: "가온구" }, publication: null });
    const publication = {
      id: "x",
      number: 1,
      base_url: "/tiles/x/",
      bounds: { min: [0, 0, 0], max: [1, 1, 1] },
      buildings: "buildings/tileset.json",
      bytes: 5,
    };
    expect(parseManifest({ ...MANIFEST, publication }).publication).toMatchObject({ ground: null, heights: null });
  });

  it("is refused where a number is none", () => {
    expect(() => parseManifest({ ...MANIFEST, origin: { lon: "127", lat: 37, height_m: 0 } })).toThrow();
    expect(() => parseManifest(null)).toThrow();
    expect(() => parseInstances({ kinds: [], stride: 6, fields: ["kind"], ids: [], values: [] })).toThrow();
  });

  it("brings the most important names first", () => {
    const label = (rank: number, ko: string): unknown => ({ text: { ko, en: ko }, kind: "road", e: 0, n: 0, z: 0, rank });
    const labels = parseLabels({ labels: [label(4, "길"), label(1, "역"), { ...(label(2, "") as object) }] });
    expect(labels.map((entry) => entry.text.ko)).toEqual(["역", "길"]);
  });

  it("never leads away from the site", () => {
    expect(sameOrigin("/proposals/1/")).toBe("/proposals/1/");
    for (const bad of ["javascript:alert(1)", "//evil.example/", "https://evil.example/", ""]) expect(sameOrigin(bad)).toBe("");
    expect(parsePin({ id: "a", title: "t", e: 1, n: 2, url: "javascript:1" }).url).toBe("");
  });

  it("takes the year 0 for unknown", () => {
    expect(parseCard({ id: "a", year: 0 }).year).toBeNull();
    expect(parseCard({ id: "a", year: 1998 }).year).toBe(1998);
  });

  it("finds a design bare or inside its version", () => {
    const changes = { changes: [{ op: "remove", object: "a" }] };
    expect(parseIdea({ id: "p", design: changes }).design).toEqual(changes);
    expect(parseIdea({ id: "p", design: { id: "v", data: changes } }).design).toEqual(changes);
    expect(parseIdea({ id: "p", design: null }).design).toBeNull();
  });

  it("finds the meeting that one can go to, and when it begins where the city is", () => {
    const told = { url: "/meetings/m/", state: "planned", starts_at: "2026-12-21T19:30:00+09:00" };
    const meeting = parseMeeting({ results: [told] });
    expect(meeting).toEqual({ url: "/meetings/m/", isOn: false, starts_ms: Date.parse(told.starts_at) });
    expect(meeting && hourOf(meeting, "Asia/Seoul")).toBe("19:30");
    expect(parseMeeting({ results: [{ ...told, state: "paused" }] })?.isOn).toBe(true);
    expect(parseMeeting({ results: [{ ...told, url: "//evil.example/" }] })?.url).toBe("");
    expect(parseMeeting({ results: [] })).toBeNull();
  });

  it("finds the ballot of an open vote, or that there is none", () => {
    expect(parseBallotUrl({ results: [{ ballot_url: "/votes/v/ballot/" }] })).toBe("/votes/v/ballot/");
    expect(parseBallotUrl({ results: [] })).toBe("");
    expect(() => parseBallotUrl({ results: [{}] })).toThrow();
  });
});
