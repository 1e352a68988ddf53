import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decode, encodeEcho, encodePose, FLYING, parseWord, yawOf, type FrameHead } from "../../src/participation/presence/protocol";

type Row = readonly [id: number, e: number, n: number, z: number, yaw: number, state: number];

/** A frame as the server writes it; centimetres. */
export function frame(tick: number, rows: readonly Row[], others = 0, origin: readonly [number, number] = [10_000, 10_000]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(20 + rows.length * 12));
  view.setUint8(0, 1);
  view.setUint8(1, rows.length);
  view.setUint16(2, others, true);
  view.setUint32(4, tick, true);
  view.setInt32(8, origin[0], true);
  view.setInt32(12, origin[1], true);
  rows.forEach(([id, e, n, z, yaw, state], index) => {
    const at = 20 + index * 12;
    view.setUint32(at, id, true);
    view.setInt16(at + 4, e - origin[0], true);
    view.setInt16(at + 6, n - origin[1], true);
    view.setInt16(at + 8, z, true);
    view.setUint8(at + 10, yaw);
    view.setUint8(at + 11, state);
  });
  return view.buffer;
}

function read(data: ArrayBuffer): { readonly head: FrameHead | null; readonly rows: Row[] } {
  const rows: Row[] = [];
  const head = decode(data, (...row) => rows.push(row));
  return { head, rows };
}

describe("what goes over the line", () => {
  it("reads everybody of a frame, to the centimetre", () => {
    const { head, rows } = read(frame(7, [[4_000_000_000, 12_345, -6789, 250, 128, FLYING], [2, 10_000, 10_000, 0, 0, 0]], 12));
    expect(head).toEqual({ kind: "frame", tick: 7, others: 12 });
    expect(rows).toEqual([[4_000_000_000, 123.45, -67.89, 2.5, 128, FLYING], [2, 100, 100, 0, 0, 0]]);
  });

  it("writes nineteen bytes for a pose and five for an echo", () => {
    const told = new DataView(encodePose({ e: 1.234, n: -2.5, z: 3, yaw: 64, state: 1 }, 9));
    expect([told.byteLength, told.getUint8(0), told.getUint32(1, true)]).toEqual([19, 1, 9]);
    expect([told.getInt32(5, true), told.getInt32(9, true), told.getInt32(13, true)]).toEqual([123, -250, 300]);
    expect([told.getUint8(17), told.getUint8(18)]).toEqual([64, 1]);
    expect(encodeEcho(9).byteLength).toBe(5);
  });

  it("turns the compass into 256 steps", () => {
    expect([0, 90, 180, -90, 359.9, 720].map(yawOf)).toEqual([0, 64, 128, 192, 0, 0]);
  });

  it("reads no frame from anything cut off or strange", () => {
    const whole = new Uint8Array(frame(1, [[1, 0, 0, 0, 0, 0]], 0, [0, 0]));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        expect(read(whole.slice(0, length).buffer).head).toBeNull();
      }),
    );
    expect(read(new Uint8Array([9, 9, 9, 9, 9]).buffer).head).toBeNull();
  });

  it("reads the words of the server and refuses others", () => {
    expect(parseWord({ type: "names", names: [[1, "김*수", "official"]] })).toEqual({ type: "names", names: [[1, "김*수", "official"]] });
    expect(parseWord({ type: "counts", total: 3, spots: [[1, 2, 3]] })).toMatchObject({ total: 3, spots: [[1, 2, 3]] });
    for (const odd of [null, [], {}, { type: "shout" }, { type: "welcome", id: 1, look: "naked" }, { type: "counts", total: NaN }]) {
      expect(() => parseWord(odd)).toThrow();
    }
  });
});
