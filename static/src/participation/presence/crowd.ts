/** People in view, moving smoothly between what the server tells ten times a second. No three.js. */

import { FLYING, WALKING } from "./protocol";

/** So far behind the newest word everybody is shown, so that there is one before and one after. */
const DELAY_MS = 170;
/** Where the next word is late, somebody goes on for so long, and then stands. */
const AHEAD_MS = 100;
/** After a silence somebody set off a moment before the word, not when the word before came. */
const GAP_MS = 250;
const TICK_MS = 100;
/** Farther in one step is no step: somebody was put down elsewhere. */
const JUMP_M = 40;
/** Left out of a frame for so long, somebody is gone: two processes may tell the crossing of a border one after the other. */
const GONE_MS = 300;
const KEPT = 6;
const FIELDS = 5;

/** The shortest way round from one of 256 directions to another. */
function turn(from: number, to: number): number {
  return ((((to - from) % 256) + 384) % 256) - 128;
}

export class Person {
  name = "";
  badge = "";
  state = 0;
  /** Where the person is shown now: metres, and radians clockwise from north. */
  e = 0;
  n = 0;
  z = 0;
  yaw = 0;
  /** How far the person has gone in all, for the legs. */
  walked_m = 0;
  /** The frame that told of the person last, and since when frames have not. */
  frame = 0;
  missingSince_ms: number | null = null;
  // Time, e, n, z, yaw of the latest words, the newest last.
  readonly #words = new Float64Array(KEPT * FIELDS);
  #count = 0;

  constructor(readonly id: number) {}

  get isFlying(): boolean {
    return this.state === FLYING;
  }

  hear(now_ms: number, e: number, n: number, z: number, yaw: number, state: number): void {
    const flew = this.isFlying;
    this.missingSince_ms = null;
    this.state = state;
    const last = (this.#count - 1) * FIELDS;
    const words = this.#words;
    if (this.#count > 0) {
      const far = Math.hypot(e - (words[last + 1] ?? 0), n - (words[last + 2] ?? 0)) > JUMP_M;
      if (far || flew !== this.isFlying) this.#count = 0;
      else if (now_ms - (words[last] ?? 0) > GAP_MS) {
        this.#push(now_ms - TICK_MS, words[last + 1] ?? 0, words[last + 2] ?? 0, words[last + 3] ?? 0, words[last + 4] ?? 0);
      }
    }
    this.#push(now_ms, e, n, z, yaw);
    if (this.#count === 1) this.#show(e, n, z, yaw);
  }

  /** Moves on to a moment; true while there is anywhere to go. Allocates nothing. */
  step(now_ms: number): boolean {
    const words = this.#words;
    const at = now_ms - DELAY_MS;
    let after = 0;
    while (after < this.#count && (words[after * FIELDS] ?? 0) <= at) after += 1;
    if (after === 0) return false;
    const isLate = after === this.#count;
    const from = Math.max(0, isLate ? after - 2 : after - 1) * FIELDS;
    const to = isLate ? (after - 1) * FIELDS : after * FIELDS;
    const span = (words[to] ?? 0) - (words[from] ?? 0);
    const most = isLate && span > 0 && this.state === WALKING ? 1 + AHEAD_MS / span : 1;
    const share = span > 0 ? Math.min(most, (at - (words[from] ?? 0)) / span) : 1;
    const yaw = words[from + 4] ?? 0;
    const moved = this.#show(
      mix(words[from + 1] ?? 0, words[to + 1] ?? 0, share),
      mix(words[from + 2] ?? 0, words[to + 2] ?? 0, share),
      mix(words[from + 3] ?? 0, words[to + 3] ?? 0, share),
      yaw + turn(yaw, words[to + 4] ?? 0) * Math.min(1, share),
    );
    return moved || !isLate;
  }

  #show(e: number, n: number, z: number, yaw: number): boolean {
    const radians = (yaw * Math.PI) / 128;
    const moved_m = Math.hypot(e - this.e, n - this.n);
    if (moved_m < 1e-4 && Math.abs(z - this.z) < 1e-4 && Math.abs(radians - this.yaw) < 1e-4) return false;
    if (moved_m < JUMP_M) this.walked_m += moved_m;
    this.e = e;
    this.n = n;
    this.z = z;
    this.yaw = radians;
    return true;
  }

  #push(at_ms: number, e: number, n: number, z: number, yaw: number): void {
    if (this.#count === KEPT) {
      this.#words.copyWithin(0, FIELDS);
      this.#count -= 1;
    }
    const at = this.#count * FIELDS;
    this.#words[at] = at_ms;
    this.#words[at + 1] = e;
    this.#words[at + 2] = n;
    this.#words[at + 3] = z;
    this.#words[at + 4] = yaw;
    this.#count += 1;
  }
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

export class Crowd {
  /** Everybody in view but oneself. */
  readonly people: Person[] = [];
  /** How many are near beside them. */
  others = 0;
  /** One's own number: told by the server, and left out. */
  self = 0;
  readonly #byId = new Map<number, Person>();
  readonly #names = new Map<number, readonly [name: string, badge: string]>();
  #frame = 0;
  #changed = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Somebody as a frame tells them. */
  readonly hear = (id: number, e: number, n: number, z: number, yaw: number, state: number): void => {
    if (id === this.self) return;
    let person = this.#byId.get(id);
    if (!person) {
      person = new Person(id);
      this.#byId.set(id, person);
      this.people.push(person);
      this.#changed = true;
      this.#call(person);
    }
    person.frame = this.#frame;
    person.hear(this.now(), e, n, z, yaw, state);
  };

  name(id: number, name: string, badge: string): void {
    this.#names.set(id, [name, badge]);
    const person = this.#byId.get(id);
    if (person) this.#call(person);
    this.#changed = true;
  }

  /** Everybody is gone, e.g. with the line. */
  clear(): void {
    this.#changed ||= this.people.length > 0;
    this.people.length = 0;
    this.others = 0;
    this.#byId.clear();
    this.#names.clear();
  }

  /** After all people of a frame: `others` are near as well. */
  settle(others: number): void {
    this.others = others;
    for (const person of this.people) {
      if (person.frame !== this.#frame) person.missingSince_ms ??= this.now();
    }
    this.#frame += 1;
    this.#changed = true;
  }

  /** Moves everybody on; true while there is anywhere to go. Allocates nothing. */
  step(): boolean {
    const now_ms = this.now();
    let changed = this.#changed;
    this.#changed = false;
    for (let index = this.people.length - 1; index >= 0; index -= 1) {
      const person = this.people[index];
      if (!person) continue;
      if (person.missingSince_ms !== null) {
        changed = true;
        if (now_ms - person.missingSince_ms > GONE_MS) this.#drop(index, person.id);
      }
      changed = person.step(now_ms) || changed;
    }
    return changed;
  }

  #drop(index: number, id: number): void {
    this.people.splice(index, 1);
    this.#byId.delete(id);
    this.#names.delete(id);
  }

  #call(person: Person): void {
    const known = this.#names.get(person.id);
    if (known) [person.name, person.badge] = known;
  }
}
