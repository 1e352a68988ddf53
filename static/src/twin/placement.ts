/** Which labels find room on the screen, and which pins stand for many. No three.js, no allocation while placing. */

/** Axis-parallel boxes already taken, in a flat array that only grows. */
export class Boxes {
  #boxes = new Float32Array(4 * 64);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the box if it is free; false where something is there already. */
  take(left: number, top: number, right: number, bottom: number): boolean {
    for (let index = 0; index < this.#count; index += 1) {
      const at = index * 4;
      if (
        left < (this.#boxes[at + 2] ?? 0) &&
        right > (this.#boxes[at] ?? 0) &&
        top < (this.#boxes[at + 3] ?? 0) &&
        bottom > (this.#boxes[at + 1] ?? 0)
      ) {
        return false;
      }
    }
    this.block(left, top, right, bottom);
    return true;
  }

  /** Takes the box whether or not it is free. */
  block(left: number, top: number, right: number, bottom: number): void {
    if ((this.#count + 1) * 4 > this.#boxes.length) {
      const grown = new Float32Array(this.#boxes.length * 2);
      grown.set(this.#boxes);
      this.#boxes = grown;
    }
    const at = this.#count * 4;
    this.#boxes[at] = left;
    this.#boxes[at + 1] = top;
    this.#boxes[at + 2] = right;
    this.#boxes[at + 3] = bottom;
    this.#count += 1;
  }
}

/**
 * Gathers points that lie within `reach_px` of an earlier one. `leader[i]` becomes the index of the point that stands
 * for point `i` (itself where it stands alone), or -1 for a point not on the screen (NaN); `size[i]` the number that a
 * leader stands for. Earlier points lead, so that the order, not the camera, decides which pin keeps its name.
 */
export function cluster(x: Float32Array, y: Float32Array, count: number, reach_px: number, leader: Int32Array, size: Int32Array): void {
  const reach2 = reach_px * reach_px;
  for (let index = 0; index < count; index += 1) {
    size[index] = 0;
    const px = x[index] ?? NaN;
    const py = y[index] ?? NaN;
    if (Number.isNaN(px)) {
      leader[index] = -1;
      continue;
    }
    leader[index] = index;
    for (let earlier = 0; earlier < index; earlier += 1) {
      if (leader[earlier] !== earlier) continue;
      const dx = (x[earlier] ?? 0) - px;
      const dy = (y[earlier] ?? 0) - py;
      if (dx * dx + dy * dy <= reach2) {
        leader[index] = earlier;
        break;
      }
    }
    const chief = leader[index] ?? index;
    size[chief] = (size[chief] ?? 0) + 1;
  }
}

/** The round number of metres whose bar is at most `most_px` long. */
export function scaleBar(metres_per_px: number, most_px: number): { readonly metres: number; readonly width_px: number } {
  const most = metres_per_px * most_px;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((candidate) => candidate * power <= most) ?? 1;
  return { metres: step * power, width_px: (step * power) / metres_per_px };
}
