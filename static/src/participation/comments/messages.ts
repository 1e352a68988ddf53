/** A comment as the API and the events of a proposal's room tell it. */

import { language } from "../../commons/i18n";
import { isRecord, list, number, oneOf, record, text, textOr, type Json } from "../../commons/parse";

const STATES = ["shown", "hidden", "withdrawn"] as const;

export interface Scene {
  readonly words: string;
  readonly cityUrl: string;
  readonly mapUrl: string;
}

export interface Comment {
  readonly id: string;
  readonly number: number;
  /** The number of the comment that began the thread: its own where it did. */
  readonly thread: number;
  readonly author: string;
  /** The office role in which it was written; empty for citizens. */
  readonly role: string;
  /** Whom it answers; empty where it begins a thread. */
  readonly answers: string;
  readonly state: (typeof STATES)[number];
  readonly text: string;
  readonly scene: Scene | null;
  readonly writtenAt: string;
  readonly isEdited: boolean;
  readonly url: string;
}

interface Counts {
  readonly thread: number;
  /** How many comments everybody can read. */
  readonly count: number;
  readonly threadReplies: number;
}

/** A comment as it is from now on, or the number of one of which nothing is left. */
export type CommentChange = Counts & ({ readonly comment: Comment } | { readonly removed: number });

export function parseComment(value: unknown): Comment {
  const source = record(value, "comment");
  const answers = isRecord(source["answers"]) ? source["answers"] : null;
  return {
    id: text(source["id"], "comment.id"),
    number: number(source["number"], "comment.number"),
    thread: number(source["thread"], "comment.thread"),
    author: localised(source["author"]),
    role: localised(source["role"]),
    answers: answers ? localised(answers["author"]) : "",
    state: oneOf(source["state"], STATES, "comment.state"),
    text: text(source["text"], "comment.text"),
    scene: isRecord(source["scene"]) ? parseScene(source["scene"]) : null,
    writtenAt: text(source["written_at"], "comment.written_at"),
    isEdited: source["edited_at"] !== null,
    url: onThisSite(source["url"]),
  };
}

export function parseChange(value: unknown): CommentChange {
  const source = record(value, "change");
  const counts = { count: number(source["count"], "count"), threadReplies: number(source["thread_replies"], "replies") };
  if (!isRecord(source["comment"])) {
    const thread = number(source["thread"], "change.thread");
    return { ...counts, thread, removed: number(source["number"], "change.number") };
  }
  const comment = parseComment(source["comment"]);
  return { ...counts, thread: comment.thread, comment };
}

/** The first page of a discussion, as the card of an idea shows it. */
export interface CommentList {
  readonly count: number;
  readonly comments: readonly Comment[];
  readonly mayComment: boolean;
  /** Why one may not write. */
  readonly reason: string;
}

export function parseList(value: unknown): CommentList {
  const source = record(value, "comments");
  return {
    count: number(source["count"], "comments.count"),
    comments: list(source["results"], "comments.results").map(parseComment),
    mayComment: source["may_comment"] === true,
    reason: textOr(source["reason"], ""),
  };
}

function parseScene(source: Json): Scene {
  return { words: localised(source["words"]), cityUrl: onThisSite(source["city_url"]), mapUrl: onThisSite(source["map_url"]) };
}

function localised(value: unknown): string {
  return isRecord(value) ? textOr(value[language()], "") : "";
}

/** An address on this site, or none: nothing from the wire may lead to `javascript:` or away. */
function onThisSite(value: unknown): string {
  const url = textOr(value, "");
  return /^\/(?!\/)/.test(url) ? url : "";
}
