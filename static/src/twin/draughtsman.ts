/** The main thread's side of `edges.worker`: one worker, answers by number. */

import type { Drawing, TriangleSoup } from "./edges";
import type { DrawAnswer, DrawRequest } from "./edges.worker";

export class Draughtsman {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { done: (drawing: Drawing) => void; failed: (error: Error) => void }>();
  #job = 0;

  constructor() {
    this.#worker = new Worker(new URL("./edges.worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", this.#answer);
    this.#worker.addEventListener("error", this.#fail);
  }

  draw(soup: TriangleSoup): Promise<Drawing> {
    this.#job += 1;
    const request: DrawRequest = { job: this.#job, soup };
    const answer = new Promise<Drawing>((done, failed) => this.#waiting.set(request.job, { done, failed }));
    const handedOver: Transferable[] = [soup.positions.buffer as ArrayBuffer];
    if (soup.index) handedOver.push(soup.index.buffer as ArrayBuffer);
    if (soup.features) handedOver.push(soup.features.buffer as ArrayBuffer);
    this.#worker.postMessage(request, handedOver);
    return answer;
  }

  dispose(): void {
    this.#worker.removeEventListener("message", this.#answer);
    this.#worker.removeEventListener("error", this.#fail);
    this.#worker.terminate();
    this.#rejectAll(new Error("the draughtsman has left"));
  }

  readonly #answer = (event: MessageEvent<DrawAnswer>): void => {
    this.#waiting.get(event.data.job)?.done(event.data.drawing);
    this.#waiting.delete(event.data.job);
  };

  readonly #fail = (event: ErrorEvent): void => {
    this.#rejectAll(new Error(event.message));
  };

  #rejectAll(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.failed(error);
    this.#waiting.clear();
  }
}
