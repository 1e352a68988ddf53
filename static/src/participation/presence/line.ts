/** The page's line to `/ws/poses/<city>/`: says where one is, hears where others are, and comes back by itself. */

import { Disposer } from "../../commons/disposer";
import { Store } from "../../commons/store";
import { decode, encodeEcho, encodePose, parseWord, type PersonSink, type Pose, type Word } from "./protocol";

export type LineState = "connecting" | "open" | "lost" | "refused";

/** The part of a WebSocket that is used; tests give their own. */
export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(data: ArrayBuffer): void;
  close(): void;
}

export interface LineOptions {
  readonly open: () => Wire;
  /** Writes where one is now into `pose`; false where one is nowhere. Left out, one only looks. */
  readonly whereAmI?: (pose: Pose) => boolean;
  readonly onPerson?: PersonSink;
  /** After all people of a frame; `others` are near as well. */
  readonly onFrame?: (others: number) => void;
  readonly onWord: (word: Word) => void;
  /** 0 to 1, for the spread of reconnections. */
  readonly random?: () => number;
}

const CLOCK_MS = 100;
/** The server lets go of whoever is silent for eight seconds, and beats every two and a half. */
const SPEAK_MS = 2500;
const SILENCE_MS = 8000;
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 15_000;
/** A page that nobody sees for a minute is not there. */
const AWAY_MS = 60_000;
/** Coming back at once would change nothing. */
const FINAL = ["removed_from_world", "city_unknown", "world_unknown", "too_many_sockets"];

export class PoseLine {
  readonly state = new Store<LineState>("connecting");
  readonly #disposer = new Disposer();
  readonly #now: Pose = { e: 0, n: 0, z: 0, yaw: 0, state: 0 };
  readonly #told: Pose = { e: NaN, n: 0, z: 0, yaw: 0, state: 0 };
  #wire: Wire | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #away: ReturnType<typeof setTimeout> | null = null;
  #attempts = 0;
  #tick = 0;
  #owesEcho = false;
  #spokeAt_ms = 0;
  #heardAt_ms = 0;

  constructor(private readonly options: LineOptions) {
    this.#disposer.interval(this.#clock, CLOCK_MS);
    if (typeof document !== "undefined") this.#disposer.listen(document, "visibilitychange", this.#visibility);
    if (typeof window !== "undefined") {
      this.#disposer.listen(window, "online", () => {
        if (this.#retry !== null) this.reconnect();
      });
    }
    this.#connect();
  }

  /** Drops the line and comes back at once, e.g. after one has chosen how to be seen. */
  reconnect(): void {
    this.#attempts = 0;
    this.#drop();
    this.#connect();
  }

  dispose(): void {
    this.#disposer.dispose();
    this.#drop();
    if (this.#away !== null) clearTimeout(this.#away);
    this.state.dispose();
  }

  #connect(): void {
    const wire = this.options.open();
    this.#wire = wire;
    this.#tick = 0;
    this.#owesEcho = false;
    this.#heardAt_ms = this.#spokeAt_ms = Date.now();
    this.#told.e = NaN;
    wire.onopen = () => {
      this.#heardAt_ms = Date.now();
      this.state.set("open");
      this.#clock();
    };
    wire.onmessage = ({ data }) => {
      this.#hear(data);
    };
    wire.onclose = () => {
      this.#lost();
    };
  }

  #hear(data: unknown): void {
    this.#heardAt_ms = Date.now();
    if (data instanceof ArrayBuffer) this.#hearPoses(data);
    else this.#hearWord(data);
  }

  #hearPoses(data: ArrayBuffer): void {
    const head = decode(data, this.options.onPerson ?? ignore);
    if (!head) return;
    this.#tick = head.tick;
    this.#owesEcho = true;
    if (head.kind === "frame") this.options.onFrame?.(head.others);
    // Clocks of pages that are not seen run slowly; what is heard does not wait for them.
    if (head.kind === "beat" || document.hidden) this.#echo();
  }

  #hearWord(data: unknown): void {
    let word: Word;
    try {
      word = parseWord(JSON.parse(String(data)));
    } catch (error) {
      console.warn("people: unreadable message", error);
      return;
    }
    if (word.type === "welcome") this.#attempts = 0;
    this.options.onWord(word);
    if (word.type === "refused" && FINAL.includes(word.code)) {
      this.#drop();
      this.state.set("refused");
    }
  }

  /** Ten times a second: the pose where it has changed, else what is owed. */
  readonly #clock = (): void => {
    if (this.state.value !== "open") return;
    if (Date.now() - this.#heardAt_ms > SILENCE_MS) this.#lost();
    else if (this.options.whereAmI?.(this.#now) && this.#hasMoved()) this.#tell();
    else if (this.#owesEcho || Date.now() - this.#spokeAt_ms > SPEAK_MS) this.#echo();
  };

  #hasMoved(): boolean {
    const { e, n, z, yaw, state } = this.#told;
    const now = this.#now;
    // NaN, before the first word, is near nothing.
    const stays = Math.abs(now.e - e) < 0.02 && Math.abs(now.n - n) < 0.02 && Math.abs(now.z - z) < 0.05;
    return !stays || now.yaw !== yaw || now.state !== state;
  }

  #tell(): void {
    Object.assign(this.#told, this.#now);
    this.#send(encodePose(this.#now, this.#tick));
  }

  #echo(): void {
    this.#send(encodeEcho(this.#tick));
  }

  #send(data: ArrayBuffer): void {
    this.#owesEcho = false;
    this.#spokeAt_ms = Date.now();
    this.#wire?.send(data);
  }

  #lost(): void {
    this.#drop();
    if (this.state.value === "refused") return;
    this.state.set("lost");
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#connect();
    }, this.#delay_ms());
  }

  /** Doubling, and spread over half of it, so that a restarted server is not met by everybody at once. */
  #delay_ms(): number {
    const whole = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts++);
    return whole / 2 + (whole / 2) * (this.options.random ?? Math.random)();
  }

  readonly #visibility = (): void => {
    if (this.#away !== null) clearTimeout(this.#away);
    this.#away = null;
    if (document.hidden) {
      this.#away = setTimeout(() => {
        this.#drop();
        this.state.set("lost");
      }, AWAY_MS);
    } else if (this.#wire === null && this.state.value !== "refused") {
      this.reconnect();
    }
  };

  #drop(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    const wire = this.#wire;
    this.#wire = null;
    if (!wire) return;
    wire.onopen = wire.onmessage = wire.onclose = null;
    wire.close();
  }
}

function ignore(): void {
  // Who only looks at a list is told of nobody.
}

/** Opens lines for one visitor: without an account, `guest` makes several lines one person. */
export function opener(world: string): () => Wire {
  const guest = randomHex();
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const url = `${scheme}//${location.host}/ws/poses/${encodeURIComponent(world)}/?guest=${guest}`;
  return () => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    return socket as Wire;
  };
}

/** Lives as long as the page: guests are known again to nobody. */
function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
