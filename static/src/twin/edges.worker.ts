/// <reference lib="webworker" />
/** Draws tiles off the main thread. Message in: `DrawRequest`; out: `DrawAnswer` with the same number. */

import { draw, transferables, type Drawing, type TriangleSoup } from "./edges";

export interface DrawRequest {
  readonly job: number;
  readonly soup: TriangleSoup;
}

export interface DrawAnswer {
  readonly job: number;
  readonly drawing: Drawing;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.addEventListener("message", (event: MessageEvent<DrawRequest>) => {
  const drawing = draw(event.data.soup);
  const answer: DrawAnswer = { job: event.data.job, drawing };
  scope.postMessage(answer, transferables(drawing));
});
