/**
 * Keeps a server-rendered page true while it is open.
 *
 * `<… data-room="proposal.<id>" data-seq="12">` follows a room. Inside, `[data-supports]` holds the count of supports,
 * `[data-run="<id>"]` the progress of a run, and `[data-live="<name>"]` a part that the server renders anew when
 * something else has happened. A part in which somebody is writing is left alone.
 */

import { announce } from "../announce";
import type { Disposer } from "../disposer";
import { find, findAll } from "../dom";
import { EventStream, type RoomEvent } from "../events";
import { language, t } from "../i18n";
import { number, record, text } from "../parse";
import { replaceParts } from "./parts";

export type FetchPage = () => Promise<string>;

export function followRooms(
  disposer: Disposer,
  openStream: () => EventStream = () => new EventStream(),
  fetchPage: FetchPage = fetchThisPage,
): void {
  const roots = findAll("[data-room][data-seq]", HTMLElement);
  if (roots.length === 0) return;
  const stream = disposer.own(openStream());
  for (const root of roots) {
    const part = new LivePart(root, fetchPage);
    disposer.add(
      stream.join(root.dataset["room"] ?? "", {
        seq: Number(root.dataset["seq"]),
        apply: (event) => {
          part.apply(event);
        },
        refetch: () => part.refetch(),
      }),
    );
  }
}

class LivePart {
  constructor(
    private readonly root: HTMLElement,
    private readonly fetchPage: FetchPage,
  ) {}

  apply(event: RoomEvent): void {
    if (event.payload === null) return;
    if (event.kind === "proposal.supported") this.#showSupports(number(record(event.payload)["supports"], "supports"));
    else if (event.kind === "run.progressed") this.#showRun(record(event.payload));
    else this.#refresh();
  }

  /** Takes the parts of this page as the server renders them now; answers the number they stand at. */
  async refetch(): Promise<number> {
    const fresh = new DOMParser().parseFromString(await this.fetchPage(), "text/html");
    const root = find(`[data-room="${CSS.escape(this.root.dataset["room"] ?? "")}"]`, HTMLElement, fresh);
    if (!root) throw new Error("the page no longer follows this room");
    replaceParts(this.root, root);
    const supports = find("[data-supports]", HTMLElement, root)?.textContent;
    if (supports) this.#writeSupports(supports);
    return Number(root.dataset["seq"]);
  }

  /** As `refetch`, where nobody waits: a page that does not come now comes with the next event. */
  #refresh(): void {
    this.refetch().catch((error: unknown) => {
      console.warn("live: the page could not be fetched", error);
    });
  }

  #showSupports(supports: number): void {
    this.#writeSupports(supports.toLocaleString(language()));
    announce(t("support.changed", { count: supports }));
  }

  #writeSupports(words: string): void {
    for (const count of findAll("[data-supports]", HTMLElement, this.root)) count.textContent = words;
  }

  #showRun(payload: Readonly<Record<string, unknown>>): void {
    const run = find(`[data-run="${CSS.escape(text(payload["run"], "run"))}"]`, HTMLElement, this.root);
    const bar = run && find("progress", HTMLProgressElement, run);
    if (!bar || payload["state"] !== "running") {
      this.#refresh();
      return;
    }
    const progress = number(payload["progress"], "progress");
    bar.value = progress * bar.max;
    const shown = find(".progress__percent", HTMLElement, run);
    if (shown) shown.textContent = `${Math.round(progress * 100)}%`;
  }
}

async function fetchThisPage(): Promise<string> {
  const answer = await fetch(location.pathname + location.search, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
  return answer.text();
}
