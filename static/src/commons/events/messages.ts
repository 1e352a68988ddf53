/** What the events socket and the replay address say. */

import { list, number, oneOf, record, text, textOr } from "../parse";
import type { Replay, RoomEvent } from "./follower";

export type ServerMessage =
  | { readonly type: "joined" | "latest"; readonly room: string; readonly seq: number }
  | { readonly type: "event"; readonly room: string; readonly event: RoomEvent }
  | { readonly type: "refused"; readonly code: string; readonly room: string }
  | { readonly type: "pong" };

const TYPES = ["joined", "latest", "event", "refused", "pong"] as const;

export function parseMessage(value: unknown): ServerMessage {
  const source = record(value, "message");
  const type = oneOf(source["type"], TYPES, "message.type");
  switch (type) {
    case "joined":
    case "latest":
      return { type, room: text(source["room"], "room"), seq: number(source["seq"], "seq") };
    case "event":
      return { type, room: text(source["room"], "room"), event: parseEvent(source) };
    case "refused":
      return { type, code: textOr(source["code"], "unknown"), room: textOr(source["room"], "") };
    case "pong":
      return { type };
  }
}

export function parseReplay(value: unknown): Replay {
  const source = record(value, "replay");
  return {
    seq: number(source["seq"], "replay.seq"),
    events: list(source["events"], "replay.events").map(parseEvent),
    gap: source["gap"] === true,
  };
}

function parseEvent(value: unknown): RoomEvent {
  const source = record(value, "event");
  return {
    seq: number(source["seq"], "event.seq"),
    kind: textOr(source["kind"], ""),
    payload: source["payload"] ?? null,
  };
}
