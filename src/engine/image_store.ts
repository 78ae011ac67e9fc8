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

/** Images of a batch where the kernels find them. */
export interface PlacedImages {
  /** The kernels' handle. */
  readonly handle: number;
  /** Where each image is. */
  readonly indices: Uint32Array;
  /** Number of each image in its store, on which its random changes depend; empty if `indices` are these. */
  readonly keys: Uint32Array;
}

/** Mean and standard deviation of each channel, in units of byte/255. */
export interface ChannelStatistics {
  /** Mean of each channel. */
  mean: number[];
  /** Standard deviation of each channel. */
  std: number[];
}

/** Images that batches are made of: all in the kernels' memory, or brought there when they are needed. Batches are the same. */
export interface ImageStore extends Readonly<ImageShape> {
  /**
   * Sees to it that images are in the kernels' memory.
   *
   * @param indices Which ones.
   * @returns Where they are, until the next call.
   */
  place(indices: Uint32Array): PlacedImages;
  /** Measures the given images. */
  statistics(indices: Uint32Array): ChannelStatistics;
  /** Frees the memory. */
  free(): void;
}

/** Images in the kernels' memory. */
export class ResidentImages implements ImageStore {
  /** Number of images. */
  readonly count: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  readonly #handle: number;
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
    this.#handle = kernels.images_new(count, height, width, channels);
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
    const start = this.#kernels.images_pointer(this.#handle);
    new Uint8Array(this.#memory.buffer, start + first * size, pixels.length).set(pixels);
  }

  /** They are there already. */
  place(indices: Uint32Array): PlacedImages {
    return { handle: this.#handle, indices, keys: new Uint32Array() };
  }

  /** Per-channel mean and standard deviation over the given images, in units of byte/255. */
  statistics(indices: Uint32Array): ChannelStatistics {
    const sums = this.#kernels.images_sums(this.#handle, indices);
    return statisticsOf(sums, indices.length * this.height * this.width);
  }

  /** Frees the memory. */
  free(): void {
    this.#kernels.images_free(this.#handle);
    this.#onFree(this);
  }
}

/**
 * Mean and deviation that follow from sums.
 *
 * @param sums Sums of each channel's bytes, then of their squares.
 * @param count Pixels that were added up.
 * @returns Both, in units of byte/255.
 */
export function statisticsOf(sums: ArrayLike<number>, count: number): ChannelStatistics {
  const channels = sums.length / 2;
  const pixels = Math.max(count, 1);
  const mean = Array.from({ length: channels }, (_, c) => sums[c]! / pixels / 255);
  const std = mean.map((value, c) => Math.sqrt(Math.max(sums[channels + c]! / pixels / 255 / 255 - value * value, 0)));
  return { mean, std };
}
