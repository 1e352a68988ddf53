/** The map page: wires the map, its card, its search and what is announced of the city. */

import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";

import { announce } from "../commons/announce";
import { find } from "../commons/dom";
import { language } from "../commons/i18n";
import { MapPresence } from "../participation/presence/mappresence";
import { CityApi } from "../twin/api";
import { formatLink, parseLocation } from "../twin/link";
import { MapCard, type Words } from "../twin/map/card";
import { CityMap, writeLink } from "../twin/map/citymap";
import type { Pin } from "../twin/messages";

function wordsOf(root: HTMLElement): Words {
  return (key, values = {}) =>
    (root.dataset[key] ?? "").replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}

async function start(root: HTMLElement): Promise<void> {
  const words = wordsOf(root);
  const api = new CityApi(root.dataset["city"] ?? "");
  const canvas = find("[data-map-canvas]", HTMLElement, root);
  const panel = find("[data-map-card]", HTMLElement, root);
  if (!canvas || !panel) return;
  // Read before the map writes its own view into the address.
  const wanted = parseLocation(location.search, location.hash);
  let pins: readonly Pin[] = [];
  let visible: readonly Pin[] = [];
  const card = new MapCard(panel, words, (id) => void openIdea(id));

  const manifest = await api.manifest();
  const map = new CityMap(
    canvas,
    manifest,
    {
      objectPicked: (id) => void openObject(id),
      ideaPicked: (id) => void openIdea(id),
      groundPicked: (lon, lat) => {
        openSpot(lon, lat);
      },
      settled: (link, inView) => {
        writeLink(link);
        visible = inView;
        if (!link.object && !link.idea && panel.dataset["showing"] !== "spot") card.showList(visible);
        for (const other of document.querySelectorAll<HTMLAnchorElement>("[data-ways] a")) {
          other.hash = other.pathname.endsWith("/places/") ? "" : formatLink(link);
        }
      },
    },
    language(),
    JSON.parse(root.dataset["controls"] ?? "{}") as Record<string, string>,
  );

  async function openObject(id: string): Promise<void> {
    try {
      const found = await api.card(id);
      panel?.removeAttribute("data-showing");
      map.showObject(id);
      card.showObject(found, proposeUrl(found.e, found.n, id), `${words("cityUrl")}#${formatLink(map.link())}`);
      announce(found.name || found.kindLabel);
    } catch {
      card.showProblem();
    }
  }

  async function openIdea(id: string): Promise<void> {
    try {
      const idea = await api.idea(id);
      panel?.removeAttribute("data-showing");
      const pin = pins.find((entry) => entry.id === id);
      if (pin) map.goTo(pin.e, pin.n);
      map.showIdea(idea);
      card.showIdea(idea, pin);
      card.focus();
    } catch {
      card.showProblem();
    }
  }

  function openSpot(lon: number, lat: number): void {
    const [e, n] = map.toLocal(lon, lat);
    panel?.setAttribute("data-showing", "spot");
    map.showObject(null);
    card.showSpot(`${lat.toFixed(5)}, ${lon.toFixed(5)}`, proposeUrl(e, n), `${words("cityUrl")}#${formatLink(map.link())}`);
  }

  function proposeUrl(e: number, n: number, object?: string): string {
    const query = new URLSearchParams({ e: e.toFixed(2), n: n.toFixed(2), ...(object && { object }) });
    return `${words("proposeUrl")}?${query.toString()}`;
  }

  find("[data-map-list]", HTMLButtonElement, root)?.addEventListener("click", () => {
    panel.removeAttribute("data-showing");
    map.showIdea(null);
    card.showList(visible);
    card.focus();
  });
  find("[data-map-middle]", HTMLButtonElement, root)?.addEventListener("click", () => {
    map.pickMiddle();
  });

  await map.ready();
  pins = (await api.pins()).pins;
  map.setPins(pins);
  const people = new MapPresence(root, map);
  window.addEventListener("pagehide", (event) => {
    if (!event.persisted) people.dispose();
  });
  if (wanted.idea) await openIdea(wanted.idea);
  else if (wanted.object) await openObject(wanted.object);
  root.dataset["state"] = "ready";
}

const root = find("[data-map-page]", HTMLElement);
if (root) {
  start(root).catch((error: unknown) => {
    root.dataset["state"] = "failed";
    find("[data-map-failed]", HTMLElement, root)?.removeAttribute("hidden");
    throw error;
  });
}
