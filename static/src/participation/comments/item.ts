/**
 * One comment on the page: the blank of `deliberation/comment.html`, filled. Parts that a comment does not have are
 * taken out, so that what remains is what the server would have rendered.
 */

import { find, findAll } from "../../commons/dom";
import { t } from "../../commons/i18n";
import type { Comment } from "./messages";

const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Fills a blank with `comment`. `before` is what stood in its place: whose it is and when it was written stay. */
export function fill(blank: HTMLElement, comment: Comment, isMine: boolean, before: HTMLElement | null = null): void {
  blank.id = `comment-${comment.number}`;
  blank.dataset["comment"] = comment.id;
  blank.dataset["number"] = String(comment.number);
  if (isMine) blank.dataset["mine"] = "";
  blank.classList.toggle("comment--mine", isMine);
  for (const link of findAll("a[href]", HTMLElement, blank)) {
    link.setAttribute("href", (link.getAttribute("href") ?? "").replace(NO_ID, comment.id));
  }
  for (const link of slots(blank, "link")) link.setAttribute("href", comment.url);
  write(blank, "author", comment.author);
  write(blank, "name", comment.author);
  write(blank, "text", comment.text);
  write(blank, "role", comment.role);
  writeWithin(blank, "answers", comment.answers && t("comment.to", { name: comment.answers }));
  writeTime(blank, comment, before);
  writeScene(blank, comment);
  const isRead = comment.state === "shown" || (comment.state === "hidden" && comment.text !== "");
  keep(blank, "withdrawn", comment.state === "withdrawn");
  keep(blank, "hidden", comment.state === "hidden");
  for (const name of ["head", "text"]) keep(blank, name, isRead);
  for (const name of ["answers", "scene"]) if (!isRead) keep(blank, name, false);
  keep(blank, "acts", comment.state === "shown");
  keep(blank, "edited", comment.isEdited);
  keep(blank, "mine", isMine);
  keep(blank, "withdraw", isMine);
  // For ten minutes; the server says so when they are over.
  keep(blank, "edit", isMine);
  keep(blank, "report", !isMine);
}

function slots(root: HTMLElement, name: string): readonly HTMLElement[] {
  return findAll(`[data-slot="${name}"]`, HTMLElement, root);
}

function keep(root: HTMLElement, name: string, isKept: boolean): void {
  if (!isKept) for (const slot of slots(root, name)) slot.remove();
}

/** A text in its slot; without one the slot goes. */
function write(root: HTMLElement, name: string, text: string): void {
  for (const slot of slots(root, name)) slot.textContent = text;
  if (name === "role") keep(root, name, text !== "");
}

/** As `write`, beside the slot's icon. */
function writeWithin(root: HTMLElement, name: string, text: string): void {
  for (const slot of slots(root, name)) {
    const words = find("span", HTMLElement, slot);
    if (words) words.textContent = text;
  }
  keep(root, name, text !== "");
}

function writeTime(root: HTMLElement, comment: Comment, before: HTMLElement | null): void {
  const known = before && find('[data-slot="time"]', HTMLElement, before);
  for (const slot of slots(root, "time")) {
    slot.setAttribute("datetime", comment.writtenAt);
    slot.textContent = known?.textContent ?? t("comment.now");
  }
}

function writeScene(root: HTMLElement, comment: Comment): void {
  const { scene } = comment;
  keep(root, "scene", scene !== null);
  if (!scene) return;
  write(root, "words", scene.words || t("comment.spot"));
  for (const [name, url] of [["in-city", scene.cityUrl], ["on-map", scene.mapUrl]] as const) {
    for (const link of slots(root, name)) link.setAttribute("href", url);
  }
}
