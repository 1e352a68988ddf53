/** People in the 3D city: the line, the figures, what is laid over them, and the panel, put together and taken apart as one. */

import { Disposer } from "../../commons/disposer";
import { find } from "../../commons/dom";
import type { Ground } from "../../twin/heights";
import { EYE_M, type Rig } from "../../twin/rig";
import type { CityView } from "../../twin/view";
import { Crowd } from "./crowd";
import { Figures } from "./figures";
import { say } from "./i18n";
import { opener, PoseLine } from "./line";
import { enhanceLook, pressLook } from "./look";
import { PeoplePanel } from "./panel";
import { Plates } from "./plates";
import { FLYING, STANDING, WALKING, yawOf, type Look, type Pose, type Word } from "./protocol";

export interface CityPresenceOptions {
  readonly root: HTMLElement;
  readonly slug: string;
  readonly view: CityView;
  readonly rig: Rig;
  readonly ground: Ground;
}

/** A line that is back by then never took anybody away. */
const FORGET_MS = 5000;
/** Near enough to see faces, far enough to stand in nobody's way. */
const GO_TO_M = 90;

export class CityPresence {
  readonly #disposer = new Disposer();
  readonly #crowd = new Crowd();
  readonly #line: PoseLine;
  readonly #plates: Plates;
  readonly #panel: PeoplePanel | null = null;
  #look: Look = "unnamed";
  #total = 0;
  #wasE = NaN;
  #wasN = NaN;

  constructor(private readonly options: CityPresenceOptions) {
    const { root, slug, view, rig, ground } = options;
    const own = this.#disposer;
    own.add(view.add(new Figures(this.#crowd, view.card)));
    this.#plates = own.own(new Plates(view, this.#crowd, (e, n) => ground.heightAt(e, n), rig.pose));
    own.add(
      view.frames.subscribe(() => {
        this.#plates.place();
      }),
    );
    const host = find("[data-city-people]", HTMLDetailsElement, root);
    if (host) this.#panel = own.own(new PeoplePanel(host, { slug, go: this.#go }));
    this.#line = own.own(
      new PoseLine({
        open: opener(slug),
        whereAmI: this.#whereAmI,
        onPerson: this.#crowd.hear,
        onFrame: (others) => {
          this.#crowd.settle(others);
          view.wake();
        },
        onWord: this.#hear,
      }),
    );
    own.add(
      this.#line.state.subscribe((state) => {
        root.dataset["people"] = state;
        if (state === "lost") this.#panel?.say(say("people.lost"));
        if (state === "lost" || state === "refused") own.timeout(this.#forget, FORGET_MS);
      }),
    );
    enhanceLook(own, root, () => {
      this.#line.reconnect();
    });
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  /** Walking, where one's feet are; flying, what one looks at. */
  readonly #whereAmI = (pose: Pose): boolean => {
    const { rig, ground } = this.options;
    const { e, n, z, azimuth_deg } = rig.pose;
    const walks = rig.mode.value === "walk";
    const moved = e !== this.#wasE || n !== this.#wasN;
    this.#wasE = e;
    this.#wasN = n;
    pose.e = e;
    pose.n = n;
    pose.z = walks ? z - EYE_M : ground.heightAt(e, n);
    pose.yaw = yawOf(azimuth_deg);
    pose.state = !walks ? FLYING : moved ? WALKING : STANDING;
    // On the way down one is not yet there.
    return !rig.moving;
  };

  readonly #go = (e: number, n: number): void => {
    const { rig, ground, view } = this.options;
    if (rig.mode.value === "walk") rig.endWalk();
    rig.goTo({ e, n, z: ground.heightAt(e, n), distance_m: Math.min(rig.pose.distance_m, GO_TO_M) });
    view.request();
  };

  readonly #hear = (word: Word): void => {
    const { root, view } = this.options;
    switch (word.type) {
      case "welcome":
        this.#crowd.self = word.id;
        this.#look = word.look;
        pressLook(root, word.look);
        break;
      case "names":
        for (const [id, name, badge] of word.names) this.#crowd.name(id, name, badge);
        view.wake();
        break;
      case "counts":
        this.#total = word.total;
        this.#plates.setSpots(word.spots);
        this.#panel?.tell(word.total, this.#words());
        view.wake();
        break;
      case "refused":
        if (word.code === "removed_from_world") this.#panel?.tell(0, say("people.removed"));
        else if (this.#line.state.value === "refused") this.#panel?.tell(0, say("people.refused"));
    }
  };

  #words(): string {
    if (this.#look === "hidden") return say("people.hidden", { count: this.#total });
    return this.#total > 1 ? say("people.total", { count: this.#total }) : say("people.alone");
  }

  /** Nobody is known to be here while the line is away. */
  readonly #forget = (): void => {
    if (this.#line.state.value === "open") return;
    this.#crowd.clear();
    this.#plates.setSpots([]);
    this.options.view.request();
  };
}
