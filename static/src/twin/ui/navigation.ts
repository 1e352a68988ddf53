/** The buttons at the edge: closer, farther, north, my place, walk. */

import { announce, toast } from "../../commons/announce";
import { Disposer } from "../../commons/disposer";
import { find } from "../../commons/dom";
import type { LocalFrame } from "../frame";
import type { Ground } from "../heights";
import { say } from "../i18n";
import type { Bounds, Rig } from "../rig";

export interface NavigationOptions {
  readonly rig: Rig;
  readonly frame: LocalFrame;
  readonly bounds: Bounds | null;
  readonly ground: Ground;
  readonly onChange: () => void;
}

const STEP = 1.7;

export class Navigation {
  readonly #disposer = new Disposer();

  constructor(
    private readonly host: HTMLElement,
    private readonly options: NavigationOptions,
  ) {
    this.#disposer.listen(host, "click", this.#click);
    this.#disposer.add(options.rig.mode.subscribe(this.#showMode));
    this.#showMode();
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  readonly #click = (event: Event): void => {
    const { rig } = this.options;
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    switch (button?.dataset["go"]) {
      case "closer":
        rig.goTo({ distance_m: rig.pose.distance_m / STEP });
        break;
      case "farther":
        rig.goTo({ distance_m: rig.pose.distance_m * STEP });
        break;
      case "north":
        rig.goTo({ azimuth_deg: 0 });
        break;
      case "walk":
        if (rig.mode.value === "walk") rig.endWalk();
        else rig.startWalk();
        break;
      case "me":
        this.#findMe();
        return;
      default:
        return;
    }
    this.options.onChange();
  };

  readonly #showMode = (): void => {
    const button = find("[data-go=walk]", HTMLButtonElement, this.host);
    const walking = this.options.rig.mode.value === "walk";
    button?.setAttribute("aria-pressed", String(walking));
    const words = say(walking ? "walk.end" : "walk.start");
    button?.setAttribute("aria-label", words);
    button?.setAttribute("title", words);
  };

  /** Only in this browser: the position is used to move the camera, and neither sent nor kept. */
  #findMe(): void {
    const geolocation = navigator.geolocation as Geolocation | undefined;
    const failed = (): void => {
      toast(say("near.denied"), "warning");
    };
    if (!geolocation) failed();
    else geolocation.getCurrentPosition(this.#goToMe, failed, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 });
  }

  readonly #goToMe = (position: GeolocationPosition): void => {
    const { rig, frame, bounds, ground } = this.options;
    const [e, n] = frame.toLocal(position.coords.longitude, position.coords.latitude);
    if (bounds && (e < bounds.min[0] || e > bounds.max[0] || n < bounds.min[1] || n > bounds.max[1])) {
      toast(say("near.outside"), "info");
      return;
    }
    rig.goTo({ e, n, z: ground.heightAt(e, n), distance_m: 260 });
    announce(say("near.found"));
    this.options.onChange();
  };
}
