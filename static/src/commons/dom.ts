/** Typed ways to the document. */

type Constructor<T> = new (...args: never[]) => T;

/** The first match within `root` that is a `kind`; null where there is none. */
export function find<T extends Element>(selector: string, kind: Constructor<T>, root: ParentNode = document): T | null {
  const found = root.querySelector(selector);
  return found instanceof kind ? found : null;
}

export function findAll<T extends Element>(
  selector: string,
  kind: Constructor<T>,
  root: ParentNode = document,
): readonly T[] {
  return [...root.querySelectorAll(selector)].filter((found): found is T => found instanceof kind);
}

/** The match nearest above where an event began, e.g. the button around an icon that was clicked. */
export function closest<T extends Element>(event: Event, selector: string, kind: Constructor<T>): T | null {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof kind ? found : null;
}

/**
 * Rebuilds what is inside `host`. Who stood on an element there stands on the one with the same `attribute` again;
 * answers false where that one is gone.
 */
export function keepFocus(host: HTMLElement, attribute: string, rebuild: () => void): boolean {
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.getAttribute(attribute) ?? "";
  const top = host.scrollTop;
  rebuild();
  if (!focused) return true;
  // Somebody who is writing in a part that stays goes on writing.
  if (focused instanceof HTMLElement && host.contains(focused)) {
    focused.focus({ preventScroll: true });
    host.scrollTop = top;
    return true;
  }
  const again = key ? find(`[${attribute}="${CSS.escape(key)}"]`, HTMLElement, host) : null;
  again?.focus({ preventScroll: true });
  return again !== null;
}

/** An element with attributes and children. Texts become text nodes: nothing is read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A drawing of the sprite `icons.svg`, for eyes only. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}
