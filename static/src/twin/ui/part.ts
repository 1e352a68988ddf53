import { find } from "../../commons/dom";

/** A part of the page that the template must have. */
export function part<T extends Element>(root: ParentNode, selector: string, kind: new (...args: never[]) => T): T {
  const found = find(selector, kind, root);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
