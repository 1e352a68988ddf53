/** What is chosen in the city: a building or a place, or a proposal with its design; and what can be done with it. */

import { announce, toast } from "../commons/announce";
import { Disposer } from "../commons/disposer";
import type { EventStream } from "../commons/events";
import { t } from "../commons/i18n";
import { isRecord, numberOr } from "../commons/parse";
import type { CityApi } from "./api";
import { extentOf, type Design } from "./designs/design";
import { poseFor } from "./designs/pose";
import type { Ground } from "./heights";
import { say } from "./i18n";
import { hourOf, type Idea, type MeetingAtHand, type ObjectCard, type Pin, type Place } from "./messages";
import type { Rig } from "./rig";
import type { TileHit } from "./scene/tiles";
import { factsOf, ideaNote, type Card, type CardAction } from "./ui/card";
import type { Compare } from "./ui/compare";
import type { IdeaPart, OpenIdeaPart } from "./ui/ideapart";
import { IdeaTag, type Spot } from "./ui/ideatag";
import type { CityView } from "./view";
import { findViewpoint, type Sight } from "./viewpoint";
import type { Walker } from "./walk";
import type { WallIndex } from "./walls";

export interface ChoiceOptions {
  readonly api: CityApi;
  readonly view: CityView;
  readonly rig: Rig;
  readonly ground: Ground;
  readonly walker: Walker;
  readonly walls: WallIndex;
  readonly card: Card;
  readonly compare: Compare;
  readonly proposeUrl: string;
  readonly ideasUrl: string;
  readonly link: () => string;
  /** What an outer room adds to the card of an idea. */
  readonly openIdeaPart: OpenIdeaPart;
  /** The city's own. */
  readonly timeZone: string;
  readonly onChange: () => void;
}

/** How far from what one looks at one is put to stand, in metres, beyond its own size. */
const STAND_BACK_M = 22;

/** How an idea is opened: at eye level, where the picture is already, with its before and after. */
interface Opening {
  readonly stand?: boolean;
  readonly stay?: boolean;
  readonly compare?: boolean;
}

export class Choice {
  readonly #disposer = new Disposer();
  readonly #options: ChoiceOptions;
  readonly #tag: IdeaTag;
  #loading = new AbortController();
  #following = new Disposer();
  #stream: EventStream | null = null;
  #object: string | null = null;
  #pin: Pin | null = null;
  #idea: Idea | null = null;
  #part: IdeaPart | null = null;
  #draft: { readonly design: Design | null; readonly at: Spot | null } = { design: null, at: null };
  #ballotUrl = "";
  #meeting: MeetingAtHand | null = null;

  constructor(options: ChoiceOptions) {
    this.#options = options;
    this.#tag = this.#disposer.own(new IdeaTag(options.view, options.ground));
  }

  get object(): string | null {
    return this.#object;
  }

  get idea(): string | null {
    return this.#pin?.id ?? null;
  }

  setStream(stream: EventStream): void {
    this.#stream = stream;
    if (this.#idea) this.#follow(this.#idea);
  }

  /** Somebody touched the city here. */
  openPlace(hit: TileHit, takeFocus: boolean): void {
    if (hit.object) {
      this.openObject(hit.object, hit, takeFocus);
      return;
    }
    this.#reset();
    const facts = [["card.ground", say("card.metres", { metres: Math.round(hit.z) })]] as const;
    this.#options.card.show({ title: say("card.place"), facts, actions: this.#placeActions(hit, null) }, takeFocus);
    this.#options.onChange();
  }

  openObject(id: string, at: Place | null, takeFocus: boolean): void {
    this.#reset();
    this.#object = id;
    const { card, view, api } = this.#options;
    view.setSelected(id);
    if (at) {
      const actions = this.#placeActions(at, id);
      card.show({ title: say("card.building"), note: say("card.loading"), actions }, takeFocus);
    }
    const { signal } = this.#loading;
    api
      .card(id, signal)
      .then((found) => {
        this.#showObject(found, at, takeFocus);
      })
      .catch(() => {
        if (signal.aborted) return;
        const actions = at ? this.#placeActions(at, id) : [];
        card.show({ title: say("card.building"), note: say("card.failed"), actions }, takeFocus);
      });
    this.#options.onChange();
  }

  openIdea(pin: Pin, how: Opening = {}): void {
    this.#reset();
    this.#pin = pin;
    this.#showIdea(true);
    this.#options.onChange();
    if (!how.stay && !how.stand) this.#approach(pin, 320);
    void this.#loadIdea(pin, how);
  }

  /** A proposal without a pin on the map, e.g. one that is not published yet but that this reader may see. */
  openIdeaWithoutPin(id: string, stand: boolean): void {
    const { e, n, z } = this.#options.rig.pose;
    const pin: Pin = { id, number: 0, title: "", stateLabel: "", supports: 0, url: `/proposals/${id}/`, hasDesign: true, e, n, z };
    this.openIdea(pin, { stand, stay: true });
  }

  /** A proposal is no longer listed: where it stands open, its card says so, and its design leaves the picture. */
  closeIdea(gone: Pin): void {
    if (this.#pin?.id !== gone.id) return;
    this.#reset();
    const actions = [{ name: "list-ideas", label: "idea.others", icon: "idea", primary: true, act: this.#options.ideasUrl }] as const;
    this.#options.card.show({ title: gone.title, note: say("idea.gone"), actions }, false);
    this.#options.onChange();
  }

  endCompare(): void {
    this.#options.compare.close();
    this.#options.view.show("after");
    this.#showIdea(false);
  }

  /** Shows a design while it is drawn, under the same words as any other. */
  showDraft(design: Design | null, at: Spot | null): void {
    this.#draft = { design, at };
    if (!this.#idea) this.#showDrawn();
  }

  /** What is drawn in the city while no proposal stands open: one's own drawing, or nothing. */
  #showDrawn(): void {
    const { design, at } = this.#draft;
    this.#options.view.setDesign(design);
    this.#tag.set(design, at);
  }

  /** Nothing is chosen any more. */
  clear(): void {
    this.#reset();
    this.#options.onChange();
  }

  /** Keeps the design's label over the design. */
  place(): void {
    this.#tag.place();
  }

  dispose(): void {
    this.#part?.dispose();
    this.#loading.abort();
    this.#following.dispose();
    this.#disposer.dispose();
  }

  #reset(): void {
    const { view, compare } = this.#options;
    this.#loading.abort();
    this.#loading = new AbortController();
    this.#following.dispose();
    this.#following = new Disposer();
    compare.close();
    if (this.#object !== null) view.setSelected(null);
    if (this.#idea) this.#showDrawn();
    this.#part?.dispose();
    this.#part = null;
    this.#object = null;
    this.#pin = null;
    this.#idea = null;
    this.#ballotUrl = "";
    this.#meeting = null;
  }

  #showObject(found: ObjectCard, at: Place | null, takeFocus: boolean): void {
    const place = at ?? found;
    this.#options.card.show(
      {
        title: found.name || found.kindLabel || say("card.building"),
        ...(found.place && { note: found.place }),
        facts: factsOf(found),
        actions: this.#placeActions(place, found.id),
      },
      takeFocus,
    );
  }

  #placeActions(place: Place, object: string | null): readonly CardAction[] {
    const query = new URLSearchParams({ e: place.e.toFixed(1), n: place.n.toFixed(1) });
    if (object !== null) query.set("object", object);
    const propose = `${this.#options.proposeUrl}?place=${object === null ? "point" : "object"}&${query.toString()}`;
    return [
      { name: "propose", label: "card.propose", icon: "idea", primary: true, act: propose },
      {
        name: "stand-here",
        label: "card.stand",
        icon: "eye",
        act: () => {
          if (object === null) this.#standOn(place);
          else this.#standBefore(place);
        },
      },
      { name: "share", label: "card.copy", icon: "link", act: this.#copy },
    ];
  }

  #standOn(place: Place): void {
    const { rig, walker, view } = this.#options;
    rig.startWalk(place.e, place.n);
    walker.settleWhenArrived();
    view.request();
  }

  #standBefore(place: Place): void {
    const { azimuth_deg } = this.#options.rig.pose;
    this.#stand({ e: place.e, n: place.n, reach_m: 12, height_m: 12, back_m: 12 + STAND_BACK_M, azimuth_deg });
  }

  async #loadIdea(pin: Pin, how: Opening): Promise<void> {
    const { api, view } = this.#options;
    const { signal } = this.#loading;
    try {
      const idea = await api.idea(pin.id, signal);
      this.#idea = idea;
      this.#pin = { ...pin, title: pin.title || idea.title, supports: idea.supports };
      view.setDesign(idea.design);
      this.#tag.set(idea.design, pin);
      this.#openPart(pin);
      this.#showIdea(false);
      this.#follow(idea);
      this.#askForVote(idea, signal);
      this.#askForMeeting(idea, signal);
      if (how.stand) {
        this.#approachDesign(idea);
        this.#standAtIdea();
      } else if (!how.stay) this.#approachDesign(idea);
      if (how.compare && idea.design) this.#compare();
    } catch {
      if (!signal.aborted) announce(say("idea.failed"));
    }
  }

  /** The card is complete without it: a vote that is not found now is on the idea's page. */
  #askForVote(idea: Idea, signal: AbortSignal): void {
    this.#options.api
      .ballotUrl(idea.id, signal)
      .then((url) => {
        if (signal.aborted || !url) return;
        this.#ballotUrl = url;
        this.#showIdea(false);
      })
      .catch(() => undefined);
  }

  #askForMeeting(idea: Idea, signal: AbortSignal): void {
    this.#options.api
      .meeting(idea.id, signal)
      .then((meeting) => {
        if (signal.aborted || !meeting?.url) return;
        this.#meeting = meeting;
        this.#showIdea(false);
      })
      .catch(() => undefined);
  }

  #showIdea(takeFocus: boolean): void {
    const pin = this.#pin;
    if (!pin) return;
    const { card, compare } = this.#options;
    const actions: CardAction[] = [];
    if (pin.url) {
      actions.push({ name: "read-idea support", label: "idea.read", icon: "support", primary: true, act: pin.url });
    }
    if (this.#ballotUrl) actions.push({ name: "vote", label: "idea.vote", icon: "vote", act: this.#ballotUrl });
    actions.push(...meetingActions(this.#meeting));
    if (this.#idea?.design) {
      actions.push(
        compare.isOpen
          ? { name: "compare", label: "idea.compare.end", icon: "compare", act: this.endCompare.bind(this) }
          : { name: "compare", label: "idea.compare", icon: "compare", act: this.#compare },
      );
    }
    actions.push(
      { name: "stand-here", label: "card.stand", icon: "eye", act: this.#standAtIdea },
      { name: "share", label: "card.copy", icon: "link", act: this.#copy },
    );
    const effects = this.#idea?.effects ?? "";
    if (effects && pin.url) {
      actions.push({ name: "read-idea", label: "idea.effects.read", icon: "sun", act: `${pin.url}#effects` });
    }
    actions.push({ name: "report", label: "idea.report", icon: "flag", act: `/report/proposal/${pin.id}/` });
    const text = [effects && say("idea.effects", { effects }), this.#meetingWords()].filter(Boolean).join(" ");
    const part = this.#part?.element;
    card.show({ label: say("idea.label"), title: pin.title, note: ideaNote(this.#idea, pin), text, actions, part }, takeFocus);
  }

  #meetingWords(): string {
    if (!this.#meeting) return "";
    const { timeZone } = this.#options;
    return this.#meeting.isOn ? say("idea.meeting.on") : say("idea.meeting.today", { time: hourOf(this.#meeting, timeZone) });
  }

  #openPart({ id, url }: Pin): void {
    const { openIdeaPart, link } = this.#options;
    this.#part = url ? openIdeaPart({ id, url, link }) : null;
  }

  readonly #compare = (): void => {
    this.#options.compare.open();
    this.#showIdea(false);
  };

  /** Live numbers of the open proposal. */
  #follow(idea: Idea): void {
    if (!this.#stream || !idea.room) return;
    const { api } = this.#options;
    const { signal } = this.#loading;
    const renew = (again: Idea): void => {
      if (!signal.aborted) this.#renew(again);
    };
    // What does not come now comes with the next event.
    const forget = (): void => undefined;
    this.#following.add(
      this.#stream.join(idea.room, {
        seq: idea.seq,
        apply: (event) => {
          if (event.kind === "proposal.supported" && isRecord(event.payload)) {
            this.#renew({ supports: numberOr(event.payload["supports"], idea.supports) });
          } else if (isRecord(event.payload) && event.payload["is_hidden"] === true) {
            this.#options.card.close(); // others do not see it any more
          } else if (event.payload !== null && this.#part && event.kind.startsWith(this.#part.kinds)) {
            this.#part.apply(event);
          } else if (event.payload !== null) {
            api.idea(idea.id, signal).then(renew, forget);
          }
        },
        refetch: async () => {
          const again = await api.idea(idea.id, signal);
          renew(again);
          return again.seq;
        },
      }),
    );
  }

  /** What has become known of the open proposal since; a new version may bring another design. */
  #renew(news: Partial<Idea>): void {
    if (!this.#idea || !this.#pin) return;
    const { view } = this.#options;
    const before = JSON.stringify(this.#idea.design);
    this.#idea = { ...this.#idea, ...news };
    if (JSON.stringify(this.#idea.design) !== before) {
      view.setDesign(this.#idea.design);
      this.#tag.set(this.#idea.design, this.#pin);
    }
    this.#showIdea(false);
  }

  #approach(place: Place, distance_m: number): void {
    const { rig, ground, view } = this.#options;
    if (rig.mode.value === "walk") rig.endWalk();
    const z = ground.heightAt(place.e, place.n);
    rig.goTo({ e: place.e, n: place.n, z, distance_m: Math.min(rig.pose.distance_m, distance_m) });
    view.request();
  }

  #approachDesign(idea: Idea): void {
    const pose = idea.design && poseFor(idea.design, this.#options.ground);
    if (!pose) return;
    this.#options.rig.goTo(pose);
    this.#options.view.request();
  }

  readonly #standAtIdea = (): void => {
    const extent = this.#idea?.design ? extentOf(this.#idea.design) : null;
    const { rig } = this.#options;
    const { azimuth_deg } = rig.pose;
    if (extent) {
      const { e, n, reach_m, height_m } = extent;
      this.#stand({ e, n, reach_m, height_m, back_m: reach_m + Math.max(STAND_BACK_M, height_m * 0.9), azimuth_deg });
    } else if (this.#pin) {
      const { e, n } = this.#pin;
      this.#stand({ e, n, reach_m: 2, height_m: 3, back_m: STAND_BACK_M, azimuth_deg });
    }
  };

  /** Puts one at eye level where what is chosen can be seen, as soon as the walls around it are known. */
  #stand(sight: Sight): void {
    const { rig, view, walker, walls, ground } = this.#options;
    const stand = (): void => {
      const place = findViewpoint(sight, walls, ground);
      const away_m = Math.hypot(place.e - sight.e, place.n - sight.n);
      const up_deg = (Math.atan2(sight.height_m * 0.4, Math.max(away_m, 1)) * 180) / Math.PI;
      rig.startWalk(place.e, place.n, place.azimuth_deg, -up_deg);
      walker.settleWhenArrived();
      view.request();
    };
    if (view.settled.value) {
      stand();
      return;
    }
    const undo = view.settled.subscribe((settled) => {
      if (!settled) return;
      undo();
      stand();
    });
    this.#following.add(undo);
  }

  readonly #copy = (): void => {
    const url = `${location.origin}${location.pathname}#${this.#options.link()}`;
    const told = (key: "copy.done" | "copy.failed") => (): void => {
      toast(t(key), key === "copy.done" ? "success" : "warning");
    };
    // Absent on plain http: then the address bar, which always holds the view, is what can be copied.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard) void clipboard.writeText(url).then(told("copy.done"), told("copy.failed"));
    else told("copy.failed")();
  };
}

/** What one can do in a meeting that is on; of one that begins later, where it is told about. */
function meetingActions(meeting: MeetingAtHand | null): readonly CardAction[] {
  if (!meeting) return [];
  if (!meeting.isOn) return [{ name: "see-meeting", label: "idea.meeting.see", icon: "people", act: meeting.url }];
  return [
    { name: "see-meeting", label: "idea.meeting.join", icon: "people", act: meeting.url },
    { name: "ask-to-speak", label: "idea.meeting.speak", icon: "comment", act: `${meeting.url}#floor` },
    { name: "vote-in-meeting", label: "idea.meeting.vote", icon: "vote", act: `${meeting.url}#vote` },
  ];
}
