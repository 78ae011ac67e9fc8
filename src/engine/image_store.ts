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

  /** Copies bytes; see `Engine.loadImages`. */
  constructor(kernels: Kernels, memory: WebAssembly.Memory, pixels: Uint8Array, shape: ImageShape) {
    const { count, height, width, channels } = shape;
    if (pixels.length !== count * height * width * channels) {
      throw new RangeError(
        `Cannot load images: found ${pixels.length} bytes, expected ${count}x${height}x${width}x${channels}`,
      );
    }
    this.count = count;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.#kernels = kernels;
    this.handle = kernels.images_new(count, height, width, channels);
    // The view is made after the allocation, which may have grown (and so replaced) the buffer.
    new Uint8Array(memory.buffer, kernels.images_pointer(this.handle), pixels.length).set(pixels);
  }

  /** Per-channel mean and standard deviation over the given images, in units of byte/255. */
  statistics(indices: Uint32Array): { mean: number[]; std: number[] } {
    const values = [...this.#kernels.images_statistics(this.handle, indices)];
    return { mean: values.slice(0, this.channels), std: values.slice(this.channels) };
  }

  /** Frees the memory. */
  free(): void {
    this.#kernels.images_free(this.handle);
  }
}
