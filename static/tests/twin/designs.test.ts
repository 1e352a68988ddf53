import { describe, expect, it, vi } from "vitest";

import { clearedObjects, extentOf, parseDesign, rectangle, removedObjects, signedArea } from "../../src/twin/designs/design";
import { DesignEditor } from "../../src/twin/designs/editor";
import { areaTriangles, buildingTriangles, spread, stripeTriangles } from "../../src/twin/designs/solids";
import { FlatGround } from "../../src/twin/heights";

const ground = new FlatGround(30);
const SQUARE = [
  [0, 0],
  [20, 0],
  [20, 10],
  [0, 10],
] as const;

function building(roof: "flat" | "gable" | "hip", footprint: readonly (readonly [number, number])[] = SQUARE): Float32Array {
  return buildingTriangles({ footprint, storeys: 3, storey_height_m: 3.3, roof, use: "", base_m: null }, ground);
}

/** Six times the volume that closed, outward triangles enclose, over a floor that is not drawn. */
function volume(triangles: Float32Array, floor: number): number {
  let six = 0;
  for (let at = 0; at < triangles.length; at += 9) {
    const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0, cx = 0, cy = 0, cz = 0] = triangles.subarray(at, at + 9);
    const [a, b, c] = [ay - floor, by - floor, cy - floor];
    six += ax * (b * cz - bz * c) - a * (bx * cz - bz * cx) + az * (bx * c - b * cx);
  }
  return six / 6;
}

describe("parseDesign", () => {
  it("reads every kind of change, and leaves out kinds it does not know", () => {
    const design = parseDesign({
      changes: [
        { op: "add", kind: "building", footprint: SQUARE, storeys: 4, roof: "hip", use: "library", base_m: null },
        { op: "remove", object: "a" },
        { op: "replace", object: "b", footprint: SQUARE, storeys: 2 },
        { op: "add", kind: "park", area: SQUARE, trees: 3 },
        { op: "add", kind: "crosswalk", line: [[0, 0], [8, 0]], width_m: 6 },
        { op: "add", kind: "bench", point: [1, 2], rotation_deg: 90 },
        { op: "add", kind: "cable_car" },
      ],
    });
    expect(design.changes.length).toBe(6);
    expect(removedObjects(design)).toEqual(["a", "b"]);
    expect(clearedObjects(design)).toEqual(["a"]);
    expect(extentOf(design)).toMatchObject({ e: 10, n: 5, height_m: 13.2 });
  });

  it("refuses what has no shape", () => {
    expect(() => parseDesign({ changes: [{ op: "add", kind: "park", area: [[0, 0]] }] })).toThrow();
    expect(() => parseDesign({ changes: [{ op: "add", kind: "building", footprint: SQUARE, storeys: NaN }] })).toThrow();
    expect(() => parseDesign({})).toThrow();
  });
});

describe("solids", () => {
  it("enclose the volume of the building, outward, on the ground", () => {
    expect(volume(building("flat"), 30)).toBeCloseTo(20 * 10 * 9.9, 1);
    expect(volume(building("gable"), 30)).toBeGreaterThan(20 * 10 * 9.9);
    expect(volume(building("hip"), 30)).toBeLessThan(volume(building("gable"), 30));
    expect(Math.min(...building("flat").filter((_, index) => index % 3 === 1))).toBeCloseTo(30);
  });

  it("are the same whichever way the corners run", () => {
    expect(volume(building("flat", [...SQUARE].reverse()), 30)).toBeCloseTo(20 * 10 * 9.9, 1);
  });

  it("give every footprint a pitched roof", () => {
    const corner = [...SQUARE, [-5, 5]] as const;
    expect(volume(building("gable", corner), 30)).toBeGreaterThan(signedArea(corner) * 9.9);
  });

  it("lie just over the ground", () => {
    const park = areaTriangles(SQUARE, ground);
    expect(park.length).toBe(2 * 9);
    for (let at = 1; at < park.length; at += 3) expect(park[at]).toBeCloseTo(30.12);
    expect(stripeTriangles([[0, 0], [8, 0]], 6, ground).length).toBe(8 * 2 * 9);
  });

  it("spread trees evenly, and the same way each time", () => {
    const trees = spread(SQUARE, 8, () => true);
    expect(trees).toEqual(spread(SQUARE, 8, () => true));
    expect(trees.length).toBeGreaterThan(4);
    expect(trees.length).toBeLessThanOrEqual(8);
  });
});

const SCHOOL = { id: "b", name: "가온초등학교", e: 50, n: 60 };

describe("DesignEditor", () => {
  it("makes a building from corners, and from one place with a size", () => {
    const editor = new DesignEditor();
    expect(editor.design).toBeNull();
    editor.addPoint(0, 0);
    expect(editor.design?.changes[0]).toMatchObject({ op: "add", kind: "building", footprint: rectangle(0, 0, 16, 12, 0) });
    editor.addPoint(20, 0);
    editor.addPoint(20, 10);
    expect(editor.design?.changes[0]).toMatchObject({ footprint: [[0, 0], [20, 0], [20, 10]] });
    editor.undoPoint();
    expect(editor.draft.value.points.length).toBe(2);
  });

  it("asks for the building that makes way, and puts the new one in its place unless it is drawn elsewhere", () => {
    const editor = new DesignEditor();
    editor.setKind("replace");
    expect([editor.wantsBuilding, editor.design]).toEqual([true, null]);
    editor.set({ building: SCHOOL });
    expect(editor.wantsBuilding).toBe(false);
    expect(editor.change).toMatchObject({ op: "replace", object: "b", footprint: rectangle(50, 60, 16, 12, 0) });
    editor.addPoint(0, 0);
    expect(editor.change).toMatchObject({ op: "replace", object: "b", footprint: rectangle(0, 0, 16, 12, 0) });
  });

  it("removes the building that is chosen last", () => {
    const editor = new DesignEditor();
    editor.setKind("remove");
    editor.set({ building: { ...SCHOOL, id: "a" } });
    expect(editor.wantsBuilding).toBe(true);
    editor.set({ building: SCHOOL });
    expect(editor.change).toEqual({ op: "remove", object: "b" });
    editor.undoPoint();
    expect(editor.change).toBeNull();
  });

  it("shows what is kept with what is new, and tells the server only what changed", () => {
    const editor = new DesignEditor();
    const wire = { op: "add", kind: "bench", point: [1, 2], rotation_deg: 0 };
    const bench = parseDesign({ changes: [wire] }).changes;
    editor.entries.set(bench.map((change) => ({ change, text: "긴 의자", wire })));
    expect([editor.design, editor.isChanged]).toEqual([{ changes: bench }, false]);
    editor.setKind("trees");
    expect(editor.add("나무")).toBe(false);
    editor.addPoint(5, 5);
    expect(editor.add("나무")).toBe(true);
    editor.addPoint(9, 9);
    expect(editor.design?.changes.length).toBe(3);
    expect(editor.added).toEqual([{ op: "add", kind: "trees", points: [[5, 5]] }]);
    editor.remove(0);
    expect(editor.gone).toEqual([wire]);
    editor.remove(0);
    expect([editor.gone, editor.added]).toEqual([[wire], []]);
  });

  it("knows what was begun and is not there yet", () => {
    const editor = new DesignEditor();
    editor.setKind("crosswalk");
    expect(editor.isUnfinished).toBe(false);
    editor.addPoint(0, 0);
    expect([editor.isUnfinished, editor.isChanged]).toEqual([true, false]);
    editor.addPoint(9, 0);
    expect([editor.isUnfinished, editor.isChanged]).toEqual([false, true]);
  });

  it("has one place for a bench and two ends for a crossing", () => {
    const editor = new DesignEditor();
    editor.setKind("bench");
    editor.addPoint(1, 1);
    editor.addPoint(2, 2);
    expect(editor.design?.changes[0]).toMatchObject({ point: [2, 2] });
    editor.setKind("crosswalk");
    editor.addPoint(0, 0);
    expect(editor.design).toBeNull();
    editor.addPoint(8, 0);
    expect(editor.design?.changes[0]).toMatchObject({ line: [[0, 0], [8, 0]] });
  });

  it("is read back as it was made, and tells of every change until undone", () => {
    const editor = new DesignEditor();
    const told = vi.fn();
    const undo = editor.draft.subscribe(told);
    editor.addPoint(3, 4);
    expect(parseDesign(JSON.parse(JSON.stringify(editor.design)))).toEqual(editor.design);
    undo();
    editor.clear();
    expect(told).toHaveBeenCalledTimes(1);
  });
});
