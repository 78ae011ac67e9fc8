import {
  type ChannelStatistics,
  type ImageShape,
  type ImageStore,
  type PlacedImages,
  ResidentImages,
  statisticsOf,
} from "./image_store.ts";
import type { Kernels } from "./kernels.ts";

/**
 * Reads images of a store that is not in memory.
 *
 * @param indices Which ones.
 * @returns Their bytes, in this order.
 */
export type ReadImages = (indices: Uint32Array) => Uint8Array;

/** Bytes that are measured at a time: enough for calls to cost nothing. */
const PIECE_BYTES = 1 << 22;

/**
 * Images of which the kernels' memory holds one batch. Each batch is read when it runs, and its images keep their numbers, on which
 * random changes depend: whatever is computed of them has the same bits as of {@linkcode ResidentImages}.
 */
export class StreamedImages implements ImageStore {
  /** Number of images. */
  readonly count: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  readonly #kernels: Kernels;
  readonly #makeWindow: (count: number) => ResidentImages;
  readonly #read: ReadImages;
  readonly #onFree: (store: ImageStore) => void;
  #window: ResidentImages | undefined;
  #slots = new Uint32Array();

  /** Reads nothing yet; see `Engine.streamImages`. */
  constructor(
    kernels: Kernels,
    memory: WebAssembly.Memory,
    shape: ImageShape,
    { read, onFree }: { read: ReadImages; onFree: (store: ImageStore) => void },
  ) {
    const { count, height, width, channels } = shape;
    this.count = count;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.#kernels = kernels;
    this.#makeWindow = (slots) => new ResidentImages(kernels, memory, { ...shape, count: slots });
    this.#read = read;
    this.#onFree = onFree;
  }

  /** Reads the images of a batch into the window, which grows to the largest batch. */
  place(indices: Uint32Array): PlacedImages {
    const { length } = indices;
    if (this.#window === undefined || this.#window.count < length) {
      this.#window?.free();
      this.#window = this.#makeWindow(length);
      this.#slots = Uint32Array.from({ length }, (_, slot) => slot);
    }
    this.#window.write(0, this.#readAll(indices));
    const { handle, indices: slots } = this.#window.place(this.#slots.subarray(0, length));
    return { handle, indices: slots, keys: indices };
  }

  /** Per-channel mean and standard deviation over the given images, in units of byte/255. */
  statistics(indices: Uint32Array): ChannelStatistics {
    const { height, width, channels } = this;
    const sums = new Float64Array(2 * channels);
    const step = Math.max(1, Math.floor(PIECE_BYTES / (height * width * channels)));
    for (let start = 0; start < indices.length; start += step) {
      const piece = this.#kernels.pixel_sums(this.#readAll(indices.subarray(start, start + step)), channels);
      piece.forEach((sum, i) => sums[i]! += sum);
    }
    return statisticsOf(sums, indices.length * height * width);
  }

  /** Frees the window. */
  free(): void {
    this.#window?.free();
    this.#window = undefined;
    this.#onFree(this);
  }

  #readAll(indices: Uint32Array): Uint8Array {
    const stranger = indices.find((index) => index >= this.count);
    if (stranger !== undefined) throw new RangeError(`Cannot read image ${stranger}: there are ${this.count}`);
    return this.#read(indices);
  }
}
