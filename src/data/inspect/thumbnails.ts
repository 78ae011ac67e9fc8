/** Size of the thumbnails by which pictures are compared, that of difference hashes. */
export const THUMBNAIL = { height: 8, width: 9, channels: 3 } as const;

const size = THUMBNAIL.height * THUMBNAIL.width * THUMBNAIL.channels;

/** Deviation of a thumbnail, in levels, below which it shows noise and nothing to compare. */
const leastDeviation = 1.5;

/** Thumbnails of many pictures, less their mean and divided by their deviation: of length 1, or 0 if there is nothing to compare. */
export class Thumbnails {
  /** Numbers a thumbnail. */
  static readonly size: number = size;
  #values = new Float32Array(1024 * size);
  #count = 0;

  /** Number of thumbnails. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds one.
   *
   * @param pixels Pixels, [8, 9, 3] row-major, 0 to 255; undefined of a picture that cannot be read.
   */
  add(pixels: Uint8Array | undefined): void {
    if (pixels !== undefined && pixels.length !== size) {
      throw new RangeError(`Cannot use a thumbnail of ${pixels.length} values, expected ${size}`);
    }
    if ((this.#count + 1) * size > this.#values.length) this.#grow();
    if (pixels !== undefined) normalise(pixels, this.of(this.#count));
    this.#count++;
  }

  /** The normalised thumbnail of a picture; must not be written to. */
  of(index: number): Float32Array {
    return this.#values.subarray(index * size, (index + 1) * size);
  }

  /** Correlation of two thumbnails, -1 to 1. */
  correlation(a: number, b: number): number {
    const values = this.#values;
    let sum = 0;
    for (let i = a * size, j = b * size, end = i + size; i < end; i++, j++) sum += values[i]! * values[j]!;
    return sum;
  }

  #grow(): void {
    const values = new Float32Array(2 * this.#values.length);
    values.set(this.#values);
    this.#values = values;
  }
}

function normalise(pixels: Uint8Array, to: Float32Array): void {
  let [sum, squares] = [0, 0];
  for (const value of pixels) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / size;
  const length = Math.sqrt(Math.max(0, squares - sum * mean));
  if (length < leastDeviation * Math.sqrt(size)) return;
  for (let i = 0; i < size; i++) to[i] = (pixels[i]! - mean) / length;
}
