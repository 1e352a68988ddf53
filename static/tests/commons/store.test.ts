import { describe, expect, it, vi } from "vitest";

import { Disposer } from "../../src/commons/disposer";
import { boolean, list, number, oneOf, ParseError, record, text } from "../../src/commons/parse";
import { Store } from "../../src/commons/store";

describe("a store", () => {
  it("tells listeners of new values until they leave", () => {
    const store = new Store(1);
    const heard: number[] = [];
    const leave = store.subscribe((value) => heard.push(value));
    store.set(2);
    store.set(2);
    leave();
    store.set(3);
    expect(heard).toEqual([2]);
    expect(store.value).toBe(3);
    expect(store.listenerCount).toBe(0);
  });

  it("lets a listener leave while it is being told", () => {
    const store = new Store(0);
    const second = vi.fn();
    const leave = store.subscribe(() => {
      leave();
    });
    store.subscribe(second);
    store.set(1);
    expect(second).toHaveBeenCalledOnce();
  });
});

describe("a disposer", () => {
  it("undoes everything once, last first", () => {
    const order: string[] = [];
    const disposer = new Disposer();
    disposer.add(() => order.push("first"));
    disposer.own({ dispose: () => order.push("second") });
    disposer.dispose();
    disposer.dispose();
    expect(order).toEqual(["second", "first"]);
  });

  it("undoes at once what comes too late", () => {
    const disposer = new Disposer();
    disposer.dispose();
    const undo = vi.fn();
    disposer.add(undo);
    expect(undo).toHaveBeenCalledOnce();
  });

  it("removes its listeners and timers", () => {
    vi.useFakeTimers();
    const [target, heard] = [new EventTarget(), vi.fn()];
    const disposer = new Disposer();
    disposer.listen(target, "x", heard);
    disposer.timeout(heard, 10);
    disposer.interval(heard, 10);
    disposer.dispose();
    target.dispatchEvent(new Event("x"));
    vi.advanceTimersByTime(100);
    expect(heard).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});

describe("readers of wire data", () => {
  it.each([
    ["a list for an object", () => record([])],
    ["null for an object", () => record(null)],
    ["an object for a list", () => list({})],
    ["a text for a number", () => number("1")],
    ["an endless number", () => number(Infinity)],
    ["a number for a text", () => text(1)],
    ["a number for a boolean", () => boolean(1)],
    ["a word that is not known", () => oneOf("z", ["a", "b"])],
  ])("refuse %s", (_what, read) => {
    expect(read).toThrow(ParseError);
  });

  it("name what was wrong", () => {
    expect(() => number(null, "card.height_m")).toThrow("card.height_m is not a finite number");
  });
});
