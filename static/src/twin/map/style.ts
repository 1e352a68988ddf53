/** The map's look: the same paper and ink as the 3D city, drawn flat from the publication's vector tiles. */

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Language } from "../api";
import type { Attribution } from "../manifest";

export interface MapFiles {
  /** Address of the vector tiles with `{z}/{x}/{y}`; null where the city has no map. */
  readonly tiles: string | null;
  readonly minZoom: number;
  readonly maxZoom: number;
}

export const CITY_SOURCE = "city";
export const IDEAS_SOURCE = "ideas";
export const DESIGN_SOURCE = "design";
export const BUILDING_LAYER = "building";
export const IDEA_LAYER = "idea";
export const CLUSTER_LAYER = "idea-cluster";

const INK = "#3b332b";
const HALO = "#fffaf1";
const IDEA = "#f28c28";
const IDEA_INK = "#5a2a00";
const FONT = ["Pretendard GOV"];

/** Named in the reader's language, where the source has it. */
function nameIn(language: Language): ExpressionSpecification {
  return language === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["coalesce", ["get", "name"], ""];
}

function ground(): LayerSpecification[] {
  return [
    { id: "paper", type: "background", paint: { "background-color": "#e9e1d3" } },
    { id: "green", type: "fill", source: CITY_SOURCE, "source-layer": "green", paint: { "fill-color": "#ccd8b6" } },
    { id: "water", type: "fill", source: CITY_SOURCE, "source-layer": "water", paint: { "fill-color": "#b9cfd6" } },
    {
      id: "road",
      type: "fill",
      source: CITY_SOURCE,
      "source-layer": "road",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": "#f7f2ea", "fill-outline-color": "#d8cfc0" },
    },
    {
      id: "road-line",
      type: "line",
      source: CITY_SOURCE,
      "source-layer": "road",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": "#f7f2ea", "line-width": ["interpolate", ["exponential", 2], ["zoom"], 12, 1, 18, 14] },
    },
  ];
}

function buildings(): LayerSpecification[] {
  return [
    {
      id: BUILDING_LAYER,
      type: "fill",
      source: CITY_SOURCE,
      "source-layer": "building",
      paint: { "fill-color": "#fffaf1" },
    },
    {
      id: "building-line",
      type: "line",
      source: CITY_SOURCE,
      "source-layer": "building",
      paint: { "line-color": "#8d8172", "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.3, 17, 1] },
    },
    {
      id: "building-selected",
      type: "line",
      source: CITY_SOURCE,
      "source-layer": "building",
      filter: ["==", ["get", "id"], ""],
      paint: { "line-color": "#0b50d0", "line-width": 3 },
    },
    {
      id: "furniture",
      type: "circle",
      source: CITY_SOURCE,
      "source-layer": "furniture",
      minzoom: 16,
      paint: { "circle-radius": 3, "circle-color": "#ffffff", "circle-stroke-color": INK, "circle-stroke-width": 1.2 },
    },
  ];
}

function labels(language: Language): LayerSpecification[] {
  return [
    {
      id: "label",
      type: "symbol",
      source: CITY_SOURCE,
      "source-layer": "label",
      layout: {
        "text-field": nameIn(language),
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["coalesce", ["get", "rank"], 5], 1, 17, 5, 12],
        "symbol-sort-key": ["coalesce", ["get", "rank"], 5],
        "text-padding": 6,
      },
      paint: { "text-color": INK, "text-halo-color": HALO, "text-halo-width": 1.6 },
    },
  ];
}

/** What a citizen's design would add: filled, outlined and dashed, so that colour alone never says it. */
function design(): LayerSpecification[] {
  return [
    {
      id: "design-fill",
      type: "fill",
      source: DESIGN_SOURCE,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": IDEA, "fill-opacity": 0.55 },
    },
    {
      id: "design-line",
      type: "line",
      source: DESIGN_SOURCE,
      paint: { "line-color": IDEA_INK, "line-width": 2.5, "line-dasharray": [2, 1.2] },
    },
    {
      id: "design-point",
      type: "circle",
      source: DESIGN_SOURCE,
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 6, "circle-color": IDEA, "circle-stroke-color": IDEA_INK, "circle-stroke-width": 2 },
    },
  ];
}

function ideas(): LayerSpecification[] {
  return [
    {
      id: CLUSTER_LAYER,
      type: "circle",
      source: IDEAS_SOURCE,
      filter: ["has", "point_count"],
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 18, 100, 34],
        "circle-color": IDEA,
        "circle-stroke-color": IDEA_INK,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "idea-cluster-count",
      type: "symbol",
      source: IDEAS_SOURCE,
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": FONT,
        "text-size": 15,
        "text-allow-overlap": true,
      },
      paint: { "text-color": "#1d1300" },
    },
    {
      id: IDEA_LAYER,
      type: "circle",
      source: IDEAS_SOURCE,
      filter: ["!", ["has", "point_count"]],
      paint: { "circle-radius": 11, "circle-color": IDEA, "circle-stroke-color": IDEA_INK, "circle-stroke-width": 2.5 },
    },
  ];
}

export interface DotColours {
  readonly ink: string;
  readonly fill: string;
}

/** Dots with a number each, wherever ideas are not in their way. */
export function dots(source: string, { ink, fill }: DotColours): LayerSpecification[] {
  return [
    {
      id: `${source}-dot`,
      type: "circle",
      source,
      paint: { "circle-radius": 13, "circle-color": fill, "circle-stroke-color": ink, "circle-stroke-width": 2 },
    },
    {
      id: `${source}-count`,
      type: "symbol",
      source,
      layout: { "text-field": ["get", "count"], "text-font": FONT, "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": ink },
    },
  ];
}

export function mapStyle(files: MapFiles, language: Language, attribution: readonly Attribution[]): StyleSpecification {
  const nothing = { type: "FeatureCollection" as const, features: [] };
  return {
    version: 8,
    sources: {
      [CITY_SOURCE]: {
        type: "vector",
        tiles: files.tiles === null ? [] : [files.tiles],
        minzoom: files.minZoom,
        maxzoom: files.maxZoom,
        attribution: attribution.map((entry) => escapeHtml(entry.text)).join(" · "),
      },
      [IDEAS_SOURCE]: { type: "geojson", data: nothing, cluster: true, clusterRadius: 44, clusterMaxZoom: 17 },
      [DESIGN_SOURCE]: { type: "geojson", data: nothing },
    },
    layers: [...ground(), ...buildings(), ...design(), ...labels(language), ...ideas()],
  };
}

/** The attribution control takes HTML; a source's words are text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
