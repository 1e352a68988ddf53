/** The city's part of `/api/v1/`, and the files of its publication. */

import { ApiError, request } from "../commons/api";
import { t } from "../commons/i18n";
import { parseInstances, parseLabels, parseManifest, type Instances, type Label, type Manifest } from "./manifest";
import { FlatGround, HeightGrid, type Ground } from "./heights";
import {
  parseBallotUrl,
  parseCard,
  parseIdea,
  parseMeeting,
  parsePins,
  parseSearch,
  type Idea,
  type MeetingAtHand,
  type ObjectCard,
  type Pins,
  type SearchResult,
} from "./messages";

export type { Language } from "../commons/i18n";

export class CityApi {
  readonly #root: string;
  /** Asks for a publication that is not published yet, where the page is a preview. */
  readonly #preview: string;

  constructor(
    readonly slug: string,
    private readonly send?: typeof fetch,
    publication = "",
  ) {
    this.#preview = publication && `?publication=${encodeURIComponent(publication)}`;
    this.#root = `/api/v1/cities/${encodeURIComponent(slug)}/`;
  }

  manifest(signal?: AbortSignal): Promise<Manifest> {
    return this.#ask(this.#root + this.#preview, parseManifest, signal);
  }

  card(id: string, signal?: AbortSignal): Promise<ObjectCard> {
    return this.#ask(`${this.#root}objects/${encodeURIComponent(id)}/${this.#preview}`, parseCard, signal);
  }

  search(words: string, signal?: AbortSignal): Promise<readonly SearchResult[]> {
    return this.#ask(`${this.#root}search/?q=${encodeURIComponent(words)}`, parseSearch, signal);
  }

  pins(signal?: AbortSignal): Promise<Pins> {
    return this.#ask(`${this.#root}pins/`, parsePins, signal);
  }

  idea(id: string, signal?: AbortSignal): Promise<Idea> {
    return this.#ask(`/api/v1/proposals/${encodeURIComponent(id)}/`, parseIdea, signal);
  }

  /** Where one votes on a proposal now; empty where there is nothing to vote on. */
  ballotUrl(proposal: string, signal?: AbortSignal): Promise<string> {
    const query = new URLSearchParams({ city: this.slug, proposal, state: "open", size: "1" });
    return this.#ask(`/api/v1/votes/?${query.toString()}`, parseBallotUrl, signal);
  }

  /** The meeting about a proposal that is on now or begins today; null where there is none. */
  meeting(proposal: string, signal?: AbortSignal): Promise<MeetingAtHand | null> {
    const query = new URLSearchParams({ city: this.slug, proposal, when: "today", size: "1" });
    return this.#ask(`/api/v1/meetings/?${query.toString()}`, parseMeeting, signal);
  }

  async ground(manifest: Manifest, signal?: AbortSignal): Promise<Ground> {
    const publication = manifest.publication;
    if (!publication?.heights) return new FlatGround(manifest.start.target[2]);
    const answer = await (this.send ?? fetch)(publication.base_url + publication.heights.file, { ...(signal && { signal }) });
    if (!answer.ok) throw new ApiError("unknown", answer.status, t("error.unknown"));
    return new HeightGrid(publication.heights, await answer.arrayBuffer());
  }

  async instances(manifest: Manifest, signal?: AbortSignal): Promise<Instances | null> {
    const publication = manifest.publication;
    if (!publication?.instances) return null;
    return this.#ask(publication.base_url + publication.instances, parseInstances, signal);
  }

  async labels(manifest: Manifest, signal?: AbortSignal): Promise<readonly Label[]> {
    const publication = manifest.publication;
    if (!publication?.labels) return [];
    return this.#ask(publication.base_url + publication.labels, parseLabels, signal);
  }

  #ask<T>(url: string, parse: (value: unknown) => T, signal?: AbortSignal): Promise<T> {
    return request(url, parse, { ...(signal && { signal }), ...(this.send && { send: this.send }) });
  }
}
