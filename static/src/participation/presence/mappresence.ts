/** People on the flat map: a dot for each place with how many are there, and a line in the panel. */

import type { FeatureCollection } from "geojson";

import { Disposer } from "../../commons/disposer";
import { find } from "../../commons/dom";
import type { CityMap } from "../../twin/map/citymap";
import { say } from "./i18n";
import { opener, PoseLine } from "./line";
import type { Spot, Word } from "./protocol";

const SOURCE = "people";
const INK = "#163e64";
const DOT = "#e7f0fa";

export class MapPresence {
  readonly #disposer = new Disposer();
  readonly #words: HTMLElement | null;

  constructor(
    root: HTMLElement,
    private readonly map: CityMap,
  ) {
    this.#words = find("[data-map-people]", HTMLElement, root);
    map.addDots(SOURCE, { ink: INK, fill: DOT });
    this.#disposer.own(new PoseLine({ open: opener(root.dataset["city"] ?? ""), onWord: this.#hear }));
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  readonly #hear = (word: Word): void => {
    if (word.type !== "counts") return;
    this.map.setDots(SOURCE, asGeoJson(word.spots, this.map));
    const total = this.#words && find("[data-people-total]", HTMLElement, this.#words);
    if (!this.#words || !total) return;
    this.#words.hidden = false;
    total.textContent = word.total > 1 ? say("people.total", { count: word.total }) : say("people.alone");
  };
}

function asGeoJson(spots: readonly Spot[], map: CityMap): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: spots.map(([e, n, count]) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [...map.toGeodetic(e, n)] },
      properties: { count: String(count) },
    })),
  };
}
