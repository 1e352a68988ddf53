import type { RoomEvent } from "../../commons/events";

/** An idea whose card is open, as those who add to the card see it. */
export interface OpenedIdea {
  readonly id: string;
  /** Its own page. */
  readonly url: string;
  /** The view as others can open it, without `#`. */
  readonly link: () => string;
}

/** What an outer room adds to the card of an open idea. It keeps its element through every renewal of the card. */
export interface IdeaPart {
  readonly element: HTMLElement;
  /** How the kinds of events of the idea's room begin that it applies itself. */
  readonly kinds: string;
  apply(event: RoomEvent): void;
  dispose(): void;
}

export type OpenIdeaPart = (idea: OpenedIdea) => IdeaPart;
