/** What the city's manifest and its publication's files say, read from the wire. */

import type { Origin, Point3 } from "./frame";
import type { HeightGridShape } from "./heights";
import type { Bounds } from "./rig";
import { isRecord, list, number, numberOr, record, text, textOr, triple, type Json } from "../commons/parse";

export interface Names {
  readonly ko: string;
  readonly en: string;
}

export interface Publication {
  readonly id: string;
  readonly number: number;
  readonly base_url: string;
  readonly bounds: Bounds;
  readonly buildings: string | null;
  readonly ground: string | null;
  readonly instances: string | null;
  readonly labels: string | null;
  readonly heights: (HeightGridShape & { readonly file: string }) | null;
  readonly map: MapTiles | null;
  readonly bytes: number;
}

/** Vector tiles of the flat map; `tiles` has `{z}/{x}/{y}`. */
export interface MapTiles {
  readonly tiles: string;
  readonly min_zoom: number;
  readonly max_zoom: number;
}

export interface CityStart {
  readonly target: Point3;
  readonly distance_m: number;
  readonly azimuth_deg: number;
  readonly pitch_deg: number;
}

export interface Attribution {
  readonly text: string;
  readonly url: string;
}

export interface Manifest {
  readonly slug: string;
  readonly name: Names;
  readonly time_zone: string;
  readonly origin: Origin;
  readonly publication: Publication | null;
  readonly start: CityStart;
  readonly attribution: readonly Attribution[];
  readonly room: string;
  readonly seq: number;
}

function names(value: unknown): Names {
  if (!isRecord(value)) return { ko: "", en: "" };
  const ko = textOr(value["ko"], "");
  return { ko, en: textOr(value["en"], "") || ko };
}

function publication(value: unknown): Publication | null {
  if (value === null || value === undefined) return null;
  const source = record(value, "publication");
  const bounds = record(source["bounds"], "bounds");
  return {
    id: text(source["id"], "publication.id"),
    number: number(source["number"], "publication.number"),
    base_url: text(source["base_url"], "publication.base_url"),
    bounds: { min: triple(bounds["min"], "bounds.min"), max: triple(bounds["max"], "bounds.max") },
    buildings: textOr(source["buildings"], null),
    ground: textOr(source["ground"], null),
    instances: textOr(source["instances"], null),
    labels: textOr(source["labels"], null),
    heights: heights(source["heights"]),
    map: mapTiles(source["map"]),
    bytes: numberOr(source["bytes"], 0),
  };
}

function mapTiles(value: unknown): MapTiles | null {
  if (!isRecord(value)) return null;
  return {
    tiles: text(value["tiles"], "map.tiles"),
    min_zoom: number(value["min_zoom"], "map.min_zoom"),
    max_zoom: number(value["max_zoom"], "map.max_zoom"),
  };
}

function heights(value: unknown): Publication["heights"] {
  if (!isRecord(value)) return null;
  const at = (name: string): number => number(value[name], `heights.${name}`);
  return {
    file: text(value["file"], "heights.file"),
    step_m: at("step_m"),
    min_e: at("min_e"),
    min_n: at("min_n"),
    columns: at("columns"),
    rows: at("rows"),
    scale_m: at("scale_m"),
    offset_m: at("offset_m"),
  };
}

export function parseManifest(value: unknown): Manifest {
  const source = record(value, "manifest");
  const origin = record(source["origin"], "origin");
  const start = record(source["start"], "start");
  return {
    slug: text(source["slug"], "slug"),
    name: names(source["name"]),
    time_zone: text(source["time_zone"], "time_zone"),
    origin: {
      lon: number(origin["lon"], "origin.lon"),
      lat: number(origin["lat"], "origin.lat"),
      height_m: number(origin["height_m"], "origin.height_m"),
    },
    publication: publication(source["publication"]),
    start: {
      target: triple(start["target"], "start.target"),
      distance_m: number(start["distance_m"], "start.distance_m"),
      azimuth_deg: number(start["azimuth_deg"], "start.azimuth_deg"),
      pitch_deg: number(start["pitch_deg"], "start.pitch_deg"),
    },
    attribution: list(source["attribution"] ?? [], "attribution").map((entry) => {
      const item = record(entry, "attribution");
      return { text: text(item["text"], "attribution.text"), url: textOr(item["url"], "") };
    }),
    room: textOr(source["room"], ""),
    seq: numberOr(source["seq"], 0),
  };
}

export type InstanceKind = "tree_broadleaf" | "tree_conifer" | "bus_stop" | "bench" | "shelter" | "street_light";
export const INSTANCE_KINDS: readonly InstanceKind[] = [
  "tree_broadleaf",
  "tree_conifer",
  "bus_stop",
  "bench",
  "shelter",
  "street_light",
];

/** Things that stand in the city many times over, as flat numbers. */
export interface Instances {
  readonly kinds: readonly string[];
  readonly stride: number;
  /** Offsets of the fields in a row. */
  readonly field: Readonly<Record<"kind" | "e" | "n" | "z" | "height_m" | "size_m", number>>;
  /** Offset of the degrees clockwise from north that the thing faces, themselves -1 where nothing tells; -1 without it. */
  readonly rotationField: number;
  readonly ids: readonly string[];
  readonly values: Float32Array;
}

export function parseInstances(value: unknown): Instances {
  const source = record(value, "instances");
  const fields = list(source["fields"], "fields").map((name) => text(name, "field"));
  const at = (name: string): number => {
    const index = fields.indexOf(name);
    if (index < 0) throw new RangeError(`instances have no field ${name}`);
    return index;
  };
  const stride = number(source["stride"], "stride");
  const values = list(source["values"], "values");
  if (stride < fields.length || values.length % stride !== 0) throw new RangeError("instances are cut off");
  return {
    kinds: list(source["kinds"], "kinds").map((kind) => text(kind, "kind")),
    stride,
    field: { kind: at("kind"), e: at("e"), n: at("n"), z: at("z"), height_m: at("height_m"), size_m: at("size_m") },
    rotationField: fields.indexOf("rotation_deg"),
    ids: list(source["ids"] ?? [], "ids").map((id) => textOr(id, "")),
    values: Float32Array.from(values, (entry) => numberOr(entry, 0)),
  };
}

export type LabelKind = "road" | "place" | "station" | "school" | "park" | "river" | "hill" | "landmark";
const LABEL_KINDS: readonly LabelKind[] = ["road", "place", "station", "school", "park", "river", "hill", "landmark"];

export interface Label {
  readonly text: Names;
  readonly kind: LabelKind;
  readonly e: number;
  readonly n: number;
  readonly z: number;
  /** 1 is the most important, 5 the least. */
  readonly rank: number;
  readonly id: string | null;
}

function label(source: Json): Label | null {
  const name = names(source["text"]);
  if (!name.ko && !name.en) return null;
  return {
    text: name,
    kind: LABEL_KINDS.find((kind) => kind === source["kind"]) ?? "place",
    e: number(source["e"], "label.e"),
    n: number(source["n"], "label.n"),
    z: number(source["z"], "label.z"),
    rank: numberOr(source["rank"], 5),
    id: textOr(source["id"], null),
  };
}

/** The most important first, which is the order in which they take room. */
export function parseLabels(value: unknown): readonly Label[] {
  return list(record(value, "labels")["labels"], "labels")
    .map((entry) => label(record(entry, "label")))
    .filter((entry) => entry !== null)
    .sort((a, b) => a.rank - b.rank);
}
