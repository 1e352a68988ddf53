/**
 * Keeps a server-rendered page true while it is open.
 *
 * `<… data-room="proposal.<id>" data-seq="12">` follows a room. Inside, `[data-supports]` holds the count of supports,
 * `[data-run="<id>"]` the progress of a run, and `[data-live="<name>"]` a part that the server renders anew when
 * something else has happened. A part in which somebody is writing is left alone. In a city's room, `[data-idea="<id>"]`
 * is a row of a list of ideas, with its count in `[data-idea-supports]`; ideas that leave the list are rendered away.
 * A `RoomPart` applies its own kinds of events by itself.
 */

import { announce } from "../announce";
import type { Disposer } from "../disposer";
import { find, findAll } from "../dom";
import { EventStream, type RoomEvent } from "../events";
import { language, t } from "../i18n";
import { number, record, text } from "../parse";
import { replaceParts } from "./parts";

export type FetchPage = () => Promise<string>;

/** What keeps a part of the page true by itself. */
export interface RoomPart {
  /** How the kinds of events that it applies begin, e.g. `comment.`. */
  readonly kinds: string;
  apply(event: RoomEvent): void;
  /** Events are missing: here is the page as the server renders it now. */
  renew(fresh: HTMLElement): void;
}

export interface LiveOptions {
  /** Opens what a page has of a part within the element that follows a room; null where it has none. */
  readonly parts?: readonly ((root: HTMLElement, disposer: Disposer) => RoomPart | null)[];
  readonly openStream?: () => EventStream;
  readonly fetchPage?: FetchPage;
  readonly random?: () => number;
}

/** Everybody who looks at a page hears an event at once; they fetch what it changed within so long of each other. */
const SPREAD_MS = 1500;

export function followRooms(
  disposer: Disposer,
  { parts = [], openStream = () => new EventStream(), fetchPage = fetchThisPage, random = Math.random }: LiveOptions = {},
): void {
  const roots = findAll("[data-room][data-seq]", HTMLElement);
  if (roots.length === 0) return;
  const stream = disposer.own(openStream());
  for (const root of roots) {
    const opened = parts.map((open) => open(root, disposer)).filter((part) => part !== null);
    const page = new LivePage(root, opened, fetchPage, (act) => {
      disposer.timeout(act, SPREAD_MS * random());
    });
    disposer.add(
      stream.join(root.dataset["room"] ?? "", {
        seq: Number(root.dataset["seq"]),
        apply: (event) => {
          page.apply(event);
        },
        refetch: () => page.refetch(),
      }),
    );
  }
}

class LivePage {
  #isDue = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly parts: readonly RoomPart[],
    private readonly fetchPage: FetchPage,
    private readonly later: (act: () => void) => void,
  ) {}

  apply(event: RoomEvent): void {
    if (event.payload === null) return;
    const part = this.parts.find(({ kinds }) => event.kind.startsWith(kinds));
    if (part) part.apply(event);
    else if (event.kind === "proposal.supported") this.#showSupports(number(record(event.payload)["supports"], "supports"));
    else if (event.kind === "run.progressed") this.#showRun(record(event.payload));
    else if (event.kind === "pin.changed") this.#showIdea(record(record(event.payload)["pin"], "pin"));
    else if (event.kind === "pin.removed") this.#dropIdea(text(record(event.payload)["id"], "pin.id"));
    else this.#refresh();
  }

  /** Takes the parts of this page as the server renders them now; answers the number they stand at. */
  async refetch(): Promise<number> {
    const fresh = new DOMParser().parseFromString(await this.fetchPage(), "text/html");
    const root = find(`[data-room="${CSS.escape(this.root.dataset["room"] ?? "")}"]`, HTMLElement, fresh);
    if (!root) throw new Error("the page no longer follows this room");
    replaceParts(this.root, root);
    for (const part of this.parts) part.renew(root);
    const supports = find("[data-supports]", HTMLElement, root)?.textContent;
    if (supports) this.#writeSupports(supports);
    return Number(root.dataset["seq"]);
  }

  /**
   * As `refetch`, where nobody waits: once for all events of the next moment, and not at the moment in which everybody
   * else does. A page that does not come now comes with the next event.
   */
  #refresh(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.later(() => {
      this.#isDue = false;
      this.refetch().catch((error: unknown) => {
        console.warn("live: the page could not be fetched", error);
      });
    });
  }

  #showSupports(supports: number): void {
    this.#writeSupports(supports.toLocaleString(language()));
    announce(t("support.changed", { count: supports }));
  }

  #writeSupports(words: string): void {
    for (const count of findAll("[data-supports]", HTMLElement, this.root)) count.textContent = words;
  }

  #showIdea(pin: Readonly<Record<string, unknown>>): void {
    const row = this.#rowOf(text(pin["id"], "pin.id"));
    const count = row && find("[data-idea-supports]", HTMLElement, row);
    if (count) count.textContent = number(pin["supports"], "pin.supports").toLocaleString(language());
  }

  #dropIdea(id: string): void {
    if (this.#rowOf(id)) this.#refresh();
  }

  #rowOf(id: string): HTMLElement | null {
    return find(`[data-idea="${CSS.escape(id)}"]`, HTMLElement, this.root);
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
