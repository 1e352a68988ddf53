/** What the API answers about objects, places and proposals, read from the wire. */

import { parseDesign, type Design } from "./designs/design";
import { language } from "../commons/i18n";
import { isRecord, list, number, numberOr, record, text, textOr, type Json } from "../commons/parse";

export interface Place {
  readonly e: number;
  readonly n: number;
  readonly z: number;
}

/** What the city knows of one object. */
export interface ObjectCard extends Place {
  readonly id: string;
  readonly kind: string;
  readonly kindLabel: string;
  readonly name: string;
  readonly useLabel: string;
  readonly height_m: number | null;
  readonly storeys: number | null;
  readonly year: number | null;
  readonly address: string;
  readonly source: string;
  readonly surveyDate: string;
  readonly place: string;
}

export function parseCard(value: unknown): ObjectCard {
  const source = record(value, "card");
  return {
    id: text(source["id"], "card.id"),
    kind: textOr(source["kind"], ""),
    kindLabel: textOr(source["kind_label"], ""),
    name: textOr(source["name"], ""),
    useLabel: textOr(source["use_label"], "") || textOr(source["use"], ""),
    height_m: numberOr(source["height_m"], null),
    storeys: numberOr(source["storeys"], null),
    year: knownYear(source["year"]),
    address: textOr(source["address"], ""),
    source: textOr(source["source"], "") || textOr(source["attribution"], ""),
    surveyDate: textOr(source["survey_date"], ""),
    place: textOr(source["place"], ""),
    ...place(source),
  };
}

/** Tiles and registers write 0 for an unknown year. */
function knownYear(value: unknown): number | null {
  const year = numberOr(value, null);
  return year === 0 ? null : year;
}

function place(source: Json): Place {
  return { e: numberOr(source["e"], 0), n: numberOr(source["n"], 0), z: numberOr(source["z"], 0) };
}

export interface SearchResult extends Place {
  readonly id: string;
  readonly name: string;
  readonly kindLabel: string;
  readonly place: string;
}

export function parseSearch(value: unknown): readonly SearchResult[] {
  return list(record(value, "search")["results"], "results").map((entry) => {
    const source = record(entry, "result");
    return {
      id: textOr(source["id"], ""),
      name: text(source["name"], "result.name"),
      kindLabel: textOr(source["kind_label"], ""),
      place: textOr(source["place"], ""),
      e: number(source["e"], "result.e"),
      n: number(source["n"], "result.n"),
      z: numberOr(source["z"], 0),
    };
  });
}

/** A proposal at a place. */
export interface Pin extends Place {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly stateLabel: string;
  readonly supports: number;
  readonly url: string;
  readonly hasDesign: boolean;
}

export function parsePin(value: unknown): Pin {
  const source = record(value, "pin");
  return {
    id: text(source["id"], "pin.id"),
    number: numberOr(source["number"], 0),
    title: text(source["title"], "pin.title"),
    stateLabel: localised(source["state_label"]),
    supports: numberOr(source["supports"], 0),
    url: sameOrigin(textOr(source["url"], "")),
    hasDesign: source["has_design"] === true,
    e: number(source["e"], "pin.e"),
    n: number(source["n"], "pin.n"),
    z: numberOr(source["z"], 0),
  };
}

/** A text as it is, or in the language of the page where it comes in both. */
function localised(value: unknown): string {
  return isRecord(value) ? textOr(value[language()], "") : textOr(value, "");
}

/** An address on this site, or none: nothing from the wire may lead to `javascript:` or away. */
export function sameOrigin(url: string): string {
  return /^\/(?!\/)/.test(url) ? url : "";
}

export interface Pins {
  readonly pins: readonly Pin[];
  readonly room: string;
  readonly seq: number;
}

export function parsePins(value: unknown): Pins {
  const source = record(value, "pins");
  return {
    pins: list(source["pins"], "pins").map(parsePin),
    room: textOr(source["room"], ""),
    seq: numberOr(source["seq"], 0),
  };
}

/** What the city shows of a proposal. */
export interface Idea {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly supports: number;
  readonly design: Design | null;
  /** What the design does to the sun, in a sentence, or how far the computation is; empty where nothing is computed. */
  readonly effects: string;
  readonly room: string;
  readonly seq: number;
}

/** Where one votes on a proposal, from the list of its open votes; empty where there is none. */
export function parseBallotUrl(value: unknown): string {
  const first = list(record(value, "votes")["results"], "votes.results")[0];
  return first === undefined ? "" : text(record(first, "vote")["ballot_url"], "vote.ballot_url");
}

/** A meeting about a proposal that one can go to. */
export interface MeetingAtHand {
  readonly url: string;
  readonly isOn: boolean;
  /** When it begins, in milliseconds since 1970. */
  readonly starts_ms: number;
}

/** The most urgent of a list of meetings; null where it is empty. */
export function parseMeeting(value: unknown): MeetingAtHand | null {
  const first = list(record(value, "meetings")["results"], "meetings.results")[0];
  if (first === undefined) return null;
  const source = record(first, "meeting");
  return {
    url: sameOrigin(text(source["url"], "meeting.url")),
    isOn: ["open", "paused"].includes(text(source["state"], "meeting.state")),
    starts_ms: Date.parse(text(source["starts_at"], "meeting.starts_at")),
  };
}

/** The hour at which it begins, as clocks in the city show it: in figures, the same in every language. */
export function hourOf(meeting: MeetingAtHand, timeZone: string): string {
  const options = { hour: "2-digit", minute: "2-digit", ...(timeZone && { timeZone }) } as const;
  return new Date(meeting.starts_ms).toLocaleTimeString("en-GB", options);
}

export function parseIdea(value: unknown): Idea {
  const source = record(value, "proposal");
  const design = source["design"];
  // A design comes bare, or inside the record of its version.
  const changes = isRecord(design) && isRecord(design["data"]) ? design["data"] : design;
  const run = isRecord(source["run"]) ? source["run"] : {};
  return {
    id: text(source["id"], "proposal.id"),
    title: textOr(source["title"], ""),
    summary: textOr(source["text"], ""),
    supports: numberOr(source["supports"], 0),
    design: isRecord(changes) ? parseDesign(changes) : null,
    effects: textOr(run["headline"], "") || textOr(run["state_label"], ""),
    room: textOr(source["room"], ""),
    seq: numberOr(source["seq"], 0),
  };
}
