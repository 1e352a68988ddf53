/** The city's own texts, apart from the common ones so that no other page carries them. */

import { speaker } from "../../commons/i18n/speaker";
import { en } from "./en";
import { ko } from "./ko";

export type CityKey = keyof typeof ko;

/** `say("card.metres", { metres: 24 })` in the page's language. */
export const say = speaker(ko, en);
