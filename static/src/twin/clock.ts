/** The date and time of day the sun is drawn for, in the city's own time zone. */

import { Store } from "../commons/store";

export interface CityTime {
  /** `YYYY-MM-DD`, a day in the city. */
  readonly date: string;
  /** Minutes after the city's midnight, 0 to 1439. */
  readonly minute: number;
}

const DAY_MIN = 1440;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs a millisecond, using it a few microseconds. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}

function offset_min(utc_ms: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(utc_ms);
  const at = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"));
  return Math.round((local - Math.floor(utc_ms / 60_000) * 60_000) / 60_000);
}

/** The instant at which a city's clocks show this time (the earlier one where they show it twice). */
export function toInstant(time: CityTime, timeZone: string): Date {
  const asUtc = Date.parse(`${time.date}T00:00:00Z`) + time.minute * 60_000;
  const first = asUtc - offset_min(asUtc, timeZone) * 60_000;
  return new Date(asUtc - offset_min(first, timeZone) * 60_000);
}

export function fromInstant(instant: Date, timeZone: string): CityTime {
  const local = new Date(instant.getTime() + offset_min(instant.getTime(), timeZone) * 60_000);
  return { date: local.toISOString().slice(0, 10), minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

/** `2026-12-21T15:20`, as a link and `<input type="datetime-local">` write it. */
export function formatCityTime(time: CityTime): string {
  return `${time.date}T${formatMinute(time.minute)}`;
}

export function formatMinute(minute: number): string {
  const hours = Math.floor(minute / 60);
  return `${String(hours).padStart(2, "0")}:${String(Math.floor(minute % 60)).padStart(2, "0")}`;
}

export function parseCityTime(value: string): CityTime | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})$/.exec(value);
  const date = match?.[1];
  if (!match || date === undefined) return null;
  const parsed = new Date(`${date}T00:00:00Z`);
  const minute = Number(match[2]) * 60 + Number(match[3]);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date || minute >= DAY_MIN) return null;
  return { date, minute };
}

/** How far a playing day moves in a second: the whole day in 24 seconds. */
const PLAY_MINUTES_A_SECOND = 60;
/** With reduced motion the playing day moves in cuts of this size. */
const CUT_MIN = 30;

export class CityClock {
  readonly time: Store<CityTime>;
  readonly playing = new Store(false);
  #carry_min = 0;

  constructor(
    readonly timeZone: string,
    start: CityTime,
    private readonly reducedMotion: () => boolean = () => false,
  ) {
    this.time = new Store(start);
  }

  get instant(): Date {
    return toInstant(this.time.value, this.timeZone);
  }

  setMinute(minute: number): void {
    const whole = Math.min(DAY_MIN - 1, Math.max(0, Math.round(minute)));
    if (whole !== this.time.value.minute) this.time.set({ ...this.time.value, minute: whole });
  }

  setDate(date: string): void {
    const parsed = parseCityTime(`${date}T00:00`);
    if (parsed && date !== this.time.value.date) this.time.set({ ...this.time.value, date });
  }

  set(time: CityTime): void {
    if (time.date !== this.time.value.date || time.minute !== this.time.value.minute) this.time.set(time);
  }

  play(on: boolean): void {
    this.#carry_min = 0;
    this.playing.set(on);
  }

  /** Moves a playing day on; true while it plays. */
  step(elapsed_s: number): boolean {
    if (!this.playing.value) return false;
    this.#carry_min += elapsed_s * PLAY_MINUTES_A_SECOND;
    const grain = this.reducedMotion() ? CUT_MIN : 1;
    if (this.#carry_min >= grain) {
      const moved = Math.floor(this.#carry_min / grain) * grain;
      this.#carry_min -= moved;
      this.setMinute((this.time.value.minute + moved) % DAY_MIN);
    }
    return true;
  }

  dispose(): void {
    this.time.dispose();
    this.playing.dispose();
  }
}
