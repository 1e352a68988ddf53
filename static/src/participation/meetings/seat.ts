/**
 * A meeting's page while it is open.
 *
 * `[data-seat="<id>"]` follows the room `data-seat-room` from `data-seat-seq` on. Messages are shown as they arrive;
 * after anything else the parts of the page are fetched once, a moment later, spread over the people who are there.
 * `form[data-act]` is sent without leaving the page, and the answer is the page. `[data-since]` is a running clock.
 */

import { announce, toast } from "../../commons/announce";
import { csrfToken } from "../../commons/api";
import { Disposer } from "../../commons/disposer";
import { closest, find, findAll } from "../../commons/dom";
import { EventStream, type RoomEvent } from "../../commons/events";
import { t } from "../../commons/i18n";
import { replaceParts } from "../../commons/page/parts";
import { Chat, chatFormOf } from "./chat";
import { parseMessage, parsePoll, speakerOf } from "./messages";

const HEARTBEAT_MS = 40_000;
/** Nobody waits longer than this for the parts, however many are there. */
const LONGEST_SPREAD_MS = 2000;
const SPREAD_A_PERSON_MS = 10;
const SOON_MS = 100;

export interface SeatOptions {
  readonly openStream?: () => EventStream;
  readonly fetchPage?: (address: string, init?: RequestInit) => Promise<Response>;
  readonly random?: () => number;
}

export class Seat {
  readonly #disposer = new Disposer();
  readonly #chat: Chat;
  readonly #fetch: (address: string, init?: RequestInit) => Promise<Response>;
  readonly #random: () => number;
  readonly #id: string;
  #isRefreshing = false;
  #speaker = "";
  readonly #ahead_ms: number;

  constructor(
    private readonly root: HTMLElement,
    { openStream = () => new EventStream(), fetchPage = (address, init) => fetch(address, init), random = Math.random }: SeatOptions = {},
  ) {
    this.#id = root.dataset["seat"] ?? "";
    this.#fetch = fetchPage;
    this.#random = random;
    this.#ahead_ms = Date.parse(root.dataset["now"] ?? "") - Date.now() || 0;
    this.#chat = new Chat(root, `${this.#address()}messages/`);
    this.#follow(this.#disposer.own(openStream()));
    this.#disposer.listen(root, "submit", (event) => {
      this.#submit(event as SubmitEvent);
    });
    this.#disposer.interval(() => {
      this.#tick();
    }, 1000);
    this.#disposer.interval(() => {
      this.#sayHere();
    }, HEARTBEAT_MS);
    this.#sayHere();
    this.#tick();
    if (!location.search && !location.hash) this.#chat.scrollToEnd();
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  #address(): string {
    return `/api/v1/meetings/${this.#id}/`;
  }

  #follow(stream: EventStream): void {
    const room = {
      seq: Number(this.root.dataset["seatSeq"]),
      apply: (event: RoomEvent) => {
        this.#apply(event);
      },
      refetch: () => this.#refetch(),
    };
    // Whoever may not follow any more is told why by the page itself.
    const leave = stream.join(this.root.dataset["seatRoom"] ?? "", room, () => {
      location.reload();
    });
    this.#disposer.add(leave);
    let wasLost = false;
    this.#disposer.add(
      stream.state.subscribe((state) => {
        if (state === "lost" && !wasLost) toast(t("line.lost"), "warning");
        else if (state === "open" && wasLost) toast(t("line.back"));
        wasLost = state === "lost" || (wasLost && state !== "open");
      }),
    );
  }

  #apply(event: RoomEvent): void {
    if (event.payload === null) return;
    if (event.kind === "meeting.message") {
      this.#chat.show(parseMessage(event.payload));
      return;
    }
    if (event.kind === "meeting.poll") this.#announcePoll(event.payload);
    if (event.kind === "meeting.changed") this.#announceSpeaker(event.payload);
    this.#refreshSoon();
  }

  #announcePoll(payload: unknown): void {
    const { question, result } = parsePoll(payload);
    announce(result ? t("meeting.poll_result", { ...result }) : t("meeting.poll_open", { question }));
  }

  #announceSpeaker(payload: unknown): void {
    const speaker = speakerOf(payload);
    if (speaker && speaker.id !== this.#speaker) announce(t("meeting.speaks", { name: speaker.name }));
    this.#speaker = speaker?.id ?? "";
  }

  /** However many events come within a moment, the page is fetched once. */
  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    const people = Number(find("[data-people-count]", HTMLElement, this.root)?.textContent ?? 1) || 1;
    const spread_ms = Math.min(LONGEST_SPREAD_MS, people * SPREAD_A_PERSON_MS) * this.#random();
    this.#disposer.timeout(() => {
      this.#isRefreshing = false;
      this.#load().catch((error: unknown) => {
        console.warn("meeting: the page could not be fetched", error);
      });
    }, SOON_MS + spread_ms);
  }

  /** Everything anew, the chat included; answers the number that it stands at. */
  async #refetch(): Promise<number> {
    const fresh = await this.#load();
    this.#chat.replaceLog(fresh);
    return Number(fresh.dataset["seatSeq"]);
  }

  async #load(): Promise<HTMLElement> {
    const answer = await this.#fetch(location.pathname + location.search, { credentials: "same-origin" });
    return this.#take(await answer.text());
  }

  /** Shows the parts of a page; throws where it is not this meeting's. */
  #take(html: string, isForced = false): HTMLElement {
    const fresh = find("[data-seat]", HTMLElement, new DOMParser().parseFromString(html, "text/html"));
    if (!fresh) throw new Error("the answer is not this page");
    this.root.toggleAttribute("data-attends", fresh.hasAttribute("data-attends"));
    const shown = fresh.cloneNode(true) as HTMLElement;
    if (names(this.root) === names(fresh)) replaceParts(this.root, shown, isForced);
    else this.root.replaceChildren(...shown.childNodes);
    this.#tick();
    return fresh;
  }

  #submit(event: SubmitEvent): void {
    const message = chatFormOf(event);
    const act = closest(event, "form[data-act]", HTMLFormElement);
    if (!message && !act) return;
    event.preventDefault();
    const form = message ?? act;
    if (!form || form.dataset["sending"] !== undefined) return;
    form.dataset["sending"] = "";
    const sent = message ? this.#chat.write(message) : this.#send(form, event.submitter);
    sent
      .catch((error: unknown) => {
        console.warn("meeting: not sent", error);
        toast(t("error.network"), "error");
      })
      .finally(() => {
        delete form.dataset["sending"];
      });
  }

  async #send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const part = form.closest("[data-live]")?.getAttribute("data-live") ?? "";
    const body = new FormData(form, submitter);
    const answer = await this.#fetch(form.action, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { "X-CSRFToken": csrfToken() },
    });
    const html = await answer.text();
    if (!html.includes("data-seat=")) {
      // Signing in comes first, or the chair has removed one meanwhile: that page is the answer.
      if (answer.redirected) location.assign(answer.url);
      else location.reload();
      return;
    }
    this.#take(html, true);
    this.#focus(part);
  }

  /** After an act the reason of a refusal has the focus, else the part in which one acted. */
  #focus(part: string): void {
    const refusal = find("[data-focus-first]", HTMLElement, this.root);
    const heading = find(`[data-live="${CSS.escape(part)}"] h2`, HTMLElement, this.root);
    const target = refusal ?? heading;
    target?.setAttribute("tabindex", "-1");
    target?.focus();
  }

  #sayHere(): void {
    if (!this.root.hasAttribute("data-attends")) return;
    this.#fetch(`${this.#address()}here/`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    }).catch(() => undefined); // the next one comes soon
  }

  #tick(): void {
    const now_ms = Date.now() + this.#ahead_ms;
    for (const clock of findAll("[data-since]", HTMLElement, this.root)) {
      const seconds = Math.max(0, Math.floor((now_ms - Date.parse(clock.dataset["since"] ?? "")) / 1000));
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }
}

function names(root: HTMLElement): string {
  return findAll("[data-live]", HTMLElement, root)
    .map((part) => part.dataset["live"])
    .join(" ");
}
