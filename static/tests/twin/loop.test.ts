// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";

import { Loop, STEP_EVENT } from "../../src/twin/loop";

function step(element: HTMLElement, elapsed_s = 0.1): void {
  element.dispatchEvent(new CustomEvent(STEP_EVENT, { detail: { elapsed_s } }));
}

describe("Loop", () => {
  it("draws one frame for any number of requests, and then rests", () => {
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
    vi.stubGlobal("cancelAnimationFrame", () => undefined);
    const onFrame = vi.fn(() => false);
    const loop = new Loop({ element: document.createElement("div"), stepped: false, onFrame });
    expect(frames.length).toBe(0);
    loop.request();
    loop.request();
    expect(frames.length).toBe(1);
    frames[0]?.(1000);
    expect(onFrame).toHaveBeenCalledTimes(1);
    expect(frames.length).toBe(1);
    expect(loop.isRunning).toBe(false);
    loop.dispose();
    vi.unstubAllGlobals();
  });

  it("goes on while there is something to do, and tells how long a frame took", () => {
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
    vi.stubGlobal("cancelAnimationFrame", () => undefined);
    const elapsed: number[] = [];
    const loop = new Loop({
      element: document.createElement("div"),
      stepped: false,
      onFrame: (s) => {
        elapsed.push(s);
        return elapsed.length < 3;
      },
    });
    loop.request();
    frames[0]?.(1000);
    frames[1]?.(1016);
    frames[2]?.(9000);
    expect(elapsed).toEqual([0, 0.016, 0.25]);
    expect(frames.length).toBe(3);
    loop.dispose();
    vi.unstubAllGlobals();
  });

  it("is stepped from outside only when asked to be, and not after dispose", () => {
    const element = document.createElement("div");
    const onFrame = vi.fn(() => true);
    const loop = new Loop({ element, stepped: true, onFrame });
    loop.request();
    expect(onFrame).not.toHaveBeenCalled();
    step(element);
    expect(onFrame).toHaveBeenCalledWith(0.1);
    loop.dispose();
    step(element);
    loop.request();
    expect(onFrame).toHaveBeenCalledTimes(1);
  });
});
