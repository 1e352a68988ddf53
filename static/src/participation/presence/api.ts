/** Who is here in words, and how one is seen, asked of the API. */

import { request } from "../../commons/api";
import { list, number, numberOr, oneOf, record, text, textOr } from "../../commons/parse";
import { LOOKS, type Look } from "./protocol";

export interface Named {
  readonly name: string;
  readonly badge: string;
}

export interface Gathering {
  /** Empty where nothing well known is near. */
  readonly place: string;
  readonly e: number;
  readonly n: number;
  readonly count: number;
  readonly unnamed: number;
  readonly named: readonly Named[];
}

export interface Company {
  readonly total: number;
  readonly spots: readonly Gathering[];
  readonly elsewhere: number;
}

export function parseCompany(value: unknown): Company {
  const source = record(value, "company");
  return {
    total: number(source["total"], "total"),
    spots: list(source["spots"], "spots").map(parseGathering),
    elsewhere: numberOr(source["elsewhere"], 0),
  };
}

function parseGathering(value: unknown): Gathering {
  const source = record(value, "spot");
  return {
    place: textOr(source["place"], ""),
    e: number(source["e"], "e"),
    n: number(source["n"], "n"),
    count: number(source["count"], "count"),
    unnamed: numberOr(source["unnamed"], 0),
    named: list(source["named"], "named").map((entry) => {
      const one = record(entry, "named");
      return { name: text(one["name"], "name"), badge: textOr(one["badge"], "") };
    }),
  };
}

export function company(slug: string, signal?: AbortSignal): Promise<Company> {
  return request(`/api/v1/cities/${encodeURIComponent(slug)}/people/`, parseCompany, { ...(signal && { signal }) });
}

export function chooseLook(look: Look): Promise<Look> {
  const parse = (value: unknown): Look => oneOf(record(value, "look")["look"], LOOKS, "look");
  return request("/api/v1/presence/look/", parse, { method: "PUT", body: { look } });
}
