/** What the server tells of a meeting, as far as the page shows it by itself. */

import { boolean, number, record, text, textOr } from "../../commons/parse";

export interface Message {
  readonly id: string;
  readonly number: number;
  readonly seat: string;
  readonly name: string;
  readonly text: string;
  readonly writtenAt: string;
  readonly isHidden: boolean;
}

export function parseMessage(value: unknown): Message {
  const source = record(value, "message");
  return {
    id: text(source["id"], "message.id"),
    number: number(source["number"], "message.number"),
    seat: text(source["seat"], "message.seat"),
    name: textOr(source["name"], ""),
    text: textOr(source["text"], ""),
    writtenAt: text(source["written_at"], "message.written_at"),
    isHidden: boolean(source["is_hidden"], "message.is_hidden"),
  };
}

export interface Result {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
}

export interface Poll {
  readonly question: string;
  /** Null until the chair has stopped the vote. */
  readonly result: Result | null;
}

export function parsePoll(value: unknown): Poll {
  const source = record(value, "poll");
  const told = source["result"];
  const result = told === null ? null : record(told, "poll.result");
  return {
    question: text(source["question"], "poll.question"),
    result: result && {
      yes: number(result["yes"], "yes"),
      no: number(result["no"], "no"),
      abstain: number(result["abstain"], "abstain"),
    },
  };
}

/** Who has the floor after an event that tells of the floor; null where nobody has, or the event is about else. */
export function speakerOf(value: unknown): { readonly id: string; readonly name: string } | null {
  const floor = record(value, "parts")["floor"];
  const speaker = floor === undefined ? null : record(floor, "floor")["speaker"];
  if (!speaker) return null;
  const told = record(speaker, "speaker");
  return { id: text(told["id"], "speaker.id"), name: textOr(told["name"], "") };
}
