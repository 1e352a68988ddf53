import { findAll } from "../../commons/dom";

const PANELS = "[data-city-card], [data-city-draw]";

/** The panels that may cover the picture. */
export function panelsOf(root: HTMLElement): readonly HTMLElement[] {
  return findAll(PANELS, HTMLElement, root);
}

/** What an open panel covers of the picture's left and bottom, in CSS pixels. */
export function covered(root: HTMLElement): { readonly left: number; readonly bottom: number } {
  const { clientWidth, clientHeight } = root;
  const panel = panelsOf(root).find((one) => !one.hidden);
  if (!panel) return { left: 0, bottom: 0 };
  const isSheet = panel.offsetWidth > clientWidth * 0.9;
  if (isSheet) return { left: 0, bottom: Math.min(panel.offsetHeight, clientHeight * 0.5) };
  return { left: clientWidth > 1.9 * panel.offsetWidth ? panel.offsetLeft + panel.offsetWidth : 0, bottom: 0 };
}
