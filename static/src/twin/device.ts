/** What a browser tells of its device, as far as the ladder of quality asks. */

import { isRecord, numberOr } from "../commons/parse";
import type { Device } from "./quality";

export function detectDevice(of: Navigator = navigator): Device {
  const told: unknown = of;
  const memory = isRecord(told) ? numberOr(told["deviceMemory"], null) : null;
  const connection = isRecord(told) ? told["connection"] : null;
  return {
    memory_gb: memory,
    cores: of.hardwareConcurrency || null,
    coarsePointer: matchMedia("(pointer: coarse)").matches,
    saveData: isRecord(connection) && connection["saveData"] === true,
  };
}

/** Whether a WebGL2 context can be had; the one that is tried is given back at once. */
export function hasWebGl2(canvas: HTMLCanvasElement = document.createElement("canvas")): boolean {
  try {
    const context = canvas.getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}
