/**
 * Names of places and roads, drawn on a canvas over the city: what is important first, nothing over something else. A
 * canvas, because moving hundreds of elements would allocate in every frame; the names are in the list for readers.
 */

import { Vector3 } from "three";

import type { Language } from "../../commons/i18n";
import type { Label, LabelKind } from "../manifest";
import type { Boxes } from "../placement";
import type { CityView } from "../view";
import type { WallIndex } from "../walls";

interface Face {
  readonly ink: string;
  readonly weight: number;
  readonly size_rem: number;
  /** Metres over the place. */
  readonly lift_m: number;
  /** Farther away than this times the distance looked over, it is not shown. */
  readonly reach: number;
}

const FACES: Readonly<Record<LabelKind, Face>> = {
  place: { ink: "#3f3a34", weight: 700, size_rem: 0.94, lift_m: 14, reach: 3.2 },
  station: { ink: "#1d4f91", weight: 700, size_rem: 0.94, lift_m: 16, reach: 3 },
  landmark: { ink: "#2f2b27", weight: 700, size_rem: 0.9, lift_m: 22, reach: 2.6 },
  school: { ink: "#5b4a2c", weight: 600, size_rem: 0.82, lift_m: 16, reach: 1.8 },
  park: { ink: "#3d5a2d", weight: 600, size_rem: 0.84, lift_m: 10, reach: 2.4 },
  river: { ink: "#2c5a6b", weight: 600, size_rem: 0.9, lift_m: 2, reach: 3 },
  hill: { ink: "#3d5a2d", weight: 600, size_rem: 0.86, lift_m: 8, reach: 3 },
  road: { ink: "#595149", weight: 500, size_rem: 0.78, lift_m: 1, reach: 1.25 },
};
/** How far a name is shown, as a share of its face's reach, by rank: 1 is a station, 5 a lane or a block's number. */
const RANK_REACH = [1.2, 1.2, 0.95, 0.62, 0.45, 0.3] as const;
const HALO = "rgba(255, 250, 241, 0.92)";
const FONT = '"Pretendard GOV", "Pretendard Variable", Pretendard, "Noto Sans KR", sans-serif';

interface Ready {
  readonly label: Label;
  readonly face: Face;
  readonly text: string;
  readonly font: string;
  readonly height_px: number;
  width_px: number;
}

export class Labels {
  readonly #context: CanvasRenderingContext2D | null;
  readonly #at = new Vector3();
  #ready: readonly Ready[] = [];
  #ratio = 1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly view: CityView,
  ) {
    this.#context = canvas.getContext("2d");
  }

  set(labels: readonly Label[], into: Language): void {
    const rem_px = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    this.#ready = labels.map((label) => {
      const face = FACES[label.kind];
      const size_px = Math.round(face.size_rem * rem_px);
      return {
        label,
        face,
        text: label.text[into],
        font: `${face.weight} ${size_px}px ${FONT}`,
        height_px: size_px * 1.25,
        width_px: -1,
      };
    });
  }

  resize(width: number, height: number, ratio: number): void {
    this.#ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
  }

  /** Draws the names that find room among `taken`, at most `most`, and on foot those that `walls` do not hide. */
  draw(taken: Boxes, most: number, distance_m: number, walls: WallIndex | null): void {
    const context = this.#context;
    if (!context) return;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.strokeStyle = HALO;
    context.lineWidth = 3.5;
    let drawn = 0;
    for (const ready of this.#ready) {
      if (drawn >= most) break;
      if (this.#draw(context, ready, taken, Math.max(distance_m, 140), walls)) drawn += 1;
    }
  }

  dispose(): void {
    this.#ready = [];
    this.canvas.width = 0;
    this.canvas.height = 0;
  }

  /** On foot, a name behind a house is not read. */
  #isHidden(label: Label, walls: WallIndex): boolean {
    const { position } = this.view.camera;
    return walls.between(position.x, -position.z, position.y, label.e, label.n, label.z + 6) > 0;
  }

  #draw(context: CanvasRenderingContext2D, ready: Ready, taken: Boxes, distance_m: number, walls: WallIndex | null): boolean {
    const { label, face } = ready;
    if (label.id !== null && this.view.hides(label.id)) return false;
    if (!this.view.project(label.e, label.n, label.z + face.lift_m, this.#at)) return false;
    const { x, y, z: away } = this.#at;
    const reach = distance_m * face.reach * (RANK_REACH[label.rank] ?? 0.3);
    if (away > reach) return false;
    if (walls && this.#isHidden(label, walls)) return false;
    context.font = ready.font;
    if (ready.width_px < 0) ready.width_px = context.measureText(ready.text).width;
    const halfWidth = ready.width_px / 2 + 26;
    const halfHeight = ready.height_px / 2 + 10;
    if (!taken.take(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight)) return false;
    const fade = 1 - Math.max(0, (away / reach - 0.8) * 5);
    context.globalAlpha = fade;
    context.fillStyle = face.ink;
    context.strokeText(ready.text, x, y);
    context.fillText(ready.text, x, y);
    context.globalAlpha = 1;
    return true;
  }
}
