// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";

import { offerRenewal } from "../../src/twin/renewal";

beforeEach(() => {
  document.body.innerHTML = '<div id="toasts"></div><div id="announcer"></div>';
});

test("a newer city is offered once, and shown when somebody asks for it", () => {
  const reload = vi.fn();
  offerRenewal(reload);
  offerRenewal(reload);
  const buttons = document.querySelectorAll<HTMLButtonElement>("#toasts button");
  expect(buttons).toHaveLength(1);
  expect(reload).not.toHaveBeenCalled();
  buttons[0]?.click();
  expect(reload).toHaveBeenCalledOnce();
});
