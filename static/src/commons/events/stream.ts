/** The page's one socket to `/ws/events/`, for all the rooms that it follows. Comes back by itself. */

import { request } from "../api";
import { Disposer } from "../disposer";
import { Store } from "../store";
import { Follower, type Replay, type Room } from "./follower";
import { parseMessage, parseReplay, type ServerMessage } from "./messages";

export type LineState = "connecting" | "open" | "lost";

/** The part of a WebSocket that is used; tests give their own. */
export interface Line {
  onopen: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  /** As of a WebSocket; a line without it is always open. */
  readonly readyState?: number;
  send(data: string): void;
  close(): void;
}

export interface StreamOptions {
  readonly open?: () => Line;
  readonly replay?: (room: string, after: number) => Promise<Replay>;
  /** 0 to 1, for the spread of reconnections. */
  readonly random?: () => number;
}

interface Joined {
  readonly follower: Follower;
  readonly onRefused: (code: string) => void;
}

/** The server speaks every five seconds; three of its numbers missed mean a dead line. */
const SILENCE_MS = 16_000;
const PING_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
/** A WebSocket's `readyState`. */
const OPEN = 1;

export class EventStream {
  readonly state = new Store<LineState>("connecting");
  readonly #rooms = new Map<string, Joined>();
  readonly #disposer = new Disposer();
  readonly #open: () => Line;
  readonly #replay: (room: string, after: number) => Promise<Replay>;
  readonly #random: () => number;
  #line: Line | null = null;
  #attempts = 0;
  #heardAt_ms = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;

  constructor({ open = openSocket, replay = fetchReplay, random = Math.random }: StreamOptions = {}) {
    this.#open = open;
    this.#replay = replay;
    this.#random = random;
    this.#disposer.interval(() => {
      this.#beat();
    }, PING_MS / 2);
    if (typeof window !== "undefined") {
      this.#disposer.listen(window, "online", () => {
        this.#reconnectNow();
      });
    }
    this.#connect();
  }

  /** Follows a room from the state shown on; returns the undo. `onRefused` hears the server's code, once. */
  join(name: string, room: Room, onRefused: (code: string) => void = () => undefined): () => void {
    this.leave(name);
    const follower = new Follower(room, (after) => this.#replay(name, after));
    this.#rooms.set(name, { follower, onRefused });
    if (this.state.value === "open") this.#say({ type: "join", room: name });
    return () => {
      if (this.#rooms.get(name)?.follower === follower) this.leave(name);
    };
  }

  leave(name: string): void {
    const joined = this.#rooms.get(name);
    if (!joined) return;
    joined.follower.dispose();
    this.#rooms.delete(name);
    if (this.state.value === "open") this.#say({ type: "leave", room: name });
  }

  dispose(): void {
    this.#disposer.dispose();
    for (const { follower } of this.#rooms.values()) follower.dispose();
    this.#rooms.clear();
    this.#drop();
    if (this.#retry) clearTimeout(this.#retry);
    this.state.dispose();
  }

  #connect(): void {
    this.#retry = null;
    const line = this.#open();
    this.#line = line;
    this.#heardAt_ms = Date.now();
    line.onopen = () => {
      this.#attempts = 0;
      this.#heardAt_ms = Date.now();
      this.state.set("open");
      for (const room of this.#rooms.keys()) this.#say({ type: "join", room });
    };
    line.onmessage = ({ data }) => {
      this.#hear(data);
    };
    line.onclose = () => {
      this.#lost();
    };
  }

  #hear(data: unknown): void {
    this.#heardAt_ms = Date.now();
    try {
      this.#take(parseMessage(JSON.parse(String(data))));
    } catch (error) {
      console.warn("events: unreadable message", error);
    }
  }

  #take(message: ServerMessage): void {
    if (message.type === "pong") return;
    const joined = this.#rooms.get(message.room);
    if (!joined) return;
    if (message.type === "event") joined.follower.deliver(message.event);
    else if (message.type === "refused") this.#refuse(message.room, joined, message.code);
    else joined.follower.latest(message.seq);
  }

  #refuse(name: string, joined: Joined, code: string): void {
    joined.follower.dispose();
    this.#rooms.delete(name);
    joined.onRefused(code);
  }

  /** Into a line that is closing, nothing: that it is closed is heard only later. */
  #say(message: Readonly<Record<string, string>>): void {
    if ((this.#line?.readyState ?? OPEN) === OPEN) this.#line?.send(JSON.stringify(message));
  }

  #beat(): void {
    if (!this.#line) return;
    if (Date.now() - this.#heardAt_ms > SILENCE_MS) this.#lost();
    else if (this.state.value === "open") this.#say({ type: "ping" });
  }

  #lost(): void {
    this.#drop();
    this.state.set("lost");
    this.#retry ??= setTimeout(() => {
      this.#connect();
    }, this.#delay_ms());
  }

  /** Doubling, and spread over half of it, so that a restarted server is not met by everybody at once. */
  #delay_ms(): number {
    const whole = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts++);
    return whole / 2 + (whole / 2) * this.#random();
  }

  #reconnectNow(): void {
    if (!this.#retry) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  #drop(): void {
    const line = this.#line;
    this.#line = null;
    if (!line) return;
    line.onopen = line.onmessage = line.onclose = null;
    line.close();
  }
}

function openSocket(): Line {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(`${scheme}//${location.host}/ws/events/`) as Line;
}

function fetchReplay(room: string, after: number): Promise<Replay> {
  return request(`/api/v1/events/${encodeURIComponent(room)}/?after=${after}`, parseReplay);
}
