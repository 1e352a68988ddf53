// @vitest-environment happy-dom
import { Group } from "three";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { CityClock } from "../../src/twin/clock";
import { parseDesign } from "../../src/twin/designs/design";
import { FlatGround } from "../../src/twin/heights";
import { STEP_EVENT } from "../../src/twin/loop";
import { parseInstances, type Manifest } from "../../src/twin/manifest";
import { Ladder } from "../../src/twin/quality";
import { Rig } from "../../src/twin/rig";
import { CityView } from "../../src/twin/view";
import { Walker } from "../../src/twin/walk";
import { WallIndex } from "../../src/twin/walls";
import { FakeGl } from "./fakegl";

const BOUNDS = { min: [-200, -200, 0], max: [200, 200, 60] } as const;
const MANIFEST: Manifest = {
  slug: "test",
  name: { ko: "시험", en: "Test" },
  time_zone: "Asia/Seoul",
  origin: { lon: 127, lat: 37.5, height_m: 0 },
  publication: {
    id: "p",
    number: 1,
    base_url: "/tiles/p/",
    bounds: BOUNDS,
    buildings: null,
    ground: null,
    instances: null,
    labels: null,
    heights: null,
    map: null,
    bytes: 0,
  },
  start: { target: [0, 0, 0], distance_m: 300, azimuth_deg: 0, pitch_deg: 30 },
  attribution: [],
  room: "",
  seq: 0,
};
const TREES = {
  kinds: ["tree_broadleaf", "bench"],
  stride: 6,
  fields: ["kind", "e", "n", "z", "height_m", "size_m"],
  ids: ["a", "b"],
  values: [0, 10, 10, 0, 8, 5, 1, -20, 5, 0, 0, 0],
};
const DESIGN = parseDesign({
  changes: [
    { op: "add", kind: "building", footprint: [[0, 0], [20, 0], [20, 10], [0, 10]], storeys: 6, roof: "gable" },
    { op: "add", kind: "park", area: [[30, 0], [60, 0], [60, 30]], trees: 5 },
    { op: "add", kind: "bench", point: [5, -10], rotation_deg: 45 },
  ],
});

class FakeWorker extends EventTarget {
  static living = 0;

  constructor() {
    super();
    FakeWorker.living += 1;
  }

  postMessage(): void {
    // Nothing is drawn here.
  }

  terminate(): void {
    FakeWorker.living -= 1;
  }
}

interface Stage {
  readonly view: CityView;
  readonly gl: FakeGl;
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly clock: CityClock;
  readonly ladder: Ladder;
  readonly rig: Rig;
  readonly walls: WallIndex;
}

function makeStage(): Stage {
  const root = document.createElement("div");
  const canvas = document.createElement("canvas");
  root.append(canvas);
  const gl = new FakeGl(canvas);
  canvas.getContext = (() => gl.context) as unknown as HTMLCanvasElement["getContext"];
  const ground = new FlatGround(0);
  const rig = new Rig(ground, BOUNDS);
  const walls = new WallIndex();
  const clock = new CityClock("Asia/Seoul", { date: "2026-12-21", minute: 920 });
  const ladder = new Ladder("mid", true);
  const walker = new Walker(rig, ground, walls);
  const view = new CityView({ canvas, root, manifest: MANIFEST, ground, rig, walker, walls, clock, ladder, stepped: true });
  view.resize(300, 150, 1);
  return { view, gl, root, canvas, clock, ladder, rig, walls };
}

function step(stage: Stage, frames = 1): void {
  for (let frame = 0; frame < frames; frame += 1) {
    stage.root.dispatchEvent(new CustomEvent(STEP_EVENT, { detail: { elapsed_s: 0.1 } }));
  }
}

describe("CityView", () => {
  beforeEach(() => {
    vi.stubGlobal("Worker", FakeWorker);
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("draws until everything is there, then rests until something changes", () => {
    const stage = makeStage();
    step(stage, 20);
    expect(stage.view.settled.value).toBe(true);
    const drawn = stage.view.frames.value;
    step(stage, 3);
    expect(stage.view.frames.value).toBe(drawn);
    stage.clock.setMinute(700);
    expect(stage.view.settled.value).toBe(false);
    step(stage, 1);
    expect(stage.view.frames.value).toBe(drawn + 1);
    stage.view.dispose();
  });

  it("draws what lives in it while it lives, and stays settled meanwhile", () => {
    const stage = makeStage();
    let steps = 3;
    let disposed = 0;
    const undo = stage.view.add({ object: new Group(), step: () => steps-- > 0, dispose: () => (disposed += 1) });
    step(stage, 20);
    expect(stage.view.settled.value).toBe(true);
    steps = 2;
    const drawn = stage.view.frames.value;
    stage.view.wake();
    step(stage, 5);
    expect(stage.view.frames.value).toBe(drawn + 2);
    expect(stage.view.settled.value).toBe(true);
    undo();
    expect(disposed).toBe(1);
    stage.view.dispose();
  });

  it("gives everything back to the graphics device", () => {
    const stage = makeStage();
    stage.view.setInstances(parseInstances(TREES));
    stage.view.setDesign(DESIGN);
    step(stage, 20);
    stage.view.show("swipe", 0.4);
    step(stage, 2);
    expect(stage.gl.total).toBeGreaterThan(20);
    expect(stage.view.rendererInfo.memory.geometries).toBeGreaterThan(3);
    stage.view.dispose();
    expect(stage.view.rendererInfo.memory).toMatchObject({ geometries: 0, textures: 0 });
    expect(stage.view.rendererInfo.programs?.length ?? 0).toBe(0);
    for (const kind of ["Buffer", "Program", "VertexArray", "Renderbuffer"]) expect(stage.gl.alive.get(kind) ?? 0, kind).toBe(0);
    expect(FakeWorker.living).toBe(0);
  });

  it("knows when the device has refused memory, and asks only where something new was given to it", () => {
    const stage = makeStage();
    step(stage, 20);
    expect(stage.view.takeRefusal()).toBe(false);
    stage.gl.errors.push("INVALID_VALUE", "OUT_OF_MEMORY");
    expect(stage.view.takeRefusal()).toBe(false);
    stage.view.setDesign(DESIGN);
    step(stage, 20);
    expect(stage.view.takeRefusal()).toBe(true);
    expect(stage.gl.errors).toEqual([]);
    expect(stage.view.takeRefusal()).toBe(false);
    stage.view.dispose();
  });

  it("gives a design back when it is taken away", () => {
    const stage = makeStage();
    step(stage, 20);
    const before = stage.view.rendererInfo.memory.geometries;
    stage.view.setDesign(DESIGN);
    step(stage, 20);
    expect(stage.view.rendererInfo.memory.geometries).toBeGreaterThan(before);
    expect(stage.walls.sourceCount).toBe(1);
    stage.view.setDesign(null);
    step(stage, 20);
    expect(stage.view.rendererInfo.memory.geometries).toBe(before);
    expect(stage.walls.sourceCount).toBe(0);
    stage.view.dispose();
  });

  it("listens to nobody afterwards", () => {
    const listening = new Map<string, number>();
    const count = (by: number) => (type: string): void => {
      listening.set(type, (listening.get(type) ?? 0) + by);
    };
    const spies = [document, window].flatMap((target) => [
      vi.spyOn(target, "addEventListener").mockImplementation(count(1)),
      vi.spyOn(target, "removeEventListener").mockImplementation(count(-1)),
    ]);
    const stage = makeStage();
    step(stage, 20);
    stage.view.dispose();
    for (const spy of spies) spy.mockRestore();
    expect([...listening.values()].every((left) => left === 0)).toBe(true);
    expect(stage.clock.time.listenerCount).toBe(0);
    expect(stage.clock.playing.listenerCount).toBe(0);
    expect(stage.ladder.quality.listenerCount).toBe(0);
    expect(stage.rig.mode.listenerCount).toBe(0);
    const drawn = stage.view.frames.value;
    step(stage, 2);
    expect(stage.view.frames.value).toBe(drawn);
  });

  it("puts places where they are on the picture", () => {
    const stage = makeStage();
    stage.rig.jumpTo({ e: 0, n: 0, z: 0, distance_m: 300, azimuth_deg: 90, pitch_deg: 30 });
    stage.view.request();
    step(stage, 1);
    const at = stage.view.camera.position.clone();
    expect(stage.view.project(0, 0, 0, at)).toBe(true);
    expect(at.x).toBeCloseTo(150, 3);
    expect(at.y).toBeCloseTo(75, 3);
    expect(at.z).toBeCloseTo(300, 3);
    // Looking east, north is on the left.
    stage.view.project(0, 20, 0, at);
    expect(at.x).toBeLessThan(150);
    stage.view.dispose();
  });
});
