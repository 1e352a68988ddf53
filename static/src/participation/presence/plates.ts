/** What is laid over the picture for people: names of those near, dots for those farther, counts for whole places. */

import { Vector3 } from "three";

import { element } from "../../commons/dom";
import type { CityView } from "../../twin/view";
import type { Crowd, Person } from "./crowd";
import { badgeWords, say } from "./i18n";
import type { Spot } from "./protocol";

const MOST_PEOPLE = 48;
const MOST_SPOTS = 24;
/** As far as one reads who somebody is. */
const NAME_REACH_M = 70;
/** As far as a figure can be told from the paving. */
const FIGURE_REACH_M = 130;
const OVER_HEAD_M = 2.05;
const OVER_KITE_M = 10.2;
/** People told one by one are within so far; counts stand for what is beyond. */
const TOLD_M = 220;
const SPOT_LIFT_M = 12;

interface Plate {
  readonly host: HTMLElement;
  readonly words: HTMLElement;
  readonly badge: HTMLElement;
  name: string;
  badgeName: string;
  face: string;
  x: number;
  y: number;
}

export class Plates {
  readonly #host = element("div", { class: "people-plates", "aria-hidden": "true" });
  readonly #plates: Plate[] = [];
  readonly #spots: Plate[] = [];
  readonly #at = new Vector3();
  #told: readonly Spot[] = [];

  constructor(
    private readonly view: CityView,
    private readonly crowd: Crowd,
    private readonly heightAt: (e: number, n: number) => number,
    private readonly here: { readonly e: number; readonly n: number },
  ) {
    for (let index = 0; index < MOST_PEOPLE; index += 1) this.#plates.push(this.#make("person-plate"));
    for (let index = 0; index < MOST_SPOTS; index += 1) this.#spots.push(this.#make("people-spot-plate"));
    view.canvas.after(this.#host);
  }

  setSpots(spots: readonly Spot[]): void {
    this.#told = spots;
  }

  /** Follows the picture; touches only what has changed. */
  place(): void {
    const { people } = this.crowd;
    for (let index = 0; index < this.#plates.length; index += 1) {
      const plate = this.#plates[index];
      const person = people[index];
      if (plate) this.#placePerson(plate, person);
    }
    for (let index = 0; index < this.#spots.length; index += 1) {
      const plate = this.#spots[index];
      const spot = this.#told[index];
      if (plate) this.#placeSpot(plate, spot);
    }
  }

  dispose(): void {
    this.#host.remove();
  }

  #make(kind: string): Plate {
    const words = element("span", {});
    const badge = element("span", { class: "person-plate__badge" });
    const host = element("span", { class: kind, hidden: "" }, words, badge);
    this.#host.append(host);
    return { host, words, badge, name: "", badgeName: "", face: "", x: NaN, y: NaN };
  }

  #placePerson(plate: Plate, person: Person | undefined): void {
    const seen = person && this.view.project(person.e, person.n, person.z + (person.isFlying ? OVER_KITE_M : OVER_HEAD_M), this.#at);
    const away = this.#at.z;
    const face = !person || !seen ? "" : this.#faceOf(person, away);
    if (plate.face !== face) {
      plate.face = face;
      plate.host.hidden = face === "";
      plate.host.dataset["face"] = face;
    }
    if (!person || face === "") return;
    this.#write(plate, person.name, badgeWords(person.badge));
    this.#move(plate);
  }

  /** Near, a name where there is one; else nothing over a figure that one sees, and a dot where one would not. */
  #faceOf(person: Person, away: number): string {
    if (person.name && away < NAME_REACH_M) return "name";
    if (away < FIGURE_REACH_M) return "";
    return person.isFlying ? "ring" : person.badge ? "badge" : "dot";
  }

  #placeSpot(plate: Plate, spot: Spot | undefined): void {
    const far = spot && Math.hypot(spot[0] - this.here.e, spot[1] - this.here.n) > TOLD_M;
    const seen = far && this.view.project(spot[0], spot[1], this.heightAt(spot[0], spot[1]) + SPOT_LIFT_M, this.#at);
    const face = seen ? "spot" : "";
    if (plate.face !== face) {
      plate.face = face;
      plate.host.hidden = face === "";
    }
    if (!spot || face === "") return;
    this.#write(plate, say("people.more", { count: spot[2] }), "");
    this.#move(plate);
  }

  #write(plate: Plate, name: string, badge: string): void {
    if (plate.name !== name) {
      plate.name = name;
      plate.words.textContent = name;
    }
    if (plate.badgeName !== badge) {
      plate.badgeName = badge;
      plate.badge.textContent = badge;
    }
  }

  #move(plate: Plate): void {
    const x = Math.round(this.#at.x);
    const y = Math.round(this.#at.y);
    if (plate.x === x && plate.y === y) return;
    plate.x = x;
    plate.y = y;
    plate.host.style.transform = `translate(${x}px, ${y}px) translate(-50%, -100%)`;
  }
}
