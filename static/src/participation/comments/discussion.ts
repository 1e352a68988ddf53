/**
 * The comments of a proposal on its page: new ones appear, changed ones change, without moving what somebody reads.
 * The server's markup is the only one: see `templates/deliberation/discussion.html`.
 */

import { announce, toast } from "../../commons/announce";
import { Disposer } from "../../commons/disposer";
import { closest, element, find, findAll } from "../../commons/dom";
import type { RoomEvent } from "../../commons/events";
import { language, t } from "../../commons/i18n";
import { countCharacters } from "../../commons/page/forms";
import type { RoomPart } from "../../commons/page/live";
import { complain, empty, fieldOf, sender, sendForm, type SendDraft } from "./compose";
import { fill } from "./item";
import { parseChange, type Comment } from "./messages";

export function openDiscussion(root: HTMLElement, disposer: Disposer): RoomPart | null {
  const section = find("[data-comments]", HTMLElement, root);
  return section && disposer.own(new Discussion(section));
}

export class Discussion implements RoomPart {
  readonly kinds = "comment.";
  readonly #disposer = new Disposer();
  readonly #list: HTMLElement;
  readonly #blank: HTMLTemplateElement;
  /** Comments that have arrived and wait until somebody asks for them. */
  readonly #waiting = new Map<number, Comment>();

  constructor(
    private readonly root: HTMLElement,
    private readonly send: SendDraft = sender(root.dataset["api"] ?? ""),
  ) {
    const list = find("[data-comments-list]", HTMLElement, root);
    const blank = find("[data-thread-blank]", HTMLTemplateElement, root);
    if (!list || !blank) throw new Error("the page's discussion has no list");
    this.#list = list;
    this.#blank = blank;
    this.#disposer.listen(root, "submit", (event) => {
      this.#submit(event);
    });
    this.#disposer.listen(root, "click", (event) => {
      if (closest(event, "[data-reply]", HTMLElement)) this.#openReply(event);
      else if (closest(event, "[data-comments-new] button", HTMLElement)) this.#showWaiting();
    });
  }

  apply(event: RoomEvent): void {
    const change = parseChange(event.payload);
    this.#writeCount(change.count);
    if ("removed" in change) this.#remove(change.removed);
    else this.#set(change.comment, event.kind === "comment.added");
    this.#countReplies(change.thread, change.threadReplies);
  }

  renew(fresh: HTMLElement): void {
    const section = find("[data-comments]", HTMLElement, fresh);
    if (!section) return;
    this.#writeCount(Number(find("[data-comments-count]", HTMLElement, section)?.textContent.replace(/\D/g, "")));
    for (const thread of findAll("[data-thread]", HTMLElement, section)) this.#renewThread(thread);
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  // What is there

  #article(number: number): HTMLElement | null {
    return find(`[data-number="${number}"]`, HTMLElement, this.#list);
  }

  #thread(number: number): HTMLElement | null {
    return find(`[data-thread="${number}"]`, HTMLElement, this.#list);
  }

  /** Whether the page shows the end of the list at which new threads appear. */
  get #showsNewThreads(): boolean {
    const { order, first, last } = this.root.dataset;
    return order === "new" ? first !== undefined : last !== undefined;
  }

  /** Whether a comment has a place on this page: threads at their end of the list, replies where all are shown. */
  #belongsHere(comment: Comment): boolean {
    if (comment.number === comment.thread) return this.#showsNewThreads;
    const thread = this.#thread(comment.thread);
    return thread !== null && !find("[data-more-replies]", HTMLElement, thread);
  }

  // What happens

  #set(comment: Comment, isNew: boolean): void {
    const before = this.#article(comment.number);
    if (before) this.#replace(before, comment);
    else if (this.#waiting.has(comment.number)) this.#waiting.set(comment.number, comment);
    else if (isNew && this.#belongsHere(comment)) this.#arrive(comment);
  }

  #replace(before: HTMLElement, comment: Comment): void {
    const isMine = before.dataset["mine"] !== undefined;
    const known = find('[data-slot="text"]', HTMLElement, before)?.textContent ?? "";
    // One goes on reading one's own words when they are hidden from others.
    const shown = isMine && comment.state === "hidden" ? { ...comment, text: known } : comment;
    const hadFocus = before.contains(document.activeElement);
    const article = this.#made(shown, isMine, before);
    before.replaceWith(article);
    if (hadFocus) article.focus({ preventScroll: true });
  }

  #remove(number: number): void {
    this.#waiting.delete(number);
    this.#offerWaiting();
    const item = this.#article(number)?.closest("li");
    // A reply that is being written stays, with what it would have answered gone.
    if (item && !find("form", HTMLFormElement, item)) item.remove();
    else this.#article(number)?.remove();
  }

  /** At once where nobody is moved by it; else behind a button. */
  #arrive(comment: Comment): void {
    if (this.#isOutOfSight(comment)) {
      this.#insert(comment, false);
      return;
    }
    this.#waiting.set(comment.number, comment);
    this.#offerWaiting();
    announce(t("comments.arrived", { count: this.#waiting.size }));
  }

  /** Whether the place of a new comment is below what the window shows, or there is nothing yet that could move. */
  #isOutOfSight(comment: Comment): boolean {
    const place = this.#thread(comment.thread) ?? this.#list;
    const { top, bottom } = place.getBoundingClientRect();
    const isAtEnd = place !== this.#list || this.root.dataset["order"] === "old";
    return this.#list.children.length === 0 || (isAtEnd ? bottom : top) > window.innerHeight;
  }

  #offerWaiting(): void {
    const offer = find("[data-comments-new]", HTMLElement, this.root);
    const words = offer && find("button span", HTMLElement, offer);
    if (!offer || !words) return;
    words.textContent = t("comments.new", { count: this.#waiting.size });
    offer.hidden = this.#waiting.size === 0;
  }

  #showWaiting(): void {
    const comments = [...this.#waiting.values()].sort((one, other) => one.number - other.number);
    this.#waiting.clear();
    this.#offerWaiting();
    const shown = comments.map((comment) => this.#insert(comment, false));
    shown.at(-1)?.focus();
  }

  #insert(comment: Comment, isMine: boolean): HTMLElement {
    const article = this.#made(comment, isMine);
    const thread = this.#thread(comment.thread);
    const replies = thread && find("[data-replies]", HTMLElement, thread);
    if (replies) replies.append(element("li", {}, article));
    else this.#addThread(comment, article);
    find("[data-comments-none]", HTMLElement, this.root)?.setAttribute("hidden", "");
    return article;
  }

  #addThread(comment: Comment, article: HTMLElement): void {
    const replies = element("ol", { class: "thread__replies", "data-replies": "" });
    const thread = element("li", { class: "thread", "data-thread": String(comment.number) }, article, replies);
    this.#place(thread);
  }

  /** By its number, in the order of the list. */
  #place(thread: HTMLElement): void {
    const number = Number(thread.dataset["thread"]);
    const isNewestFirst = this.root.dataset["order"] === "new";
    const follows = findAll(":scope > [data-thread]", HTMLElement, this.#list).find((other) =>
      isNewestFirst ? Number(other.dataset["thread"]) < number : Number(other.dataset["thread"]) > number,
    );
    this.#list.insertBefore(thread, follows ?? null);
  }

  #made(comment: Comment, isMine: boolean, before: HTMLElement | null = null): HTMLElement {
    const blank = find("[data-comment]", HTMLElement, this.#blank.content);
    if (!blank) throw new Error("the blank thread has no comment");
    const article = document.importNode(blank, true);
    fill(article, comment, isMine, before);
    return article;
  }

  #countReplies(number: number, replies: number): void {
    const more = find(`[data-thread="${number}"] [data-more-replies] a`, HTMLElement, this.#list);
    if (more?.firstChild) more.firstChild.textContent = t("comment.replies", { count: replies });
  }

  #writeCount(count: number): void {
    for (const shown of findAll("[data-comments-count]", HTMLElement, this.root)) {
      shown.textContent = count.toLocaleString(language());
    }
  }

  /** A thread as the server renders it now, in the place of the one that is there; forms being written in stay. */
  #renewThread(fresh: HTMLElement): void {
    const number = Number(fresh.dataset["thread"]);
    const known = this.#thread(number);
    this.#waiting.delete(number);
    if (known && !find("form", HTMLFormElement, known)) known.replaceWith(fresh);
    else if (!known && this.#showsNewThreads) this.#place(fresh);
  }

  // Writing

  #submit(event: Event): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["commentForm"] === undefined) return;
    event.preventDefault();
    void sendForm(form, this.send).then((comment) => {
      if (comment) this.#sent(form, comment);
    });
  }

  #sent(form: HTMLFormElement, comment: Comment): void {
    this.#waiting.delete(comment.number);
    this.#offerWaiting();
    const known = this.#article(comment.number);
    known?.closest("li")?.remove();
    const isReply = form.dataset["answers"] !== undefined;
    if (isReply) form.remove();
    if (!known && !this.#belongsHere(comment)) {
      location.assign(comment.url);
      return;
    }
    const article = this.#insert(comment, true);
    if (isReply) article.focus();
    toast(t("comment.sent"));
  }

  /** A form under the comment that is answered; where there is none on the page, the link leads to one. */
  #openReply(event: Event): void {
    const article = closest(event, "[data-comment]", HTMLElement);
    const model = find("form[data-comment-form]:not([data-answers])", HTMLFormElement, this.root);
    if (!article || !model) return;
    event.preventDefault();
    const open = find(`form[data-answers="${article.dataset["comment"] ?? ""}"]`, HTMLFormElement, this.root);
    const form = open ?? this.#replyForm(model, article);
    fieldOf(form, "text").focus();
  }

  #replyForm(model: HTMLFormElement, article: HTMLElement): HTMLFormElement {
    const form = document.importNode(model, true);
    form.dataset["answers"] = article.dataset["comment"] ?? "";
    delete form.dataset["sending"];
    for (const part of findAll("[id], [for], [aria-describedby]", HTMLElement, form)) renumber(part, article.id);
    for (const counter of findAll(".field__count", HTMLElement, form)) counter.remove();
    complain(form, null);
    empty(form);
    const name = find('[data-slot="author"]', HTMLElement, article)?.textContent ?? "";
    const label = find("label", HTMLElement, form);
    if (label) label.textContent = t("comment.reply_to", { name });
    const button = find("button[type=submit]", HTMLElement, form);
    button?.lastChild?.replaceWith(t("comment.reply_send"));
    const cancel = element("button", { class: "button button--tertiary", type: "button" }, t("comment.cancel"));
    cancel.addEventListener("click", () => {
      form.remove();
      find("[data-reply]", HTMLElement, article)?.focus();
    });
    button?.before(cancel);
    article.after(form);
    countCharacters(this.#disposer, form);
    return form;
  }
}

/** The same field in another form needs ids of its own. */
function renumber(part: HTMLElement, suffix: string): void {
  for (const name of ["id", "for", "aria-describedby"]) {
    const value = part.getAttribute(name);
    if (value) part.setAttribute(name, value.split(" ").map((one) => `${one}-${suffix}`).join(" "));
  }
}
