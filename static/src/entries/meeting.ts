/** A meeting's page: help on top of a page that is complete without it. */

import { find } from "../commons/dom";
import { Seat } from "../participation/meetings/seat";

const root = find("[data-seat]", HTMLElement);
if (root) new Seat(root);
