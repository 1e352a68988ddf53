/** Every page: styles, and help on top of pages that are complete without it. */

import "../styles/site.css";

import { Disposer } from "../commons/disposer";
import { enhanceCopying } from "../commons/page/copying";
import { enhanceDialogs } from "../commons/page/dialogs";
import { enhanceDisplay } from "../commons/page/display";
import { countCharacters, enhanceSending, focusMistakes, protectUnsaved } from "../commons/page/forms";
import { takeFragment } from "../commons/page/fragment";
import { followRooms } from "../commons/page/live";
import { enhanceDrops, enhanceToggles } from "../commons/page/menu";
import { openDiscussion } from "../participation/comments/discussion";

const disposer = new Disposer();
for (const enhance of [
  enhanceToggles,
  enhanceDrops,
  enhanceDialogs,
  enhanceCopying,
  enhanceDisplay,
  enhanceSending,
  protectUnsaved,
]) {
  enhance(disposer);
}
countCharacters(disposer);
followRooms(disposer, { parts: [openDiscussion] });
focusMistakes();
takeFragment();
