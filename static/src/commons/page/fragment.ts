/** `<input data-fragment>` takes a code that follows `#` in the address, from a QR picture: no server has seen it. */

import { findAll } from "../dom";

const CODE = /^[A-Za-z0-9-]{1,80}$/;

export function takeFragment(): void {
  const told = location.hash.slice(1);
  const field = findAll("input[data-fragment]", HTMLInputElement)[0];
  if (!field || field.value || !CODE.test(told)) return;
  field.value = told;
  // Not left in the address, where it would be copied along with the page.
  history.replaceState(null, "", location.pathname + location.search);
}
