/** What people say about an idea, in its card in the city: the newest comments, and a form that can attach the view. */

import { toast } from "../../commons/announce";
import { request } from "../../commons/api";
import { Disposer } from "../../commons/disposer";
import { element, icon } from "../../commons/dom";
import type { RoomEvent } from "../../commons/events";
import { language, t } from "../../commons/i18n";
import { say } from "../../twin/i18n";
import type { IdeaPart, OpenedIdea } from "../../twin/ui/ideapart";
import { fieldOf, newKey, sender, sendForm } from "./compose";
import { parseChange, parseList, type Comment, type CommentList } from "./messages";

const SHOWN = 3;

/** What was typed and not sent, by idea: closing a card loses nothing. */
const unsent = new Map<string, string>();

export function openTalk(idea: OpenedIdea): IdeaPart {
  return new Talk(idea);
}

class Talk implements IdeaPart {
  readonly kinds = "comment.";
  readonly element = element("section", { class: "city-talk", "aria-labelledby": "city-talk-title", "data-action": "comment" });
  readonly #disposer = new Disposer();
  readonly #loading = new AbortController();
  readonly #url: string;
  readonly #title = element("h3", { class: "city-talk__title", id: "city-talk-title" }, say("talk.title"));
  readonly #list = element("ul", { class: "city-talk__list" });
  #comments: readonly Comment[] = [];

  constructor(private readonly idea: OpenedIdea) {
    this.#url = `/api/v1/proposals/${encodeURIComponent(idea.id)}/comments/`;
    this.element.append(this.#title, this.#list);
    this.#disposer.add(() => {
      this.#loading.abort();
    });
    void this.#load();
  }

  apply(event: RoomEvent): void {
    const change = parseChange(event.payload);
    this.#writeCount(change.count);
    if ("removed" in change) this.#comments = this.#comments.filter(({ number }) => number !== change.removed);
    else this.#set(change.comment, event.kind === "comment.added");
    this.#writeList();
  }

  dispose(): void {
    this.#disposer.dispose();
    this.element.remove();
  }

  async #load(): Promise<void> {
    try {
      const told = await request(`${this.#url}?size=${SHOWN}`, parseList, { signal: this.#loading.signal });
      this.#comments = told.comments;
      this.#writeCount(told.count);
      this.#writeList();
      this.element.append(told.mayComment ? this.#form() : this.#why(told));
    } catch {
      if (!this.#loading.signal.aborted) this.element.append(element("p", { class: "quiet" }, say("talk.failed")), this.#all());
    }
  }

  #set(comment: Comment, isNew: boolean): void {
    const others = this.#comments.filter(({ number }) => number !== comment.number);
    if (others.length === this.#comments.length && !isNew) return;
    this.#comments = [...others, comment].sort((one, other) => other.number - one.number).slice(0, SHOWN);
  }

  #writeCount(count: number): void {
    this.#title.textContent = `${say("talk.title")} ${count.toLocaleString(language())}`;
  }

  #writeList(): void {
    const items = this.#comments.map((comment) => this.#item(comment));
    this.#list.replaceChildren(...(items.length > 0 ? items : [element("li", { class: "quiet" }, say("talk.none"))]));
  }

  #item(comment: Comment): HTMLLIElement {
    const day = new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(comment.writtenAt));
    const who = element("p", { class: "city-talk__who" }, element("strong", {}, comment.author));
    if (comment.role) who.append(" ", element("span", { class: "badge badge--information" }, comment.role));
    who.append(" ", element("time", { datetime: comment.writtenAt }, day));
    const words = comment.state === "shown" ? comment.text : say(comment.state === "hidden" ? "talk.hidden" : "talk.withdrawn");
    const item = element("li", {}, who, element("p", { class: "city-talk__words" }, words));
    if (comment.scene) {
      item.append(element("a", { class: "with-icon", href: comment.scene.cityUrl, "data-action": "go-to-place" }, icon("eye"), say("talk.see")));
    }
    return item;
  }

  #all(): HTMLElement {
    const href = `${this.idea.url}#comments`;
    return element("p", {}, element("a", { class: "link-more", href, "data-action": "read-idea" }, say("talk.all"), icon("chevron-right")));
  }

  #why({ reason }: CommentList): HTMLElement {
    return element("div", {}, element("p", { class: "quiet" }, reason), this.#all());
  }

  #form(): HTMLElement {
    const words = element("textarea", { id: "city-talk-text", name: "text", rows: "2" });
    words.value = unsent.get(this.idea.id) ?? "";
    const attach = element("input", { type: "checkbox", id: "city-talk-scene" });
    const button = element("button", { class: "button button--small", type: "submit" }, icon("comment"), say("talk.send"));
    const form = element(
      "form",
      { class: "city-talk__form", method: "post", action: this.#url, "data-protect": "", novalidate: "" },
      element("input", { type: "hidden", name: "key", value: newKey() }),
      element("input", { type: "hidden", name: "scene", value: "" }),
      element("label", { class: "field__label", for: words.id }, say("talk.write")),
      words,
      element("div", { class: "choice" }, attach, element("label", { for: attach.id }, say("talk.attach"))),
      element("div", { class: "city-talk__foot" }, button, this.#all()),
    );
    this.#disposer.listen(words, "input", () => unsent.set(this.idea.id, words.value));
    this.#disposer.listen(form, "submit", (event) => {
      event.preventDefault();
      fieldOf(form, "scene").value = attach.checked ? `#${this.idea.link()}` : "";
      void this.#send(form, attach);
    });
    return form;
  }

  async #send(form: HTMLFormElement, attach: HTMLInputElement): Promise<void> {
    const comment = await sendForm(form, sender(this.#url));
    if (!comment) return;
    attach.checked = false;
    this.#set(comment, true);
    this.#writeList();
    toast(t("comment.sent"));
  }
}
