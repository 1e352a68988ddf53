/** The 2D map: the same objects, pins, cards and link as the 3D city; every one of them reachable by keyboard. */

import type { FeatureCollection } from "geojson";
import {
  AttributionControl,
  GeoJSONSource,
  Map as LibreMap,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type MapGeoJSONFeature,
  type MapMouseEvent,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import { Disposer } from "../../commons/disposer";
import type { CityApi, Language } from "../api";
import { LocalFrame } from "../frame";
import { formatLink, parseLocation, type ViewLink } from "../link";
import type { Manifest } from "../manifest";
import type { Idea, Pin } from "../messages";
import { MAP_FONT } from "./letters";
import { designAsGeoJson, pinsAsGeoJson } from "./plan";
import {
  BUILDING_LAYER,
  CLUSTER_LAYER,
  DESIGN_SOURCE,
  dots,
  IDEA_LAYER,
  IDEAS_SOURCE,
  mapStyle,
  type DotColours,
  type MapFiles,
} from "./style";
import { distanceOf, zoomOf } from "./view";

setWorkerUrl(workerUrl);

/** A pin this near to the finger counts as touched. */
const TOUCH_PX = 14;

export interface MapListeners {
  readonly objectPicked: (id: string) => void;
  readonly ideaPicked: (id: string) => void;
  readonly groundPicked: (lon: number, lat: number) => void;
  /** The view came to rest, with the pins that are in it. */
  readonly settled: (link: ViewLink, visible: readonly Pin[]) => void;
}

export class CityMap {
  readonly #map: LibreMap;
  readonly #frame: LocalFrame;
  readonly #disposer = new Disposer();
  #pins: readonly Pin[] = [];
  #picked: { readonly object?: string; readonly idea?: string } = {};

  constructor(
    container: HTMLElement,
    private readonly manifest: Manifest,
    private readonly listeners: MapListeners,
    language: Language,
    words: Readonly<Record<string, string>>,
  ) {
    this.#frame = new LocalFrame(manifest.origin);
    const start = this.#start(container.clientWidth);
    this.#map = new LibreMap({
      container,
      style: mapStyle(filesOf(manifest), language, manifest.attribution),
      center: start.center,
      zoom: start.zoom,
      bearing: start.bearing,
      minZoom: 9,
      maxZoom: 20,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      locale: { ...words },
      localIdeographFontFamily: MAP_FONT,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    });
    this.#disposer.add(() => {
      this.#map.remove();
    });
    this.#map.addControl(new NavigationControl({ visualizePitch: false }), "bottom-right");
    this.#map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
    this.#map.addControl(new AttributionControl({ compact: false }), "bottom-right");
    this.#listen();
  }

  /** Resolves when the style is in place and what it shows has arrived. */
  async ready(): Promise<void> {
    if (!this.#map.isStyleLoaded()) await this.#map.once("load");
    if (!this.#map.areTilesLoaded()) await this.#map.once("idle");
  }

  setPins(pins: readonly Pin[]): void {
    this.#pins = pins;
    void this.#source(IDEAS_SOURCE)?.setData(pinsAsGeoJson(pins, this.#frame));
    this.#settle();
  }

  showIdea(idea: Idea | null): void {
    this.#picked = idea ? { idea: idea.id } : {};
    const design = idea?.design;
    void this.#source(DESIGN_SOURCE)?.setData(
      design ? designAsGeoJson(design, this.#frame) : { type: "FeatureCollection", features: [] },
    );
    this.#select("");
    this.#settle();
  }

  showObject(id: string | null): void {
    this.#picked = id ? { object: id } : {};
    this.#select(id ?? "");
    this.#settle();
  }

  goTo(e: number, n: number, zoom = 17): void {
    const [lon, lat] = this.#frame.toGeodetic(e, n);
    this.#map.easeTo({ center: [lon, lat], zoom: Math.max(this.#map.getZoom(), zoom), essential: false });
  }

  /** The place in the middle, for those who choose by keyboard. */
  pickMiddle(): void {
    const middle = this.#map.project(this.#map.getCenter());
    this.#pick(middle, this.#map.getCenter().lng, this.#map.getCenter().lat);
  }

  toLocal(lon: number, lat: number): readonly [number, number] {
    const [e, n] = this.#frame.toLocal(lon, lat);
    return [e, n];
  }

  toGeodetic(e: number, n: number): readonly [lon: number, lat: number] {
    const [lon, lat] = this.#frame.toGeodetic(e, n);
    return [lon, lat];
  }

  /** Dots of an outer room, each with the number that its `count` says; below the ideas. */
  addDots(source: string, colours: DotColours): void {
    this.#map.addSource(source, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    for (const layer of dots(source, colours)) this.#map.addLayer(layer, CLUSTER_LAYER);
  }

  setDots(source: string, data: FeatureCollection): void {
    void this.#source(source)?.setData(data);
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  #start(width: number): { center: [number, number]; zoom: number; bearing: number } {
    const link = parseLocation(location.search, location.hash);
    const { target, distance_m, azimuth_deg } = this.manifest.start;
    const [lon, lat] =
      link.e !== undefined && link.n !== undefined
        ? this.#frame.toGeodetic(link.e, link.n)
        : this.#frame.toGeodetic(target[0], target[1]);
    const isElsewhere = link.lon !== undefined || link.e !== undefined || link.object !== undefined;
    const distance = link.distance_m ?? (isElsewhere ? 350 : distance_m);
    return {
      center: [link.lon ?? lon, link.lat ?? lat],
      zoom: zoomOf(link.walking ? 150 : distance, lat, width),
      // The flat map keeps north up unless the link says otherwise: a start's camera is composed for 3D.
      bearing: link.lon === undefined ? 0 : (link.azimuth_deg ?? azimuth_deg),
    };
  }

  #listen(): void {
    const click = (event: MapMouseEvent): void => {
      this.#pick(event.point, event.lngLat.lng, event.lngLat.lat);
    };
    const settle = (): void => {
      this.#settle();
    };
    this.#map.on("click", click);
    this.#map.on("moveend", settle);
    this.#disposer.listen(this.#map.getCanvas(), "keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Enter") this.pickMiddle();
    });
  }

  #pick(point: { readonly x: number; readonly y: number }, lon: number, lat: number): void {
    const box: [[number, number], [number, number]] = [
      [point.x - TOUCH_PX, point.y - TOUCH_PX],
      [point.x + TOUCH_PX, point.y + TOUCH_PX],
    ];
    const [pin] = this.#map.queryRenderedFeatures(box, { layers: [IDEA_LAYER, CLUSTER_LAYER] });
    if (pin) {
      this.#pickPin(pin);
      return;
    }
    const [object] = this.#map.queryRenderedFeatures([point.x, point.y], { layers: [BUILDING_LAYER] });
    const id: unknown = object?.properties["id"];
    if (typeof id === "string" && id) this.listeners.objectPicked(id);
    else this.listeners.groundPicked(lon, lat);
  }

  #pickPin(pin: MapGeoJSONFeature): void {
    const id: unknown = pin.properties["id"];
    if (typeof id === "string") {
      this.listeners.ideaPicked(id);
      return;
    }
    const cluster = Number(pin.properties["cluster_id"]);
    const source = this.#source(IDEAS_SOURCE);
    if (!source || pin.geometry.type !== "Point") return;
    const [lon = 0, lat = 0] = pin.geometry.coordinates;
    void source.getClusterExpansionZoom(cluster).then((zoom) => {
      if (!this.#disposer.isDisposed) this.#map.easeTo({ center: [lon, lat], zoom: zoom + 0.3 });
    });
  }

  #settle(): void {
    const bounds = this.#map.getBounds();
    const visible = this.#pins.filter((pin) => {
      const [lon, lat] = this.#frame.toGeodetic(pin.e, pin.n);
      return bounds.contains([lon, lat]);
    });
    this.listeners.settled(this.link(), visible);
  }

  link(): ViewLink {
    const center = this.#map.getCenter();
    const bearing = this.#map.getBearing();
    return {
      lon: center.lng,
      lat: center.lat,
      distance_m: distanceOf(this.#map.getZoom(), center.lat, this.#map.getCanvas().clientWidth),
      ...(bearing !== 0 && { azimuth_deg: (bearing + 360) % 360 }),
      ...this.#picked,
    };
  }

  #select(id: string): void {
    if (this.#map.getLayer("building-selected")) {
      this.#map.setFilter("building-selected", ["==", ["get", "id"], id]);
    }
  }

  #source(name: string): GeoJSONSource | null {
    const found = this.#map.getSource(name);
    return found instanceof GeoJSONSource ? found : null;
  }
}

function filesOf(manifest: Manifest): MapFiles {
  const publication = manifest.publication;
  if (!publication?.map) return { tiles: null, minZoom: 0, maxZoom: 16 };
  const tiles = new URL(publication.base_url + publication.map.tiles, location.href).href;
  // `URL` escapes the braces that stand for a tile's numbers.
  return {
    tiles: tiles.replaceAll("%7B", "{").replaceAll("%7D", "}"),
    minZoom: publication.map.min_zoom,
    maxZoom: publication.map.max_zoom,
  };
}

export function writeLink(link: ViewLink): void {
  history.replaceState(history.state, "", `#${formatLink(link)}`);
}

export type { CityApi };
