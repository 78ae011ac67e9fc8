import type { Kernels } from "./kernels.ts";

/** Sizes of a set of images. */
export interface ImageShape {
  /** Number of images. */
  count: number;
  /** Rows. */
  height: number;
  /** Columns. */
  width: number;
  /** 1 or 3. */
  channels: number;
}

/** Images in the kernels' memory. */
export class ImageStore {
  /** Number of images. */
  readonly count: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  /** The kernels' handle. */
  readonly handle: number;
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #onFree: (store: ImageStore) => void;

  /** Makes room for images, black until they are written; see `Engine.makeImages`. */
  constructor(
    kernels: Kernels,
    memory: WebAssembly.Memory,
    shape: ImageShape,
    onFree: (store: ImageStore) => void = () => {},
  ) {
    const { count, height, width, channels } = shape;
    this.count = count;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#onFree = onFree;
    this.handle = kernels.images_new(count, height, width, channels);
  }

  /**
   * Writes images.
   *
   * @param first Index of the first one.
   * @param pixels Bytes, [images, height, width, channels] row-major.
   * @throws {RangeError} If they do not fit.
   */
  write(first: number, pixels: Uint8Array): void {
    const size = this.height * this.width * this.channels;
    if (!(first >= 0 && first * size + pixels.length <= this.count * size)) {
      throw new RangeError(`Cannot write ${pixels.length} bytes at image ${first}: there are ${this.count} images`);
    }
    // The view is made for each write: an allocation in between may have grown (and so replaced) the buffer.
    const start = this.#kernels.images_pointer(this.handle);
    new Uint8Array(this.#memory.buffer, start + first * size, pixels.length).set(pixels);
  }

  /** Per-channel mean and standard deviation over the given images, in units of byte/255. */
  statistics(indices: Uint32Array): { mean: number[]; std: number[] } {
    const values = [...this.#kernels.images_statistics(this.handle, indices)];
    return { mean: values.slice(0, this.channels), std: values.slice(this.channels) };
  }

  /** Frees the memory. */
  free(): void {
    this.#kernels.images_free(this.handle);
    this.#onFree(this);
  }
}
