/** A new publication of the city: offered, not forced, since somebody may be writing or drawing on this page. */

import { announce } from "../commons/announce";
import { element, find } from "../commons/dom";
import { t } from "../commons/i18n";

/** Says that there is a newer city and shows a button for it until it is pressed; said again, it stays one note. */
export function offerRenewal(reload: () => void = () => { location.reload(); }): void {
  const region = find("#toasts", HTMLElement);
  if (!region || find("[data-renewal]", HTMLElement, region)) return;
  const button = element("button", { class: "button button--small", type: "button" }, t("city.renewed_show"));
  button.addEventListener("click", reload);
  region.append(element("div", { class: "toast toast--offer", "data-renewal": "" }, t("city.renewed"), button));
  announce(t("city.renewed"));
}
