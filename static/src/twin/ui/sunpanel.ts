/** Date and time of the sun, as a labelled control: date, slider, now, play. */

import { Disposer } from "../../commons/disposer";
import { find } from "../../commons/dom";
import { formatMinute, fromInstant, toInstant, type CityClock } from "../clock";
import type { Origin } from "../frame";
import { say } from "../i18n";
import { daylight, type SunPosition } from "../sun";
import type { Store } from "../../commons/store";

export class SunPanel {
  readonly #disposer = new Disposer();
  readonly #date: HTMLInputElement | null;
  readonly #slider: HTMLInputElement | null;
  readonly #time: HTMLElement | null;
  readonly #told: HTMLElement | null;
  readonly #play: HTMLButtonElement | null;

  constructor(
    private readonly host: HTMLElement,
    private readonly clock: CityClock,
    private readonly origin: Origin,
    private readonly sun: Store<SunPosition>,
  ) {
    this.#date = find("[data-sun-date]", HTMLInputElement, host);
    this.#slider = find("[data-sun-time]", HTMLInputElement, host);
    this.#time = find("[data-sun-clock]", HTMLElement, host);
    this.#told = find("[data-sun-told]", HTMLElement, host);
    this.#play = find("[data-sun-play]", HTMLButtonElement, host);
    const now = find("[data-sun-now]", HTMLButtonElement, host);
    if (this.#slider) this.#disposer.listen(this.#slider, "input", this.#slide);
    if (this.#date) this.#disposer.listen(this.#date, "change", this.#pickDate);
    if (this.#play) this.#disposer.listen(this.#play, "click", this.#toggle);
    if (now) this.#disposer.listen(now, "click", this.#now);
    this.#disposer.add(clock.time.subscribe(this.#show));
    this.#disposer.add(sun.subscribe(this.#show));
    this.#disposer.add(clock.playing.subscribe(this.#show));
    this.#show();
    this.#showDaylight();
  }

  dispose(): void {
    this.#disposer.dispose();
  }

  readonly #slide = (): void => {
    this.clock.play(false);
    this.clock.setMinute(Number(this.#slider?.value ?? 0));
  };

  readonly #pickDate = (): void => {
    if (this.#date?.value) this.clock.setDate(this.#date.value);
    this.#showDaylight();
  };

  readonly #toggle = (): void => {
    this.clock.play(!this.clock.playing.value);
  };

  readonly #now = (): void => {
    this.clock.play(false);
    this.clock.set(fromInstant(new Date(), this.clock.timeZone));
    this.#showDaylight();
  };

  readonly #show = (): void => {
    const { date, minute } = this.clock.time.value;
    const told = this.#tell();
    if (this.#date && this.#date.value !== date) this.#date.value = date;
    if (this.#slider) {
      this.#slider.value = String(minute);
      this.#slider.setAttribute("aria-valuetext", `${formatMinute(minute)}, ${told}`);
    }
    if (this.#time) this.#time.textContent = formatMinute(minute);
    if (this.#told) this.#told.textContent = told;
    if (!this.#play) return;
    const playing = this.clock.playing.value;
    this.#play.setAttribute("aria-label", say(playing ? "sun.pause" : "sun.play"));
    this.#play.dataset["playing"] = String(playing);
  };

  #tell(): string {
    const { azimuth_deg, elevation_deg } = this.sun.value;
    if (elevation_deg <= 0) return say("sun.down");
    return say("sun.up", { elevation: Number(elevation_deg.toFixed(1)), azimuth: Number(azimuth_deg.toFixed(1)) });
  }

  /** Marks day and night on the slider's track. */
  #showDaylight(): void {
    const { date } = this.clock.time.value;
    const light = daylight((minute) => toInstant({ date, minute }, this.clock.timeZone), this.origin.lat, this.origin.lon);
    this.host.style.setProperty("--sun-rise", `${((light?.rise_min ?? 0) / 14.4).toFixed(1)}%`);
    this.host.style.setProperty("--sun-set", `${((light?.set_min ?? 1440) / 14.4).toFixed(1)}%`);
  }
}
