/** The ground's height on a regular grid: row 0 in the south, column 0 in the west, int16 little-endian on the wire. */

export interface HeightGridShape {
  readonly step_m: number;
  readonly min_e: number;
  readonly min_n: number;
  readonly columns: number;
  readonly rows: number;
  readonly scale_m: number;
  readonly offset_m: number;
}

/** Anything that knows how high the ground stands at a place, in metres of the local frame. */
export interface Ground {
  heightAt(e: number, n: number): number;
}

/** Ground at one height everywhere: for a city without terrain. */
export class FlatGround implements Ground {
  constructor(private readonly height_m: number) {}

  heightAt(): number {
    return this.height_m;
  }
}

export class HeightGrid implements Ground {
  readonly #values: Int16Array;

  constructor(
    readonly shape: HeightGridShape,
    bytes: ArrayBuffer,
  ) {
    const count = shape.columns * shape.rows;
    if (bytes.byteLength !== count * 2) {
      throw new RangeError(`the height grid has ${bytes.byteLength} bytes, not ${count * 2}`);
    }
    const view = new DataView(bytes);
    this.#values = new Int16Array(count);
    for (let index = 0; index < count; index += 1) this.#values[index] = view.getInt16(index * 2, true);
  }

  /** Bilinear between the four nearest posts; the border's height outside. Allocates nothing. */
  heightAt(e: number, n: number): number {
    const { columns, rows, step_m, min_e, min_n, scale_m, offset_m } = this.shape;
    const x = Math.min(columns - 1, Math.max(0, (e - min_e) / step_m));
    const y = Math.min(rows - 1, Math.max(0, (n - min_n) / step_m));
    const column = Math.min(columns - 2, Math.floor(x));
    const row = Math.min(rows - 2, Math.floor(y));
    const fx = x - column;
    const fy = y - row;
    const south = row * columns + column;
    const north = south + columns;
    const low = this.#at(south) * (1 - fx) + this.#at(south + 1) * fx;
    const high = this.#at(north) * (1 - fx) + this.#at(north + 1) * fx;
    return (low * (1 - fy) + high * fy) * scale_m + offset_m;
  }

  #at(index: number): number {
    return this.#values[index] ?? 0;
  }
}
