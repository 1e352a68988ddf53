/** What has been drawn and not sent yet, kept in this tab: where 3D has to be left, or the page is loaded anew, it stays. */

import { isRecord, list, record, text } from "../../commons/parse";
import { parseChange } from "./design";
import type { DesignEditor } from "./editor";

export class Unsaved {
  constructor(
    /** The drawing's own name, e.g. the address that it is sent to. */
    private readonly key: string,
    private readonly storage: Storage | null = tabStorage(),
  ) {}

  /** Notes down what the server does not have; the change being drawn counts as added, in these words. */
  keep(editor: DesignEditor, words: string): void {
    const added = editor.entries.value.flatMap(({ change, text: told, wire }) => (wire === null ? [{ change, text: told }] : []));
    if (editor.change) added.push({ change: editor.change, text: words });
    if (added.length === 0 && editor.gone.length === 0) this.forget();
    else this.storage?.setItem(this.key, JSON.stringify({ added, gone: editor.gone }));
  }

  /** Puts back what was noted down; true where there was something. */
  restore(editor: DesignEditor): boolean {
    const noted = this.storage?.getItem(this.key);
    if (!noted) return false;
    try {
      const told = record(JSON.parse(noted), "unsaved");
      const gone = new Set(list(told["gone"], "gone").map((wire) => JSON.stringify(wire)));
      const added = list(told["added"], "added").filter(isRecord).flatMap((entry) => {
        const change = parseChange(entry["change"]);
        return change ? [{ change, text: text(entry["text"], "text"), wire: null }] : [];
      });
      for (const entry of editor.entries.value) {
        if (entry.wire !== null && gone.has(JSON.stringify(entry.wire))) editor.remove(editor.entries.value.indexOf(entry));
      }
      editor.entries.set([...editor.entries.value, ...added]);
      return true;
    } catch {
      this.forget();
      return false;
    }
  }

  forget(): void {
    this.storage?.removeItem(this.key);
  }
}

/** The tab's storage; null where the browser forbids it. */
function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
