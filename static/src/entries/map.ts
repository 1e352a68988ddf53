/** The map page: wires the map, its card, its search and what is announced of the city. */

import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";

import { announce } from "../commons/announce";
import { find } from "../commons/dom";
import { language } from "../commons/i18n";
import { EventStream } from "../commons/events";
import { MapPresence } from "../participation/presence/mappresence";
import { CityApi } from "../twin/api";
import { formatLink, parseLocation } from "../twin/link";
import { LivePins } from "../twin/livepins";
import { MapCard, type Words } from "../twin/map/card";
import { CityMap, writeLink } from "../twin/map/citymap";
import { loadLetters, systemDrawsHangul } from "../twin/map/letters";
import type { Pin } from "../twin/messages";

function wordsOf(root: HTMLElement): Words {
  return (key, values = {}) =>
    (root.dataset[key] ?? "").replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}

async function start(root: HTMLElement): Promise<void> {
  const words = wordsOf(root);
  const api = new CityApi(root.dataset["city"] ?? "", undefined, root.dataset["publication"]);
  const canvas = find("[data-map-canvas]", HTMLElement, root);
  const panel = find("[data-map-card]", HTMLElement, root);
  if (!canvas || !panel) return;
  // Read before the map writes its own view into the address.
  const wanted = parseLocation(location.search, location.hash);
  let openedIdea: string | null = null;
  let visible: readonly Pin[] = [];
  const card = new MapCard(panel, words, (id) => void openIdea(id));

  const manifest = await api.manifest();
  if (!systemDrawsHangul()) {
    const labels = await api.labels(manifest).catch(() => []);
    await loadLetters(labels.map((label) => label.text.ko));
  }
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
        card.setView(formatLink(link));
        if (!link.object && !link.idea && panel.dataset["showing"] === undefined) card.showList(visible);
        for (const other of document.querySelectorAll<HTMLAnchorElement>("[data-ways] a")) {
          other.hash = other.pathname.endsWith("/places/") ? "" : formatLink(link);
        }
      },
    },
    language(),
    JSON.parse(root.dataset["controls"] ?? "{}") as Record<string, string>,
  );

  const live = new LivePins(api, {
    came: (pin) => {
      announce(words("came", { title: pin.title }));
    },
    went: (pin) => {
      if (openedIdea === pin.id) {
        openedIdea = null;
        panel.setAttribute("data-showing", "gone");
        map.showIdea(null);
        card.showGone(pin.title);
      }
      announce(words("went", { title: pin.title }));
    },
  });

  async function openObject(id: string): Promise<void> {
    openedIdea = null;
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
    openedIdea = id;
    try {
      // Without an answer about votes and meetings the card is complete all the same: they are on the idea's page.
      const [idea, ballotUrl, meeting] = await Promise.all([
        api.idea(id),
        api.ballotUrl(id).catch(() => ""),
        api.meeting(id).catch(() => null),
      ]);
      panel?.removeAttribute("data-showing");
      if (openedIdea !== id) return;
      const pin = live.pins.value.find((entry) => entry.id === id);
      if (pin) map.goTo(pin.e, pin.n);
      map.showIdea(idea);
      card.showIdea(idea, pin, { link: formatLink(map.link()), ballotUrl, meeting });
      card.focus();
    } catch {
      card.showProblem();
    }
  }

  function openSpot(lon: number, lat: number): void {
    const [e, n] = map.toLocal(lon, lat);
    openedIdea = null;
    panel?.setAttribute("data-showing", "spot");
    map.showObject(null);
    card.showSpot(`${lat.toFixed(5)}, ${lon.toFixed(5)}`, proposeUrl(e, n), `${words("cityUrl")}#${formatLink(map.link())}`);
  }

  function proposeUrl(e: number, n: number, object?: string): string {
    const query = new URLSearchParams({ e: e.toFixed(2), n: n.toFixed(2), ...(object && { object }) });
    return `${words("proposeUrl")}?${query.toString()}`;
  }

  find("[data-map-list]", HTMLButtonElement, root)?.addEventListener("click", () => {
    openedIdea = null;
    panel.removeAttribute("data-showing");
    map.showIdea(null);
    card.showList(visible);
    card.focus();
  });
  find("[data-map-middle]", HTMLButtonElement, root)?.addEventListener("click", () => {
    map.pickMiddle();
  });

  await map.ready();
  live.pins.subscribe((pins) => {
    map.setPins(pins);
    const opened = pins.find((pin) => pin.id === openedIdea);
    if (opened) card.renewIdea(opened);
  });
  await live.start(() => new EventStream(), new AbortController().signal);
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
