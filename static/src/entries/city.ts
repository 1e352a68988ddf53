import "../styles/city.css";

import { announce } from "../commons/announce";
import { find } from "../commons/dom";
import { openTalk } from "../participation/comments/talk";
import { CityPresence } from "../participation/presence/citypresence";
import { CityApi } from "../twin/api";
import { CityApp } from "../twin/app";
import { detectDevice, hasWebGl2 } from "../twin/device";
import { say } from "../twin/i18n";
import { Leave } from "../twin/leave";
import { isTooSmall, Ladder, pinnedQuality, startQuality } from "../twin/quality";
import { part } from "../twin/ui/part";

async function start(root: HTMLElement): Promise<void> {
  let app: CityApp | null = null;
  const leave = new Leave({
    host: part(root, "[data-city-leave]", HTMLElement),
    mapUrl: root.dataset["mapUrl"] ?? "/map/",
    link: () => app?.link() ?? location.hash.slice(1),
  });
  if (!hasWebGl2()) {
    leave.leave("no_webgl");
    return;
  }
  try {
    const api = new CityApi(root.dataset["city"] ?? "", undefined, root.dataset["publication"]);
    const manifest = await api.manifest();
    if (!manifest.publication) {
      root.dataset["state"] = "empty";
      announce(say("city.empty"));
      return;
    }
    const pinned = pinnedQuality(location.search);
    const device = detectDevice();
    if (pinned === null && isTooSmall(device)) {
      leave.leave("memory");
      return;
    }
    if (device.saveData && pinned === null) await leave.ask(manifest.publication.bytes);
    const ladder = new Ladder(pinned ?? startQuality(device), pinned !== null);
    const ground = await api.ground(manifest);
    const stepped = new URLSearchParams(location.search).get("step") === "1";
    app = new CityApp({ root, api, manifest, ground, ladder, leave, stepped, openIdeaPart: openTalk });
    const running = app;
    const { view, rig } = app;
    const people = new CityPresence({ root, slug: api.slug, view, rig, ground });
    // Leaving for good, not into the back-forward cache, gives everything back.
    window.addEventListener("pagehide", (event) => {
      if (event.persisted) return;
      people.dispose();
      running.dispose();
    });
  } catch (error) {
    console.error(error);
    leave.leave("failed");
  }
}

const root = find("[data-city]", HTMLElement);
if (root) void start(root);
