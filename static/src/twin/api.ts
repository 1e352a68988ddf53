/** The city's part of `/api/v1/`, and the files of its publication. */

import type { Names } from "./manifest";
import { parseInstances, parseLabels, parseManifest, type Instances, type Label, type Manifest } from "./manifest";
import { FlatGround, HeightGrid, type Ground } from "./heights";
import {
  parseCard,
  parseIdea,
  parsePins,
  parseSearch,
  type Idea,
  type ObjectCard,
  type Pins,
  type SearchResult,
} from "./messages";

export type Language = keyof Names;

/** The server refused or could not be reached. `status` is 0 where nothing answered. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly status: number,
    readonly url: string,
  ) {
    super(`${url} answered ${status}`);
  }
}

export class CityApi {
  readonly #root: string;

  constructor(
    readonly slug: string,
    private readonly send: typeof fetch = (...call) => fetch(...call),
  ) {
    this.#root = `/api/v1/cities/${encodeURIComponent(slug)}/`;
  }

  async manifest(signal?: AbortSignal): Promise<Manifest> {
    return parseManifest(await this.#json(this.#root, signal));
  }

  async card(id: string, signal?: AbortSignal): Promise<ObjectCard> {
    return parseCard(await this.#json(`${this.#root}objects/${encodeURIComponent(id)}/`, signal));
  }

  async search(words: string, signal?: AbortSignal): Promise<readonly SearchResult[]> {
    return parseSearch(await this.#json(`${this.#root}search/?q=${encodeURIComponent(words)}`, signal));
  }

  async pins(signal?: AbortSignal): Promise<Pins> {
    return parsePins(await this.#json(`${this.#root}pins/`, signal));
  }

  async idea(id: string, signal?: AbortSignal): Promise<Idea> {
    return parseIdea(await this.#json(`/api/v1/proposals/${encodeURIComponent(id)}/`, signal));
  }

  async ground(manifest: Manifest, signal?: AbortSignal): Promise<Ground> {
    const publication = manifest.publication;
    if (!publication?.heights) return new FlatGround(manifest.start.target[2]);
    const answer = await this.#get(publication.base_url + publication.heights.file, signal);
    return new HeightGrid(publication.heights, await answer.arrayBuffer());
  }

  async instances(manifest: Manifest, signal?: AbortSignal): Promise<Instances | null> {
    const publication = manifest.publication;
    if (!publication?.instances) return null;
    return parseInstances(await this.#json(publication.base_url + publication.instances, signal));
  }

  async labels(manifest: Manifest, signal?: AbortSignal): Promise<readonly Label[]> {
    const publication = manifest.publication;
    if (!publication?.labels) return [];
    return parseLabels(await this.#json(publication.base_url + publication.labels, signal));
  }

  async #json(url: string, signal?: AbortSignal): Promise<unknown> {
    const answer = await this.#get(url, signal);
    return (await answer.json()) as unknown;
  }

  async #get(url: string, signal?: AbortSignal): Promise<Response> {
    let answer: Response;
    try {
      answer = await this.send(url, { credentials: "same-origin", ...(signal && { signal }) });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new RequestError(0, url);
    }
    if (!answer.ok) throw new RequestError(answer.status, url);
    return answer;
  }
}
