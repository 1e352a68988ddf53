/** The pose socket's messages, as `participation/presence/wire.py` tells them. Little-endian. */

import { list, number, numberOr, oneOf, record, text, textOr } from "../../commons/parse";

export const STANDING = 0;
export const WALKING = 1;
/** Looks at the place from above: stands nowhere. */
export const FLYING = 2;

/** Where somebody is: metres of the local frame, 256 steps of yaw clockwise from north. */
export interface Pose {
  e: number;
  n: number;
  z: number;
  yaw: number;
  state: number;
}

/** Takes each person of a frame in turn, so that reading one allocates nothing. */
export type PersonSink = (id: number, e: number, n: number, z: number, yaw: number, state: number) => void;

const POSE = 1;
const ECHO = 2;
const FRAME = 1;
const BEAT = 2;
const HEADER_BYTES = 20;
const RECORD_BYTES = 12;
const CM = 100;

export function yawOf(azimuth_deg: number): number {
  return Math.round((((azimuth_deg % 360) + 360) % 360) * (256 / 360)) & 255;
}

export function encodePose(pose: Readonly<Pose>, tick: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(19));
  view.setUint8(0, POSE);
  view.setUint32(1, tick, true);
  view.setInt32(5, Math.round(pose.e * CM), true);
  view.setInt32(9, Math.round(pose.n * CM), true);
  view.setInt32(13, Math.round(pose.z * CM), true);
  view.setUint8(17, pose.yaw);
  view.setUint8(18, pose.state);
  return view.buffer;
}

export function encodeEcho(tick: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(5));
  view.setUint8(0, ECHO);
  view.setUint32(1, tick, true);
  return view.buffer;
}

export interface FrameHead {
  readonly kind: "frame" | "beat";
  readonly tick: number;
  /** How many are near beside those told one by one. */
  readonly others: number;
}

/** Reads a frame into `sink`, or a beat; null for anything else. */
export function decode(data: ArrayBuffer, sink: PersonSink): FrameHead | null {
  const view = new DataView(data);
  if (data.byteLength === 5 && view.getUint8(0) === BEAT) return { kind: "beat", tick: view.getUint32(1, true), others: 0 };
  if (data.byteLength < HEADER_BYTES || view.getUint8(0) !== FRAME) return null;
  const count = view.getUint8(1);
  if (data.byteLength !== HEADER_BYTES + count * RECORD_BYTES) return null;
  const east = view.getInt32(8, true);
  const north = view.getInt32(12, true);
  const up = view.getInt32(16, true);
  for (let at = HEADER_BYTES; at < data.byteLength; at += RECORD_BYTES) {
    sink(
      view.getUint32(at, true),
      (east + view.getInt16(at + 4, true)) / CM,
      (north + view.getInt16(at + 6, true)) / CM,
      (up + view.getInt16(at + 8, true)) / CM,
      view.getUint8(at + 10),
      view.getUint8(at + 11),
    );
  }
  return { kind: "frame", tick: view.getUint32(4, true), others: view.getUint16(2, true) };
}

export const LOOKS = ["named", "unnamed", "hidden"] as const;
export type Look = (typeof LOOKS)[number];

/** People gathered in one cell: metres, and how many. */
export type Spot = readonly [e: number, n: number, count: number];

export type Word =
  | { readonly type: "welcome"; readonly id: number; readonly name: string; readonly look: Look }
  | { readonly type: "names"; readonly names: readonly (readonly [id: number, name: string, badge: string])[] }
  | { readonly type: "counts"; readonly total: number; readonly spots: readonly Spot[] }
  | { readonly type: "refused"; readonly code: string };

const WORDS = ["welcome", "names", "counts", "refused"] as const;

export function parseWord(value: unknown): Word {
  const source = record(value, "word");
  const type = oneOf(source["type"], WORDS, "word.type");
  switch (type) {
    case "welcome":
      return { type, id: number(source["id"], "id"), name: textOr(source["name"], ""), look: oneOf(source["look"], LOOKS, "look") };
    case "names":
      return {
        type,
        names: list(source["names"], "names").map((entry) => {
          const [id, name, badge] = list(entry, "name");
          return [number(id, "id"), text(name, "name"), textOr(badge, "")];
        }),
      };
    case "counts":
      return {
        type,
        total: number(source["total"], "total"),
        spots: list(source["spots"], "spots").map((entry) => {
          const [e, n, count] = list(entry, "spot");
          return [number(e, "e"), number(n, "n"), numberOr(count, 1)];
        }),
      };
    case "refused":
      return { type, code: textOr(source["code"], "unknown") };
  }
}
