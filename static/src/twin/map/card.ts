/** The card beside the map: an object, an idea, a spot, or the ideas in view. Texts only; nothing is read as HTML. */

import { element, find, keepFocus } from "../../commons/dom";
import { hourOf, type Idea, type MeetingAtHand, type ObjectCard, type Pin } from "../messages";

/** The page's own words, from its template: one catalogue for pages and scripts of a page. */
export type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Where the card of an idea leads beside its page. */
export interface IdeaWays {
  readonly link?: string;
  readonly ballotUrl?: string;
  readonly meeting?: MeetingAtHand | null;
}

const MOST_LISTED = 40;

export class MapCard {
  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly onIdea: (id: string) => void,
  ) {}

  showObject(card: ObjectCard, proposeUrl: string, cityUrl: string): void {
    this.#show(
      card.name || card.kindLabel,
      element("p", { class: "quiet" }, card.place || card.address),
      this.#facts(card),
      this.#actions([proposeUrl, this.words("propose")], [cityUrl, this.words("in3d")]),
    );
  }

  showSpot(place: string, proposeUrl: string, cityUrl: string): void {
    this.#show(
      this.words("spot"),
      element("p", { class: "quiet" }, place),
      this.#actions([proposeUrl, this.words("propose")], [cityUrl, this.words("in3d")]),
    );
  }

  /**
   * `link`: the view of the map, which a comment can take along; `ballotUrl`: where one votes on it, if one can;
   * `meeting`: one about it that is on or begins today.
   */
  showIdea(idea: Idea, pin: Pin | undefined, { link = "", ballotUrl = "", meeting = null }: IdeaWays = {}): void {
    const label = element("span", { class: "proposal-label" }, this.words("label"));
    const facts = element("p", { class: "quiet", "data-idea-facts": "" }, this.#factsOf(pin, idea.supports));
    const text = element("p", { class: "map-card__text" }, idea.summary);
    this.#show(
      idea.title,
      ...(idea.design ? [label] : []),
      facts,
      ...(meeting ? [this.#meeting(meeting)] : []),
      text,
      this.#actions(
        [pin?.url ?? "", this.words("read")],
        ...(ballotUrl ? [[ballotUrl, this.words("vote")] as const] : []),
        [`${this.words("cityUrl")}#idea=${idea.id}`, this.words("in3d")],
      ),
      ...(pin ? [this.#comment(pin, link)] : []),
    );
  }

  #meeting(meeting: MeetingAtHand): HTMLParagraphElement {
    const timeZone = this.words("timeZone");
    const said = meeting.isOn ? this.words("meetingOn") : this.words("meetingToday", { time: hourOf(meeting, timeZone) });
    const label = this.words(meeting.isOn ? "meetingJoin" : "meetingSee");
    return element("p", {}, said, " ", element("a", { href: meeting.url, "data-map-meeting": "" }, label));
  }

  /** The map shows something else now: the card's link takes that along. */
  setView(link: string): void {
    const comment = find("a[data-map-comment]", HTMLAnchorElement, this.root);
    if (comment) comment.search = commentQuery(link);
  }

  #comment(pin: Pin, link: string): HTMLParagraphElement {
    const url = `${pin.url}?${commentQuery(link)}#comments`;
    return element("p", {}, element("a", { href: url, "data-map-comment": "" }, this.words("comment")));
  }

  /** What has become known of the open idea since, without touching the rest of its card. */
  renewIdea(pin: Pin): void {
    find("[data-idea-facts]", HTMLElement, this.root)?.replaceChildren(this.#factsOf(pin, pin.supports));
  }

  showGone(title: string): void {
    this.#show(title, element("p", {}, this.words("gone")), this.#actions([this.words("ideasUrl"), this.words("others")]));
  }

  showList(pins: readonly Pin[]): void {
    if (pins.length === 0) {
      this.#show(this.words("ideasHere"), element("p", { class: "quiet" }, this.words("noIdeas")));
      return;
    }
    const items = pins.slice(0, MOST_LISTED).map((pin) => this.#item(pin));
    const more = pins.length - items.length;
    this.#show(
      this.words("ideasHere"),
      element("ul", { class: "map-card__list" }, ...items),
      ...(more > 0 ? [element("p", { class: "quiet" }, this.words("more", { n: more }))] : []),
    );
  }

  showProblem(): void {
    this.#show(this.words("problem"), element("p", {}, this.words("problemNext")));
  }

  focus(): void {
    this.root.querySelector("h2")?.focus();
  }

  #item(pin: Pin): HTMLLIElement {
    const button = element("button", { type: "button", class: "map-card__idea", "data-idea": pin.id }, pin.title);
    button.append(element("span", { class: "quiet" }, `${pin.stateLabel} · ${this.words("supports", { n: pin.supports })}`));
    button.addEventListener("click", () => {
      this.onIdea(pin.id);
    });
    return element("li", {}, button);
  }

  #facts(card: ObjectCard): HTMLDListElement {
    const facts: [string, string][] = [
      [this.words("use"), card.useLabel],
      [this.words("height"), card.height_m === null ? "" : `${card.height_m.toFixed(1)} m`],
      [this.words("storeys"), card.storeys === null ? "" : String(card.storeys)],
      [this.words("year"), card.year === null ? "" : String(card.year)],
      [this.words("source"), [card.source, card.surveyDate].filter(Boolean).join(", ")],
    ];
    const list = element("dl", { class: "map-card__facts" });
    for (const [name, value] of facts) {
      if (value) list.append(element("dt", {}, name), element("dd", {}, value));
    }
    return list;
  }

  #factsOf(pin: Pin | undefined, supports: number): string {
    return [pin?.stateLabel, this.words("supports", { n: supports })].filter(Boolean).join(" · ");
  }

  /** Ways on; the first is the usual one. */
  #actions(...ways: readonly (readonly [url: string, label: string])[]): HTMLParagraphElement {
    const style = (index: number): string => (index === 0 ? "button" : "button button--tertiary");
    return element("p", { class: "buttons" }, ...ways.map(([href, label], index) => element("a", { class: style(index), href }, label)));
  }

  /** Replaces the card; who stands in it stays in it. */
  #show(title: string, ...content: readonly Node[]): void {
    const heading = element("h2", { class: "map-card__title", tabindex: "-1" }, title);
    const kept = keepFocus(this.root, "data-idea", () => {
      this.root.replaceChildren(heading, ...content);
    });
    if (!kept) heading.focus({ preventScroll: true });
    this.root.scrollTop = 0;
  }
}

function commentQuery(link: string): string {
  return `scene=${encodeURIComponent(link)}`;
}
