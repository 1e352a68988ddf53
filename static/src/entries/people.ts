/** The page of people here now. */

import { find } from "../commons/dom";
import { PeoplePage } from "../participation/presence/peoplepage";

const root = find("[data-people-page]", HTMLElement);
if (root) {
  const page = new PeoplePage({ root });
  window.addEventListener("pagehide", (event) => {
    if (!event.persisted) page.dispose();
  });
}
