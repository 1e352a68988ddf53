import type { CityView } from "../view";
import { scaleBar } from "../placement";

const LONGEST_PX = 110;

/** How long a round number of metres is at what is looked at. */
export class Scale {
  #metres = 0;
  #width_px = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly view: CityView,
  ) {}

  show(): void {
    const bar = scaleBar(this.view.metresPerPixel, LONGEST_PX);
    const width_px = Math.round(bar.width_px);
    if (width_px !== this.#width_px) this.host.style.setProperty("--bar", `${width_px}px`);
    this.#width_px = width_px;
    if (bar.metres === this.#metres) return;
    this.#metres = bar.metres;
    this.host.textContent = bar.metres >= 1000 ? `${bar.metres / 1000} km` : `${bar.metres} m`;
  }
}
