import { speaker } from "../../../commons/i18n/speaker";
import { en } from "./en";
import { ko } from "./ko";

export type PeopleKey = keyof typeof ko;

export const say = speaker(ko, en);

const BADGES = ["official", "approver", "moderator", "clerk"] as const;

/** What a badge says; empty for none and for one that this version does not know. */
export function badgeWords(badge: string): string {
  const known = BADGES.find((one) => one === badge);
  return known ? say(`badge.${known}`) : "";
}
